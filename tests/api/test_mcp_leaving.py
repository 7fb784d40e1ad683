"""Clients of MCP that leave, wait, or come twenty at a time."""

import asyncio
import time
from collections.abc import Iterator

import httpx
import pytest

from appliance.api import mcp_server
from appliance.models import Prompt
from appliance.settings import Settings
from tests.api.served import FINE, Served, served
from tests.api.speaking import (
    DISCOVER,
    HANDSHAKE,
    SPOKEN,
    request,
    sent,
    speaking,
    spoken,
)
from tests.whole.running import eventually

__all__ = ["served"]

QUESTION = "Qual é a multa por atraso na devolução de livros?"
ERAS = pytest.mark.parametrize("era", [HANDSHAKE, DISCOVER])


@pytest.fixture
def busy(settings: Settings) -> Iterator[Served]:
    """A house whose keys may ask often."""
    opened = Served(Settings(data_dir=settings.data_dir, key_questions_per_minute=1000))
    yield opened
    opened.stop()


def slowly(prompt: Prompt) -> Iterator[str]:
    """An answer that takes a quarter of an hour."""
    for _ in range(3000):
        yield f"{FINE} "
        time.sleep(0.3)


@ERAS
def test_a_client_that_leaves_stops_the_model(served: Served, era: str) -> None:
    served.assistant()
    served.says = slowly
    secret = served.secret()

    async def leaves() -> None:
        async with speaking(served, secret, era) as session:
            asking = asyncio.create_task(session.call_tool("ask", {"question": QUESTION}))
            await asyncio.to_thread(eventually, lambda: served.writer.writings, "nobody asked")
            asking.cancel()

    asyncio.run(leaves())

    eventually(lambda: served.writer.writings[0].closed.is_set(), "the model went on", 5)
    eventually(lambda: served.states() == ["stopped"], "the answer was not kept", 5)


@pytest.mark.guarantee("REL-12")
def test_a_connection_that_breaks_stops_the_model(served: Served) -> None:
    served.assistant()
    served.says = slowly
    body = request("tools/call", name="ask", arguments={"question": QUESTION})

    with httpx.stream(
        "POST",
        f"{served.address}/mcp",
        json=body,
        headers=SPOKEN | {"authorization": f"Bearer {served.secret()}"},
        trust_env=False,
    ):
        eventually(lambda: served.writer.writings, "nobody asked")

    eventually(lambda: served.writer.writings[0].closed.is_set(), "the model went on", 5)
    eventually(lambda: served.states() == ["stopped"], "the answer was not kept", 5)


@ERAS
def test_a_client_that_wants_to_know_hears_that_it_goes_on(
    served: Served, era: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mcp_server, "BEAT_SECONDS", 0.1)
    served.assistant()
    heard: list[float] = []

    def thinks(prompt: Prompt) -> Iterator[str]:
        eventually(lambda: len(heard) > 2, "no progress was told", 20)
        yield FINE

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        heard.append(progress)

    served.says = thinks
    told = spoken(
        served,
        lambda session: session.call_tool("ask", {"question": QUESTION}, progress_callback=hear),
        era=era,
    )

    assert not told.is_error
    assert heard == sorted(set(heard))


def test_twenty_ask_at_once_and_somebody_searches_meanwhile(busy: Served) -> None:
    busy.assistant()
    secret = busy.secret()
    searched = []

    def together(prompt: Prompt) -> Iterator[str]:
        eventually(lambda: len(busy.writer.prompts) == 20, "they do not run side by side")
        eventually(lambda: searched, "the search waits for the answers")
        yield FINE

    async def one(era: str) -> bool:
        async with speaking(busy, secret, era) as session:
            told = await session.call_tool("ask", {"question": QUESTION})
            return bool(told.structured_content["supported"])

    async def search() -> None:
        await asyncio.to_thread(eventually, lambda: len(busy.writer.prompts) == 20, "not all ask")
        async with speaking(busy, secret) as session:
            told = await session.call_tool("search", {"query": "multa"})
            searched.append(told.structured_content["passages"])

    async def all_of_them() -> list[bool]:
        eras = [HANDSHAKE, DISCOVER] * 10
        *told, _ = await asyncio.gather(*(one(era) for era in eras), search())
        return told

    busy.says = together

    assert asyncio.run(all_of_them()) == [True] * 20
    assert busy.states() == ["answered"] * 20


def test_nothing_is_left_of_a_request(busy: Served) -> None:
    secret = busy.secret()
    loop = busy.server.servers[0].get_loop()

    async def count() -> int:
        return len(asyncio.all_tasks())

    def at_work() -> int:
        return asyncio.run_coroutine_threadsafe(count(), loop).result(10)

    sent(busy, secret, request("tools/list"))
    after_the_first = at_work()
    for _ in range(20):
        sent(busy, secret, request("tools/list"))

    eventually(lambda: at_work() <= after_the_first, "requests left tasks behind", 10)
