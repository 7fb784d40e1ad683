"""How the appliance is: its parts, each with a state and, where one is down, the reason.

A part that is away takes only itself away, and here it says so: without the
runner search goes on by keywords, without the worker reading waits.
"""

import math
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from appliance import __version__, backups, certificates
from appliance.disk import refusal_of, short
from appliance.embedders import EmbedderChange
from appliance.errors import Refusal, Unavailable, sentence
from appliance.models import choice
from appliance.models.client import RunnerClient
from appliance.models.wire import Condition
from appliance.models.wire import Part as Model
from appliance.processes import Supervised
from appliance.records import Language, Problem
from appliance.settings import Settings

TRIED_EVERY_SECONDS = 5.0
ASKED_EVERY_SECONDS = 1.0


class Tried:
    """Whether the disk takes what is written, tried when somebody asks and not too often."""

    def __init__(
        self, write: Callable[[], None], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._write = write
        self._clock = clock
        self._lock = threading.Lock()
        self._tried_at = -math.inf
        self._refusal: Refusal | None = None

    def check(self) -> None:
        """Raises what ``disk.refusal_of`` names where the last try failed."""
        with self._lock:
            if self._clock() - self._tried_at >= TRIED_EVERY_SECONDS:
                self._refusal = self._try()
                self._tried_at = self._clock()
            if self._refusal is not None:
                raise self._refusal

    def problem(self) -> Problem | None:
        """The same as a problem; None where writes are taken."""
        try:
            self.check()
        except Refusal as refusal:
            return refusal.problem
        return None

    def _try(self) -> Refusal | None:
        try:
            self._write()
        except (OSError, sqlite3.OperationalError) as fault:
            return refusal_of(fault) or Unavailable("disk_failing")
        return None


class Standing(msgspec.Struct, frozen=True):
    """The language model that is wanted, "" for none, and how it stands."""

    name: str = ""
    state: choice.Standing = "none"


class Asked:
    """How the language model stands, asked once a second however many want to know."""

    def __init__(self, ask: Callable[[], Standing]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._asked_at = -math.inf
        self._told = Standing()

    def __call__(self) -> Standing:
        with self._lock:
            if time.monotonic() - self._asked_at >= ASKED_EVERY_SECONDS:
                self._told = self._ask()
                self._asked_at = time.monotonic()
            return self._told


class Status:
    """Looks at the parts. ``children`` are the processes that ``serve`` keeps; ``change``
    tells of an embedder that is being replaced, ``directory`` and ``provider`` of what is
    wrong with the company's, ``written`` writes as others do and raises where nobody can."""

    def __init__(
        self,
        settings: Settings,
        client: RunnerClient | None,
        children: Sequence[Supervised] = (),
        *,
        change: Callable[[], EmbedderChange | None] = lambda: None,
        directory: Callable[[], Problem | None] = lambda: None,
        provider: Callable[[], Problem | None] = lambda: None,
        written: Callable[[], None] = lambda: None,
    ) -> None:
        self.settings = settings
        self.client = client
        self.children = list(children)
        self.change = change
        self.directory = directory
        self.provider = provider
        self.written = Tried(written)
        self.standing = Asked(self._standing)

    def system(self, language: Language) -> dict[str, Any]:
        """The status page's facts; reasons are sentences in ``language``."""
        condition = self.condition()
        writes = self._language_model(condition, language)
        disk = shutil.disk_usage(self.settings.data)
        return {
            "version": __version__,
            "address": self.settings.address,
            "language_model": writes if condition and writes["name"] else None,
            "embedder": shown(condition.embedder, language) if condition else None,
            "notices": writes["notices"],
            "embedder_change": _changing(self.change(), language),
            "directory": _sentence(self.directory(), language),
            "provider": _sentence(self.provider(), language),
            "parts": [
                {
                    "name": child.state.name,
                    "state": child.state.state,
                    "restarts": child.state.restarts,
                    "reason": _sentence(child.state.reason, language),
                }
                for child in self.children
            ],
            "work": {"reason": _sentence(self.work(language), language)},
            "backup": self._backup(language),
            "certificate": _sentence(self.certificate(), language),
            "disk": {
                "free_bytes": disk.free,
                "total_bytes": disk.total,
                "reason": _sentence(self.disk(), language),
            },
        }

    def work(self, language: Language) -> Problem | None:
        """Why nothing is read and no job is done, where the worker ends again and again."""
        for child in self.children:
            if child.name == "worker" and child.state.stands_still:
                facts = {"reason": _sentence(child.state.reason, language)}
                return Problem(code="processing_stands_still", facts=facts)
        return None

    def disk(self) -> Problem | None:
        """What is wrong with the disk of the data: it takes no writes, or is nearly full."""
        return self.written.problem() or short(self.settings.data)

    def certificate(self) -> Problem | None:
        """What is wrong with the certificate of its own, where it shows one."""
        return certificates.worn(self.settings.data) if self.settings.tls else None

    def _backup(self, language: Language) -> dict[str, Any]:
        """The last verified backup; ``reason`` where there is none, or it is old."""
        known = backups.last_verified(self.settings.data)
        return {
            "made_at": known.made_at if known else None,
            "verified_at": known.verified_at if known else None,
            "reason": _sentence(backups.worn(self.settings.data), language),
        }

    def language_model(self, language: Language) -> dict[str, Any]:
        """The language model that is wanted and how it stands, its reasons as sentences."""
        return self._language_model(self.condition(), language)

    def _standing(self) -> Standing:
        folder = self.settings.data / "models"
        found = choice.in_use(self.settings.language_model, folder, self.condition())
        return Standing(found.name, found.state)

    def _language_model(self, condition: Condition | None, language: Language) -> dict[str, Any]:
        folder = self.settings.data / "models"
        found = choice.in_use(self.settings.language_model, folder, condition)
        return {
            "name": found.name,
            "state": found.state,
            "reason": _sentence(found.problem, language),
            "numbers": None,
            "numbers_reason": _sentence(found.because, language),
            "fixed": found.fixed,
            "former": found.former or None,
            "notices": [
                sentence(notice.code, notice.facts, language)
                for notice in (condition.notices if condition else ())
            ],
        }

    def condition(self) -> Condition | None:
        """How the model runner is; None while it is away."""
        try:
            return self.client.health() if self.client else None
        except Unavailable:
            return None


def shown(part: Model, language: Language) -> dict[str, Any] | None:
    """A model as the status page gives it; None for one that is not configured."""
    if part.state == "none":
        return None
    return {
        "name": part.name,
        "state": part.state,
        "reason": _sentence(part.problem, language),
        "numbers": part.numbers or None,
        "numbers_reason": _sentence(part.because, language),
    }


def _changing(change: EmbedderChange | None, language: Language) -> dict[str, Any] | None:
    if change is None:
        return None
    code = "embedder_gone" if change.by_keywords else "embedder_changing"
    facts = {"name": change.old, "wanted": change.new}
    return msgspec.structs.asdict(change) | {"reason": sentence(code, facts, language)}


def _sentence(problem: Problem | None, language: Language) -> str | None:
    return sentence(problem.code, problem.facts, language) if problem else None
