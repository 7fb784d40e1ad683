"""The assistant maker of the pretend appliance: versions, copies, files, pictures."""

import json

from tests.static.preview_house import NOW, Json, new_id
from tests.static.preview_server import Preview, route

VERSIONS = [
    {
        "number": 3, "created_at": NOW, "by": "Helena Prado", "act": "changed",
        "changes": [
            {"field": "greeting", "before": "Olá!", "after": "Olá! Sou a secretaria."},
            {"field": "suggestions", "before": [], "after": ["Até quando entrego?", "Há piscina?"]},
            {"field": "look.words.en.greeting", "before": None, "after": "Hello!"},
            {"field": "accent", "before": "#27467f", "after": "#7a2e3a"},
            {"field": "strictness", "before": "balanced", "after": "strict"},
            {"field": "mode", "before": None, "after": "quote"},
            {"field": "engine", "before": None, "after": "e1"},
            {"field": "look.position", "before": "right", "after": "left"},
            {"field": "language", "before": "pt", "after": "es"},
        ],
    },
    {
        "number": 2, "created_at": NOW, "by": "", "act": "restored",
        "changes": [{"field": "contact", "before": "", "after": "(11) 5555-0199"}],
    },
    {"number": 1, "created_at": NOW, "by": "Helena Prado", "act": "made", "changes": []},
]  # fmt: skip
SIGNATURE = {"fingerprint": "1234 abcd", "public_key": "", "value": "", "algorithm": "Ed25519"}


def kept(self: Preview, one: str) -> list[Json]:
    return self.house.versions.setdefault(one, list(VERSIONS))


@route("GET", "/api/assistants/{}/versions")
def versions(self: Preview, one: str) -> None:
    before = int(self.query.get("cursor", "99"))
    earlier = [each for each in kept(self, one) if each["number"] < before]
    more = str(earlier[1]["number"]) if len(earlier) > 2 else None
    self.json({"items": earlier[:2] if more else earlier, "next": more})


@route("POST", "/api/assistants/{}/versions/{}/restore")
def restored(self: Preview, one: str, number: str) -> None:
    numbered = len(kept(self, one)) + 1
    change = {"field": "greeting", "before": "Olá! Sou a secretaria.", "after": "Olá!"}
    kept(self, one).insert(
        0,
        {"number": numbered, "created_at": NOW, "by": "Helena Prado", "act": "restored",
         "changes": [change]},
    )  # fmt: skip
    self.house.assistants[one] |= {"greeting": f"Olá! Versão {number}."}
    self.json(self.house.assistants[one])


@route("POST", "/api/assistants/{}/duplicate")
def duplicate(self: Preview, one: str) -> None:
    of = self.house.assistants[one]
    self.json(self.house.add_assistant({"name": f"{of['name']} (cópia)"}), 201)


@route("GET", "/api/assistants/{}/export")
def export(self: Preview, one: str) -> None:
    name = self.house.assistants[one]["name"]
    file = {"assistant": {"settings": {"name": name}}, "signature": SIGNATURE}
    self.send(json.dumps(file).encode(), "application/json")


@route("POST", "/api/assistants/import")
def imported(self: Preview) -> None:
    given = self.body()
    try:
        file = json.loads(given["file"])
    except ValueError:
        return self.problem(422, "bundle_no_assistant", "Este arquivo não é um assistente.")
    if given.get("confirmed") != file["signature"]["fingerprint"]:
        said = "Assinado por “Escola B”. Compare a impressão digital 1234 abcd."
        return self.problem(409, "bundle_unknown_signer", said)
    return self.json(self.house.add_assistant(file["assistant"]["settings"]), 201)


@route("PUT", "/api/assistants/{}/logo")
def logo(self: Preview, one: str) -> None:
    sent = self.raw()
    if b"<svg" in sent:
        return self.problem(422, "logo_is_svg", "Imagens SVG podem conter programas.")
    digest = (new_id("f").encode().hex() + "0" * 64)[:64]
    self.house.logos[digest] = sent
    return self.json({"logo": digest})


@route("GET", "/api/(?:assistants|widget)/{}/logo/{}")
def shown(self: Preview, _: str, digest: str) -> None:
    self.send(self.house.logos.get(digest, b""), "image/png")
