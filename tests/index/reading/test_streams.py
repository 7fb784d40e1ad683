"""A PDF that could hold a bomb is recognised before anything is unpacked."""

import mmap
import zlib
from pathlib import Path

from appliance.index.reading import streams

LIMIT = 2**20


def may_burst(path: Path, content: bytes) -> bool:
    path.write_bytes(content)
    with path.open("rb") as file:
        memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        return streams.may_burst(memory, LIMIT)


def stream(data: bytes, description: bytes = b"/Filter /FlateDecode") -> bytes:
    return b"1 0 obj\n<<%s>>\nstream\n%s\nendstream\nendobj\n" % (description, data)


def test_a_stream_that_unpacks_to_more_than_the_limit_may_burst(tmp_path: Path) -> None:
    assert may_burst(tmp_path / "a", stream(zlib.compress(bytes(LIMIT + 1))))


def test_a_stream_that_unpacks_to_less_does_not(tmp_path: Path) -> None:
    noise = b"".join(b"%d " % (n * n) for n in range(20_000))

    assert not may_burst(tmp_path / "a", stream(zlib.compress(noise)))


def test_a_picture_is_never_a_pages_words(tmp_path: Path) -> None:
    picture = b"/Subtype /Image /Filter /FlateDecode"

    assert not may_burst(tmp_path / "a", stream(zlib.compress(bytes(LIMIT + 1)), picture))


def test_filters_one_over_the_other_are_not_believed(tmp_path: Path) -> None:
    twice = b"/Filter [/FlateDecode /FlateDecode]"

    assert may_burst(tmp_path / "a", stream(bytes(2_000), twice))


def test_what_only_says_it_is_deflated_may_be_anything(tmp_path: Path) -> None:
    assert may_burst(tmp_path / "a", stream(b"\x99" * 2_000))


def test_a_long_stream_without_a_filter_is_as_long_as_it_is(tmp_path: Path) -> None:
    assert not may_burst(tmp_path / "a", stream(bytes(5_000), b""))
    assert may_burst(tmp_path / "a", stream(bytes(LIMIT + 1), b""))


def test_a_file_without_streams_holds_no_bomb(tmp_path: Path) -> None:
    assert not may_burst(tmp_path / "a", b"%PDF-1.4 nothing")
