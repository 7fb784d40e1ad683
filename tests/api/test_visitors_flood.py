"""Many who ask through a widget and never listen: the others notice nothing (SEC-47)."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from appliance.api.guards import cookie_name
from appliance.api.turns import LONGEST, TURNS
from tests.api.served import FINE, Served, served
from tests.api.visiting import accept
from tests.whole.running import eventually

__all__ = ["served"]

SITE = "https://www.escola.example"
QUESTION = "Qual é a multa por atraso na devolução de livros?"
DEAF = 500
SLOW = "Pense muito."


@pytest.fixture
def flooded(served: Served) -> Iterator[dict[str, Any]]:
    """An assistant whose every answer is held back while 500 wait for one and never read."""
    may = threading.Event()

    def held(prompt: Any) -> str:
        if SLOW in prompt.system:
            may.wait(120)
        return FINE

    made = served.assistant(origins=[SITE], instructions=SLOW)
    tokens = [begin(served, made["public_id"]) for _ in range(25)]
    other = served.assistant("Biblioteca")
    secret = served.secret()
    served.says = held
    with contextlib.ExitStack() as deaf:
        for number in range(DEAF):
            deaf.enter_context(ask_and_never_read(served, made["id"], tokens[number % 25]))
        eventually(lambda: len(served.writer.prompts) == 8, "the places are not taken")
        yield {"flooded": made, "other": other, "secret": secret}
        may.set()
    eventually(lambda: TURNS.under_way(made["id"]) == 0, "somebody kept a place")


def begin(served: Served, public: str) -> str:
    with httpx.Client(base_url=served.address, trust_env=False, timeout=30) as client:
        sent = client.post(f"/api/widget/{public}/session", headers={"origin": SITE})
        token = str(sent.json()["token"])
        accept(client, public, token)
    return token


def ask_and_never_read(served: Served, assistant: str, token: str) -> socket.socket:
    place = urlsplit(served.address)
    line = socket.create_connection((place.hostname, place.port), timeout=30)
    body = json.dumps({"question": QUESTION, "stream": True})
    line.sendall(
        f"POST /api/assistants/{assistant}/ask HTTP/1.1\r\nHost: {place.netloc}\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    return line


@pytest.mark.guarantee("SEC-47")
def test_five_hundred_who_never_read_are_felt_by_nobody_else(
    served: Served, flooded: dict[str, Any]
) -> None:
    cookie = {"cookie": f"{cookie_name(served.house.settings)}={session_of(served)}"}
    times = []
    with httpx.Client(base_url=served.address, trust_env=False, timeout=30) as client:
        for _ in range(40):
            began = time.monotonic()
            told = client.get(f"/api/assistants/{flooded['flooded']['id']}", headers=cookie)
            times.append(time.monotonic() - began)
            assert told.status_code == 200
        answer = client.post(
            f"/api/assistants/{flooded['other']['id']}/ask",
            json={"question": QUESTION},
            headers={"authorization": f"Bearer {flooded['secret']}"},
        )
        token = begin(served, flooded["flooded"]["public_id"])
        late = client.post(
            f"/api/assistants/{flooded['flooded']['id']}/ask",
            json={"question": QUESTION},
            headers={"authorization": f"Bearer {token}"},
        )

    assert sorted(times)[int(len(times) * 0.95)] < 5  # seconds; a place is held for 120
    assert answer.json()["state"] == "answered"
    assert (late.status_code, late.json()["code"]) == (429, "assistant_busy")
    assert int(late.headers["retry-after"]) >= 1
    assert len(served.states()) <= 8 + 1, "of those turned away nothing is stored"
    assert len(served.house.parts.answering.entrance._line) <= LONGEST


def session_of(served: Served) -> str:
    return str(served.house.client.cookies[cookie_name(served.house.settings)])


@pytest.mark.guarantee("SEC-47")
def test_a_hundred_questions_of_eight_thousand_words_reach_no_search_and_no_model(
    served: Served,
) -> None:
    made = served.assistant(origins=[SITE])
    headers = {"authorization": f"Bearer {begin(served, made['public_id'])}"}
    question = {"question": "prazo " * 8000}
    with httpx.Client(base_url=served.address, headers=headers, trust_env=False) as client:
        path = f"/api/assistants/{made['id']}/ask"
        told = [client.post(path, json=question) for _ in range(100)]

    assert {one.status_code for one in told} <= {400, 429}
    assert {one.json()["code"] for one in told} <= {"long_question", "too_many"}
    assert all("retry-after" in one.headers for one in told if one.status_code == 429)
    assert served.states() == []
    assert served.writer.prompts == []
