"""The other engines of the pretend appliance: one of the site, one outside, one not opened."""

from typing import Any

from tests.static.preview_house import NOW, Json, new_id
from tests.static.preview_server import Preview, route

DOWN = (
    "Nada responde em http://10.0.0.6:8000, que por ora não recebe perguntas. Confira se o "
    "servidor de lá está no ar e se a rede chega até ele."
)
CLOSED = (
    "Este servidor não pode contatar {}. Um administrador pode abrir exatamente esse endereço na "
    "configuração open_hosts; nada foi enviado."
)
REFUSES = (
    "O motor “{}” recusou o pedido com o status 404. Um administrador pode conferir o nome do "
    "modelo, o endereço e o contexto na página de modelos."
)
HOMES = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
    "mistral": "https://api.mistral.ai/v1",
}
OPEN = (HOMES["mistral"], "http://10.0.0.5:8000", "http://10.0.0.6:8000")


def _problem(code: str, detail: str) -> Json:
    return {"code": code, "detail": detail}


def _engine(name: str, kind: str, model: str, *addresses: str, **fields: Any) -> Json:
    there = addresses or (HOMES[kind],)
    closed = next((one for one in there if one not in OPEN), None)
    base = {
        "id": new_id("e"), "name": name, "kind": kind, "model": model, "addresses": list(there),
        "context": 8192, "created_at": NOW, "leaves_building": kind != "site",
        "has_key": kind != "site",
        "problem": _problem("host_not_open", CLOSED.format(closed)) if closed else None,
        "reached": [{"address": one, "state": "unknown", "problem": None} for one in there],
    }  # fmt: skip
    return base | fields


def furnished() -> dict[str, Json]:
    """By id."""
    server = _engine("Sala dos servidores", "site", "mistral-small-3.2-24b", *OPEN[1:])
    server["reached"][0]["state"] = "up"
    server["reached"][1] |= {"state": "down", "problem": _problem("engine_address_silent", DOWN)}
    engines = [
        server,
        _engine("Mistral na nuvem", "mistral", "mistral-large-latest", context=32_768),
        _engine("Reserva", "openai", "gpt-5-mini"),
    ]
    return {one["id"]: one for one in engines}


@route("GET", "/api/engines")
def engines(self: Preview) -> None:
    self.json({"items": list(self.house.engines.values()), "next": None})


@route("POST", "/api/engines")
def create(self: Preview) -> None:
    given = self.body()
    made = _engine(given["name"], given["kind"], given["model"], *given["addresses"])
    if made["problem"]:
        return self.problem(403, made["problem"]["code"], made["problem"]["detail"])
    self.house.engines[made["id"]] = made | {"has_key": "key" in given}
    return self.json(self.house.engines[made["id"]], 201)


@route("PATCH", "/api/engines/{}")
def change(self: Preview, one: str) -> None:
    given = self.body()
    given.pop("key", None)
    self.house.engines[one] |= given
    self.json(self.house.engines[one])


@route("POST", "/api/engines/{}/check")
def check(self: Preview, one: str) -> None:
    engine = self.house.engines[one]
    wrong = engine["kind"] == "site"
    self.json(
        {
            "problem": _problem("engine_refuses", REFUSES.format(engine["name"]))
            if wrong
            else None,
            "first_token_ms": None if wrong else 840.0,
            "engine": engine,
        }
    )


@route("DELETE", "/api/engines/{}")
def remove(self: Preview, one: str) -> None:
    del self.house.engines[one]
    self.send(b"", "text/plain", 204)
