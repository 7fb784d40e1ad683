"""A set of questions with known answers: its three files, and a shelf of its own to ask them of.

A shelf is the product's own: its schema, its search, an embedder or none. It holds the
passages of one set as they are given, and nothing of it is kept afterwards.
"""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from appliance.answering import evidence
from appliance.answering.finding import Finder, Measured
from appliance.database import Database
from appliance.errors import BadRequest
from appliance.index import fusion, splitting
from appliance.models import Embedder
from appliance.records import Chunk, Page, new_id, timestamp

COLLECTION = "eval"
_LONGEST = 3000  # characters; a longer passage is split and its pieces count for it


class PassageLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``corpus.jsonl``."""

    id: str
    text: str
    title: str = ""
    doc: str = ""

    @property
    def whole(self) -> str:
        """What names the document that the passage is a part of."""
        return self.doc or self.title or self.id


class QueryLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``queries.jsonl``."""

    id: str
    text: str
    answers: tuple[str, ...] = ()
    lang: str | None = None


class RelevantLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``qrels.jsonl``: the passage ``doc`` answers ``query``."""

    query: str
    doc: str


class Questions(msgspec.Struct, frozen=True, kw_only=True):
    """A set of questions: passages, the questions that have relevant ones, and which."""

    corpus: list[PassageLine]
    queries: list[QueryLine]
    relevant: dict[str, frozenset[str]]


def read(folder: Path, limit: int | None = None) -> Questions:
    """The set in a folder, with its first ``limit`` questions that have a relevant passage.

    Raises ``errors.BadRequest`` (``eval_file``), naming file and line.
    """
    corpus = list(_lines(folder / "corpus.jsonl", PassageLine))
    relevant: dict[str, frozenset[str]] = {}
    for line in _lines(folder / "qrels.jsonl", RelevantLine):
        relevant[line.query] = relevant.get(line.query, frozenset()) | {line.doc}
    queries = [line for line in _lines(folder / "queries.jsonl", QueryLine) if line.id in relevant]
    return Questions(corpus=corpus, queries=queries[:limit], relevant=relevant)


def _lines(file: Path, kind: type[Any]) -> Iterator[Any]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise BadRequest("eval_file", file=str(file), fault=str(fault)) from fault
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield msgspec.json.decode(line, type=kind)
        except msgspec.DecodeError as fault:
            raise BadRequest("eval_file", file=f"{file}:{number}", fault=str(fault)) from fault


@contextmanager
def shelf(
    embedder: Embedder | None,
    weights: fusion.Weights,
    judged_by: Mapping[str, float] | None = evidence.WITH_VECTORS,
) -> Iterator[Finder]:
    """A finder over an empty data folder that is gone at the end of the block."""
    measured = Measured(weights, judged_by)
    with tempfile.TemporaryDirectory(prefix=f"appliance-eval-{new_id()}-") as place:
        database = Database(Path(place) / "appliance.db")
        database.migrate()
        try:
            yield Finder(database, embedder, Path(place), measured=lambda: measured)
        finally:
            database.close()


def fill(finder: Finder, corpus: Sequence[PassageLine], *, progress: Any = None) -> None:
    """Index passages as they are given: a document each, a chunk each unless too long."""
    database = finder.database
    with database.write() as db:
        db.run(
            "insert into collections (id, name, created_at) values (:id, :id, :now)",
            {"id": COLLECTION, "now": timestamp()},
        )
    for line in corpus:
        with database.write() as db:
            db.run(
                """
                insert into documents (id, collection, title, file_name, media_type, bytes,
                    sha256, state, created_at)
                values (:id, :collection, :title, :id, 'text/plain', :bytes, :sha256, 'indexing',
                    :now)
                """,
                {
                    "id": line.id,
                    "collection": COLLECTION,
                    "title": line.title,
                    "bytes": len(line.text.encode()),
                    # With its id: two passages of a set may well have the same text.
                    "sha256": hashlib.sha256(f"{line.id}\n{line.text}".encode()).hexdigest(),
                    "now": timestamp(),
                },
            )
        finder.indexer.store(line.id, line.title, _chunks(line))
        finder.indexer.embed(line.id)
        with database.write() as db:
            db.run("update documents set state = 'ready' where id = :id", {"id": line.id})
        if progress is not None:
            progress.update(1)
    finder.refresh(COLLECTION)
    finder.indexer.merge(COLLECTION)


def _chunks(line: PassageLine) -> list[Chunk]:
    if len(line.text) > _LONGEST:
        return splitting.split([Page(number=1, how="digital", text=line.text)], paged=False)
    return [Chunk(ordinal=0, page=None, start=0, end=len(line.text), heading="", text=line.text)]
