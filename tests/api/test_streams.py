"""Streams: named events, failures among them."""

import asyncio
import threading

import msgspec
import pytest

from appliance.api import streams
from appliance.errors import NotFound, Unavailable
from tests.house import events


def told(work) -> list:
    async def collect() -> str:
        stream = await streams.begin(work, "pt")
        return b"".join([piece async for piece in stream.iterator]).decode()

    return list(events(asyncio.run(collect())))


def test_events_come_in_order_with_their_names():
    def work(stop):
        yield "one", b'{"n": 1}'
        yield "two", b'{"n": 2}'

    assert told(work) == [("one", {"n": 1}), ("two", {"n": 2})]


def test_a_refusal_before_the_first_event_is_an_ordinary_refusal():
    def work(stop):
        raise NotFound
        yield

    with pytest.raises(NotFound):
        told(work)


def test_a_refusal_on_the_way_is_the_last_event():
    def work(stop):
        yield "token", b"{}"
        raise Unavailable("not_found")

    names = told(work)

    assert [name for name, _ in names] == ["token", "problem"]
    assert names[1][1]["code"] == "not_found"
    assert "endereço" in names[1][1]["detail"]


def test_a_value_error_does_not_end_a_stream_as_if_all_were_well(caplog):
    def work(stop):
        yield "token", b"{}"
        raise ValueError("Requested tokens exceed context window")

    problem = told(work)[-1]

    assert problem[0] == "problem"
    assert problem[1]["code"] == "unexpected"
    assert "context window" not in problem[1]["detail"]
    assert "context window" in caplog.text


def test_when_the_reader_leaves_the_work_is_told():
    left, went_on = threading.Event(), threading.Event()

    def work(stop):
        stop.then(left.set)
        yield "token", b"{}"
        assert left.wait(5)
        went_on.set()

    async def leave() -> None:
        stream = await streams.begin(work, "pt")
        async for _ in stream.iterator:
            break
        await stream.iterator.aclose()

    asyncio.run(leave())

    assert left.is_set()
    assert went_on.wait(5)


def test_silence_is_filled_with_heartbeats(monkeypatch):
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.02)
    heard = threading.Event()

    def work(stop):
        yield "one", b"{}"
        assert heard.wait(5)
        yield "two", b"{}"

    async def listen() -> list[bytes]:
        pieces = []
        async for piece in (await streams.begin(work, "pt")).iterator:
            pieces.append(piece)
            if piece.startswith(b":"):
                heard.set()
        return pieces

    pieces = asyncio.run(listen())

    assert b": still here\n\n" in pieces
    assert pieces[-1] == streams.encoded("two", b"{}")


def test_an_event_is_one_line_of_json():
    name, data = "token", msgspec.json.encode({"text": "uma\nlinha"})

    assert streams.encoded(name, data) == b'event: token\ndata: {"text":"uma\\nlinha"}\n\n'


def spoken(work) -> bytes:
    """What a reader of another dialect is sent."""
    dialect = streams.Dialect(lambda fault, language: f"! {fault.code}\n".encode(), b"end\n")

    async def collect() -> bytes:
        stream = await streams.begin(work, "pt", dialect)
        return b"".join([piece async for piece in stream.iterator])

    return asyncio.run(collect())


def test_another_dialect_says_in_its_own_words_that_the_stream_has_ended():
    def work(stop):
        yield "", b"{}"

    assert spoken(work) == b"data: {}\n\nend\n"


def test_a_stream_that_failed_does_not_also_say_that_it_ended():
    def work(stop):
        yield "", b"{}"
        raise Unavailable("engine_down")

    assert spoken(work) == b"data: {}\n\n! engine_down\n"


def test_what_works_apart_gives_what_it_found_or_raises_it():
    def refuses():
        raise NotFound

    assert asyncio.run(streams.apart(lambda: threading.current_thread().name)) == "answer"
    with pytest.raises(NotFound):
        asyncio.run(streams.apart(refuses))
