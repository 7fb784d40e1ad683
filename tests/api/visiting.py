"""Visitors for tests: let in, and with the notice accepted."""

from typing import Any

import httpx

from appliance import notices, visitors
from appliance.database import Database


def begin(database: Database, public_id: str, origin: str) -> str:
    """The token of a visitor who has accepted the notice, straight from the tables."""
    token = visitors.begin(database, public_id, origin).token
    caller = visitors.resolve(database, token, origin=None)
    assert caller is not None
    (assistant,) = caller.assistants or ("",)
    notices.accept(database, caller, notices.current(database, assistant).version)
    return token


def accept(client: Any, public_id: str, token: str) -> dict[str, str]:
    """Accept the notice as the widget's page does; the visitor's header."""
    headers = {"authorization": f"Bearer {token}"}
    shown = client.get(f"/api/widget/{public_id}/config").json()["notice"]
    sent: httpx.Response = client.post(
        "/api/widget/acceptance", json={"version": shown["version"]}, headers=headers
    )
    assert sent.status_code == 200, sent.text
    return headers
