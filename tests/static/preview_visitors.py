"""The visitors of the pretend appliance: limits that can be set, and a day's use."""

from typing import Any

import msgspec

from appliance.widgets import Limits
from tests.static.preview_house import Json
from tests.static.preview_server import Preview, route


def sheet(self: Preview, assistant: str) -> Json:
    kept = self.house.visitors.setdefault(assistant, {"limits": msgspec.to_builtins(Limits())})
    today = {"day": "2026-11-23", "questions": 412, "visitors": 57}
    origins = self.house.assistants[assistant]["origins"]
    return kept | {"origins": origins, "today": today, "under_way": 2}


@route("GET", "/api/assistants/{}/visitors")
def shown(self: Preview, assistant: str) -> None:
    self.json(sheet(self, assistant))


@route("PATCH", "/api/assistants/{}/visitors")
def changed(self: Preview, assistant: str) -> None:
    sheet(self, assistant)
    given: dict[str, Any] = self.body()
    self.house.visitors[assistant]["limits"] |= given.get("limits", {})
    self.json(sheet(self, assistant))
