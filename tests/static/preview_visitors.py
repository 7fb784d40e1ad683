"""The visitors of the pretend appliance: limits and a notice that can be set, a day's use."""

from typing import Any

import msgspec

from appliance.widgets import Limits
from tests.static.preview_house import NOW, Json
from tests.static.preview_server import Preview, route

NOTICE = {
    "version": 1,
    "basis": "acknowledgement",
    "text": "As respostas são escritas por uma máquina a partir de documentos, neste servidor.",
    "controller": "Escola Municipal",
    "contact": "encarregado@escola.example",
    "purpose": "Responder às suas perguntas.",
    "retention": "A conversa é apagada 90 dias depois da última pergunta.",
    "sensitive": "Não escreva dados pessoais sensíveis.",
    "link": "",
    "created_at": NOW,
}


def kept(self: Preview, assistant: str) -> Json:
    fresh = {"limits": msgspec.to_builtins(Limits()), "notices": [NOTICE]}
    fresh |= {"keep_days": 90, "audience": "adults", "made_at": None, "identity_required": False}
    return self.house.visitors.setdefault(assistant, fresh)


def notice(self: Preview, assistant: str) -> Json:
    newest: Json = kept(self, assistant)["notices"][0]
    return newest


def sheet(self: Preview, assistant: str) -> Json:
    here = kept(self, assistant)
    today = {"day": "2026-11-23", "questions": 412, "visitors": 57}
    shown = {name: here[name] for name in ("limits", "keep_days", "audience")}
    origins = self.house.assistants[assistant]["origins"]
    shown |= {"origins": origins, "today": today, "under_way": 2}
    identity = {"made_at": here["made_at"], "required": here["identity_required"]}
    return shown | {"notice": notice(self, assistant), "identity": identity}


@route("GET", "/api/assistants/{}/visitors")
def shown(self: Preview, assistant: str) -> None:
    self.json(sheet(self, assistant))


@route("PATCH", "/api/assistants/{}/visitors")
def changed(self: Preview, assistant: str) -> None:
    here, given = kept(self, assistant), self.body()
    here["limits"] |= given.get("limits", {})
    plain = ("keep_days", "audience", "identity_required")
    here |= {name: given[name] for name in plain if name in given}
    if written := given.get("notice"):
        newest: dict[str, Any] = here["notices"][0]
        here["notices"].insert(0, newest | written | {"version": newest["version"] + 1})
    self.json(sheet(self, assistant))


@route("POST", "/api/assistants/{}/visitors/identity")
def secret(self: Preview, assistant: str) -> None:
    kept(self, assistant)["made_at"] = NOW
    self.json({"secret": "bi_" + 6 * "segredo", "made_at": NOW}, 201)


@route("GET", "/api/assistants/{}/notices")
def versions(self: Preview, assistant: str) -> None:
    self.json({"items": kept(self, assistant)["notices"], "next": None})
