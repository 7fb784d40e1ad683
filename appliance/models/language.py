"""The language model of a runner: loaded, watched, and given up for another.

A model that cannot be loaded is a problem with a sentence, never a dead runner: the file is
checked first, a tiny model is decoded in a throw-away child to see whether this
build of llama.cpp survives this processor, and a file that killed the runner three
times within the hour is not tried again until it changes.
"""

import gc
import logging
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from appliance.errors import Refusal, Unavailable
from appliance.models import catalogue, choice, hardware, probe, tuning, weights
from appliance.models.attempts import Attempts, forget
from appliance.models.catalogue import Entry
from appliance.models.notices import Notices
from appliance.models.prefixes import Prefixes
from appliance.models.scheduler import Scheduler
from appliance.models.tuning import Tuning
from appliance.models.wire import Part
from appliance.records import Problem

if TYPE_CHECKING:
    from appliance.models.llama import LlamaModel

LOOK_AGAIN_SECONDS = 1.0  # how often is looked for another choice, or for a corrected file
LAST_ANSWERS_SECONDS = 30.0  # for the answers of a model that gives way to another
FREED_SECONDS = 10.0  # until its memory is free: what it still reads is broken off
LOADING_SECONDS = 5  # what a caller is told to wait for a model that loads
PREFIXES = "prefixes"  # where states are saved, in the folder of weights
LOG = logging.getLogger("appliance.models")


class Language:
    """The language model of the runner: the one it was started with, else what is chosen,
    another one whenever another is chosen. One that gives way ends its answers first."""

    def __init__(self, fixed: str, folder: Path, *, threads: int) -> None:
        self.model: LlamaModel | None = None
        self.scheduler: Scheduler | None = None
        self.fallbacks: tuple[str, ...] = ()
        self.notices = Notices()
        self.loads = 0  # so far: each one begins with nothing read
        self._fixed = fixed
        self._folder = folder
        self._threads = threads
        self._closed = threading.Event()
        self._choice = choice.wanted(fixed, folder)
        self._tuning: Tuning | None = None
        self.part = self._coming()

    @property
    def busy(self) -> bool:
        """Whether an answer is being written."""
        scheduler = self.scheduler  # it may give way at any moment
        return scheduler is not None and scheduler.active > 0

    def keep_loading(self) -> None:
        """Load the model that is wanted, now and whenever that changes; after a failure,
        again each time its file changes. Ends with the runner."""
        while not self._closed.is_set():
            self._choice = choice.wanted(self._fixed, self._folder)
            seen = self._file_stamp()
            self.part = self._coming()
            self._let_go()
            if self.part.name:
                self.part = self._load()
                LOG.info("language model %s: %s", self.part.name, self.part.state)
            while not self._closed.wait(LOOK_AGAIN_SECONDS):
                if self._is_other(seen):
                    break

    def _coming(self) -> Part:
        name = self._choice.partition("=")[0].strip()
        return Part(name=name, state="loading" if name else "none")

    def _is_other(self, seen: tuple[int, int]) -> bool:
        """Whether something else is wanted than what was loaded from the file as it was."""
        if choice.wanted(self._fixed, self._folder) != self._choice:
            return True
        if self.part.state == "failed":
            return self._file_stamp() != seen
        return self.part.state == "ready" and self._flags() not in (None, self._tuning)

    def _flags(self) -> Tuning | None:
        """The flags to load the model with, as they were measured last; None where the
        file cannot be told from another any more."""
        try:
            entry, file = catalogue.configured(self._choice, self._folder)
            found = tuning.kept(self._folder, file, tuning.key(entry, file))
        except (OSError, Refusal):
            return None
        return tuning.used(found, threads=self._threads)

    def _let_go(self) -> None:
        """Let the answers of the model at hand come to their end, and free its memory:
        there may be none for two."""
        scheduler, self.scheduler = self.scheduler, None
        model, self.model = self.model, None
        if scheduler is None or model is None:
            return
        until = time.monotonic() + LAST_ANSWERS_SECONDS
        while (scheduler.active or scheduler.waiting) and time.monotonic() < until:
            if self._closed.wait(0.05):
                break
        scheduler.close()
        # Some thread may still count tokens with it: the last one to let go frees it.
        gone = weakref.ref(model)
        del scheduler, model
        gc.collect()
        until = time.monotonic() + FREED_SECONDS
        while gone() is not None and time.monotonic() < until:
            time.sleep(0.05)

    def _load(self) -> Part:
        name = self.part.name
        try:
            entry, file = catalogue.configured(self._choice, self._folder)
            self._check(entry, file)
            with Attempts(self._folder, file):
                from appliance.models.llama import LlamaModel

                found = tuning.kept(self._folder, file, tuning.key(entry, file))
                flags = tuning.used(found, threads=self._threads)
                model = LlamaModel(entry, file, tuning=flags, plain=bool(self.fallbacks))
                _tested(model)
            key = f"{weights.identity(entry, file)} {model.flags}"
            prefixes = Prefixes(self._folder / PREFIXES, key, notice=self.notices.add)
            self._tuning = flags
            self.loads += 1
            self.model, self.scheduler = model, Scheduler(model, prefixes=prefixes)
        except Refusal as refusal:
            return Part(name=name, state="failed", problem=refusal.problem)
        except Exception as fault:
            LOG.exception("the language model could not be loaded")
            problem = Problem(code="model_failed", facts={"name": name, "reason": words_of(fault)})
            return Part(name=name, state="failed", problem=problem)
        return Part(name=name, state="ready", because=found.because if found else None)

    def _check(self, entry: Entry, file: Path) -> None:
        """Everything that can be known before llama.cpp touches the file."""
        weights.verify(entry, file, self._folder)
        hardware.require(entry)
        self.fallbacks = probe.fallbacks()

    def _file_stamp(self) -> tuple[int, int]:
        try:
            _, file = catalogue.configured(self._choice, self._folder)
            status = file.stat()
        except (OSError, Refusal):
            return (0, 0)
        return (status.st_size, status.st_mtime_ns)

    def ready(self) -> tuple["LlamaModel", Scheduler]:
        """The model and its scheduler.

        Raises ``Unavailable``: ``no_language_model``, ``engine_loading``, or the
        reason why loading failed.
        """
        model, scheduler = self.model, self.scheduler
        if model is not None and scheduler is not None:
            return model, scheduler
        if self.part.problem is not None:
            raise Unavailable(self.part.problem.code, **self.part.problem.facts)
        if self.part.state == "none":
            raise Unavailable("no_language_model")
        raise Unavailable("engine_loading", retry_after=LOADING_SECONDS, name=self.part.name)

    def close(self) -> None:
        """Stop writing; waits for the token at hand. A load goes on, unnoted."""
        self._closed.set()
        if self.part.state == "loading":
            forget(self._folder)
        if self.scheduler is not None:
            self.scheduler.close()


def _tested(model: "LlamaModel") -> None:
    """Test a model in a thread that ends. OpenMP keeps its helpers for every thread that ever
    decoded, and where these are more than the processors, each of the hundreds of waits in a
    token becomes a sleep: 27 ms a token instead of 17 on two cores."""
    with ThreadPoolExecutor(1, "test") as once:
        once.submit(model.test).result()


def words_of(fault: Exception) -> str:
    """What a library complained of, short enough for a sentence."""
    return f"{type(fault).__name__}: {fault}"[:300]
