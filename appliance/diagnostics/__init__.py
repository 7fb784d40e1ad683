"""The diagnostics bundle: what somebody who helps must know, and nothing about anybody.

One zip file that an administrator saves and gives to whoever helps; nothing sends it. Each part
is made of what the code itself says (names of checks, tables, kinds of jobs, lines of code) and
of numbers. What people or administrators wrote (names, addresses, titles, questions, paths,
secrets) is never read into it, so that nothing depends on finding and blackening it. A part
that cannot be made says so by the type of its fault, and the others are there all the same.
"""

import io
import logging
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import msgspec

from appliance.diagnostics import contents
from appliance.doctor import Patient
from appliance.errors import sentence
from appliance.records import Language, Record

ACT = "diagnostics.save"
READ_FIRST = "README.txt"
log = logging.getLogger("appliance.diagnostics")


class Part(Record, frozen=True):
    """A file of the bundle; ``code`` is that of the sentence which says what it holds."""

    name: str
    code: str
    content: bytes

    def said(self, language: Language) -> str:
        """What it holds, in words."""
        return sentence(self.code, {}, language)


PARTS: tuple[tuple[str, str, Callable[[Patient], bytes]], ...] = (
    ("doctor.json", "diagnostics_doctor", contents.doctor),
    ("versions.json", "diagnostics_versions", contents.versions),
    ("settings.json", "diagnostics_settings", contents.settings),
    ("database.json", "diagnostics_database", contents.database),
    ("jobs.json", "diagnostics_jobs", contents.jobs),
    ("log.jsonl", "diagnostics_log", contents.trail_of),
)


def gather(patient: Patient, figures: Callable[[], bytes]) -> list[Part]:
    """All parts as they are now; ``figures`` gives those of ``/metrics``."""
    makers = [*PARTS, ("metrics.txt", "diagnostics_metrics", lambda _: figures())]
    return [Part(name=name, code=code, content=_made(make, patient)) for name, code, make in makers]


def packed(parts: Sequence[Part], language: Language) -> bytes:
    """The parts as one zip file, with a list of them to read first."""
    told = "".join(f"{one.name}\n    {one.said(language)}\n" for one in parts)
    text = f"{sentence('diagnostics_lead', {}, language)}\n\n{told}"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(READ_FIRST, text)
        for one in parts:
            bundle.writestr(one.name, one.content)
    return made.getvalue()


def file_name(now: datetime | None = None) -> str:
    """What a bundle is called: by its moment, in UTC."""
    return f"balcao-diagnostics-{(now or datetime.now(UTC)):%Y%m%d-%H%M%S}.zip"


def _made(make: Callable[[Patient], bytes], patient: Patient) -> bytes:
    try:
        return make(patient)
    except Exception as fault:
        log.exception("a part of the diagnostics could not be made")
        return msgspec.json.encode({"fault": type(fault).__name__})
