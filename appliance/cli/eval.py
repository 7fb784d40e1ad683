"""``appliance eval``: how well this appliance finds, on questions with known answers.

Measures the product's own path: a data folder of its own, the real schema, the real
splitting, embedding and search. Nothing is kept afterwards.
"""

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import click
import msgspec

from appliance.answering import evidence, quoting
from appliance.answering.finding import Finder
from appliance.cli import weighing, withheld
from appliance.cli.questions import COLLECTION, Questions, fill, read, shelf
from appliance.cli.weighing import Weighed
from appliance.errors import Refusal
from appliance.index import fusion, metrics
from appliance.models import Embedder

_DEPTH = 10
_QUOTED = (2, 3)  # sentences in which the answer is looked for


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What the questions of a set gave: the figures, the probability that each question (by
    id) has an answer, and with a sweep the candidates of each."""

    figures: dict[str, float]
    answerable: dict[str, float]
    weighed: list[Weighed]


def measure(
    finder: Finder, asked: Questions, *, sweep: bool = False, progress: Any = None
) -> Measured:
    """Ask every question once."""
    rankings, relevant, answered, took = [], [], [], []
    quoted: dict[int, list[bool | None]] = {k: [] for k in _QUOTED}
    answerable: dict[str, float] = {}
    weighed = []
    for line in asked.queries:
        began = time.perf_counter()
        findings = finder.find([COLLECTION], line.text, limit=4 * _DEPTH)
        took.append((time.perf_counter() - began) * 1000)
        passages = findings.found.passages
        rankings.append(list(dict.fromkeys(one.document.id for one in passages)))
        relevant.append(asked.relevant[line.id])
        answered.append(metrics.holds([one.text for one in passages], line.answers))
        quotes = [one.quote for one in quoting.rank(findings)[: max(_QUOTED)]]
        for k, stands in quoted.items():
            stands.append(metrics.holds(quotes[:k], line.answers, most=None))
        answerable[line.id] = findings.found.answerable
        if sweep:
            weighed.append(weighing.weighed(findings, asked.relevant[line.id]))
        if progress is not None:
            progress.update(1)
    figures = metrics.measured(rankings, relevant, answered, quoted, took)
    return Measured(figures=figures, answerable=answerable, weighed=weighed)


@click.command("eval")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--sweep", is_flag=True, help="Also look for better weights of the signals.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first N questions.")
@click.option("--embedder", default="minilm", show_default=True, help="A catalogue name; or none.")
def evaluate(folder: Path, as_json: bool, sweep: bool, limit: int | None, embedder: str) -> None:
    """Measure this appliance's finding on FOLDER's corpus, queries and qrels."""
    try:
        parts = open_embedder(embedder)
        report = run(folder, *parts, sweep=sweep, limit=limit, quiet=as_json)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    for name, value in report.items():
        click.echo(f"{name:>24}  {value}")


def open_embedder(
    name: str,
) -> tuple[Embedder | None, fusion.Weights, Mapping[str, float] | None]:
    """The embedder of this catalogue name, in this process, with its weights of fusion and
    its constants of evidence.

    ``none`` is for keywords alone. Raises ``errors.NotFound`` and ``errors.Unavailable``.
    """
    if name == "none":
        return None, fusion.Weights(meaning=0.0), None
    # Here and not above: seconds of imports that no other command should pay.
    from appliance.models import catalogue, hardware
    from appliance.models.embedding import SentenceEmbedder

    # Threads that spin while they wait ruin each other on busy cores: 102 s for 2.4 s of work.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    threads = int(os.environ.get("OMP_NUM_THREADS", 0)) or hardware.physical_cores()
    entry = catalogue.find(name, "embedder")
    weights = msgspec.convert(msgspec.to_builtins(entry.fusion) or {}, fusion.Weights)
    judged_by = msgspec.to_builtins(entry.evidence)
    return SentenceEmbedder(entry, threads=threads), weights, judged_by


def run(
    folder: Path,
    embedder: Embedder | None,
    weights: fusion.Weights,
    judged_by: Mapping[str, float] | None = evidence.WITH_VECTORS,
    *,
    sweep: bool = False,
    limit: int | None = None,
    quiet: bool = True,
) -> dict[str, Any]:
    """Index a set in a folder of its own, ask its questions, and report the figures."""
    asked = read(folder, limit)
    with shelf(embedder, weights, judged_by) as finder:
        with _bar(asked.corpus, "passages", quiet=quiet) as progress:
            fill(finder, asked.corpus, progress=progress)
        with _bar(asked.queries, "questions", quiet=quiet) as progress:
            measured = measure(finder, asked, sweep=sweep, progress=progress)
        with _bar(
            withheld.evenly(asked.queries), "without their document", quiet=quiet
        ) as progress:
            told = withheld.auroc(finder, asked, measured.answerable, progress=progress)
    best = {"weights": weighing.best_weights(measured.weighed, weights)} if sweep else {}
    return measured.figures | {"auroc": told} | best


def _bar(items: Sequence[Any], label: str, *, quiet: bool) -> AbstractContextManager[Any]:
    if quiet:
        return nullcontext()
    return click.progressbar(length=len(items), label=label, file=sys.stderr)
