"""The house believes a frame only after it has checked it."""

import io
import struct

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.index.reading import wire
from appliance.index.reading.wire import BadFrame, Outline, PageBoxes, Rectangle, Refused
from appliance.records import Heading, Page

PAGE = Page(
    number=3,
    how="digital",
    text="Art. 1º",
    notes=("garbled",),
    headings=(Heading(start=0, level=1, title="Art. 1º"),),
)


def sent(name: wire.FrameName, value: object) -> bytearray:
    stream = io.BytesIO()
    wire.send(stream, name, value)
    return bytearray(stream.getvalue())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("outline", Outline(pages=2, title=None, paged=True)),
        ("page", PAGE),
        ("picture", b"\x89PNG"),
        (
            "boxes",
            PageBoxes(
                width=1.0, height=2.0, boxes=(Rectangle(left=0.1, top=0.2, right=0.3, bottom=0.4),)
            ),
        ),
        ("refusal", Refused(kind="Unreadable", code="no_text", facts={"pages": 3, "name": "a"})),
        ("crash", "ValueError"),
        ("end", None),
    ],
)
def test_a_frame_arrives_as_it_was_sent(name: wire.FrameName, value: object) -> None:
    buffer = sent(name, value)

    assert wire.take(buffer) == (name, value)
    assert buffer == b""


def test_frames_are_taken_one_by_one_and_only_when_whole() -> None:
    whole = sent("page", PAGE) + sent("end", None)
    buffer = bytearray()
    taken = []

    for byte in whole:
        buffer.append(byte)
        frame = wire.take(buffer)
        taken += [frame] if frame else []

    assert taken == [("page", PAGE), ("end", None)]


def test_a_frame_longer_than_any_is_refused_before_it_is_gathered() -> None:
    with pytest.raises(BadFrame):
        wire.take(bytearray(struct.pack(">I", wire.FRAME_LIMIT + 1)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("outline", {"pages": "two", "title": None, "paged": True}),
        ("page", {"number": 1}),
        ("picture", "not bytes"),
        ("attachment", {"file_name": "a.pdf", "content": 7}),
        ("refusal", {"kind": "SystemExit", "code": "x", "facts": {}}),
        ("no such frame", 1),
    ],
)
def test_a_value_of_another_type_is_refused(name: str, value: object) -> None:
    body = msgspec.msgpack.encode((name, value))

    with pytest.raises(BadFrame):
        wire.take(bytearray(struct.pack(">I", len(body)) + body))


@settings(database=None, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(body: bytes) -> None:
    buffer = bytearray(struct.pack(">I", len(body)) + body)
    try:
        frame = wire.take(buffer)
    except BadFrame:
        return
    assert frame is None or frame[0] in wire.TYPES
