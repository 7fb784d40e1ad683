"""The fakes of the house: they behave, so that a test can fail.

``WordEmbedder`` really finds the text that shares the question's words, and
``StemEmbedder``, which is to take its place, that which shares their beginnings;
``ScriptedGenerator`` really streams, really counts and really stops.
"""

import re
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import numpy as np

from appliance.models import Counts, Prompt, Sampling, Vectors, Waiting
from appliance.models.wire import Done


class WordEmbedder:
    """Embeds text as a bag of hashed words, so shared words mean nearness."""

    stamp = "words@1"
    dimensions = 256

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype="float32")
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, zlib.crc32(word.encode()) % self.dimensions] += 1
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.maximum(norms, 1e-9)


class StemEmbedder:
    """Embeds text as a bag of hashed word beginnings: other vectors, of another length."""

    stamp = "stems@1"
    dimensions = 96

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype="float32")
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, zlib.crc32(word[:4].encode()) % self.dimensions] += 1
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.maximum(norms, 1e-9)


class ScriptedWriting:
    """Pieces one after the other, each a token, until the end, the limit, or ``close``
    from any thread."""

    def __init__(
        self, pieces: Iterator[str], closed: threading.Event, read: int, most: int
    ) -> None:
        self.pieces = pieces
        self.most = most  # tokens
        self.closed = closed
        self.read = read  # tokens of the prompt
        self.written = 0
        self.done: Counts | None = None

    def __iter__(self) -> "ScriptedWriting":
        return self

    def __next__(self) -> str:
        if self.closed.is_set():
            raise StopIteration
        full = self.written == self.most
        piece = None if full else next(self.pieces, None)
        if piece is None:
            self.done = Done(
                prompt_tokens=self.read,
                reused_tokens=0,
                tokens=self.written,
                ending="length" if full else "end",
            )
            raise StopIteration
        self.written += 1
        return piece

    def close(self) -> None:
        self.closed.set()


class ScriptedGenerator:
    """Says what ``script`` makes of the prompt, a few characters at a time.

    Without a script it copies the first sentence of the first source. ``prompts``
    and ``samplings`` keep what it was asked; ``stopped`` counts the answers nobody waited for.
    """

    name = "scripted"
    left_building = False
    loaded = "once"

    def __init__(
        self, script: Callable[[Prompt], Iterator[str] | str] | None = None, *, context: int = 4096
    ) -> None:
        self.script = script or first_sentence
        self.context = context
        self.prompts: list[Prompt] = []
        self.samplings: list[Sampling] = []
        self.writings: list[ScriptedWriting] = []
        self.warmed: list[Prompt] = []

    def generate(
        self,
        prompt: Prompt,
        sampling: Sampling,
        *,
        person: str = "",
        assistant: str = "",
        on_waiting: Waiting | None = None,
    ) -> ScriptedWriting:
        self.prompts.append(prompt)
        self.samplings.append(sampling)
        said = self.script(prompt)
        for stop in sampling.stop if isinstance(said, str) else ():
            said = said.partition(stop)[0]
        pieces = iter(re.findall(r".{1,7}", said, re.DOTALL)) if isinstance(said, str) else said
        read = sum(self.count([prompt.system, *(turn.text for turn in prompt.turns)]))
        writing = ScriptedWriting(pieces, threading.Event(), read, sampling.max_tokens)
        self.writings.append(writing)
        return writing

    def warm(self, prompt: Prompt) -> None:
        self.warmed.append(prompt)

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text) // 4 + 1 for text in texts]


def first_sentence(prompt: Prompt) -> str:
    """The first sentence of the first source in the prompt."""
    source = prompt.turns[-1].text.split("\n\n")[0].split("\n", 1)[1]
    return re.split(r"(?<=[.!?])\s", source)[0]
