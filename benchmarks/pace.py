"""What somebody who asks notices of a thousand pages that are being read meanwhile.

The appliance as ``appliance serve`` starts it. A question a second, in turns of the same
ones: while nothing is read, while a PDF is read, indexed and embedded, and when nothing is
read again. It is read into a collection that the questions do not reach: with a thousand
pages more to search a question takes half as long again, whoever reads. Told are, for each
stage of the document, the median and p95 of the milliseconds to the first passage, to the
first token and to the end, and how much each median rose over that of the quiet. The exit
status is 1 when in any stage the first passage or the first token rose by a fifth or more.

    .venv/bin/python -m benchmarks.pace [--pages 1000] [--rest 0.7] [--model NAME=FILE]
        [--embedding 30] [--data FOLDER]

Without ``--model`` answers quote. ``--embedding`` is for how many seconds of the embedding
questions are asked; it is slow, and its passages wait in the runner's own line.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from appliance.models import hardware
from appliance.models.client import RunnerClient
from benchmarks import papers
from benchmarks.crowd import furnished, question, share
from tests.whole.running import Running, eventually, running

MOST_RISE = 0.2
QUIET = 25  # questions before, and again after
EVENTS = ("passages", "token", "done")


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """When the first of each event of an answer came, in milliseconds; 0 when none did."""

    passages: float
    token: float
    done: float


def ask(appliance: Running, assistant: str, asked: str) -> Heard:
    """One question as a stream, read to its end."""
    times = dict.fromkeys(EVENTS, 0.0)
    began = time.perf_counter()
    body = {"question": asked, "stream": True}
    path = f"/api/assistants/{assistant}/ask"
    with appliance.client.stream("POST", path, json=body) as answer:
        assert answer.status_code == 200, answer.read()
        for line in answer.iter_lines():
            name = line.removeprefix("event: ").strip()
            if line.startswith("event: ") and not times.get(name, 1.0):
                times[name] = 1000 * (time.perf_counter() - began)
    return Heard(**times)


def stage(appliance: Running, document: str) -> str:
    """What is being done with a document: pages, terms, chunks, or its state when it ended."""
    state = str(appliance.document(document)["state"])
    if state in ("ready", "failed"):
        return state
    jobs = appliance.client.get("/api/jobs", params={"subject": document}).json()["items"]
    return str(jobs[0]["unit"] or "pages")


def told(name: str, heard: Sequence[Heard], quiet: Sequence[Heard]) -> list[float]:
    """Print a stage; how much its medians of passages and tokens rose, as shares."""
    rises = []
    cells = []
    for event in EVENTS:
        values = [getattr(one, event) for one in heard]
        median, base = (
            statistics.median(values),
            statistics.median(getattr(q, event) for q in quiet),
        )
        rises.append(median / base - 1 if base else 0.0)
        cells.append(f"{event} {median:.0f} / {share(values, 0.95):.0f} ({rises[-1]:+.0%})")
    print(f"{name:<8} {len(heard):>3} questions, p50 / p95 ms: {', '.join(cells)}", flush=True)
    return rises[:2]


def run(appliance: Running, pages: Path, rest: float, embedding: float) -> int:
    """Ask in every stage; 1 when reading was noticed."""
    assistant: dict[str, Any] = furnished(appliance, 5)
    number = 0
    by_stage: dict[str, list[Heard]] = defaultdict(list)

    def one(name: str) -> None:
        nonlocal number
        number += 1
        by_stage[name].append(ask(appliance, assistant["id"], question(number)))
        time.sleep(rest)

    for _ in range(5):
        ask(appliance, assistant["id"], question(number))  # everything is warm from here on
    for _ in range(QUIET):
        one("quiet")
    began = time.monotonic()
    beside = appliance.client.post("/api/collections", json={"name": "Leis"}).json()["id"]
    document = appliance.upload(beside, "lei.pdf", pages.read_bytes())
    embedded_since, at = 0.0, {}
    while (now := stage(appliance, document)) not in ("ready", "failed"):
        at.setdefault(now, time.monotonic() - began)
        if now == "chunks":
            embedded_since = embedded_since or time.monotonic()
            if time.monotonic() - embedded_since > embedding:
                break
        one(now)
    appliance.client.delete(f"/api/documents/{document}")
    time.sleep(3)
    for _ in range(QUIET):
        one("quiet")
    quiet = by_stage["quiet"]
    print("stages began after " + ", ".join(f"{name} {after:.0f} s" for name, after in at.items()))
    rises = {name: told(name, heard, quiet) for name, heard in by_stage.items()}
    print(json.dumps({name: [round(one, 3) for one in both] for name, both in rises.items()}))
    return int(any(one >= MOST_RISE for both in rises.values() for one in both))


def main() -> int:
    """Print a line a stage."""
    parser = argparse.ArgumentParser(prog="benchmarks.pace")
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rest", type=float, default=0.7, help="seconds between two questions")
    parser.add_argument("--model", default="", help="what writes; else answers quote")
    parser.add_argument("--embedding", type=float, default=30.0)
    parser.add_argument("--data", type=Path, help="on which disk; otherwise a temporary one's")
    wanted = parser.parse_args()
    print(f"{wanted.pages} pages, {wanted.model or 'quoting'}, {hardware.processor()}")
    with tempfile.TemporaryDirectory(prefix="appliance-pace-", dir=wanted.data) as place:
        paper = papers.law(Path(place) / "lei.pdf", wanted.pages)
        with running(Path(place) / "data", APPLIANCE_LANGUAGE_MODEL=wanted.model) as appliance:
            client = RunnerClient(appliance.data / "runner.sock")
            if wanted.model:
                eventually(lambda: client.generator, "the language model did not load", 180)
            return run(appliance, paper, wanted.rest, wanted.embedding)


if __name__ == "__main__":
    raise SystemExit(main())
