"""What is sent to every route from outside a wall: the table that a new route has to join."""

from typing import Any

from tests.api.walls import FORM, QUESTION, SITE
from tests.pictures import picture

OWN = "people, groups, keys and models are the administrators' own, and no documents"
FREE = "the same for everybody"
ASKED = [{"role": "user", "content": QUESTION}]


def by_mcp(tool: str, **arguments: Any) -> dict[str, Any]:
    """What to send along to call a tool."""
    call = {"name": tool, "arguments": arguments}
    return {
        "json": {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call},
        "headers": {"accept": "application/json, text/event-stream"},
    }


PICTURE = picture(640, 480)
REASON = "Pedido do titular, protocolo 77"

# Every route of the application has to be here. A dict is what to send along; ``{name}`` in
# it and in the path becomes an id from behind the wall, or one that was never given. A
# list is several such tries. A text is the reason why a route has nothing to do with walls.
TRIES: dict[str, dict[str, Any] | list[dict[str, Any]] | str] = {
    "GET /": FREE,
    "GET /widget.js": FREE,
    "GET /w/{public_id:str}": {},
    "GET /static/{file_path:path}": FREE,
    "HEAD /static/{file_path:path}": FREE,
    "OPTIONS /static/{file_path:path}": FREE,
    "GET /health/live": FREE,
    "GET /health/ready": FREE,
    "GET /metrics": FREE,
    "GET /api/system": {},
    "GET /api/openapi.json": FREE,
    "GET /api/setup": FREE,
    "POST /api/setup": FREE,
    "GET /api/session": {},
    "POST /api/session": FREE,
    "DELETE /api/session": FREE,
    "GET /api/second-factor": OWN,
    "POST /api/second-factor": OWN,
    "POST /api/second-factor/confirm": OWN,
    "POST /api/second-factor/codes": OWN,
    "POST /api/second-factor/remove": OWN,
    "DELETE /api/people/{person_id:str}/second-factor": OWN,
    "GET /api/settings": OWN,
    "PATCH /api/settings/{section:str}": OWN,
    "GET /api/audit": [{}, {"params": {"subject": "{document_id}"}}],
    "GET /api/audit/acts": FREE,
    "GET /api/audit/export": [{}, {"params": {"format": "csv"}}],
    "POST /api/audit/verify": {"json": {}},
    "POST /api/subjects/search": {
        "json": {"name": "Ana Prado", "cpf": "123.456.789-09", "reason": REASON}
    },
    "POST /api/subjects/export": {"json": {"name": "Ana Prado", "reason": REASON}},
    "GET /api/subjects/erasures": {},
    "GET /api/subjects/erasures/{erasure_id:str}": OWN,
    "POST /api/subjects/erasures": [
        {"json": {"kind": "document", "subject": "{document_id}", "reason": REASON}},
        {"json": {"kind": "conversation", "subject": "{conversation_id}", "reason": REASON}},
    ],
    "GET /api/people/{person_id:str}/sessions": OWN,
    "DELETE /api/people/{person_id:str}/sessions": OWN,
    "DELETE /api/people/{person_id:str}/sessions/{session_id:str}": OWN,
    "POST /api/people/{person_id:str}/reset": OWN,
    "GET /api/invitations": OWN,
    "POST /api/invitations": OWN,
    "POST /api/invitations/{invitation_id:str}/resend": OWN,
    "DELETE /api/invitations/{invitation_id:str}": OWN,
    "POST /api/invitations/open": FREE,
    "POST /api/invitations/accept": FREE,
    "GET /api/resets": FREE,
    "POST /api/resets": FREE,
    "POST /api/resets/open": FREE,
    "POST /api/resets/use": FREE,
    "GET /api/federation": OWN,
    "POST /api/settings/ldap/test": OWN,
    "POST /api/settings/oidc/test": OWN,
    "GET /api/session/ways": FREE,
    "GET /api/session/oidc": FREE,
    "GET /api/session/oidc/callback": FREE,
    "POST /api/settings/mail/test": OWN,
    "GET /api/people": {},
    "POST /api/people": OWN,
    "GET /api/people/{person_id:str}": OWN,
    "PATCH /api/people/{person_id:str}": OWN,
    "DELETE /api/people/{person_id:str}": OWN,
    "GET /api/groups": {},
    "POST /api/groups": OWN,
    "GET /api/groups/{group_id:str}": OWN,
    "PATCH /api/groups/{group_id:str}": OWN,
    "DELETE /api/groups/{group_id:str}": OWN,
    "GET /api/keys": {},
    "POST /api/keys": {
        "json": {"name": "robô", "scopes": ["ask"], "assistants": ["{assistant_id}"]}
    },
    "GET /api/keys/{key_id:str}": OWN,
    "PATCH /api/keys/{key_id:str}": OWN,
    "DELETE /api/keys/{key_id:str}": OWN,
    "OPTIONS /api/widget/{public_id:str}/session": {"headers": {"origin": SITE}},
    "POST /api/widget/{public_id:str}/session": {"headers": {"origin": SITE}},
    "GET /api/widget/{public_id:str}/config": {},
    "GET /api/assistants/{assistant_id:str}/notices": {},
    "POST /api/widget/acceptance": {"json": {"version": 1}},
    "DELETE /api/widget/acceptance": {},
    "GET /api/assistants/{assistant_id:str}/visitors": {},
    "PATCH /api/assistants/{assistant_id:str}/visitors": {"json": {"limits": {"per_day": 5}}},
    "GET /api/assistants/{assistant_id:str}/versions": {},
    "POST /api/assistants/{assistant_id:str}/versions/{number:int}/restore": {},
    "POST /api/assistants/{assistant_id:str}/duplicate": {},
    "GET /api/assistants/{assistant_id:str}/export": {},
    "POST /api/assistants/import": OWN,
    "PUT /api/assistants/{assistant_id:str}/logo": {
        "content": PICTURE,
        "headers": {"content-type": "application/octet-stream"},
    },
    "GET /api/widget/{public_id:str}/logo/{digest:str}": {},
    "GET /api/assistants/{assistant_id:str}/logo/{digest:str}": {},
    "GET /api/assistants/{assistant_id:str}/approved-answers": [{}, {"params": {"words": "a"}}],
    "POST /api/assistants/{assistant_id:str}/approved-answers": {
        "json": {"questions": ["Onde?"], "text": "Aqui."}
    },
    "GET /api/assistants/{assistant_id:str}/approved-answers/export": {},
    "POST /api/assistants/{assistant_id:str}/approved-answers/import": {
        "json": {"csv": "questions,answer\nComo?,Assim.\n"}
    },
    "GET /api/assistants/{assistant_id:str}/approved-answers/{approved_id:str}": {},
    "PATCH /api/assistants/{assistant_id:str}/approved-answers/{approved_id:str}": {
        "json": {"text": "Outra."}
    },
    "GET /api/gaps": [{}, {"params": {"state": "", "assistant": "{assistant_id}"}}],
    "GET /api/gaps/{gap_id:str}": {},
    "PATCH /api/gaps/{gap_id:str}": {"json": {"state": "dismissed"}},
    "POST /api/gaps/{gap_id:str}/answer": {"json": {"text": "Sim."}},
    "POST /api/gaps/{gap_id:str}/undo": {"json": {}},
    "POST /api/gaps/{gap_id:str}/again": {"json": {}},
    "GET /api/assistants/{assistant_id:str}/flows": {},
    "PATCH /api/assistants/{assistant_id:str}/flows": {
        "json": {"person": {"on": True}, "form": FORM}
    },
    "POST /api/conversations/{conversation_id:str}/handover": {"json": {}},
    "GET /api/conversations/{conversation_id:str}/form": {},
    "GET /api/assistants/{assistant_id:str}/form-secret": {},
    "POST /api/assistants/{assistant_id:str}/form-secret": {},
    "POST /api/conversations/{conversation_id:str}/form": {"json": {"values": {"Nome": "Rita"}}},
    "GET /api/handovers": [{}, {"params": {"state": "", "assistant": "{assistant_id}"}}],
    "GET /api/handovers/{handover_id:str}": {},
    "PATCH /api/handovers/{handover_id:str}": {"json": {"state": "done"}},
    "POST /api/assistants/{assistant_id:str}/visitors/identity": {},
    "GET /api/models": OWN,
    "GET /api/models/{name:str}": OWN,
    "POST /api/models/{name:str}/pull": OWN,
    "POST /api/models/{name:str}/check": OWN,
    "POST /api/models/{name:str}/upload": OWN,
    "PUT /api/models/{name:str}/upload": OWN,
    "POST /api/models/{name:str}/use": OWN,
    "DELETE /api/models/{name:str}/use": OWN,
    "POST /api/models/import": OWN,
    "DELETE /api/models/{name:str}": OWN,
    "GET /api/egress": OWN,
    "GET /api/holds": {},
    "GET /api/backups": {},
    "POST /api/backups": OWN,
    "POST /api/backups/{backup_id:str}/verify": OWN,
    "PATCH /api/backups": OWN,
    "GET /api/diagnostics": {},
    "GET /api/diagnostics/bundle": {},
    "GET /api/doctor": {},
    "GET /api/retention": {},
    "POST /api/retention/run": OWN,
    "GET /api/processing": {},
    "GET /api/processing/document": {},
    # A hold would stand in the way of what is deleted below: its walls have tests of their own.
    "POST /api/holds": OWN,
    "DELETE /api/holds/{hold_id:str}": OWN,
    "POST /api/egress/test": OWN,
    "GET /api/egress/reports/{report_id:str}": OWN,
    "GET /api/engines": OWN,
    "POST /api/engines": OWN,
    "PATCH /api/engines/{engine_id:str}": OWN,
    "POST /api/engines/{engine_id:str}/check": OWN,
    "DELETE /api/engines/{engine_id:str}": OWN,  # whom it writes for: tests/api/test_engines.py
    "GET /api/assistants": [{}, {"params": {"limit": 1}}],
    "POST /api/assistants": {"json": {"name": "Cópia", "collections": ["{collection_id}"]}},
    "GET /api/assistants/{assistant_id:str}": {},
    "PATCH /api/assistants/{assistant_id:str}": {"json": {"name": "Outro"}},
    "POST /api/assistants/{assistant_id:str}/search": {"json": {"query": QUESTION}},
    "POST /api/assistants/{assistant_id:str}/bench": {"json": {"query": QUESTION}},
    "POST /api/assistants/{assistant_id:str}/ask": [
        {"json": {"question": QUESTION}},
        {"json": {"question": QUESTION, "stream": True}},
        {"json": {"question": QUESTION, "conversation": "{conversation_id}"}},
    ],
    "GET /api/collections": [{}, {"params": {"limit": 1}}],
    "POST /api/collections": {"json": {"name": "Nova"}},
    "GET /api/collections/{collection_id:str}": {},
    "PATCH /api/collections/{collection_id:str}": {"json": {"name": "Outra"}},
    "GET /api/collections/{collection_id:str}/documents": {},
    "POST /api/collections/{collection_id:str}/documents": {"files": {"file": ("a.txt", b"Oi.")}},
    "POST /api/collections/{collection_id:str}/texts": {"json": {"title": "Oi", "text": "Olá."}},
    "GET /api/collections/{collection_id:str}/proposals": {},
    "POST /api/proposals/{proposal_id:str}/dismiss": {},
    "POST /api/proposals/{proposal_id:str}/accept": {},
    "GET /api/documents/{document_id:str}": {},
    "PATCH /api/documents/{document_id:str}": [
        {"json": {"title": "Outro"}},
        {"json": {"valid_to": "2020-01-01"}},
    ],
    "GET /api/documents/{document_id:str}/pages": {},
    "GET /api/documents/{document_id:str}/report": {},
    "GET /api/documents/{document_id:str}/pages/{number:int}": {},
    "PATCH /api/documents/{document_id:str}/pages/{number:int}": [
        {"json": {"accepted": True}},
        {"json": {"text": "Nada."}},
    ],
    "GET /api/documents/{document_id:str}/pages/{number:int}/image": {},
    "GET /api/documents/{document_id:str}/pages/{number:int}/boxes": {
        "params": {"start": 0, "end": 20}
    },
    "GET /api/documents/{document_id:str}/original": {},
    "GET /api/documents/{document_id:str}/summary": {},
    "POST /api/documents/{document_id:str}/read-again": {},
    "GET /api/golden": {"params": {"assistant": "{assistant_id}"}},
    "POST /api/golden": {"json": {"assistant": "{assistant_id}", "question": QUESTION}},
    "PATCH /api/golden/{golden_id:str}": {"json": {"must_refuse": True}},
    "DELETE /api/golden/{golden_id:str}": {},
    "GET /api/golden/lights": [{}, {"params": {"limit": 1}}],
    "GET /api/golden/runs": {"params": {"assistant": "{assistant_id}"}},
    "POST /api/golden/runs": {"json": {"assistant": "{assistant_id}"}},
    "GET /api/golden/export": {"params": {"assistant": "{assistant_id}"}},
    "POST /api/golden/import": {"json": {"assistant": "{assistant_id}", "csv": "question\nQuem?"}},
    "GET /api/jobs": [{}, {"params": {"limit": 1}}, {"params": {"subject": "{document_id}"}}],
    "GET /api/jobs/events": {},
    "GET /api/usage": [{}, {"params": {"assistant": "{assistant_id}"}}],
    "GET /api/usage/export": [{}, {"params": {"assistant": "{assistant_id}"}}],
    "GET /api/jobs/{job_id:str}": {},
    "GET /api/jobs/{job_id:str}/events": {},
    "POST /api/jobs/{job_id:str}/cancel": {},
    "POST /api/jobs/{job_id:str}/retry": {},
    "GET /api/conversations": [{}, {"params": {"assistant": "{assistant_id}"}}],
    "GET /api/conversations/{conversation_id:str}": {},
    "POST /api/assistants/{assistant_id:str}/files": {
        "files": {"file": ("recibo.txt", b"Recibo 12.")}
    },
    "POST /api/conversations/{conversation_id:str}/files": {
        "files": {"file": ("recibo.txt", b"Recibo 13.")}
    },
    "GET /api/conversations/{conversation_id:str}/files": {},
    "GET /api/search/everywhere": [
        {"params": {"q": word}} for word in ("zibelina", "ocapi", "fusao", "mariana", "e")
    ],
    "GET /api/conversations/others": [{}, {"params": {"assistant": "{assistant_id}"}}],
    "POST /api/conversations/{conversation_id:str}/open": {
        "json": {"reason": "Pedido do encarregado"}
    },
    "GET /api/conversations/{conversation_id:str}/export": [
        {"params": {"format": form}} for form in ("docx", "md", "json")
    ],
    "POST /api/conversations/{conversation_id:str}/export": {
        "json": {"reason": "Pedido do encarregado", "format": "md"}
    },
    "POST /api/messages/{message_id:str}/feedback": {"json": {"good": True}},
    "POST /api/messages/{message_id:str}/regenerate": {"json": {}},
    "GET /v1/models": {},
    "GET /v1/models/{assistant_id:str}": {},
    "POST /v1/chat/completions": [
        {"json": {"model": "{assistant_id}", "messages": ASKED}},
        {"json": {"model": "{assistant_id}", "messages": ASKED, "stream": True}},
    ],
    "POST /v1/embeddings": {"json": {"model": "{assistant_id}", "input": "estanho"}},
    "POST /mcp": [
        by_mcp("list_assistants"),
        by_mcp("search", assistant="{assistant_id}", query=QUESTION),
        by_mcp("ask", assistant="{assistant_id}", question=QUESTION),
        by_mcp("read_page", document="{document_id}", page=1),
    ],
    "GET /api/sources": [{}, {"params": {"limit": 1}}],
    "GET /api/collections/{collection_id:str}/sources": {},
    "POST /api/collections/{collection_id:str}/sources": {
        "json": {"kind": "folder", "path": "/mnt/atas"}
    },
    "GET /api/sources/{source_id:str}": {},
    "PATCH /api/sources/{source_id:str}": {"json": {"schedule": "hourly"}},
    "POST /api/sources/{source_id:str}/run": {"json": {"dry_run": True}},
    "POST /api/sources/{source_id:str}/confirm": {},
    "POST /api/sources/{source_id:str}/reject": {},
    "GET /api/sources/{source_id:str}/runs": {},
    "GET /api/sources/{source_id:str}/runs/{run_id:str}": {},
    "GET /api/collections/{collection_id:str}/trash": {},
    # Last, and from the inside out, so that the insider finds each still there; with its
    # source the document goes to the trash, and comes back.
    "DELETE /api/sources/{source_id:str}": {"params": {"documents": "remove"}},
    "POST /api/documents/{document_id:str}/restore": {},
    "DELETE /api/conversations/{conversation_id:str}/files/{file_id:str}": {},
    "DELETE /api/conversations/{conversation_id:str}": {},
    "DELETE /api/assistants/{assistant_id:str}/approved-answers/{approved_id:str}": {},
    "DELETE /api/documents/{document_id:str}": {},
    "DELETE /api/collections/{collection_id:str}": {},
    "DELETE /api/assistants/{assistant_id:str}": {},
}
