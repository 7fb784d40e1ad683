"""Search everywhere in the pretend appliance: names that have what was typed."""

import unicodedata
from collections.abc import Iterator

from tests.static.preview_house import NOW, Json
from tests.static.preview_people import PEOPLE
from tests.static.preview_server import Preview, route


def plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def named(self: Preview) -> Iterator[Json]:
    for one in self.house.assistants.values():
        yield {"kind": "assistant", "id": one["id"], "name": one["name"], "within": ""}
    first = next(iter(self.house.assistants.values()))
    yield {"kind": "collection", "id": first["collections"][0], "name": "Regimentos",
           "within": "", "assistant": first["id"]}  # fmt: skip
    if "c-none" not in self.house.collections:
        unread = {"id": "c-none", "name": "Regras sem assistente", "created_at": NOW}
        self.house.collections["c-none"] = unread | {"documents": 0}
    yield {"kind": "collection", "id": "c-none", "name": "Regras sem assistente", "within": ""}
    for one in self.house.documents.values():
        yield {"kind": "document", "id": one["id"], "name": one["title"], "within": "Secretaria"}
    for one in PEOPLE:
        yield {"kind": "person", "id": one["id"], "name": one["name"], "within": one["email"]}


@route("GET", "/api/search/everywhere")
def everywhere(self: Preview) -> None:
    words = plain(self.query["q"]).split()
    found = [one for one in named(self) if all(word in plain(one["name"]) for word in words)]
    self.json({"items": [{"assistant": None} | one for one in found], "next": None})
