"""Whoever is sent away is out within a second, and what they were listening to ends within
five (SEC-26)."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from appliance import accounts
from appliance.api import guards
from appliance.signin import password, sessions
from tests.api.served import Served, served

__all__ = ["served"]

WORD = "três gatos na janela"
SITE = "https://escola.example"
QUESTION = {"question": "Qual é a multa por atraso?", "stream": True}


class Listening:
    """An answer that never ends, and somebody who listens to it."""

    def __init__(self, served: Served, assistant: str, headers: dict[str, str]) -> None:
        self.text = ""
        self.began = threading.Event()
        self.thread = threading.Thread(target=self.listen, args=(served, assistant, headers))
        self.thread.start()
        assert self.began.wait(20)

    def listen(self, served: Served, assistant: str, headers: dict[str, str]) -> None:
        path = f"{served.address}/api/assistants/{assistant}/ask"
        with httpx.stream("POST", path, json=QUESTION, headers=headers, timeout=30) as answer:
            assert answer.status_code == 200
            for piece in answer.iter_text():
                self.text += piece
                if "event: token" in self.text:
                    self.began.set()

    def ends_within(self, seconds: float) -> bool:
        self.thread.join(seconds)
        return not self.thread.is_alive()


class Somebody:
    """A person with two sessions and a key of their own, a widget's visitor beside them."""

    def __init__(self, served: Served) -> None:
        self.served = served
        served.says = endless
        self.assistant = served.assistant(origins=[SITE])
        database = served.house.parts.database
        with database.write() as writer:
            self.id = accounts.create(
                writer,
                name="Bia",
                email="bia@escola.example",
                password_hash=password.hashed(WORD),
                role="admin",
            ).id
        self.session, self.other = self.signed_in(), self.signed_in()
        body = {"name": "programa", "scopes": ["ask"]}
        made = self.request("POST", "/api/keys", self.session, json=body).json()
        self.key_id, self.key = made["key"]["id"], bearer(made["secret"])
        path = f"/api/widget/{self.assistant['public_id']}/session"
        visit = self.request("POST", path, {"origin": SITE}, json={})
        self.visitor = bearer(visit.json()["token"]) | {"origin": SITE}
        told = self.request("POST", "/api/widget/acceptance", self.visitor, json={"version": 1})
        assert told.status_code == 200, told.text

    def signed_in(self) -> dict[str, str]:
        parts = self.served.house.parts
        with parts.database.write() as writer:
            token = sessions.begin(writer, self.id, hours=1)
        return {"cookie": f"{guards.cookie_name(parts.settings)}={token}"}

    def request(
        self, method: str, path: str, headers: dict[str, str], **sent: Any
    ) -> httpx.Response:
        return httpx.request(
            method, f"{self.served.address}{path}", headers=headers, timeout=10, **sent
        )

    def known(self, headers: dict[str, str]) -> bool:
        return self.request("GET", "/api/conversations", headers).status_code == 200

    def listen(self, headers: dict[str, str]) -> Listening:
        return Listening(self.served, self.assistant["id"], headers)

    def sign_out(self) -> None:
        self.request("DELETE", "/api/session", self.session)

    def change_password(self) -> None:
        body = {"password": "quatro patos no lago", "current_password": WORD}
        self.request("PATCH", f"/api/people/{self.id}", self.session, json=body)

    def deactivate(self) -> None:
        self.served.house.client.patch(f"/api/people/{self.id}", json={"active": False})

    def lose_the_key(self) -> None:
        self.served.house.client.delete(f"/api/keys/{self.key_id}")

    def close_the_widget(self) -> None:
        path = f"/api/assistants/{self.assistant['id']}"
        self.served.house.client.patch(path, json={"origins": []})


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def endless(_: object) -> Iterator[str]:
    while True:
        time.sleep(0.05)
        yield "mais "


CASES: dict[str, tuple[Callable[[Somebody], None], set[str]]] = {
    "a: signed out": (Somebody.sign_out, {"session"}),
    "b: a new password": (Somebody.change_password, {"session", "other"}),
    "c: deactivated": (Somebody.deactivate, {"session", "other", "key"}),
    "d: the key deleted": (Somebody.lose_the_key, {"key"}),
    "e: the widget closed": (Somebody.close_the_widget, {"visitor"}),
}


@pytest.mark.guarantee("SEC-26")
@pytest.mark.parametrize("case", CASES)
def test_what_was_taken_away_opens_nothing_and_is_told_nothing_more(
    served: Served, case: str
) -> None:
    """The smaller twin of stopping a clock: five seconds are waited for, not measured."""
    act, ended = CASES[case]
    bia = Somebody(served)
    credentials = ("session", "other", "key", "visitor")
    assert all(bia.known(getattr(bia, name)) for name in credentials)
    listening = bia.listen(getattr(bia, min(ended, key=credentials.index)))

    act(bia)

    assert {name for name in credentials if not bia.known(getattr(bia, name))} == ended
    assert listening.ends_within(5)
    assert '"code":"not_signed_in"' in listening.text
    assert "event: done" not in listening.text


def test_who_still_stands_hears_the_answer_to_its_end(served: Served) -> None:
    bia = Somebody(served)
    served.says = lambda _: iter(["A multa ", *(slowly() for _ in range(60)), "é de R$ 1,50."])
    listening = bia.listen(bia.session)

    assert listening.ends_within(20)
    assert "event: done" in listening.text


def slowly() -> str:
    return "pequena "


@pytest.mark.guarantee("SEC-26")
def test_an_answer_ends_for_whoever_loses_the_assistant_meanwhile(served: Served) -> None:
    """She may go on with everything else: only this assistant does not exist for her any more."""
    bia = Somebody(served)
    served.house.client.patch(f"/api/people/{bia.id}", json={"role": "member"})
    session = bia.signed_in()
    group = served.house.client.post("/api/groups", json={"name": "Diretoria"}).json()["id"]
    listening = bia.listen(session)

    path = f"/api/assistants/{bia.assistant['id']}"
    closed = served.house.client.patch(path, json={"access": "groups", "groups": [group]})

    assert closed.status_code == 200, closed.text
    assert listening.ends_within(5)
    assert '"code":"not_found"' in listening.text
    assert "event: done" not in listening.text
    assert bia.known(session)
    again = bia.request("POST", f"{path}/ask", session, json=QUESTION)
    assert again.status_code == 404


def test_a_key_made_by_a_key_ends_with_the_same_person(served: Served) -> None:
    bia = Somebody(served)
    body = {"name": "mãe", "scopes": ["admin"]}
    mother = bearer(bia.request("POST", "/api/keys", bia.session, json=body).json()["secret"])
    child = bearer(bia.request("POST", "/api/keys", mother, json=body).json()["secret"])

    bia.deactivate()
    assert not bia.known(child)

    served.house.client.patch(f"/api/people/{bia.id}", json={"active": True})
    assert bia.known(child)

    served.house.client.delete(f"/api/people/{bia.id}")
    assert not bia.known(child)
