"""A month in minutes: whether anything grows that should not.

The appliance as ``appliance serve`` starts it, with the real embedder and no language model.
One person asks (every third question as a stream that is left in the middle), another uploads
and deletes (each document goes into the trash and out of it), another signs in and out, and every
minute a backup is made, proven and cleared away: without a pause between two of their acts. So
much is kept that the house is as large at the end as after the first minute. Sampled
every two seconds, for the web process, the worker and the model runner: resident memory, open
files, threads; for the data folder: the log ahead of the database, the queue, what is temporary
(``incoming``, ``backups``, the system's temporary folder) and what is logged.

Told are each figure's first and last quarter and its slope in the second half, by least squares;
and what was done, and what went wrong. The exit status is 1 where something failed, where a
process was started again, or where the memory of one rises in the second half by more than
8 MB and a tenth of what it was.

    .venv/bin/python -m benchmarks.soak [--minutes 10] [--data FOLDER] [--json FILE]
"""

import argparse
import contextlib
import itertools
import json
import os
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil

from appliance import accounts
from appliance.database import Database
from appliance.signin import password
from benchmarks.crowd import regulation
from tests.whole.running import Running, running

WORD = "três gatos na janela"
SAMPLE_SECONDS = 2.0
BACKUP_SECONDS = 60.0
PROCESSES = {"web": "", "worker": "appliance work", "runner": "appliance.models.runner"}
KEPT = 10  # documents; the oldest goes when another comes
LEAST_BYTES = 8 << 20  # of growth in the second half that counts, of a process

Figures = dict[str, float]


class Life(threading.Thread):
    """Somebody who does one act after the other until told to stop."""

    def __init__(
        self, appliance: Running, act: Callable[[httpx.Client], Iterator[str]], done: Counter[str]
    ) -> None:
        super().__init__(daemon=True)
        self.appliance, self.act, self.done = appliance, act, done
        self.stopping = threading.Event()

    def run(self) -> None:
        headers = {"authorization": self.appliance.client.headers["authorization"]}
        with httpx.Client(
            base_url=self.appliance.address, headers=headers, timeout=120, trust_env=False
        ) as client:
            while not self.stopping.is_set():
                try:
                    for said in self.act(client):
                        self.done[said] += 1
                except (httpx.HTTPError, AssertionError, KeyError) as fault:
                    self.done[f"FAILED {self.act.__name__}: {type(fault).__name__} {fault}"] += 1
                    self.stopping.wait(1)


def good(answer: httpx.Response) -> Any:
    """The body of an answer that succeeded."""
    assert answer.status_code < 300, f"{answer.status_code} {answer.json().get('code')}"
    return answer.json() if answer.content else None


def asking(assistant: str) -> Callable[[httpx.Client], Iterator[str]]:
    """Questions, in conversations that are removed; each third is left in the middle."""
    numbers = itertools.count(1)

    def ask(client: httpx.Client) -> Iterator[str]:
        number = next(numbers)
        path = f"/api/assistants/{assistant}/ask"
        asked = {"question": f"Qual é a multa por atraso na biblioteca, artigo {number % 40}?"}
        if number % 3:
            told = good(client.post(path, json=asked))
            good(client.delete(f"/api/conversations/{told['conversation']}"))
            yield "answers"
            return
        with client.stream("POST", path, json=asked | {"stream": True}) as coming:
            for _ in itertools.islice(coming.iter_lines(), 2):
                pass
        yield "streams left"

    return ask


def shelving(collection: str) -> Callable[[httpx.Client], Iterator[str]]:
    """A document comes, is read, and the oldest goes for good."""
    numbers, shelf = itertools.count(1), list[str]()

    def shelve(client: httpx.Client) -> Iterator[str]:
        number = next(numbers)
        text = regulation(number)
        sent = client.post(
            f"/api/collections/{collection}/documents",
            files={"file": (f"regulamento-{number}.md", text.encode())},
        )
        document = good(sent)["documents"][0]["id"]
        until = time.monotonic() + 120
        while (state := good(client.get(f"/api/documents/{document}"))["state"]) != "ready":
            assert state != "failed", f"{document} failed"
            assert time.monotonic() < until, f"{document} is {state}"
            time.sleep(0.2)
        shelf.append(document)
        yield "documents read"
        if len(shelf) > KEPT:
            good(client.delete(f"/api/documents/{shelf.pop(0)}"))
            yield "documents deleted"

    return shelve


def entering() -> Callable[[httpx.Client], Iterator[str]]:
    """Somebody signs in, looks and signs out."""

    def enter(client: httpx.Client) -> Iterator[str]:
        with httpx.Client(base_url=client.base_url, timeout=60, trust_env=False) as browser:
            good(browser.post("/api/session", json={"email": "p@casa.test", "password": WORD}))
            good(browser.get("/api/assistants"))
            good(browser.delete("/api/session"))
        yield "sign-ins"
        time.sleep(1)  # hashing a password is a tenth of a second of a whole core

    return enter


def keeping(data: Path) -> Callable[[httpx.Client], Iterator[str]]:
    """A backup a minute, proven by the job itself."""

    def keep(client: httpx.Client) -> Iterator[str]:
        began = time.monotonic()
        job = good(client.post("/api/backups"))["job"]["id"]
        while (state := good(client.get(f"/api/jobs/{job}"))["state"]) in ("queued", "running"):
            assert time.monotonic() - began < 300, f"the backup is {state}"
            time.sleep(0.5)
        assert state == "succeeded", f"the backup {state}"
        yield "backups"
        newest, *older = sorted((data / "backups").glob("*.balcao*"), reverse=True)
        assert newest
        for one in older:
            one.unlink()
        time.sleep(max(0.0, BACKUP_SECONDS - (time.monotonic() - began)))

    return keep


def looked(appliance: Running, scratch: Path) -> Figures:
    """Everything that might grow, as it is now."""
    found: Figures = {}
    assert appliance.process
    for name, module in PROCESSES.items():
        one = psutil.Process(appliance.process.pid) if not module else appliance.child(module)
        if one is None:
            continue
        with contextlib.suppress(psutil.NoSuchProcess):
            found[f"{name} MB"] = one.memory_info().rss / 2**20
            found[f"{name} files"] = one.num_fds()
            found[f"{name} threads"] = one.num_threads()
    data = appliance.data
    found["database MB"] = size(data / "appliance.db") / 2**20
    found["wal MB"] = size(data / "appliance.db-wal") / 2**20
    found["queue MB"] = sum(size(one) for one in data.glob("queue.db*")) / 2**20
    found["log MB"] = tree(data / "log") / 2**20
    found["temporary MB"] = (tree(data / "incoming") + tree(scratch)) / 2**20
    found["index files"] = sum(1 for one in (data / "index").rglob("*") if one.is_file())
    return found


def size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def tree(folder: Path) -> int:
    return sum(size(one) for one in folder.rglob("*") if one.is_file())


def slope(times: list[float], values: list[float]) -> float:
    """Growth an hour, by least squares; 0 of fewer than three."""
    return statistics.linear_regression(times, values).slope * 3600 if len(times) > 2 else 0.0


def told(samples: list[tuple[float, Figures]]) -> dict[str, dict[str, float]]:
    """Of each figure the median of the first and of the last quarter, and its slope in the
    second half."""
    names = dict.fromkeys(name for _, one in samples for name in one)
    quarter, half = max(1, len(samples) // 4), len(samples) // 2
    found = {}
    for name in names:
        first = [one[name] for _, one in samples[:quarter] if name in one]
        last = [one[name] for _, one in samples[-quarter:] if name in one]
        later = [(at, one[name]) for at, one in samples[half:] if name in one]
        found[name] = {
            "first": round(statistics.median(first or [0.0]), 2),
            "last": round(statistics.median(last or [0.0]), 2),
            "most": round(max(one.get(name, 0.0) for _, one in samples), 2),
            "an_hour": round(slope([at for at, _ in later], [value for _, value in later]), 2),
        }
    return found


def grows(found: dict[str, dict[str, float]], minutes: float) -> list[str]:
    """The processes whose memory rose in the second half by more than noise and a tenth."""
    rises = {name: found[f"{name} MB"] for name in PROCESSES if f"{name} MB" in found}
    return [
        name
        for name, one in rises.items()
        if one["an_hour"] * minutes / 120 > max(LEAST_BYTES / 2**20, 0.1 * one["first"])
    ]


def soaked(folder: Path, minutes: float) -> dict[str, Any]:
    scratch = folder / "tmp"
    scratch.mkdir()
    with running(folder / "data", TMPDIR=str(scratch)) as appliance:
        person(appliance.data)
        good(appliance.client.patch("/api/backups", json={"passphrase": "um dois três quatro"}))
        assistant = appliance.assistant()
        done: Counter[str] = Counter()
        lives = [
            Life(appliance, act, done)
            for act in (
                asking(str(assistant["id"])),
                shelving(str(assistant["collections"][0])),
                entering(),
                keeping(appliance.data),
            )
        ]
        began, samples = time.monotonic(), list[tuple[float, Figures]]()
        for one in lives:
            one.start()
        while (at := time.monotonic() - began) < 60 * minutes:
            samples.append((at, looked(appliance, scratch)))
            time.sleep(SAMPLE_SECONDS)
        for one in lives:
            one.stopping.set()
        for one in lives:
            one.join(300)
        parts = {one["name"]: one["restarts"] for one in appliance.system()["parts"]}
    found = told(samples)
    return {
        "minutes": minutes,
        "load": [round(one, 1) for one in os.getloadavg()],
        "done": dict(sorted(done.items())),
        "restarts": parts,
        "figures": found,
        "grows": grows(found, minutes),
    }


def person(data: Path) -> None:
    """Somebody who signs in."""
    database = Database(data / "appliance.db")
    with database.write() as writer:
        accounts.create(
            writer, name="Pessoa", email="p@casa.test", password_hash=password.hashed(WORD),
            role="member",
        )  # fmt: skip
    database.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=wanted.data) as folder:
        found = soaked(Path(folder), wanted.minutes)
    text = json.dumps(found, indent=1, ensure_ascii=False)
    print(text)
    if wanted.json:
        wanted.json.write_text(text, "utf-8")
    failed = any(name.startswith("FAILED") for name in found["done"])
    raise SystemExit(failed or bool(found["grows"]) or any(found["restarts"].values()))


if __name__ == "__main__":
    main()
