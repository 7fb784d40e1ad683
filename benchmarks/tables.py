"""Questions computed from four office sheets: right, wrong, or left to the passages.

    .venv/bin/python benchmarks/tables.py [--together] [--others FOLDER ...] [--failing]

Each sheet has a collection of its own; with ``--together`` all four are in one, and a
question must find its sheet. ``--others`` asks the questions of sets (queries.jsonl) that
are about no table, with the four sheets in the collection: none may be computed.
"""

import argparse
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import msgspec

from appliance import collections, library
from appliance.answering.numerals import DIGITS, _decimal
from appliance.answering.tables.computing import Computed, NotComputed, TableAnswers
from appliance.database import Database
from appliance.index.keywords import detect
from appliance.index.reading import child, kinds
from appliance.index.reading.wire import TableRows
from appliance.jobs.tabling import Tabling
from appliance.records import Language, Page
from appliance.rows import Table
from tests.answering.tables.office import SHEETS, Asked, Right, asked, write

_NUMBER = re.compile(DIGITS)


def put(database: Database, collection: str, path: Path) -> str:
    """Read a file into a collection: its pages and its tables, without terms or vectors."""
    kind = kinds.recognise(path, path.name)
    with database.write() as db:
        document = library.add(
            db,
            collection=collection,
            title=library.title_of(path.name),
            file_name=path.name,
            media_type=kind.media_type,
            bytes=path.stat().st_size,
            sha256=path.name + collection,
            paged=False,
        )
    tabling = Tabling(database, document.id)
    for found in child.read(path, kind, name=path.name, memory_mb=1024, seconds=120):
        if isinstance(found, Page):
            library.put_pages(database, document.id, [found])
        elif isinstance(found, Table | TableRows):
            tabling.take(found)
    library.set_state(database, document.id, "ready")
    return document.id


def shelve(database: Database, folder: Path, *, together: bool) -> dict[str, str]:
    """The four sheets in collections; the collection of each."""
    shelves: dict[str, str] = {}
    for key, path in zip(SHEETS, write(folder), strict=True):
        if together and shelves:
            shelves[key] = next(iter(shelves.values()))
        else:
            with database.write() as db:
                shelves[key] = collections.create(db, key).id
        put(database, shelves[key], path)
    return shelves


def says(text: str, right: Sequence[Right]) -> bool:
    """Whether a text says all of it: figures as numbers, the rest as it stands."""
    numbers = {_decimal(hit.group()) for hit in _NUMBER.finditer(text)}
    return all(one in numbers if isinstance(one, Decimal) else one in text for one in right)


def verdict(question: Asked, found: Computed | NotComputed | None) -> str:
    """ "right", "wrong" or "fell back"; of a question that a sheet cannot answer, falling back
    is right."""
    if not isinstance(found, Computed):
        return "fell back" if question.right else "right"
    text = "\n".join(found.sentences)
    return "right" if question.right and says(text, question.right) else "wrong"


def of_sets(folders: Sequence[Path]) -> Iterator[tuple[str, Language]]:
    """The questions of sets, with the language that the house takes them for."""
    for folder in folders:
        for line in (folder / "queries.jsonl").read_text("utf-8").splitlines():
            text = msgspec.json.decode(line)["text"]
            yield text, detect(text, "pt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--together", action="store_true")
    parser.add_argument("--others", type=Path, nargs="*", default=[])
    parser.add_argument("--failing", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = Database(folder / "appliance.db")
        database.migrate()
        shelves = shelve(database, folder, together=options.together or bool(options.others))
        answers = TableAnswers(database)
        ask_of_sheets(answers, shelves, failing=options.failing)
        if options.others:
            ask_of_others(answers, [*shelves.values()][:1], options.others, options.failing)
        database.close()


def ask_of_sheets(answers: TableAnswers, shelves: dict[str, str], *, failing: bool) -> None:
    """Ask all questions; print the counts by language and the time."""
    counts: Counter[tuple[str, str]] = Counter()
    times = []
    for question in asked():
        began = time.perf_counter()
        language = cast("Any", question.language)
        found = answers.answer([shelves[question.sheet]], question.text, language)
        times.append(1000 * (time.perf_counter() - began))
        outcome = verdict(question, found)
        counts[question.language, outcome] += 1
        if failing and outcome != "right":
            print(f"{outcome:10} {question.text}\n{'':11}{_told(found)}")
            if outcome == "wrong":
                print(f"{'':11}expected {question.right}")
    for language in ("pt", "en", "es"):
        print(language, {kind: counts[language, kind] for kind in ("right", "wrong", "fell back")})
    total: Counter[str] = Counter()
    for (_, outcome), times_ in counts.items():
        total[outcome] += times_
    print("all", dict(total), f"median {statistics.median(times):.1f} ms, most {max(times):.1f} ms")


def ask_of_others(
    answers: TableAnswers, shelf: list[str], folders: Sequence[Path], failing: bool
) -> None:
    """Ask what is about no table; print how many were computed all the same."""
    counts: Counter[str] = Counter()
    times = []
    for text, language in of_sets(folders):
        began = time.perf_counter()
        found = answers.answer(shelf, text, language)
        times.append(1000 * (time.perf_counter() - began))
        counts[type(found).__name__] += 1
        if failing and found is not None:
            print(f"{type(found).__name__:12} {text}\n{'':13}{_told(found)}")
    print("about no table", dict(counts), f"median {statistics.median(times):.2f} ms")


def _told(found: Computed | NotComputed | None) -> str:
    if isinstance(found, Computed):
        return " / ".join([*found.sentences, found.how])
    return found.note if found else "None"


if __name__ == "__main__":
    main()
