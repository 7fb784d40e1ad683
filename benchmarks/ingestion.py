"""What ingestion costs beside the encoder: texts in by the product's own way, against the
raw encoder on the very same windows, in turns.

The product: ``intake.accept``, the worker process (read, split, embed, index) and the
model runner as a process of its own, exactly as ``appliance serve`` starts them. The
raw encoder: the same model in this process, given all windows at once, nothing else.
The clock of the product runs from the first upload to the last document ready.

    .venv/bin/python benchmarks/ingestion.py FOLDER [--documents 8] [--words 4000] [--rounds 3]

``FOLDER`` holds ``corpus.jsonl`` (``{id, title, text}``); its passages are joined to
documents of so many words.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

os.environ |= {"OMP_WAIT_POLICY": "PASSIVE"}

import msgspec

from appliance import app, children, collections
from appliance.app import Parts
from appliance.cli.questions import PassageLine
from appliance.jobs import intake
from appliance.models import catalogue, hardware
from appliance.models.embedding import SentenceEmbedder
from appliance.settings import Settings

LOOK_SECONDS = 0.02


def texts(folder: Path, documents: int, words: int) -> Iterator[str]:
    """The corpus as so many texts of about so many words."""
    lines = (folder / "corpus.jsonl").read_text("utf-8").splitlines()
    gathered: list[str] = []
    for line in lines:
        gathered.append(msgspec.json.decode(line, type=PassageLine).text)
        if sum(text.count(" ") for text in gathered) >= words:
            yield "\n\n".join(gathered)
            gathered, documents = [], documents - 1
        if documents == 0:
            return
    if gathered:
        yield "\n\n".join(gathered)


def ingest(parts: Parts, collection: str, bodies: list[str], turn: int) -> float:
    """Seconds from the first upload until the last document is ready."""
    began = time.perf_counter()
    for number, body in enumerate(bodies):
        title = f"Documento {turn}-{number}"
        intake.accept_text(
            parts.database, parts.settings, parts.queue, collection, title=title, text=body
        )
    while True:
        states = parts.database.rows(
            "select state, problem from documents where collection = :one", {"one": collection}
        )
        if all(row["state"] == "ready" for row in states):
            return time.perf_counter() - began
        assert not any(row["problem"] for row in states), states
        time.sleep(LOOK_SECONDS)


def windows(parts: Parts, collection: str) -> list[str]:
    """The windows that were embedded, as the tables know them."""
    rows = parts.database.rows(
        """
        select chunks.text, vectors.spans from vectors
        join chunks on chunks.id = vectors.chunk
        join documents on documents.id = chunks.document
        where documents.collection = :one order by chunks.id
        """,
        {"one": collection},
    )
    return [
        row["text"][start:stop] for row in rows for start, stop in msgspec.json.decode(row["spans"])
    ]


def ready(parts: Parts) -> str:
    """Wait for the runner's embedder; the numbers it calculates in."""
    parts.client.embedder.embed(["pronto"])
    return parts.client.health().embedder.numbers


def main() -> None:
    """Print a line a turn, then the medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=8)
    parser.add_argument("--words", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0)
    wanted = parser.parse_args()
    bodies = list(texts(wanted.folder, wanted.documents, wanted.words))
    with tempfile.TemporaryDirectory(prefix="appliance-ingestion-") as place:
        settings = Settings(data_dir=place, threads=wanted.threads, log_level="warning")
        parts = app.build(settings)
        threads = hardware.threads(wanted.threads)
        raw = SentenceEmbedder(catalogue.find(settings.embedder, "embedder"), threads=threads)
        kept = [children.runner(settings), children.worker(settings)]
        with children.kept(kept):
            while kept[0].state.pid is None or not parts.client.path.exists():
                time.sleep(0.1)
            numbers = ready(parts)
            print(f"runner {numbers}, raw {raw.choice.numbers}, {threads} threads")
            ratios = [turn(parts, raw, bodies, number) for number in range(wanted.rounds)]
        parts.close()
    print(f"median of the ratios {statistics.median(ratios):.3f}")


def turn(parts: Parts, raw: SentenceEmbedder, bodies: list[str], number: int) -> float:
    """One turn of both, the order changing; the product's rate divided by the raw one's."""
    with parts.database.write() as db:
        collection = collections.create(db, f"Turno {number}").id
    before = raw_seconds(raw, parts, number)
    seconds = ingest(parts, collection, bodies, number)
    embedded = windows(parts, collection)
    after = timed(raw, embedded)
    raws = [one for one in (before, after) if one]
    exact = statistics.mean(raws)
    ratio = exact / seconds
    print(
        f"turn {number}: {len(bodies)} documents, {len(embedded)} windows, "
        f"product {len(embedded) / seconds:.1f}/s, raw {len(embedded) / exact:.1f}/s "
        f"({', '.join(f'{len(embedded) / one:.1f}' for one in raws)}), ratio {ratio:.3f}",
        flush=True,
    )
    return ratio


def raw_seconds(raw: SentenceEmbedder, parts: Parts, number: int) -> float | None:
    """The raw encoder on the windows of the turn before, so that it stands on both sides."""
    if number == 0:
        return None
    collection = collections.named(parts.database, f"Turno {number - 1}").id
    return timed(raw, windows(parts, collection))


def timed(raw: SentenceEmbedder, embedded: list[str]) -> float:
    """Seconds that the raw encoder takes for these windows."""
    began = time.perf_counter()
    raw.embed(embedded)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
