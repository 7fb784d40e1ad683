"""Maintenance mode: what is served when the database is damaged.

Every address answers 503 with one sentence: what is wrong, which backup was verified last, and
the command that restores it. Nothing of the data folder is opened for writing, so that what
is damaged stays as it is for whoever wants to save more from it.
"""

import html
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec

from appliance import backups
from appliance.errors import sentence
from appliance.records import Language, Problem

Message = dict[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]


def said(data: Path, reason: str) -> Problem:
    """The sentence about it, with the backup to restore."""
    known = backups.last_verified(data)
    if known is None:
        return Problem(code="maintenance_no_backup", facts={"reason": reason})
    facts = {"reason": reason, "file": known.file, "made_at": known.made_at}
    return Problem(code="maintenance", facts=facts)


def application(problem: Problem, language: Language) -> Application:
    """An ASGI application that says it to everybody."""
    detail = sentence(problem.code, problem.facts, language)
    told = {"type": "about:blank", "title": "Service Unavailable", "status": 503}
    answers = {
        True: ("application/problem+json", msgspec.json.encode(
            told | {"code": problem.code, "detail": detail})),
        False: ("text/html; charset=utf-8", _PAGE.format(
            language=language, detail=html.escape(detail)).encode()),
    }  # fmt: skip

    async def answer(
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] != "http":
            return
        alive = scope["path"] == "/health/live"
        kind, body = answers[scope["path"].startswith(("/api", "/health", "/v1"))]
        headers = [(b"content-type", kind.encode()), (b"cache-control", b"no-store")]
        headers += [(b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'")]
        status = 200 if alive else 503
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"status":"ok"}' if alive else body})

    return answer


_PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Balcão</title>
<style>
body {{ font: 18px/1.5 system-ui, sans-serif; max-width: 40em; margin: 15vh auto; padding: 0 1em }}
@media (prefers-color-scheme: dark) {{ body {{ background: #16181d; color: #e8e8ea }} }}
</style>
<h1>Balcão</h1><p>{detail}</p></html>
"""
