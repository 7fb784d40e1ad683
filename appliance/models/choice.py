"""Which language model this server runs: what the settings fix, else what was chosen here.

A choice is a small file beside the weights. The model runner looks at it each second and
loads what it says, so whoever writes it (the console, a terminal) restarts nothing.
"""

from pathlib import Path
from typing import Literal

import msgspec

from appliance.models import catalogue
from appliance.models.weights import there, write
from appliance.models.wire import Condition
from appliance.records import Problem

FILE = ".chosen.json"
Standing = Literal["none", "loading", "ready", "failed", "away"]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The model that was chosen, "" for none, and the one that was in use before it."""

    name: str = ""
    former: str = ""


def chosen(folder: Path) -> Choice:
    """What was chosen last. Before anything was, and where it cannot be read: nothing."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Choice)
    except (OSError, msgspec.MsgspecError):
        return Choice()


def choose(folder: Path, name: str) -> Choice:
    """Let the server run the model of this name, none for "". Raises ``OSError``."""
    before = chosen(folder)
    if name == before.name:
        return before
    choice = Choice(name=name, former=before.name or before.former)
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / FILE, msgspec.json.encode(choice))
    return choice


def wanted(fixed: str, folder: Path) -> str:
    """The model to run as ``catalogue.configured`` takes it, "" for none: what the settings
    fix, else what was chosen."""
    return fixed or chosen(folder).name


def name_of(fixed: str, folder: Path) -> str:
    """The catalogue's name of the model to run, "" for none."""
    return wanted(fixed, folder).partition("=")[0].strip()


class InUse(msgspec.Struct, frozen=True, kw_only=True):
    """The language model that this server is to run, "" for none, and how it stands:
    ``away`` while no runner answers. ``fixed`` when the settings name it; ``former`` is the
    one before it, where its file is still here."""

    name: str
    state: Standing
    problem: Problem | None
    because: Problem | None
    fixed: bool
    former: str


def in_use(fixed: str, folder: Path, condition: Condition | None) -> InUse:
    """How the wanted model stands with a runner in this condition, None where none answers."""
    name = name_of(fixed, folder)
    part = condition.language if condition else None
    # The runner looks once a second: until it has, it tells of the model before.
    seen = part if part and part.name == name else None
    state: Standing = seen.state if seen else "loading" if part else "away"
    return InUse(
        name=name,
        state=state if name else "none",
        problem=seen.problem if seen else None,
        because=seen.because if seen else None,
        fixed=bool(fixed),
        former=_still_here(chosen(folder).former, folder, but=name),
    )


def _still_here(name: str, folder: Path, *, but: str) -> str:
    known = {entry.name: entry for entry in catalogue.entries()}
    return name if name in known and name != but and there(known[name], folder) else ""
