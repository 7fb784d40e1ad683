"""How well, and how fast, unanswered questions are sorted into groups by meaning.

All questions of the sets are refused questions of one assistant for each language, in a
seeded order, and are sorted as the product sorts them. Two questions belong together where
the set gives both the same answer in the same passage; "about the same" is the same passage.

    .venv/bin/python benchmarks/gaps.py FOLDER [FOLDER …] [--embedder minilm] [--most 10000]
"""

import argparse
import json
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np

from appliance import assistants, gaps
from appliance.answering.finding import Finder
from appliance.answering.grouping import Grouping
from appliance.cli.eval import open_embedder
from appliance.database import Database
from appliance.models import Vectors
from appliance.reach import EVERYWHERE
from appliance.records import timestamp
from benchmarks.approved import Asked, read


class Kept:
    """An embedder that has read everything before: sorting alone is timed."""

    def __init__(self, texts: Sequence[str], vectors: Vectors, stamp: str) -> None:
        self.stamp = stamp
        self.dimensions = vectors.shape[1]
        self._rows = dict(zip(texts, vectors, strict=True))

    def embed(self, texts: Sequence[str], *, kind: str = "query") -> Vectors:
        return np.stack([self._rows[text] for text in texts])


def refused(database: Database, questions: Sequence[Asked]) -> None:
    """The questions as refused ones."""
    with database.write() as db:
        owners = {}
        for language in sorted({one.language for one in questions}):
            made = assistants.create(db, name=language, language=language, collections=[])
            owners[language] = made.id
            db.run(
                """
                insert into conversations (id, assistant, owner, title, created_at, updated_at)
                values (:id, :id, 'person:p', '', :now, :now)
                """,
                {"id": made.id, "now": timestamp()},
            )
        db.many(
            """
            insert into messages (id, conversation, question, state, created_at)
            values (:id, :talk, :question, 'refused', :now)
            """,
            [
                {"id": f"{n:08d}", "talk": owners[one.language], "question": one.text,
                 "now": timestamp()}
                for n, one in enumerate(questions)
            ],
        )  # fmt: skip


def judged(database: Database, questions: Sequence[Asked]) -> Counter[str]:
    """Pairs that were put together, and pairs that belong together."""
    found: Counter[str] = Counter()
    groups = defaultdict(list)
    for row in database.rows("select message, gap from gap_questions"):
        groups[row["gap"]].append(int(row["message"]))
    together = {pair for group in groups.values() for pair in combinations(sorted(group), 2)}
    for a, b in together:
        found["pairs together"] += 1
        found["of the same answer"] += questions[a].same(questions[b])
        found["about the same passage"] += questions[a].passage == questions[b].passage
    passages = defaultdict(list)
    for n, one in enumerate(questions):
        passages[one.passage].append(n)
    for group in passages.values():
        for a, b in combinations(group, 2):
            if questions[a].same(questions[b]):
                found["pairs with one answer"] += 1
                found["of them together"] += (a, b) in together
    found["groups"] = len(groups)
    found["largest"] = max(map(len, groups.values()))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--embedder", default="minilm")
    parser.add_argument("--most", type=int, default=10_000)
    given = parser.parse_args()
    questions = [one for folder in given.folders for one in read(folder)]
    Random(7).shuffle(questions)
    questions = questions[: given.most]
    texts = [one.text for one in questions]
    embedder, _, _ = open_embedder(given.embedder)
    assert embedder is not None, "meaning needs an embedder"
    kept = Kept(texts, embedder.embed(texts, kind="query"), embedder.stamp)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "appliance.db")
        database.migrate()
        refused(database, questions)
        grouping = Grouping(database, Finder(database, kept, Path(folder)))  # type: ignore[arg-type]
        took, began = [], time.perf_counter()
        while sorted_now := grouping.look():
            now = time.perf_counter()
            took.append((now - began) * 1000 / sorted_now)
            began = now
        listed = time.perf_counter()
        gaps.every(database, reach=EVERYWHERE)
        figures = judged(database, questions) | Counter(questions=len(questions))
        print(json.dumps(dict(figures)))
        tenth = max(1, len(took) // 10)
        print(
            json.dumps(
                {
                    "ms a question, first tenth": round(sum(took[:tenth]) / tenth, 2),
                    "ms a question, last tenth": round(sum(took[-tenth:]) / tenth, 2),
                    "ms of a page of the list": round((time.perf_counter() - listed) * 1000),
                }
            )
        )
        database.close()


if __name__ == "__main__":
    main()
