"""RTF packed by Outlook; the first two examples are those of MS-OXRTFCP, section 4."""

import struct

import pytest

from appliance.index.reading.packed_rtf import unpacked

HELLO = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d"
    "0a800fa0"
)
REPEATED = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


def plain(text: bytes) -> bytes:
    return struct.pack("<II4sI", len(text) + 12, len(text), b"MELA", 0) + text


def test_the_examples_of_the_specification_are_unpacked() -> None:
    assert unpacked(HELLO, 1000) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert unpacked(REPEATED, 1000) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


def test_what_is_not_packed_is_taken_as_it_is() -> None:
    assert unpacked(plain(b"{\\rtf1 Ol\\'e1}"), 1000) == b"{\\rtf1 Ol\\'e1}"


@pytest.mark.parametrize("kept", range(0, len(HELLO), 3))
def test_what_was_cut_off_gives_its_beginning(kept: int) -> None:
    assert b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n".startswith(
        unpacked(HELLO[:kept], 1000)
    )


def test_no_more_comes_out_than_may() -> None:
    bomb = struct.pack("<II4sI", 0, 2**32 - 1, b"LZFu", 0) + b"\xff" + b"\x00\x0f" * 100_000

    assert len(unpacked(bomb, 5000)) <= 5000
    assert unpacked(b"something else entirely", 1000) == b""
