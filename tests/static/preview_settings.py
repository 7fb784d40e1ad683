"""The settings of the pretend appliance: the real sections, kept in memory."""

from typing import Any, cast

import msgspec

from appliance import sections
from appliance.api import options
from appliance.errors import BadRequest, sentence
from appliance.sections import Section
from tests.static.preview_house import NOW, House, Json
from tests.static.preview_server import Preview, route


def furnish(house: House) -> None:
    """Every section at its defaults."""
    house.settings = {kind.SECTION: kind() for kind in options.SECTIONS}


def sheet(section: Section) -> Json:
    return cast("Json", msgspec.to_builtins(options.sheet(section)))


@route("GET", "/api/settings")
def every(self: Preview) -> None:
    self.json({"sections": [sheet(one) for one in self.house.settings.values()]})


@route("PATCH", "/api/settings/{}")
def change(self: Preview, name: str) -> None:
    given: dict[str, Any] = self.body()
    try:
        changed = sections.changed(self.house.settings[name], given)
        changed.check()
    except BadRequest as fault:
        return self.problem(400, fault.code, sentence(fault.code, fault.facts, "pt"))
    self.house.settings[name] = changed
    return self.json(sheet(changed))


def standing(**fields: Any) -> Json:
    return {"enabled": True, "away": False, "worked_at": NOW, "failed_at": None, "failure": "",
            "looked_at": NOW, "people": 41, "gone": 2} | fields  # fmt: skip


@route("GET", "/api/federation")
def federation(self: Preview) -> None:
    why = "O provedor https://id.escola.example não pôde ser alcançado: Connection refused."
    away = standing(away=True, failed_at="2026-11-23T10:00:00.000Z", failure=why, gone=0, people=1)
    self.json({"ldap": standing(failed_at="2026-11-20T10:00:00.000Z", failure=why), "oidc": away})
