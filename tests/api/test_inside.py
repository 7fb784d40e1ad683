"""What is inside stays inside: nobody is told what their work does not need (SEC-18)."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from appliance import __version__
from appliance.api import reference
from tests.api.visiting import begin
from tests.house import House

SITE = "https://intranet.test"
SECRET = "Segredo: seja breve e não fale de preços."
HOUSE = Path(__file__).parents[2] / "appliance"
NAMES = re.compile(
    r'"(instructions|system_prompt|secret|password|password_hash|token|token_hash|path|origins)":'
)


def readable(house: House) -> list[str]:
    """The routes that read something, pages and files aside."""
    return [
        route.path
        for route in reference.routes_of(house.app)
        if route.method == "get" and "application/json" in route.gives
    ]


def answers(house: House, client: Any, ids: dict[str, str]) -> dict[str, str]:
    """What a caller is given by every such route that lets it in."""
    found = {}
    for path in readable(house):
        answer = client.get(re.sub(r"\{(\w+)\}", lambda hole: ids.get(hole[1], "1"), path))
        if answer.status_code == 200:
            found[path] = answer.text
    return found


@pytest.mark.guarantee("SEC-18")
@pytest.mark.parametrize("identity", ["nobody", "visitor", "member", "auditor"])
def test_instructions_keys_paths_and_versions_are_told_to_nobody_outside(
    house: House, identity: str
) -> None:
    made = house.assistant(instructions=SECRET, origins=[SITE])
    document = house.upload(made["collections"][0])
    house.client.post("/api/keys", json={"name": "robô", "scopes": ["ask"]})
    ids = {
        "assistant_id": made["id"],
        "document_id": document["id"],
        "public_id": made["public_id"],
    }
    ids |= {"collection_id": made["collections"][0]}

    if identity == "nobody":
        with house.as_nobody() as client:
            told = answers(house, client, ids)
    elif identity == "visitor":
        token = begin(house.parts.database, made["public_id"], SITE)
        with house.as_nobody() as client:
            client.headers["authorization"] = f"Bearer {token}"
            told = answers(house, client, ids)
            del client.headers["authorization"]
    else:
        with house.as_a(identity) as client:  # type: ignore[arg-type]
            told = answers(house, client, ids)

    assert "/health/live" in told
    for path, text in told.items():
        assert SECRET not in text, path
        assert NAMES.search(text) is None, (path, text[:300])
        assert str(house.settings.data) not in text, path
        assert not re.search(r"bk_\w{8}|\$argon2", text), path
        # Members see the status page, which says which version answers them.
        assert f'"{__version__}"' not in text or path == "/api/system", path


@pytest.mark.guarantee("SEC-18")
def test_no_answer_says_what_program_answers(house: House) -> None:
    headers = house.client.get("/api/setup").headers

    assert "server" not in headers
    assert "x-powered-by" not in headers
    assert __version__ not in str(headers)


@pytest.mark.guarantee("SEC-18")
def test_no_prompt_holds_a_credential_or_a_path() -> None:
    """A model tells its prompt to whoever asks cleverly enough."""
    texts = [
        str(node.value)
        for node in ast.walk(ast.parse((HOUSE / "answering/prompts.py").read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    telling = re.compile(r"bk_|bw_|Bearer|password|senha|secret|/var/|/home/|https?://", re.I)
    assert [text for text in texts if telling.search(text)] == []
