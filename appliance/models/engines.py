"""The models of a runner: how they are loaded, how they are, and what they do.

They load in threads of their own, so the runner answers ``health`` at once. An embedder
that cannot be loaded is a problem with a sentence, never a dead runner; of the language
model, ``language`` takes the same care.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Literal

from appliance.errors import BadRequest, Refusal, Unavailable
from appliance.models import Prompt, Sampling, Vectors, catalogue
from appliance.models.embedding import SentenceEmbedder
from appliance.models.lanes import Lanes
from appliance.models.language import LOADING_SECONDS, Language, words_of
from appliance.models.prefixes import LEAST
from appliance.models.scheduler import Ask, Totals
from appliance.models.wire import Condition, Event, Part
from appliance.records import Problem

PASSAGES_AT_ONCE = 4  # batches; each has a copy of all of the model but its weights
IDLE_SECONDS = 600.0  # for how long an embedder beside the main one is kept for nobody
LOG = logging.getLogger("appliance.models")

Kind = Literal["passage", "query"]


class Embedding:
    """One embedder of the runner, from its first second on."""

    def __init__(self, name: str, *, folder: Path, threads: int, lanes: Lanes) -> None:
        self.part = Part(name=name, state="loading")
        self.stamp, self.dimensions = "", 0
        self.used_at = time.monotonic()
        self._folder = folder
        self._threads = threads
        self._lanes = lanes
        self._embedder: SentenceEmbedder | None = None
        self._loaded = threading.Event()

    def load(self) -> None:
        """Load the model; whatever goes wrong becomes the part's problem."""
        name = self.part.name
        try:
            entry = catalogue.find(name, "embedder")
            self.stamp, self.dimensions = entry.stamp, entry.dimensions
            embedder = SentenceEmbedder(
                entry,
                threads=self._threads,
                passages_at_once=self._lanes.passages_at_once,
                folder=self._folder,
            )
            embedder.embed(["ok"])
            self._embedder = embedder
            choice = embedder.choice
            self.part = Part(
                name=name, state="ready", numbers=choice.numbers, because=choice.because
            )
        except Refusal as refusal:
            self.part = Part(name=name, state="failed", problem=refusal.problem)
        except Exception as fault:
            LOG.exception("the embedder could not be loaded")
            problem = Problem(
                code="embedder_failed", facts={"name": name, "reason": words_of(fault)}
            )
            self.part = Part(name=name, state="failed", problem=problem)
        finally:
            self._loaded.set()
        LOG.info("embedder %s: %s", name, self.part.state)

    def submit(self, texts: Sequence[str], kind: Kind) -> Future[Vectors]:
        """Embed when its turn comes. A passage waits for the model to load; a question
        does not (keywords answer it meanwhile).

        Raises ``Unavailable``: ``engine_loading``, or the reason why loading failed.
        """
        if kind == "passage":
            self._loaded.wait(60)
        if self.part.problem is not None:
            raise Unavailable(self.part.problem.code, **self.part.problem.facts)
        if self._embedder is None:
            raise Unavailable("engine_loading", retry_after=LOADING_SECONDS, name=self.part.name)
        self.used_at = time.monotonic()
        return self._lanes.submit(self._embedder, texts, kind)

    def close(self) -> None:
        """Let go whoever waits for the model to load."""
        self._loaded.set()


class Embeddings:
    """The runner's embedders: the one it was started with, and for as long as somebody
    asks for it another one, while one takes the other's place. Thread-safe."""

    def __init__(
        self,
        name: str,
        also: Sequence[str],
        *,
        folder: Path,
        threads: int,
        busy: Callable[[], bool],
    ) -> None:
        self._folder = folder
        self._threads = threads
        self._lanes = Lanes(busy=busy, passages_at_once=min(threads, PASSAGES_AT_ONCE))
        self._lock = threading.Lock()
        self.main = self._new(name)
        self._others = {other: self._new(other) for other in also if other != name}

    def start(self) -> None:
        """Begin to load; returns at once."""
        for embedding in (self.main, *self._others.values()):
            _in_background(embedding.load)

    def named(self, name: str) -> Embedding:
        """The embedder of this name, the main one for "". Another than those that are
        here begins to load, and takes the place of the one before it."""
        if name in ("", self.main.part.name):
            return self.main
        with self._lock:
            if found := self._others.get(name):
                return found
            self._others = {name: (found := self._new(name))}
        _in_background(found.load)
        return found

    def others(self) -> tuple[Part, ...]:
        """How those beside the main one are; one that nobody used for long is let go."""
        with self._lock:
            now = time.monotonic()
            self._others = {
                name: other
                for name, other in self._others.items()
                if now - other.used_at < IDLE_SECONDS
            }
            return tuple(other.part for other in self._others.values())

    def close(self) -> None:
        """Stop embedding; waits for the batch at hand."""
        for embedding in (self.main, *self._others.values()):
            embedding.close()
        self._lanes.close()

    def _new(self, name: str) -> Embedding:
        return Embedding(name, folder=self._folder, threads=self._threads, lanes=self._lanes)


class Engines:
    """All models, as the runner's connections use them. Thread-safe."""

    def __init__(
        self,
        *,
        embedder: str,
        language: str,
        folder: Path,
        threads: int,
        also: Sequence[str] = (),
        answering: Callable[[], bool] = lambda: False,
    ) -> None:
        """``answering`` says whether somebody is being answered, also where no model writes:
        passages to be embedded step back then."""
        self.language = Language(language, folder, threads=threads)
        self.embeddings = Embeddings(
            embedder,
            also,
            folder=folder,
            threads=threads,
            busy=lambda: self.language.busy or answering(),
        )

    def start(self) -> None:
        """Begin to load; returns at once."""
        self.embeddings.start()
        _in_background(self.language.keep_loading)

    def condition(self) -> Condition:
        """How the models are, and what was done so far."""
        language, embedding = self.language, self.embeddings.main
        scheduler, model = language.scheduler, language.model
        totals = Totals() if scheduler is None else scheduler.totals
        return Condition(
            pid=os.getpid(),
            embedder=embedding.part,
            others=self.embeddings.others(),
            language=language.part,
            stamp=embedding.stamp,
            dimensions=embedding.dimensions,
            context=0 if model is None else model.context,
            loads=language.loads,
            active=0 if scheduler is None else scheduler.active,
            waiting=0 if scheduler is None else scheduler.waiting,
            generations=totals.generations,
            stopped=totals.stopped,
            tokens=totals.tokens,
            prompt_tokens=totals.prompt_tokens,
            reused_tokens=totals.reused_tokens,
            fallbacks=language.fallbacks,
            notices=language.notices.newest(),
        )

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, as the language model counts them."""
        model, _ = self.language.ready()
        return [len(model.text_tokens(text)) for text in texts]

    def ask(
        self,
        prompt: Prompt,
        sampling: Sampling,
        report: Callable[[Event], None],
        *,
        person: str,
        assistant: str = "",
    ) -> Ask:
        """Put a question in the line; its events go to ``report`` from another thread.

        Raises ``BadRequest`` (``prompt_too_long``, ``bad_sampling``) and ``Unavailable``.
        """
        model, scheduler = self.language.ready()
        try:
            tokens = model.prompt_tokens(prompt, sampling)
        except BadRequest as refusal:
            if refusal.code.endswith("_grammar"):
                self.language.notices.add(refusal.problem)
            raise
        ask = Ask(
            tokens,
            sampling,
            report,
            person=person,
            assistant=assistant,
            prefix=model.prefix(prompt, tokens),
        )
        scheduler.submit(ask)
        return ask

    def warm(self, prompt: Prompt) -> int:
        """Have the beginning of a prompt read, when nobody asks anything, and kept; gives
        its tokens, 0 where they are too few. Raises as ``ask`` does."""
        model, scheduler = self.language.ready()
        one = Sampling(max_tokens=1)
        tokens = model.prompt_tokens(prompt, one)
        prefix = model.prefix(prompt, tokens)
        if not LEAST <= prefix < len(tokens):
            return 0
        scheduler.warm(
            Ask(tokens[: prefix + 1], one, lambda event: None, prefix=prefix, background=True)
        )
        return prefix

    def cancel(self, ask: Ask) -> None:
        """Stop a generation, or take it out of the line."""
        ask.stop.set()  # its model may be giving way to another
        if scheduler := self.language.scheduler:
            scheduler.cancel(ask)

    def close(self) -> None:
        """Stop them; waits some seconds for what is at hand."""
        self.language.close()
        self.embeddings.close()


def _in_background(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="load", daemon=True).start()
