"""What people who search notice of a backup, and how long proof and restore take.

A library of many small documents is made (words and originals, no vectors), and so many people
search it without a pause between their questions: while nothing else runs, while ``appliance
backup`` does, and again afterwards. Told are median and p95 of a search in milliseconds in
each stage, and the seconds of backup, verify and restore, also per gigabyte of data. The exit
status is 1 when the p95 rose by a fifth or more over the quiet.

    .venv/bin/python -m benchmarks.backup [--documents 10000] [--people 20] [--data FOLDER]

The searches are made in this process, the backup in one of its own: on a server with few cores
people are slowed by each other before the backup comes.
"""

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from appliance import collections, library
from appliance.answering.finding import Finder
from appliance.database import Database
from appliance.jobs.queue import Queue
from appliance.records import Chunk, Page
from appliance.vault import Vault
from benchmarks.crowd import share

QUIET_SECONDS = 20.0
MOST_RISE = 0.2
WORDS = [
    f"{first}{middle}{last}"
    for first in ("re", "con", "pro", "des", "in")
    for middle in ("gis", "tra", "ven", "for")
    for last in ("to", "da", "mento", "ção", "dor")
]


def text(number: int) -> str:
    """Some 1,500 characters of their own."""
    dice = random.Random(number)
    return f"Documento {number}. " + " ".join(dice.choices(WORDS, k=180))


def made(data: Path, count: int) -> str:
    """A library of so many documents; its collection."""
    Vault(data).prepare()
    Queue(data / "queue.db").close()
    database = Database(data / "appliance.db")
    database.migrate()
    with database.write() as db:
        collection = collections.create(db, "Papéis").id
    indexer = Finder(database, None, data).indexer
    for number in range(count):
        written = text(number)
        sha256 = hashlib.sha256(written.encode()).hexdigest()
        place = data / "files" / sha256[:2] / sha256
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(written, "utf-8")
        with database.write(fleeting=True) as db:
            document = library.add(
                db, collection=collection, title=f"Papel {number}", file_name=f"{number}.txt",
                media_type="text/plain", bytes=len(written), sha256=sha256, paged=False,
            )  # fmt: skip
            library.put_pages(database, document.id, [Page(number=1, how="digital", text=written)])
            chunk = Chunk(ordinal=0, page=1, start=0, end=len(written), heading="", text=written)
            indexer.store(document.id, document.title, [chunk], language="pt")
            library.set_state(database, document.id, "ready", chunks=1, pages=1)
    database.close()
    return collection


def searched(finder: Finder, collection: str, people: int, ends: Callable[[], bool]) -> list[float]:
    """Milliseconds of every search until it ends."""
    times: list[float] = []

    def ask(one: int) -> None:
        dice = random.Random(one)
        while not ends():
            began = time.perf_counter()
            finder.search([collection], " ".join(dice.choices(WORDS, k=4)), language="pt")
            times.append(1000 * (time.perf_counter() - began))

    asking = [threading.Thread(target=ask, args=(one,)) for one in range(people)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    return times


def timed(data: Path, *words: str) -> float:
    """The seconds of a command."""
    began = time.perf_counter()
    environment = os.environ | {
        "APPLIANCE_DATA_DIR": str(data), "APPLIANCE_BACKUP_PASSPHRASE": "benchmark",
    }  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "appliance", *words, "--json"], env=environment, check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - began


def told(times: list[float]) -> dict[str, float]:
    return {
        "searches": len(times),
        "p50_ms": round(share(times, 0.5), 1),
        "p95_ms": round(share(times, 0.95), 1),
    }


def measured(folder: Path, documents: int, people: int) -> dict[str, object]:
    data, file, other = folder / "data", folder / "one.balcao", folder / "other"
    data.mkdir(mode=0o700)
    collection = made(data, documents)
    database = Database(data / "appliance.db")
    finder = Finder(database, None, data)

    def quiet() -> list[float]:
        until = time.monotonic() + QUIET_SECONDS
        return searched(finder, collection, people, lambda: time.monotonic() > until)

    quiet()  # the first searches load what all others use
    before = quiet()
    seconds: list[float] = []
    copying = threading.Thread(target=lambda: seconds.append(timed(data, "backup", str(file))))
    copying.start()
    during = searched(finder, collection, people, lambda: not copying.is_alive())
    after = quiet()
    database.close()
    gigabytes = sum(path.stat().st_size for path in data.rglob("*") if path.is_file()) / 1e9
    verify, restore = timed(data, "verify", str(file)), timed(other, "restore", str(file))
    still = share(before + after, 0.95)
    return {
        "documents": documents,
        "people": people,
        "gigabytes": round(gigabytes, 3),
        "before": told(before),
        "backup": told(during),
        "after": told(after),
        "p95_rise": round(share(during, 0.95) / still - 1, 3),
        "backup_s": round(seconds[0], 1),
        "verify_s": round(verify, 1),
        "restore_s": round(restore, 1),
        "restore_s_per_gb": round(restore / gigabytes, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--data", type=Path)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=wanted.data) as folder:
        found = measured(Path(folder), wanted.documents, wanted.people)
    print(json.dumps(found, indent=1))
    raise SystemExit(found["p95_rise"] >= MOST_RISE)  # type: ignore[operator]


if __name__ == "__main__":
    main()
