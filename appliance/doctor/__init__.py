"""The doctor: looks at an installation, and names what is wrong and what to do about it.

Each check is a function that looks at one thing (``machine``, ``folder``, ``library``,
``engine``, ``neighbours``) and gives one finding; its ``code`` is the sentence's. A check that
fails by itself is a finding too, so that one damaged part never hides the others. Nothing
is changed: the database is not migrated, no file is made.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec

from appliance import backups
from appliance.database import Database
from appliance.errors import Refusal, sentence
from appliance.models.client import RunnerClient
from appliance.records import Language, Problem, Record
from appliance.settings import Settings
from appliance.vault import Vault

State = Literal["ok", "warning", "failed"]
log = logging.getLogger("appliance.doctor")

_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


class Patient(msgspec.Struct, frozen=True, kw_only=True):
    """The installation that is looked at."""

    settings: Settings
    database: Database
    vault: Vault
    client: RunnerClient | None


class Finding(Record, frozen=True):
    """What a check found. ``code`` and ``facts`` make its sentence, which names the remedy
    where something is wrong; ``because`` is the reason as somebody else gave it."""

    check: str
    state: State
    code: str
    facts: dict[str, Any] = msgspec.field(default_factory=dict)
    because: Problem | None = None

    def said(self, language: Language) -> str:
        """The finding in words, the reason behind it."""
        words = sentence(self.code, self.facts, language)
        if self.because is None:
            return words
        return f"{words} {sentence(self.because.code, self.because.facts, language)}"

    def shown(self, language: Language) -> dict[str, str]:
        """The finding as JSON gives it: check, state, code and what is said."""
        said = self.said(language)
        return {"check": self.check, "state": self.state, "code": self.code, "said": said}


Look = Callable[[Patient], Finding]


def ok(code: str, /, **facts: Any) -> Finding:
    """Nothing is wrong."""
    return Finding(check="", state="ok", code=code, facts=facts)


def warning(code: str, /, *, because: Problem | None = None, **facts: Any) -> Finding:
    """It works, and somebody should do something."""
    return Finding(check="", state="warning", code=code, facts=facts, because=because)


def failed(code: str, /, *, because: Problem | None = None, **facts: Any) -> Finding:
    """Something does not work, or soon will not."""
    return Finding(check="", state="failed", code=code, facts=facts, because=because)


def examine(patient: Patient, checks: Sequence[tuple[str, Look]]) -> list[Finding]:
    """Do all checks, in their order."""
    return [msgspec.structs.replace(_looked(look, patient), check=name) for name, look in checks]


def _looked(look: Look, patient: Patient) -> Finding:
    try:
        return look(patient)
    except Refusal as refusal:
        return failed("doctor_refused", because=refusal.problem)
    except Exception as fault:
        if getattr(fault, "sqlite_errorname", "").startswith(_DAMAGE):
            return damaged(patient, str(fault))
        log.exception("a check of the doctor failed by itself")
        return failed("doctor_broke", reason=type(fault).__name__)


def damaged(patient: Patient, said: str) -> Finding:
    """The database is not whole; with the backup to restore, where one was proven."""
    known = backups.last_verified(patient.settings.data)
    if known is None:
        return failed("doctor_database_damaged_alone", said=said)
    return failed("doctor_database_damaged", said=said, file=known.file)
