"""The same questions where what answers them is not there.

It is removed inside a transaction that is always rolled back: a search in it sees the
collection as if the document had never come, and afterwards nothing is missing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from appliance.answering.finding import Finder, Findings
from appliance.cli.questions import COLLECTION, QueryLine, Questions
from appliance.database import Database
from appliance.index import metrics

MOST = 600  # questions asked again: a standard error of 0.006 at an AUROC of 0.95


class _Undo(Exception):
    """Raised to roll a transaction back."""


@contextmanager
def without(database: Database, passages: frozenset[str]) -> Iterator[None]:
    """A block in which these passages are in neither engine. Not inside a ``write`` block:
    that one would keep the removal."""
    try:
        with database.write() as db:
            db.many("delete from chunks where document = :one", [{"one": one} for one in passages])
            yield
            raise _Undo
    except _Undo:
        pass


def whole_documents(asked: Questions) -> dict[str, frozenset[str]]:
    """For each question, every passage of the documents that its relevant passages are of."""
    passages = defaultdict(set)
    for line in asked.corpus:
        passages[line.whole].add(line.id)
    whole = {line.id: passages[line.whole] for line in asked.corpus}
    return {
        query: frozenset().union(*(whole.get(one, {one}) for one in gold))
        for query, gold in asked.relevant.items()
    }


def search(
    finder: Finder, lines: Sequence[QueryLine], gone: Mapping[str, frozenset[str]]
) -> Iterator[tuple[QueryLine, Findings]]:
    """Each question with what it finds without the passages ``gone`` names for its id.

    Questions that miss the same passages come one after the other, in one transaction.
    """
    groups = defaultdict(list)
    for line in lines:
        groups[gone.get(line.id, frozenset())].append(line)
    for passages, together in groups.items():
        with without(finder.database, passages):
            for line in together:
                yield line, finder.find([COLLECTION], line.text)


def evenly(lines: Sequence[QueryLine], most: int = MOST) -> list[QueryLine]:
    """At most so many of the lines, at even distances over all of them."""
    count = min(most, len(lines))
    return [lines[n * len(lines) // count] for n in range(count)]


def auroc(
    finder: Finder, asked: Questions, kept: Mapping[str, float], *, progress: Any = None
) -> float:
    """How well ``answerable`` tells the questions from the same without their document.

    ``kept`` is its value for each question, by id, where nothing is removed.
    """
    lines = evenly(asked.queries)
    lost = []
    for _, findings in search(finder, lines, whole_documents(asked)):
        lost.append(findings.found.answerable)
        if progress is not None:
            progress.update(1)
    return round(metrics.auroc([kept[line.id] for line in lines], lost), 4)
