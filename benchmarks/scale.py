"""Search over many chunks: latency, memory, the vector engine's recall, and one more document.

Builds a collection of N chunks from the passages of a set: sentences of the real texts
mixed anew, each chunk with names and numbers of its own, and for vectors the real
vectors of those sentences with a little noise. So words are as rare as they are in real
text of that length, and near vectors are near. Everything goes through the product's own
tables, files and search; only the encoder's work on the mass is spared.

    .venv/bin/python benchmarks/scale.py FOLDER --chunks 100000 [--keep PLACE] [--beside]

Prints the time of a search (embedding of the question included), the resident memory of
this process, recall@10 of the vector files against exact search, and the time that adding
a document of 10 pages takes beyond its embedding. ``--beside`` measures the searches while
another process ingests text through a model runner that serves both. ``--keep`` leaves the
collection in a folder, for another run.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from appliance.answering import finding
from appliance.answering.finding import Finder
from appliance.answering.indexing import Indexer
from appliance.chunks import Terms
from appliance.cli import eval as evaluation
from appliance.database import Database
from appliance.index import keywords, metrics
from appliance.index.sentences import sentences
from appliance.index.splitting import split
from appliance.models import Embedder, Vectors
from appliance.models.client import RunnerClient
from appliance.records import Chunk, Page, new_id, timestamp
from appliance.windows import Embedding, Span

COLLECTION = "scale"
PER_DOCUMENT = 40  # chunks
LENGTH = 1000  # characters of a chunk
NOISE = 0.35  # of a vector of length 1, spread over its dimensions


class Mixer:
    """Makes chunks out of the sentences of real passages."""

    def __init__(self, passages: Sequence[str], embedder: Embedder) -> None:
        spoken = {
            text[start:end]
            for text in passages
            for start, end in sentences(text)
            if 40 <= end - start <= 400 and len(sentences(text[start:end])) == 1
        }
        self.sentences = sorted(spoken)
        self.vectors = embedder.embed(self.sentences)
        # What ``prepared`` would make of each sentence, once instead of 300 times.
        self.terms = [keywords.terms(one, "pt") for one in self.sentences]
        self.folded = [keywords.folded(one) for one in self.sentences]
        self.random = random.Random(7)
        self.noise = np.random.default_rng(7)

    def chunk(self, ordinal: int) -> tuple[Chunk, Terms, tuple[Span, ...], Vectors]:
        """A chunk, its terms, the spans of its windows, and their vectors."""
        own = f"Processo {self.random.randrange(10**7):07d} de {self.random.randrange(9999)}."
        picked: list[int] = []
        size = len(own)
        while size < LENGTH:
            picked.append(self.random.randrange(len(self.sentences)))
            size += 1 + len(self.sentences[picked[-1]])
        text = " ".join([own, *(self.sentences[n] for n in picked)])
        terms = Terms(
            language="pt",
            heading_terms="\n",
            terms="\n".join([keywords.terms(own, "pt"), *(self.terms[n] for n in picked)]),
            words="\n".join([keywords.folded(""), keywords.folded(own)]
                            + [self.folded[n] for n in picked]),
        )  # fmt: skip
        # A window is one or two sentences of these; a vector of one of them, with noise.
        count = max(1, text.count(" ") // 50)
        spans = tuple((n * size // count, (n + 1) * size // count) for n in range(count))
        base = self.vectors[[self.random.choice(picked) for _ in spans]]
        rows = base + self.noise.standard_normal(base.shape) * NOISE / np.sqrt(base.shape[1])
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        chunk = Chunk(ordinal=ordinal, page=1, start=0, end=len(text), heading="", text=text)
        return chunk, terms, spans, rows.astype(np.float32)


def add(database: Database, id_: str, state: str = "ready") -> None:
    """A document's row."""
    with database.write() as db:
        db.run(
            """
            insert into documents (id, collection, title, file_name, media_type, bytes, sha256,
                state, created_at)
            values (:id, :collection, :id, :id, 'text/plain', 1, :id, :state, :now)
            """,
            {"id": id_, "collection": COLLECTION, "state": state, "now": timestamp()},
        )


def build(finder: Finder, mixer: Mixer, count: int, stamp: str) -> None:
    """Fill the collection with ``count`` chunks and publish their vectors in one file."""
    database, chunks = finder.database, finder.chunks
    _synchronous(database, "off")  # nobody's data
    with database.write() as db:
        db.run(
            "insert into collections (id, name, created_at) values (:id, :id, :now)",
            {"id": COLLECTION, "now": timestamp()},
        )
    for start in range(0, count, PER_DOCUMENT):
        made = [mixer.chunk(n) for n in range(min(PER_DOCUMENT, count - start))]
        with database.write():
            add(database, f"d{start}")
            numbers = chunks.replace(
                f"d{start}", [one[0] for one in made], [one[1] for one in made]
            )
            rows = [
                Embedding(chunk=number, spans=spans, vectors=vectors)
                for number, (_, _, spans, vectors) in zip(numbers, made, strict=True)
            ]
            chunks.store(stamp, rows)
        if start % 50_000 == 0:
            print(f"  {start} chunks", file=sys.stderr)
    chunks.tidy()
    finder.indexer.publisher.rewrite(COLLECTION, stamp)
    _synchronous(database, "full")


def _synchronous(database: Database, how: str) -> None:
    # One thread alone is lent the same connection each time.
    with database.connection() as db:
        db.conn.execute(f"pragma synchronous = {how}")


def searched(finder: Finder, questions: Sequence[str]) -> list[float]:
    """Milliseconds of each search."""
    took = []
    for question in questions:
        began = time.perf_counter()
        finder.search([COLLECTION], question)
        took.append((time.perf_counter() - began) * 1000)
    return took


def recall(finder: Finder, questions: Sequence[str], most: int = 10) -> float:
    """The share of the ten chunks nearest by exact search among the ten that a search finds
    by meaning: it weighs what the vector files give by exact cosines, so all that they give
    to it count."""
    assert finder.embedder is not None
    wanted = finder.embedder.embed(list(questions), kind="query")
    best: list[dict[int, float]] = [{} for _ in questions]
    numbers = [row["id"] for row in finder.database.rows("select id from chunks order by id")]
    for group in finder.chunks.embeddings(finder.embedder.stamp, numbers):
        rows = np.concatenate([one.vectors for one in group])
        owners = np.concatenate([np.full(len(one.vectors), one.chunk) for one in group])
        cosines = rows @ wanted.T
        for place, held in enumerate(best):
            near = np.argpartition(-cosines[:, place], min(3 * most, len(owners) - 1))[: 3 * most]
            for row in near:
                owner = int(owners[row])
                held[owner] = max(held.get(owner, -1.0), float(cosines[row, place]))
            kept = sorted(held, key=lambda number: -held[number])[: 3 * most]
            best[place] = {number: held[number] for number in kept}
    shares = []
    for place, held in enumerate(best):
        exact = set(sorted(held, key=lambda number: -held[number])[:most])
        near = finder._nearest([COLLECTION], wanted[place], finder.embedder.stamp)
        found = near[: finding.MEANING_MOST_OF_MANY]
        shares.append(len(exact & set(found)) / most)
    return metrics.mean(shares)


def one_more(finder: Finder, indexer: Indexer, mixer: Mixer) -> tuple[float, float]:
    """Seconds to add a document of 10 pages, and of these its embedding."""
    pages = [
        Page(number=n, how="digital", text=" ".join(mixer.chunk(0)[0].text for _ in range(3)))
        for n in range(1, 11)
    ]
    id_ = new_id()
    add(finder.database, id_, state="indexing")
    began = time.perf_counter()
    indexer.store(id_, id_, split(pages, paged=True))
    before = time.perf_counter()
    indexer.embed(id_)
    embedding = time.perf_counter() - before
    indexer.publish(id_)
    with finder.database.write() as db:
        db.run("update documents set state = 'ready' where id = :id", {"id": id_})
    return time.perf_counter() - began, embedding


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--chunks", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--beside", action="store_true")
    chosen = parser.parse_args()
    place = chosen.keep or Path(tempfile.mkdtemp())
    place.mkdir(parents=True, exist_ok=True)
    questions = evaluation.read(chosen.folder)
    step = max(1, len(questions.queries) // chosen.questions)
    asked = [line.text for line in questions.queries[::step]][: chosen.questions]
    runner = subprocess.Popen(
        [sys.executable, "-m", "appliance.models.runner", "--socket", str(place / "runner.sock"),
         "--folder", str(place)],
    )  # fmt: skip
    try:
        print(json.dumps(measured(place, questions, asked, chosen), indent=1))
    finally:
        runner.terminate()
        runner.wait()


def measured(
    place: Path, questions: evaluation.Questions, asked: list[str], chosen: argparse.Namespace
) -> dict[str, object]:
    """All figures of one size."""
    embedder = RunnerClient(place / "runner.sock").embedder
    while True:
        try:
            embedder.embed(["ready?"])
            break
        except Exception:  # noqa: BLE001 - it loads; a runner that died is seen in its output
            time.sleep(0.5)
    fresh = not (place / "appliance.db").exists()
    database = Database(place / "appliance.db")
    database.migrate()
    finder = Finder(database, embedder, place)
    mixer = Mixer([line.text for line in questions.corpus], embedder)
    began = time.perf_counter()
    if fresh:
        build(finder, mixer, chosen.chunks, embedder.stamp)
    built = time.perf_counter() - began
    searched(finder, asked[:20])
    alone = searched(finder, asked)
    figures: dict[str, object] = {
        "chunks": finder.frequencies.total([COLLECTION]),
        "built_s": round(built, 1),
        "search_p50_ms": round(metrics.percentile(alone, 0.5), 1),
        "search_p95_ms": round(metrics.percentile(alone, 0.95), 1),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    if chosen.beside:
        figures |= beside(finder, asked, place)
    took, embedding = one_more(finder, finder.indexer, mixer)
    figures |= {
        "one_document_s": round(took, 2),
        "beyond_its_embedding_s": round(took - embedding, 2),
        "recall@10": round(recall(finder, asked[:100]), 4),
    }
    database.close()
    return figures


def beside(finder: Finder, asked: list[str], place: Path) -> dict[str, object]:
    """Searches while a worker-like process embeds and stores texts without pause."""
    script = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from benchmarks import scale\n"
        "scale.ingest_for_ever(Path(sys.argv[1]))\n"
    )
    os.sync()
    worker = subprocess.Popen(
        ["nice", "-n", "19", sys.executable, "-c", script, str(place)],
        cwd=Path(__file__).parents[1],
    )
    try:
        time.sleep(8)
        before = finder.frequencies.total([COLLECTION])
        took = searched(finder, asked)
        after = finder.frequencies.total([COLLECTION])
    finally:
        worker.kill()
        worker.wait()
    return {
        "beside_p50_ms": round(metrics.percentile(took, 0.5), 1),
        "beside_p95_ms": round(metrics.percentile(took, 0.95), 1),
        "chunks_ingested_meanwhile": after - before,
    }


def ingest_for_ever(place: Path) -> None:
    """Take in one document after the other, as the worker does."""
    database = Database(place / "appliance.db")
    indexer = Indexer(database, RunnerClient(place / "runner.sock").embedder, place)
    number = 0
    while True:
        number += 1
        text = " ".join(
            f"O item {number * n} do anexo trata de prazos e recursos." for n in range(600)
        )
        id_ = f"beside{os.getpid()}-{number}"
        add(database, id_, state="indexing")
        page = Page(number=1, how="digital", text=text)
        indexer.store(id_, id_, split([page], paged=True))
        indexer.embed(id_)
        indexer.publish(id_)
        with database.write() as db:
            db.run("update documents set state = 'ready' where id = :id", {"id": id_})
        for collection in indexer.mergeable():  # as the worker's upkeep does
            indexer.merge(collection)


if __name__ == "__main__":
    main()
