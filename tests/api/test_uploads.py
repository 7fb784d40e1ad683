"""Files on their way in: counted, hashed, bounded, and gone when anything is wrong."""

import asyncio
import errno
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from appliance.api import uploads
from appliance.errors import BadRequest, NoSpace, TooLarge, UnsupportedType

FORM = "multipart/form-data; boundary=b"


class Sent:
    """A request as ``receive`` reads it: headers, and a body in pieces."""

    def __init__(self, *pieces: bytes, media_type: str = FORM) -> None:
        self.headers = {"content-type": media_type}
        self.pieces = pieces

    async def stream(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece


def part(name: str, content: bytes, file_name: str | None = None) -> bytes:
    named = f'; filename="{file_name}"' if file_name is not None else ""
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
    return head.encode() + content + b"\r\n"


END = b"--b--\r\n"


def received(sent: Any, folder: Path, limit_mb: int = 1) -> uploads.Form:
    return asyncio.run(uploads.receive(sent, folder, limit_mb))


def test_a_file_arrives_with_its_size_and_hash_however_it_is_cut(tmp_path: Path) -> None:
    content = bytes(range(256)) * 40
    body = part("file", content, "a.pdf") + END
    for size in (1, 7, 1000, len(body)):
        pieces = [body[i : i + size] for i in range(0, len(body), size)]

        (arrived,) = received(Sent(*pieces), tmp_path).files

        assert arrived.path.read_bytes() == content
        assert arrived.bytes == len(content)
        assert arrived.sha256 == hashlib.sha256(content).hexdigest()


def test_fields_and_files_come_in_any_order(tmp_path: Path) -> None:
    body = part("file", b"one", "a.txt") + part("language", b" pt ") + part("file", b"two", "b.txt")

    form = received(Sent(body + END), tmp_path)

    assert form.fields == {"language": "pt"}
    assert [(one.file_name, one.bytes) for one in form.files] == [("a.txt", 3), ("b.txt", 3)]


@pytest.mark.guarantee("SEC-04")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (END, "no_file"),
        (part("language", b"pt") + END, "no_file"),
        (part("file", b"one", "a.txt"), "broken_upload"),
        (b"no form at all", "broken_upload"),
        (part("file", b"one", "a.txt") + part("owner", b"me") + END, "unknown_field"),
        (part("file", b"one", "a.txt") + part("language", b"x" * 3000) + END, "bad_request"),
        (b"".join(part("file", b"x", "a.txt") for _ in range(300)) + END, "broken_upload"),
    ],
)
def test_a_bad_form_is_refused_and_leaves_no_file(tmp_path: Path, body: bytes, code: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        received(Sent(body), tmp_path)

    assert refusal.value.code == code
    assert list(tmp_path.iterdir()) == []


@pytest.mark.guarantee("SEC-04")
def test_a_file_over_the_limit_ends_there_and_takes_the_others_along(tmp_path: Path) -> None:
    taken = 0

    class Endless(Sent):
        async def stream(self) -> AsyncIterator[bytes]:
            nonlocal taken
            yield part("file", b"fine", "a.txt")
            yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="b"\r\n\r\n'
            while True:
                taken += 65536
                yield b"x" * 65536

    with pytest.raises(TooLarge) as refusal:
        received(Endless(), tmp_path)

    assert refusal.value.facts == {"limit_mb": 1}
    assert taken < 1_300_000
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "media_type", ["application/json", "multipart/form-data", "", "text/plain"]
)
def test_what_is_no_form_is_refused(tmp_path: Path, media_type: str) -> None:
    with pytest.raises(UnsupportedType):
        received(Sent(b"{}", media_type=media_type), tmp_path)


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    class Full(Sent):
        async def stream(self) -> AsyncIterator[bytes]:
            yield part("file", b"fine", "a.txt")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(NoSpace):
        received(Full(), tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_another_fault_of_the_disk_is_not_hidden(tmp_path: Path) -> None:
    class Broken(Sent):
        async def stream(self) -> AsyncIterator[bytes]:
            yield part("file", b"fine", "a.txt")
            raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        received(Broken(), tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.guarantee("SEC-01")
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\fakepath\\ata.pdf", "ata.pdf"),
        ("../../etc/passwd", "passwd"),
        ("ação nº 3.pdf", "ação nº 3.pdf"),
        ("linha\nnova\x00.pdf", "linhanova.pdf"),
        ("", "documento"),
        (None, "documento"),
        ("x" * 500, "x" * 200),
    ],
)
def test_a_file_name_is_text_for_people(given: str | None, kept: str) -> None:
    assert uploads.file_name(given) == kept


def test_what_nobody_moved_away_is_discarded(tmp_path: Path) -> None:
    form = received(Sent(part("file", b"one", "a.txt") + END), tmp_path)

    uploads.discard(form.files)
    uploads.discard(form.files)

    assert list(tmp_path.iterdir()) == []
