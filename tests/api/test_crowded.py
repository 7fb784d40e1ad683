"""More questions than can be searched: a place in the line, or a sentence and a time."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from appliance.answering.entrance import Entrance
from appliance.errors import sentence
from appliance.models import Vectors
from tests.api.served import Served, served
from tests.fakes import WordEmbedder
from tests.whole.crowd import Asker, Heard, ask
from tests.whole.running import eventually

__all__ = ["served"]

QUESTION = "Qual é a multa por atraso na devolução de livros?"


class Held(WordEmbedder):
    """Embeds no question until it may."""

    def __init__(self) -> None:
        self.may = threading.Event()
        self.asked = 0

    def embed(self, texts: list[str], *, kind: str = "passage") -> Vectors:
        if kind == "query":
            self.asked += 1
            self.may.wait(60)
        return super().embed(texts, kind="passage")


@pytest.fixture
def held(served: Served) -> Iterator[Held]:
    """The served house, one search at a time, each held until it may go on."""
    embedder = Held()
    served.house.parts.finder.embedder = embedder
    served.house.parts.answering.entrance = Entrance(at_once=1, longest=1)
    yield embedder
    embedder.may.set()


def asker(served: Served, **fields: str) -> Asker:
    return Asker(secret=served.secret(), assistant=served.assistant()["id"], **fields)


def waiting(served: Served, count: int) -> None:
    line = served.house.parts.answering.entrance._line
    eventually(lambda: len(line) == count, f"not {count} in the line")


def test_the_next_one_is_told_its_place_and_one_too_many_when_to_come_back(
    served: Served, held: Held
) -> None:
    one = asker(served, language="en")

    async def three() -> list[Heard]:
        first = asyncio.create_task(ask(served.address, one, QUESTION))
        await asyncio.to_thread(eventually, lambda: held.asked, "nothing is searched")
        second = asyncio.create_task(ask(served.address, one, QUESTION))
        await asyncio.to_thread(waiting, served, 1)
        third = await ask(served.address, one, QUESTION)
        held.may.set()
        return [await first, await second, third]

    first, second, third = asyncio.run(three())

    assert first.events[0] == "passages"
    assert second.events[:2] == ["queue", "passages"]
    assert first.events[-1] == second.events[-1] == "done"
    assert (third.status, third.problem["code"]) == (503, "engine_busy")
    assert int(third.retry_after) >= 1
    # A key's readers are answered in the language that they ask for.
    assert third.problem["detail"] == sentence("engine_busy", {"waiting": 1}, "en")
    assert served.states() == ["answered", "answered"]


@pytest.mark.guarantee("REL-12")
def test_whoever_leaves_before_their_turn_is_not_searched_for(served: Served, held: Held) -> None:
    one = asker(served)

    async def second_leaves() -> Heard:
        first = asyncio.create_task(ask(served.address, one, QUESTION))
        await asyncio.to_thread(eventually, lambda: held.asked, "nothing is searched")
        leave = asyncio.Event()
        second = asyncio.create_task(ask(served.address, one, QUESTION, leave))
        await asyncio.to_thread(waiting, served, 1)
        leave.set()
        await second
        await asyncio.to_thread(waiting, served, 0)
        held.may.set()
        return await first

    assert asyncio.run(second_leaves()).ended
    assert held.asked == 1
    assert served.states() == ["answered"]


def test_a_conversation_that_is_not_theirs_is_refused_before_the_line(
    served: Served, held: Held
) -> None:
    made = served.assistant()

    told = served.house.client.post(
        f"/api/assistants/{made['id']}/ask",
        json={"question": QUESTION, "conversation": "0000", "stream": True},
    )

    assert told.status_code == 404
    assert held.asked == 0


def test_a_long_write_holds_up_nobody_who_reads(served: Served) -> None:
    secret = served.secret()

    with served.house.parts.database.write():
        # The key is used for the first time, which is noted once the other write is over.
        told = httpx.get(
            f"{served.address}/v1/models",
            headers={"authorization": f"Bearer {secret}"},
            trust_env=False,
            timeout=20,
        )

    assert told.status_code == 200
    eventually(lambda: used(served), "the use of the key was not noted")


def used(served: Served) -> str | None:
    row = served.house.parts.database.row("select last_used_at from keys")
    return row and row["last_used_at"]


def test_a_reader_who_leaves_while_sending_is_no_fault_of_ours(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    head = (
        "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n"
        f"Authorization: Bearer {served.secret()}\r\nContent-Type: application/json\r\n\r\n"
    )
    place = urlsplit(served.address)
    state = served.server.server_state

    with socket.create_connection((place.hostname, place.port)) as line:
        line.sendall(head.encode() + b'{"model": ')
        eventually(lambda: state.tasks, "the request did not come")
    eventually(lambda: not state.tasks, "the request did not end")

    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
