"""Poisoned files in a running appliance: each ends with its reason, the good one behind them is
found, and whoever asks meanwhile is answered (SEC-05, REL-09).

The reader has 20 seconds here, of the 120 that the promise gives it.
"""

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.index.reading import papers
from tests.index.reading.test_hostile import hostile
from tests.index.reading.test_image import huge
from tests.whole.running import Running, eventually, running

__all__ = ["hostile"]

pytestmark = [pytest.mark.crash, pytest.mark.guarantee("SEC-05")]

SECONDS = 20
OUTCOMES = {
    "slow9.pdf": {"too_big_in_memory", "too_slow"},
    "bomb.pdf": {"too_big_in_memory", "too_slow"},
    "slow.pdf": {"too_slow", "poor_scan", "no_text", "too_big_in_memory", None},
    "bomb.docx": {"dangerous_content"},
    "laughs.docx": {"dangerous_content"},
    "planta.png": {"picture_too_big"},
}  # a reason, or None where it is read after all


@pytest.fixture
def files(hostile: Path) -> Path:
    """The hostile files of the security plan, and a picture of 20,000 by 20,000 pixels."""
    huge(hostile / "planta.png")
    return hostile


@contextmanager
def asked(appliance: Running) -> Iterator[list[float]]:
    """How long ``/health/live`` takes, asked ten times a second for as long as the block."""
    took, over = list[float](), threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=appliance.address, timeout=60, trust_env=False) as client:
            while not over.wait(0.1):
                began = time.monotonic()
                client.get("/health/live")
                took.append(time.monotonic() - began)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield took
    finally:
        over.set()
        asking.join()


def found(appliance: Running, assistant: str, word: str) -> bool:
    sent = appliance.client.post(f"/api/assistants/{assistant}/search", json={"query": word})
    return any(word in one["text"] for one in sent.json()["passages"])


@pytest.mark.guarantee("REL-09")
def test_poisoned_files_end_and_the_good_one_behind_them_is_found(
    tmp_path: Path, files: Path
) -> None:
    good = papers.pdf(tmp_path / "ok.pdf", ["A senha da sala 7 é jacaranda."]).read_bytes()
    with running(tmp_path / "data", APPLIANCE_READER_SECONDS=str(SECONDS)) as appliance:
        made = appliance.assistant()
        (collection,) = made["collections"]
        ids = {
            name: appliance.upload(collection, name, (files / name).read_bytes())
            for name in OUTCOMES
        }
        ids["ok.pdf"] = appliance.upload(collection, "ok.pdf", good)
        with asked(appliance) as took:
            ended = {name: appliance.read(one, 300) for name, one in ids.items()}
            last = time.monotonic()
            eventually(lambda: found(appliance, made["id"], "jacaranda"), "it is not found", 30)
        seconds = time.monotonic() - last
        part = appliance.part("worker")

    told = {name: (one["problem"] or {}).get("code") for name, one in ended.items()}
    assert {
        name: code for name, code in told.items() if code not in OUTCOMES.get(name, {None})
    } == {}
    assert all(len(one["problem"]["detail"]) > 40 for one in ended.values() if one["problem"])
    assert ended["ok.pdf"]["state"] == "ready"
    assert seconds < 30
    assert part["state"] == "running"
    assert part["restarts"] == 0
    # Of one in twenty it is a benchmark's to say: other tests run on the same two cores.
    assert statistics.median(took) < 0.2
