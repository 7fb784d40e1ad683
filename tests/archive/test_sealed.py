"""The cipher of a backup: whatever is done to the file, it shows, and is told by its name."""

import io
from collections.abc import Callable

import msgspec
import pytest

from appliance.archive import sealed
from appliance.archive.sealed import Head, Opener, Sealer
from appliance.errors import Unreadable

PLAIN = bytes(range(256)) * 9000  # two chunks and a part
HEAD = Head(
    format=sealed.FORMAT, id="b1", made_at="2026-11-26T10:00:00.000Z", program="0.7.0", steps=3,
    bytes=len(PLAIN), memory_kib=1024, iterations=1, lanes=1,
)  # fmt: skip
WHOLE = sealed.CHUNK + sealed.TAG


def written(plain: bytes = PLAIN, head: Head = HEAD) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, head, "correct horse")
    for at in range(0, len(plain), 100_000):
        sealer.write(plain[at : at + 100_000])
    sealer.close()
    return file.getvalue()


def read(data: bytes, passphrase: str = "correct horse") -> bytes:
    opener = Opener(io.BytesIO(data), passphrase)
    plain = opener.read(len(PLAIN) + 1)
    opener.finish()
    return plain


def refused(data: bytes, passphrase: str = "correct horse") -> str:
    with pytest.raises(Unreadable) as refusal:
        read(data, passphrase)
    return refusal.value.code


def start(data: bytes) -> int:
    """Where the chunks begin."""
    return data.index(b"\n", len(sealed.MAGIC)) + 1


@pytest.mark.parametrize("size", [0, 1, sealed.CHUNK, sealed.CHUNK + 1, len(PLAIN)])
def test_what_was_written_is_read_again(size: int) -> None:
    assert read(written(PLAIN[:size])) == PLAIN[:size]


def test_nothing_of_it_is_seen_in_the_file_and_two_are_never_alike() -> None:
    text = b"Os recibos devem ser entregues ao financeiro."

    first, second = written(text), written(text)

    assert text not in first
    assert first[start(first) :] != second[start(second) :]


def test_the_head_is_read_without_the_passphrase() -> None:
    found = sealed.head(io.BytesIO(written()))

    assert (found.id, found.made_at, found.bytes) == ("b1", HEAD.made_at, len(PLAIN))


def test_a_wrong_passphrase_is_told_from_a_damaged_file() -> None:
    assert refused(written(), "correct hors") == "backup_wrong_passphrase"


@pytest.mark.parametrize("back", [1, 20, WHOLE, 2 * WHOLE, 2 * WHOLE + 5])
def test_a_flipped_byte_shows_wherever_it_is(back: int) -> None:
    data = bytearray(written())
    data[-back] ^= 1

    assert refused(bytes(data)) == "backup_damaged"


def between(data: bytes) -> bytes:
    return data[: start(data) + WHOLE]


def before(data: bytes) -> bytes:
    return data[: start(data)]


def in_the_head(data: bytes) -> bytes:
    return data[: len(sealed.MAGIC) + 40]


@pytest.mark.parametrize("cut", [between, before, in_the_head])
def test_a_file_that_was_cut_says_so(cut: Callable[[bytes], bytes]) -> None:
    assert refused(cut(written())) == "backup_cut_off"


@pytest.mark.parametrize("size", [sealed.CHUNK // 2, sealed.CHUNK + 9, len(PLAIN)])
def test_a_chunk_that_was_cut_is_never_taken_for_whole(size: int) -> None:
    assert refused(written(PLAIN[:size])[:-1]) == "backup_damaged"


def test_chunks_in_another_order_twice_or_left_out_are_refused() -> None:
    data = written()
    at = start(data)
    head, first, second = data[:at], data[at : at + WHOLE], data[at + WHOLE : at + 2 * WHOLE]
    rest = data[at + 2 * WHOLE :]

    assert refused(head + second + first + rest) == "backup_damaged"
    assert refused(head + first + first + second + rest) == "backup_damaged"
    assert refused(head + second + rest) == "backup_damaged"
    assert refused(data + b"x") == "backup_damaged"


@pytest.mark.parametrize("field", ["id", "made_at", "program"])
def test_what_the_head_says_is_proven_with_every_chunk(field: str) -> None:
    data = written()
    head = msgspec.json.decode(data[len(sealed.MAGIC) : start(data) - 1], type=Head)
    forged = msgspec.json.encode(msgspec.structs.replace(head, **{field: "other"}))

    assert refused(sealed.MAGIC + forged + b"\n" + data[start(data) :]) == "backup_damaged"


def test_a_newer_format_is_named_before_anything_is_derived() -> None:
    assert refused(sealed.MAGIC + b'{"format": 2, "other": true}\n') == "backup_format_newer"


@pytest.mark.parametrize(
    "asked",
    [
        {"memory_kib": 1 << 30},
        {"iterations": 1 << 30},
        {"lanes": 0},
        {"lanes": 4096},
        {"chunk": 1 << 40},
        {"salt": "AAAA"},
        {"prefix": "?"},
    ],
)
def test_a_head_that_asks_for_too_much_is_refused_at_once(asked: dict[str, object]) -> None:
    data = written()
    head = msgspec.json.decode(data[len(sealed.MAGIC) : start(data) - 1])

    assert refused(sealed.MAGIC + msgspec.json.encode(head | asked) + b"\n") == "backup_damaged"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"balcao", b"SQLite format 3\x00"])
def test_another_kind_of_file_is_named_as_one(data: bytes) -> None:
    assert refused(data) == "not_a_backup"
