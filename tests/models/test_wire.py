"""The words between the appliance and its model runner."""

import socket
import subprocess
import sys

import numpy as np
import pytest

from appliance.errors import BadRequest, NotFound, Unavailable, Unreadable
from appliance.models import Prompt, Sampling, Turn, wire
from appliance.records import Problem


def carried(reply: wire.Reply) -> wire.Reply | None:
    """A reply, sent and received over a real socket."""
    here, there = socket.socketpair()
    with here, there:
        here.sendall(wire.frame(reply))
        return wire.receive(there)


def test_every_request_arrives_as_it_was_sent() -> None:
    prompt = Prompt(system="s", turns=(Turn(role="user", text="ação €"),))
    requests: list[wire.Request] = [
        wire.Health(),
        wire.Cancel(),
        wire.Embed(["a", ""], "query"),
        wire.Embed(["a"], model="minilm"),
        wire.Count(["a"]),
        wire.Generate(prompt, Sampling(max_tokens=3, stop=("\n",)), "ana", "rh"),
    ]
    for request in requests:
        framed = wire.frame(request)
        assert wire.body_length(framed[:4]) == len(framed) - 4
        assert wire.request(framed[4:]) == request


def test_the_text_of_a_langchain_message_travels_as_text() -> None:
    from langchain_core.messages import HumanMessage

    text = HumanMessage("Qual é o prazo?").text
    assert type(text) is not str
    prompt = Prompt(system=text, turns=(Turn(role="user", text=text),))

    for request in (wire.Count([text]), wire.Generate(prompt, Sampling())):
        assert wire.request(wire.frame(request)[4:]) == request


def test_what_is_no_text_is_not_sent() -> None:
    with pytest.raises(NotImplementedError, match="object in a frame"):
        wire.frame(wire.Count([object()]))  # type: ignore[list-item]


def test_every_reply_arrives_as_it_was_sent() -> None:
    part = wire.Part(name="m", state="failed", problem=Problem(code="x", facts={"n": 1}))
    replies: list[wire.Reply] = [
        wire.Condition(pid=1, embedder=part, language=wire.Part(), others=(part,)),
        wire.Counted([1, 2]),
        wire.Waiting(0, 12.5),
        wire.Piece("é"),
        wire.Done(prompt_tokens=1, reused_tokens=0, tokens=2, ending="end"),
        wire.Failed(kind="Unavailable", code="engine_busy", retry_after=3),
    ]
    for reply in replies:
        assert carried(reply) == reply


def test_vectors_arrive_bit_by_bit() -> None:
    rows = np.random.default_rng(1).standard_normal((3, 5)).astype(np.float32)
    sent = wire.Embedded(rows=3, dimensions=5, data=rows.astype("<f4").tobytes(), stamp="m@1")

    received = carried(sent)

    assert isinstance(received, wire.Embedded)
    assert np.array_equal(received.vectors(), rows)
    received.vectors()[0, 0] = 1  # the receiver owns them


@pytest.mark.parametrize(
    "refusal",
    [
        BadRequest("prompt_too_long", tokens=9, limit=3),
        Unavailable("engine_busy", retry_after=4, waiting=64),
        NotFound("unknown_model", name="x", known="y"),
        Unreadable("not_a_gguf", file="x"),
    ],
)
def test_a_refusal_is_raised_on_the_other_side_as_it_was_here(
    refusal: BadRequest | Unavailable,
) -> None:
    received = carried(wire.failed(refusal))

    assert isinstance(received, wire.Failed)
    again = received.refusal()
    assert type(again) is type(refusal)
    assert (again.code, again.facts) == (refusal.code, refusal.facts)
    assert again.retry_after == refusal.retry_after


def test_a_refusal_of_an_unknown_kind_is_still_a_refusal() -> None:
    assert isinstance(wire.Failed(kind="Exception", code="x").refusal(), Unavailable)


def test_a_closed_connection_is_none_even_in_the_middle_of_a_frame() -> None:
    for sent in (b"", b"\0\0", wire.frame(wire.Piece("abc"))[:-1]):
        here, there = socket.socketpair()
        with there:
            here.sendall(sent)
            here.close()
            assert wire.receive(there) is None


@pytest.mark.parametrize("head", [b"\0\0\0\0", b"\xff\xff\xff\xff", b"GET "])
def test_an_absurd_length_is_refused_before_anything_is_read(head: bytes) -> None:
    with pytest.raises(wire.BadFrame):
        wire.body_length(head)


@pytest.mark.parametrize("body", [b"", b"\xc1", b"\x81\xa4type\xa7unknown", b"\x93\x01\x02\x03"])
def test_a_body_that_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(wire.BadFrame):
        wire.request(body)
    with pytest.raises(wire.BadFrame):
        wire.reply(body)


def test_a_message_too_long_for_a_frame_is_refused_by_the_sender() -> None:
    with pytest.raises(wire.BadFrame):
        wire.frame(wire.Piece("x" * (wire.LARGEST_FRAME + 1)))


def test_the_appliances_side_loads_no_heavy_library() -> None:
    code = (
        "import sys, appliance.models.client, appliance.models.catalogue;"
        "heavy = {'torch', 'llama_cpp', 'sentence_transformers', 'transformers', 'asyncio'};"
        "sys.exit(' '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert (child.returncode, child.stderr) == (0, "")
