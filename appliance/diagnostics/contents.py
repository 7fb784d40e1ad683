"""What each part of the bundle holds. Texts come from the code or are left out (``HIDDEN``)."""

import platform
import sqlite3
import sys
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import msgspec

from appliance import __version__, trail
from appliance.database import steps
from appliance.doctor import Finding, Patient, examine
from appliance.doctor.checks import CHECKS
from appliance.errors import NotFound, Unavailable
from appliance.models import catalogue, hardware
from appliance.models.wire import Part as Model
from appliance.records import Problem
from appliance.settings import Settings

HIDDEN = "•••"
JOBS_MOST = 200
# Facts of the doctor that this machine says and nobody wrote; all others that are no numbers
# are left out.
PLAIN_FACTS = {
    "doctor_broke": {"reason"},
    "doctor_disk": {"free"},
    "doctor_disk_full": {"free"},
    "doctor_disk_low": {"free"},
    "doctor_filesystem": {"kind"},
    "doctor_filesystem_networked": {"kind"},
    "doctor_processor": {"name"},
    "doctor_processor_old": {"name"},
}
# Settings of texts among a few that the code knows.
PLAIN_SETTINGS = {"language", "log_level"}
FOLDERS = ("files", "index", "models", "backups", "log")


def doctor(patient: Patient) -> bytes:
    """Every finding by its code, with the sentence in English, without names and places."""
    return _json([_finding(one) for one in examine(patient, CHECKS)])


def _finding(one: Finding) -> dict[str, Any]:
    shown = msgspec.structs.replace(
        one, facts=_plain(one.code, one.facts), because=_problem(one.because)
    )
    return shown.shown("en") | {"facts": shown.facts}


def _problem(problem: Problem | None) -> Problem | None:
    return problem and Problem(code=problem.code, facts=_plain(problem.code, problem.facts))


def _plain(code: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    kept = PLAIN_FACTS.get(code, set())
    return {
        name: value if name in kept or _is_number(value) else HIDDEN
        for name, value in facts.items()
    }


def versions(patient: Patient) -> bytes:
    """This program, the machine and the libraries; the models by their names in the catalogue."""
    memory = hardware.memory()
    told = {
        "appliance": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", sys.platform),
        "kernel": platform.release(),
        "processor": hardware.processor(),
        "cores": hardware.threads(0),
        "avx2": hardware.has_avx2(),
        "memory_mb": memory.total_mb,
        "memory_free_mb": memory.available_mb,
        "models": _models(patient),
        "libraries": {one.name: one.version for one in sorted(distributions(), key=_by_name)},
    }
    return _json(told)


def _by_name(distribution: Any) -> str:
    return str(distribution.name).lower()


def _models(patient: Patient) -> dict[str, Any] | None:
    try:
        condition = patient.client.health() if patient.client else None
    except Unavailable:
        condition = None
    if condition is None:
        return None
    return {
        "embedder": _model(condition.embedder, "embedder"),
        "language": _model(condition.language, "language"),
        "active": condition.active,
        "waiting": condition.waiting,
    }


def _model(model: Model, role: Any) -> dict[str, Any]:
    problem = model.problem.code if model.problem else None
    return {"name": _model_name(model.name, role), "state": model.state, "problem": problem}


def _model_name(name: str, role: Any) -> str:
    """A name from the catalogue; a file of the house's own is not told."""
    try:
        return catalogue.find(name, role).name if name else ""
    except NotFound:
        return HIDDEN


def settings(patient: Patient) -> bytes:
    """Every setting: numbers as they are, texts only where they are the default's; and of what
    was set in the console the numbers and switches."""
    default = Settings()
    own = {
        name: _setting(name, getattr(patient.settings, name), getattr(default, name))
        for name in Settings.__struct_fields__
    }
    rows = patient.database.rows("select section, value from options order by section")
    console = {row["section"]: _masked(msgspec.json.decode(row["value"])) for row in rows}
    return _json({"settings": own, "console": console})


def _setting(name: str, value: Any, default: Any) -> Any:
    return value if name in PLAIN_SETTINGS or _is_number(value) or value == default else HIDDEN


def _masked(section: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if value in ("", None) or _is_number(value) else HIDDEN
        for name, value in section.items()
    }


def database(patient: Patient) -> bytes:
    """The database's form, its tables' rows, and how much lies in each folder."""
    known, applied = steps(patient.database)
    (pages,) = patient.database.rows(
        "select page_count * page_size as bytes, freelist_count * page_size as free"
        " from pragma_page_count(), pragma_page_size(), pragma_freelist_count()"
    )
    tables = patient.database.rows(
        "select name from pragma_table_list where schema = 'main' and type = 'table' order by name"
    )
    data = patient.settings.data
    return _json(
        {
            "schema": {
                "applied": len(applied),
                "missing": sorted(set(known) - set(applied)),
                "beyond": len(set(applied) - set(known)),
            },
            "bytes": pages["bytes"],
            "free_bytes": pages["free"],
            "rows": {row["name"]: _count(patient, row["name"]) for row in tables},
            "folders": {name: _size(data / name) for name in FOLDERS},
        }
    )


def _count(patient: Patient, table: str) -> int:
    (row,) = patient.database.rows(f'select count(*) as n from "{table}"')  # noqa: S608 - its own list
    return int(row["n"])


def _size(folder: Path) -> dict[str, int]:
    sizes = [one.stat().st_size for one in folder.rglob("*") if one.is_file()]
    return {"files": len(sizes), "bytes": sum(sizes)}


def jobs(patient: Patient) -> bytes:
    """The last jobs: kind, state, times and the code of what was wrong; not their subjects."""
    rows = patient.database.rows(
        """
        select kind, state, attempts, done, total, created_at, started_at, ended_at, problem
        from jobs order by created_at desc, id limit :most
        """,
        {"most": JOBS_MOST},
    )
    return _json([row | {"problem": _code(row["problem"])} for row in map(dict, rows)])


def _code(problem: str | None) -> str | None:
    return msgspec.json.decode(problem, type=Problem).code if problem else None


def trail_of(patient: Patient) -> bytes:
    """The last warnings and faults of each process, as ``trail`` wrote them."""
    return b"".join(
        b'{"process":"%s"}\n%s' % (process.encode(), told)
        for process, told in trail.lines(patient.settings.data).items()
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (bool, int, float))


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
