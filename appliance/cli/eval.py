"""``appliance eval``: how well this appliance finds, on questions with known answers.

Measures the product's own path: a data folder of its own, the real schema, the real
splitting, embedding and search. Nothing is kept afterwards.
"""

import hashlib
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import click
import msgspec
import numpy as np

from appliance.answering.finding import Finder, Findings
from appliance.database import Database
from appliance.errors import BadRequest, Refusal
from appliance.index import fusion, metrics, splitting
from appliance.models import Embedder
from appliance.records import Chunk, Page, new_id, timestamp

COLLECTION = "eval"
_LONGEST = 3000  # characters; a longer passage is split and its pieces count for it
_DEPTH = 10
_SWEPT = {
    "grams": (0.5, 1.0, 1.5),
    "bigrams": (0.0, 0.3, 0.6),
    "sentence": (0.0, 0.5, 1.0),
    "meaning": (0.0, 0.3, 0.6, 1.0, 1.5, 2.5),
}


class PassageLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``corpus.jsonl``."""

    id: str
    text: str
    title: str = ""
    doc: str = ""


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


def _chunks(line: PassageLine) -> list[Chunk]:
    if len(line.text) > _LONGEST:
        return splitting.split([Page(number=1, how="digital", text=line.text)], paged=False)
    return [Chunk(ordinal=0, page=None, start=0, end=len(line.text), heading="", text=line.text)]


def measure(
    finder: Finder, questions: Questions, *, sweep: bool = False, progress: Any = None
) -> tuple[dict[str, float], dict[str, float]]:
    """The figures of the set, and with ``sweep`` the weights that order it best."""
    rankings, relevant, answered, took = [], [], [], []
    weighed: list[tuple[Findings, frozenset[str]]] = []
    for line in questions.queries:
        began = time.perf_counter()
        findings = finder.find([COLLECTION], line.text, limit=4 * _DEPTH)
        took.append((time.perf_counter() - began) * 1000)
        passages = findings.found.passages
        rankings.append(list(dict.fromkeys(one.document.id for one in passages)))
        relevant.append(questions.relevant[line.id])
        answered.append(metrics.holds([one.text for one in passages], line.answers))
        if sweep:
            weighed.append((findings, questions.relevant[line.id]))
        if progress is not None:
            progress.update(1)
    figures = metrics.measured(rankings, relevant, answered, took)
    return figures, best_weights(weighed) if sweep else {}


def best_weights(weighed: Sequence[tuple[Findings, frozenset[str]]]) -> dict[str, float]:
    """The weights of a grid with the highest MRR, with that MRR and R@1 beside them."""
    rows = [
        (findings.features, np.array([one.document.id in gold for one in findings.candidates]))
        for findings, gold in weighed
        if len(findings.features)
    ]
    best: dict[str, float] = {}
    for values in itertools.product(*_SWEPT.values()):
        weights = fusion.Weights(**dict(zip(_SWEPT, values, strict=True)))
        places = [_place(fusion.fuse(features, weights), gold) for features, gold in rows]
        mrr = metrics.mean(1 / place if place else 0.0 for place in places)
        if mrr > best.get("mrr", -1.0):
            first = metrics.mean(place == 1 for place in places)
            best = msgspec.structs.asdict(weights) | {"mrr": mrr, "recall@1": first}
    return {name: round(value, 4) for name, value in best.items()}


def _place(scores: "np.ndarray[Any, np.dtype[np.float64]]", gold: Any) -> int:
    """The place (from 1) of the first relevant candidate, 0 where it was none."""
    if not gold.any():
        return 0
    return 1 + int((scores > scores[gold].max()).sum())


@click.command("eval")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--sweep", is_flag=True, help="Also look for better weights of the signals.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first N questions.")
@click.option("--embedder", default="minilm", show_default=True, help="A catalogue name; or none.")
def evaluate(folder: Path, as_json: bool, sweep: bool, limit: int | None, embedder: str) -> None:
    """Measure this appliance's finding on FOLDER's corpus, queries and qrels."""
    try:
        parts, weights = open_embedder(embedder)
        report = run(folder, parts, weights, sweep=sweep, limit=limit, quiet=as_json)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    for name, value in report.items():
        click.echo(f"{name:>24}  {value}")


def open_embedder(name: str) -> tuple[Embedder | None, fusion.Weights]:
    """The embedder of this catalogue name, in this process, with its weights of fusion.

    ``none`` is for keywords alone. Raises ``errors.NotFound`` and ``errors.Unavailable``.
    """
    if name == "none":
        return None, fusion.Weights(meaning=0.0)
    # Here and not above: seconds of imports that no other command should pay.
    from appliance.models import catalogue, hardware
    from appliance.models.embedding import SentenceEmbedder

    # Threads that spin while they wait ruin each other on busy cores: 102 s for 2.4 s of work.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    threads = int(os.environ.get("OMP_NUM_THREADS", 0)) or hardware.physical_cores()
    entry = catalogue.find(name, "embedder")
    weights = msgspec.convert(msgspec.to_builtins(entry.fusion) or {}, fusion.Weights)
    return SentenceEmbedder(entry, threads=threads), weights


def run(
    folder: Path,
    embedder: Embedder | None,
    weights: fusion.Weights,
    *,
    sweep: bool = False,
    limit: int | None = None,
    quiet: bool = True,
) -> dict[str, Any]:
    """Index a set in a folder of its own, ask its questions, and report the figures."""
    questions = read(folder, limit)
    with tempfile.TemporaryDirectory(prefix=f"appliance-eval-{new_id()}-") as place:
        database = Database(Path(place) / "appliance.db")
        database.migrate()
        try:
            finder = Finder(database, embedder, Path(place), weights=weights)
            with _bar(questions.corpus, "passages", quiet=quiet) as progress:
                fill(finder, questions.corpus, progress=progress)
            with _bar(questions.queries, "questions", quiet=quiet) as progress:
                figures, best = measure(finder, questions, sweep=sweep, progress=progress)
        finally:
            database.close()
    return figures | ({"weights": best} if sweep else {})


def _bar(items: Sequence[Any], label: str, *, quiet: bool) -> AbstractContextManager[Any]:
    if quiet:
        return nullcontext()
    return click.progressbar(length=len(items), label=label, file=sys.stderr)
