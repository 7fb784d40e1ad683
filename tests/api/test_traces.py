"""Who reads, takes along or removes a document or a conversation leaves a line (LGPD-08).

The routes come from the application itself: one that gives such a thing out, or takes it
away, and is not in the table fails here.
"""

import re
from datetime import timedelta
from typing import Any

import pytest

from appliance import audit
from appliance.audit import acts
from tests.api.test_walls import filled, settings, world
from tests.api.walls import World
from tests.house import House

__all__ = ["settings", "world"]

pytestmark = pytest.mark.guarantee("LGPD-08")

ABOUT = re.compile(r"/(documents|conversations|messages|audit|export|original)\b")

# What a route leaves in the record, or why nothing.
FACTS = "what is known of it, and not what is in it"
OWN = "the caller's own words"
WRITTEN = "what the office wrote itself, for itself"
LOOKS = "the record itself, which is read to be checked"
LEAVES: dict[str, str] = {
    "GET /api/audit": LOOKS,
    "GET /api/audit/acts": LOOKS,
    "POST /api/audit/verify": LOOKS,
    "GET /api/audit/export": "audit.export",
    "GET /api/collections/{collection_id:str}/documents": FACTS,
    "POST /api/collections/{collection_id:str}/documents": "document.add",
    "GET /api/documents/{document_id:str}": FACTS,
    "PATCH /api/documents/{document_id:str}": "document.change",
    "GET /api/documents/{document_id:str}/report": FACTS,
    "GET /api/documents/{document_id:str}/pages": "document.read",
    "GET /api/documents/{document_id:str}/pages/{number:int}": "document.read",
    "PATCH /api/documents/{document_id:str}/pages/{number:int}": "page.accept",
    "GET /api/documents/{document_id:str}/pages/{number:int}/image": "document.read",
    "GET /api/documents/{document_id:str}/pages/{number:int}/boxes": FACTS,
    "GET /api/documents/{document_id:str}/original": "document.download",
    "GET /api/documents/{document_id:str}/summary": "document.read",
    "POST /api/documents/{document_id:str}/read-again": "document.read_again",
    "GET /api/conversations": OWN,
    "GET /api/conversations/others": FACTS,
    "GET /api/conversations/{conversation_id:str}": OWN,
    "POST /api/conversations/{conversation_id:str}/open": "conversation.open",
    "GET /api/conversations/{conversation_id:str}/export": OWN,
    "POST /api/conversations/{conversation_id:str}/export": "conversation.export",
    "POST /api/conversations/{conversation_id:str}/handover": "handover.ask",
    "GET /api/conversations/{conversation_id:str}/files": FACTS,
    "POST /api/conversations/{conversation_id:str}/files": "conversation.attach",
    "GET /api/conversations/{conversation_id:str}/form": FACTS,
    "POST /api/conversations/{conversation_id:str}/form": "form.send",
    "GET /api/assistants/{assistant_id:str}/approved-answers/export": WRITTEN,
    "GET /api/golden/export": WRITTEN,
    "GET /api/usage/export": FACTS,
    "GET /api/assistants/{assistant_id:str}/export": "assistant.export",
    "POST /api/messages/{message_id:str}/feedback": OWN,
    "POST /api/messages/{message_id:str}/regenerate": OWN,
    # Last, so that the others find each still there.
    "DELETE /api/conversations/{conversation_id:str}/files/{file_id:str}": "conversation.detach",
    "DELETE /api/conversations/{conversation_id:str}": "conversation.remove",
    "POST /api/documents/{document_id:str}/restore": "document.restore",
    "POST /api/subjects/export": "subject.export",
    "DELETE /api/documents/{document_id:str}": "document.remove",
}
SENT: dict[str, dict[str, Any]] = {
    "POST /api/audit/verify": {"json": {}},
    "POST /api/collections/{collection_id:str}/documents": {"files": {"file": ("a.txt", b"Oi.")}},
    "POST /api/conversations/{conversation_id:str}/files": {"files": {"file": ("b.txt", b"Ei.")}},
    "PATCH /api/documents/{document_id:str}": {"json": {"title": "Outro"}},
    "PATCH /api/documents/{document_id:str}/pages/{number:int}": {"json": {"accepted": True}},
    "GET /api/documents/{document_id:str}/pages/{number:int}/boxes": {
        "params": {"start": 0, "end": 20}
    },
    "POST /api/conversations/{conversation_id:str}/open": {
        "json": {"reason": "Pedido do encarregado"}
    },
    "POST /api/conversations/{conversation_id:str}/export": {
        "json": {"reason": "Pedido do encarregado"}
    },
    "POST /api/subjects/export": {"json": {"name": "Rita", "reason": "Pedido do titular 77"}},
    "POST /api/conversations/{conversation_id:str}/handover": {"json": {}},
    "POST /api/conversations/{conversation_id:str}/form": {"json": {"values": {"Nome": "Rita"}}},
    "GET /api/golden/export": {"params": {"assistant": "{assistant_id}"}},
    "POST /api/messages/{message_id:str}/feedback": {"json": {"good": True}},
    "POST /api/messages/{message_id:str}/regenerate": {"json": {}},
}
ADMINISTRATORS_OWN = re.compile(
    r"/api/(audit|subjects|usage)|/conversations/others|/open$|POST /api/conversations/.*/export$"
)


def test_every_route_that_gives_or_takes_such_a_thing_is_in_the_table(house: House) -> None:
    routes = {
        f"{method} {route.path}"
        for route in house.app.routes
        for handler in getattr(route, "route_handlers", [])
        if "who" in handler.opt and ABOUT.search(route.path)
        for method in handler.http_methods
    }

    assert routes == set(LEAVES)


def test_each_of_them_leaves_the_one_line_that_the_table_says(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "ONE_READING", timedelta(0))
    administrator = world.person("Rita", "admin")
    left = {}
    for route in LEAVES:
        if route.endswith("/restore"):
            source = f"/api/sources/{world.hidden['source_id']}?documents=remove"
            world.request("DELETE", source, administrator)  # to the trash
        if route.endswith("/handover"):  # once it was taken care of, it can be asked for again
            taken = f"/api/handovers/{world.hidden['handover_id']}"
            world.request("PATCH", taken, world.insider, json={"state": "done"})
        head = audit.head(world.database)
        seen = head.id if head else 0
        method, path = route.split(" ")
        who = administrator if ADMINISTRATORS_OWN.search(route) else world.insider
        sent = filled(SENT.get(route, {}), world.hidden)
        told = world.request(method, address(world, path), who, **sent)
        assert told.status_code < 400, f"{route}: {told.text}"
        newer = audit.newest(world.database, limit=9)
        left[route] = [one.act for one in newer if int(one.id) > seen]

    assert left == {
        route: [told] if re.fullmatch(r"[a-z_]+\.[a-z_]+", told) else []
        for route, told in LEAVES.items()
    }


def address(world: World, path: str) -> str:
    path = re.sub(r"\{(\w+):\w+\}", r"{\1}", path).replace("{number}", "1")
    return path.format(**world.hidden)
