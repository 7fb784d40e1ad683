"""Engine two: language. The two contracts that everything else relies on.

A ``Generator`` writes text from a prompt; an ``Embedder`` turns texts into unit
vectors. Both are served by the model runner (a child process) and reached by
``models.client``; a ``Generator`` on other machines is reached by ``models.remote``. Tests
use fakes of these two contracts and nothing else.
This module imports no heavy library.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, Protocol

import msgspec
import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Ending = Literal["end", "length", "stopped"]


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One turn of a conversation as the model sees it."""

    role: Literal["user", "assistant"]
    text: str


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """What the model reads: the assistant's instructions, then turns, the question last.

    Texts are data: the runner tokenises them without special tokens, and only the
    catalogue entry's template puts control tokens around them.
    """

    system: str
    turns: tuple[Turn, ...]


class Sampling(msgspec.Struct, frozen=True, kw_only=True):
    """How an answer is chosen and when it ends. An answer ends before the first of the
    ``stop`` texts that it comes to: up to 8 of up to 100 characters. With a ``grammar``
    (GBNF, from its rule ``root``; ``grammars`` says how much of it) it keeps to that."""

    max_tokens: int = 512
    temperature: float = 0.0
    top_k: int = 40
    seed: int = 0
    stop: tuple[str, ...] = ()
    grammar: str = ""


Waiting = Callable[[int, float], None]  # position in the line (0: next), estimated milliseconds


class Counts(Protocol):
    """What an answer cost, tokens of the prompt and tokens written, and how it ended:
    by itself, at its limit of tokens, or because it was stopped."""

    @property
    def prompt_tokens(self) -> int: ...

    @property
    def tokens(self) -> int: ...

    @property
    def ending(self) -> Ending: ...


class Writing(Protocol):
    """An answer being written: iterate for its pieces (some may be empty, to tell that
    the place in the line has changed). ``close`` stops the model within two seconds
    and may be called from any thread, any number of times. ``done`` has the counts of an
    answer that came to its end, None until then."""

    @property
    def done(self) -> Counts | None: ...

    def __iter__(self) -> Iterator[str]: ...

    def __next__(self) -> str: ...

    def close(self) -> None: ...


class Generator(Protocol):
    """Writes language. ``name`` is the catalogue's name of the model."""

    name: str

    def generate(
        self,
        prompt: Prompt,
        sampling: Sampling,
        *,
        person: str = "",
        assistant: str = "",
        on_waiting: Waiting | None = None,
    ) -> Writing:
        """The answer as it is written.

        ``person`` is who is asking, and which assistant, for fairness: persons take turns,
        and so do the assistants that one of them asks. Raises ``errors.Unavailable``
        (``engine_down``, ``engine_busy``) and ``errors.BadRequest`` (``prompt_too_long``,
        ``bad_sampling``, and the refusals of a grammar: ``bad_grammar``, ``large_grammar``,
        ``looping_grammar``, ``refused_grammar``, ``grammar_ended``).
        """
        ...

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text costs."""
        ...

    @property
    def context(self) -> int:
        """Tokens that prompt and answer may fill together."""
        ...

    @property
    def left_building(self) -> bool:
        """Whether something that it was asked has left the building."""
        ...


class OwnGenerator(Generator, Protocol):
    """The language model of this server, which keeps what prompts begin with. ``loaded``
    differs each time one is loaded: what it was given to ``warm`` before it may not know
    any more."""

    loaded: str

    def warm(self, prompt: Prompt) -> None:
        """Read what this prompt and others with its instructions begin with, behind every
        question, and keep it for them. Returns at once; raises as ``generate`` does."""
        ...


class Embedder(Protocol):
    """Turns texts into vectors. ``stamp`` names model and version; vectors of
    different stamps must never be compared."""

    @property
    def stamp(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        """An array (len(texts), dimensions) of float32 rows of length 1.

        Raises ``errors.Unavailable`` (``engine_down``).
        """
        ...


__all__ = [
    "Embedder", "Generator", "OwnGenerator", "Prompt", "Sampling", "Turn", "Vectors", "Waiting",
    "Writing",
]  # fmt: skip
