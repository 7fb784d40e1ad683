"""The settings that administrators change in the console, section by section.

A secret never comes out: where one is kept, its value is told as true. Sent as "", it is
forgotten; left out, it stays.
"""

from typing import Any

import msgspec
from litestar import get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import audit, options, sections
from appliance.api.guards import ADMINISTRATORS
from appliance.database import Database
from appliance.errors import BadRequest, NotFound
from appliance.keeping import Retention
from appliance.mail import Mail
from appliance.processing import Processing
from appliance.records import Caller, Record
from appliance.sections import Field, Section
from appliance.signin.directory import Directory
from appliance.signin.oidc import Provider
from appliance.signin.policy import SignIn
from appliance.syslog import Syslog
from appliance.vault import Vault

SECTIONS: tuple[type[Section], ...] = (
    SignIn,
    Directory,
    Provider,
    Mail,
    Syslog,
    Retention,
    Processing,
)


class SectionSheet(Record, frozen=True):
    """A section, its fields in order, and how they stand."""

    name: str
    fields: list[Field]
    values: dict[str, Any]


class SettingsSheet(Record, frozen=True):
    """All sections."""

    sections: list[SectionSheet]


@get("/api/settings", who=ADMINISTRATORS, sync_to_thread=True)
def index(database: NamedDependency[Database]) -> SettingsSheet:
    """Every section that can be set here. What an operator sets in a file is not among them."""
    return SettingsSheet(sections=[sheet(options.read(database, kind)) for kind in SECTIONS])


@patch("/api/settings/{section:str}", who=ADMINISTRATORS, sync_to_thread=True)
def change(
    section: FromPath[str],
    data: JSONBody[dict[str, Any]],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
) -> SectionSheet:
    """Change some fields of a section."""
    kind = next((one for one in SECTIONS if section == one.SECTION), None)
    if kind is None:
        raise NotFound
    with database.write() as writer:
        sealed = {name: _sealed(vault, kind, name, value) for name, value in data.items()}
        after = sections.changed(options.read(database, kind), sealed)
        options.store(writer, after)
        audit.record(writer, caller, "settings.change", section, fields=sorted(data))
    return sheet(after)


def _sealed(vault: Vault, kind: type[Section], name: str, value: Any) -> Any:
    if name not in sections.secrets(kind):
        return value
    if not isinstance(value, str):
        raise BadRequest("bad_option", field=name, reason="Expected `str`")
    return vault.seal(value, purpose=f"{kind.SECTION}.{name}")


def sheet(section: Section) -> SectionSheet:
    """A section as it is told: of a secret, whether there is one."""
    kept = sections.secrets(type(section))
    values = {
        name: bool(value) if name in kept else value
        for name, value in msgspec.structs.asdict(section).items()
    }
    return SectionSheet(name=section.SECTION, fields=sections.fields(type(section)), values=values)


routes = [index, change]
