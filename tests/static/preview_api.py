"""A small API document, of the shapes that the real one has."""

from typing import Any

from tests.static.preview_house import Json
from tests.static.preview_server import Preview, route

BASE = "#/components/schemas/"
NEVER = {"400": {"$ref": "#/components/responses/Problem400"}}


def answer(schema: Json, kind: str = "application/json") -> Json:
    return {"200": {"description": "ok", "content": {kind: {"schema": schema}}}} | NEVER


def operation(room: str, name: str, says: str, **more: Any) -> Json:
    return {"tags": [room], "operationId": name, "summary": says, "description": f"{says}.",
            "responses": answer({"$ref": f"{BASE}Tree"}), "security": []} | more  # fmt: skip


TREE: Json = {
    "type": "object", "required": ["name"], "additionalProperties": False,
    "description": "A ``tree`` of trees.",
    "properties": {
        "name": {"type": "string", "maxLength": 80},
        "kind": {"enum": ["oak", "elm"]},
        "parts": {"type": "array", "items": {"$ref": f"{BASE}Tree"}, "default": []},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "more": {"type": "object"},
    },
}  # fmt: skip
LIMIT = {"name": "limit", "in": "query", "required": False,
         "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}}  # fmt: skip
ID = {"name": "tree_id", "in": "path", "required": True, "schema": {"type": "string"}}
TAKES = {"requestBody": {"content": {"application/json": {"schema": {"$ref": f"{BASE}Tree"}}}}}
BY_KEY = {"security": [{"session": ["admin"]}, {"key": ["ask"]}, {"visitor": []}]}
DOCUMENT: Json = {
    "openapi": "3.1.0",
    "info": {"title": "Balcão", "version": "0.6.0"},
    "paths": {
        "/api/trees": {
            "get": operation("trees", "TreesIndex", "All ``trees``", parameters=[LIMIT]),
            "post": operation("trees", "TreesCreate", "Plant one", **TAKES, **BY_KEY),
        },
        "/api/trees/{tree_id}/pictures/of/all/the/leaves": {
            "get": operation("pictures", "Pictures", "Its picture", parameters=[ID],
                             security=[{"session": ["admin"]}],
                             responses=answer({}, "image/png")),
        },
    },
    "components": {
        "schemas": {"Tree": TREE},
        "responses": {"Problem400": {"description": "Cannot be taken as it is."}},
    },
}  # fmt: skip


@route("GET", "/api/openapi.json")
def document(self: Preview) -> None:
    self.json(DOCUMENT)


@route("POST", "/api/settings/mail/test")
def letter(self: Preview) -> None:
    self.json({"to": "helena@escola.example"})
