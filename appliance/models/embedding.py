"""Texts into unit vectors, with sentence-transformers on torch: their only home.

Nothing is looked for on the network: the offline switches are thrown before the
libraries load. Importing this module is cheap; building a ``SentenceEmbedder``
takes about six seconds and 425 MB, once.
"""

import logging
import os
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Literal

import numpy as np

from appliance.errors import Unavailable
from appliance.models import Vectors
from appliance.models.catalogue import Entry
from appliance.models.weights import sha256

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "TQDM_DISABLE": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
BATCH = 8  # texts; 0.3 s on two cores, which is how long a question may wait for a batch


class SentenceEmbedder:
    """An ``Embedder`` in this process. Not for two threads at once."""

    def __init__(self, entry: Entry, *, threads: int) -> None:
        """Load the entry's model.

        Raises ``errors.Unavailable``: ``embedder_missing`` when its package is not
        installed, ``embedder_damaged`` when its weights are not the catalogue's.
        """
        self.entry = entry
        self.stamp = entry.stamp
        self.dimensions = entry.dimensions
        folder = _verified_folder(entry)
        os.environ.update(OFFLINE)
        # Here and not above: six seconds that only the runner's loading thread may spend.
        import torch
        from sentence_transformers import SentenceTransformer

        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        torch.set_num_threads(threads)
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        """Rows of length 1, float32, (len(texts), dimensions), in the order of the texts.

        Texts longer than the entry's context (tokens) are read up to there.
        """
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for rows in batches(texts):
            vectors[rows] = self._embed_batch([texts[row] for row in rows], kind)
        return vectors

    def _embed_batch(self, texts: list[str], kind: Literal["passage", "query"]) -> Vectors:
        prefix = self.entry.query_prefix if kind == "query" else self.entry.passage_prefix
        vectors = self._model.encode(
            [prefix + text for text in texts],
            batch_size=BATCH,
            convert_to_numpy=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


def batches(texts: Sequence[str], size: int = BATCH) -> list[list[int]]:
    """The rows of the texts in batches of like length.

    A batch is padded to its longest text, so sorting first saves the padding.
    """
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    return [order[start : start + size] for start in range(0, len(order), size)]


def _verified_folder(entry: Entry) -> Path:
    """The model's folder inside its package, once its weights were checked."""
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
