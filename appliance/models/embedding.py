"""Texts into unit vectors, with sentence-transformers on torch: their only home.

Nothing is looked for on the network: the offline switches are thrown before the
libraries load. Importing this module is cheap; building a ``SentenceEmbedder``
takes about six seconds and 425 MB, once.
"""

import copy
import logging
import os
import time
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from appliance.errors import Unavailable, sentence
from appliance.models import Vectors, arithmetic, hardware
from appliance.models.arithmetic import Choice, Trial
from appliance.models.catalogue import Entry
from appliance.models.weights import sha256, verify

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

SILENT = {
    "TQDM_DISABLE": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
# Tokens of one batch, padding included: 0.14 s in bf16 and 0.25 s in fp32 on one thread,
# which is how long a question may wait. Larger ones are no faster.
TOKENS = 800
PADDING = 60  # tokens; a batch costs about as much before it has embedded anything
# Bytes of weights up to which a batch is calculated on one thread. With the 91 MB of MiniLM
# waking a second one for a question takes longer than it saves: 12.9 ms instead of 10.6.
# And two batches of passages at once, a thread each, are 1.3 times as quick as two threads
# on one batch: 123 windows a second instead of 96.
SMALL = 200_000_000
TURNS = 3  # of the trial of both kinds of numbers; the best of each counts
LOG = logging.getLogger("appliance.models")


class SentenceEmbedder:
    """An ``Embedder`` in this process: for one thread that embeds questions, and as many
    that embed passages as it was told; what more of them there are waits for those."""

    def __init__(
        self, entry: Entry, *, threads: int, passages_at_once: int = 1, folder: Path = Path()
    ) -> None:
        """Load the entry's model, from its package or from its place in ``folder``.

        A large model embeds one batch of passages at a time whatever ``passages_at_once``
        says: it keeps all ``threads`` busy.

        Raises ``errors.Unavailable``: ``embedder_missing`` when its package is not
        installed, ``embedder_damaged`` when its weights are not the catalogue's; and what
        ``weights.verify`` raises for a model in ``folder``.
        """
        self.entry = entry
        self.stamp = entry.stamp
        self.dimensions = entry.dimensions
        home = _verified_folder(entry, folder)
        os.environ.update(SILENT)
        # Here and not above: six seconds that only the runner's loading thread may spend.
        import torch
        from sentence_transformers import SentenceTransformer

        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        torch.set_num_threads(threads)
        self._set_threads = torch.set_num_threads
        small = 0 < entry.size <= SMALL
        width = passages_at_once if small else 1
        self._threads = {"passage": max(1, threads // width), "query": 1 if small else threads}
        model = SentenceTransformer(str(home), device="cpu", local_files_only=True)
        model, self.choice = _quickest(model)
        passages = [model, *(_twin(model) for _ in range(width - 1))]
        self._idle = {"passage": _queue(passages), "query": _queue([_twin(model)])}
        self._tokenizer = _counting(model)
        LOG.info("embedder %s calculates in %s: %s", entry.name, *_told(self.choice))

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        """Rows of length 1, float32, (len(texts), dimensions), in the order of the texts.

        Texts longer than the entry's context (tokens) are read up to there.
        """
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for rows in self.batches(texts):
            vectors[rows] = self._embed_batch([texts[row] for row in rows], kind)
        return vectors

    def batches(self, texts: Sequence[str]) -> list[list[int]]:
        """The rows of the texts in batches of like length, each quickly done. Thread-safe."""
        counted = self._tokenizer.encode_batch(list(texts))
        return batches([len(one.ids) for one in counted])

    def _embed_batch(self, texts: list[str], kind: Literal["passage", "query"]) -> Vectors:
        # Before each batch: the number is the thread's, and a new thread has the process's.
        self._set_threads(self._threads[kind])
        prefix = self.entry.query_prefix if kind == "query" else self.entry.passage_prefix
        model = self._idle[kind].get()
        try:
            return _rows(model, [prefix + text for text in texts])
        finally:
            self._idle[kind].put(model)


def _rows(model: "SentenceTransformer", texts: list[str]) -> Vectors:
    vectors = model.encode(
        texts,
        batch_size=max(len(texts), 1),
        convert_to_numpy=True,
        normalize_embeddings=True,
        show_progress_bar=False,
    )
    return np.asarray(vectors, dtype=np.float32)


def _twin(model: "SentenceTransformer") -> "SentenceTransformer":
    """The same model with a tokenizer of its own: one shared by two threads refuses the
    second ("Already borrowed"). The weights are the very same memory."""
    shared = {id(one): one for one in [*model.parameters(), *model.buffers()]}
    return copy.deepcopy(model, shared)


def _queue(models: "Sequence[SentenceTransformer]") -> "SimpleQueue[SentenceTransformer]":
    """The models that nobody uses, for whoever comes next."""
    idle: SimpleQueue[SentenceTransformer] = SimpleQueue()
    for model in models:
        idle.put(model)
    return idle


def _quickest(model: "SentenceTransformer") -> tuple["SentenceTransformer", Choice]:
    """The model in the numbers that suit this processor, and why it is those."""
    if not hardware.has_bf16():
        return model, arithmetic.chosen(None)
    half = _halved(model)
    choice = arithmetic.chosen(_trial(model, half))
    return (half if choice.numbers == "bf16" else model), choice


def _halved(model: "SentenceTransformer") -> "SentenceTransformer":
    """A copy whose transformer calculates in bf16. The mean over the tokens and the length
    of the vector stay in fp32: rows of bf16 have lengths from 0.998 to 1.002."""
    half = copy.deepcopy(model)
    transformer: Any = half[0]
    transformer.auto_model.bfloat16()
    transformer.register_forward_hook(_in_fp32)
    return half


def _in_fp32(_: object, __: object, features: dict[str, Any]) -> dict[str, Any]:
    return features | {"token_embeddings": features["token_embeddings"].float()}


def _trial(model: "SentenceTransformer", half: "SentenceTransformer") -> Trial:
    texts = list(arithmetic.TEXTS)
    # The first batch of each sets the library up, and is not timed.
    exact, near = _rows(model, texts), _rows(half, texts)
    seconds = [(_seconds(model, texts), _seconds(half, texts)) for _ in range(TURNS)]
    return Trial(
        cosine=float((exact * near).sum(axis=1).min()),
        fp32_seconds=min(fp32 for fp32, _ in seconds),
        bf16_seconds=min(bf16 for _, bf16 in seconds),
    )


def _seconds(model: "SentenceTransformer", texts: list[str]) -> float:
    began = time.perf_counter()
    _rows(model, texts)
    return time.perf_counter() - began


def _told(choice: Choice) -> tuple[str, str]:
    return choice.numbers, sentence(choice.because.code, choice.because.facts, "en")


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Texts of these lengths in batches, by their places.

    A batch is padded to its longest text. So they are sorted, and a batch ends before it
    has more than ``TOKENS``, or before a text for which the others would be padded by
    more than ``PADDING``.
    """
    found: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda place: lengths[place]):
        length = lengths[place]
        batch = found[-1] if found else []
        padding = len(batch) * (length - lengths[batch[-1]]) if batch else 0
        if not batch or padding > PADDING or (len(batch) + 1) * length > TOKENS:
            found.append([place])
        else:
            batch.append(place)
    return found


def _counting(model: "SentenceTransformer") -> "Tokenizer":
    """A tokenizer to count with, from any thread: the model's own changes while it is
    used, and must not be used by two."""
    from tokenizers import Tokenizer

    own: Any = model.tokenizer
    copied = Tokenizer.from_str(own.backend_tokenizer.to_str())
    copied.no_padding()
    copied.enable_truncation(int(model.max_seq_length or TOKENS))
    return copied


def _verified_folder(entry: Entry, models: Path) -> Path:
    """The model's folder, once its weights were checked."""
    if not entry.package:
        home = entry.home(models)
        verify(entry, home / entry.file, models)
        return home
    try:
        folder = Path(str(resources.files(entry.package))) / entry.folder
    except ModuleNotFoundError as fault:
        raise Unavailable("embedder_missing", name=entry.name, package=entry.package) from fault
    weights = folder / entry.file
    if not weights.is_file():
        raise Unavailable("embedder_missing", name=entry.name, package=entry.package)
    if entry.sha256 and sha256(weights) != entry.sha256:
        raise Unavailable("embedder_damaged", name=entry.name)
    return folder
