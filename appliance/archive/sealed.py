"""A stream under a passphrase: what a backup is on the disk.

One line of magic, one line of JSON (the head), then chunks. The key comes from the
passphrase by Argon2id (RFC 9106, section 4: the second recommended choice). The chunks are
the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, "Online
Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance" (CRYPTO 2015), over
ChaCha20-Poly1305 (RFC 8439): every chunk is sealed for itself under a nonce of a random
prefix, its number and whether it is the last, so that a chunk changed, moved, left out or
cut off shows. The head is authenticated with each of them. ``check`` in the head tells a
wrong passphrase from a damaged file before anything is read.
"""

import hmac
import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import BinaryIO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from appliance.errors import Unreadable
from appliance.records import Record

MAGIC = b"balcao backup\n"
FORMAT = 1
CHUNK = 1 << 20  # bytes of plain text in a chunk, what is held in memory at a time
TAG = 16
MEMORY_KIB, ITERATIONS, LANES = 1 << 16, 3, 4
# What a file from elsewhere may ask for before anything of it is proven.
HEAD_MOST, CHUNK_MOST = 65_536, 1 << 24
MEMORY_MOST_KIB, ITERATIONS_MOST, LANES_MOST = 1 << 20, 16, 16


class Head(Record, frozen=True):
    """The head of the file, readable without the passphrase. ``bytes`` is about how much is
    inside; ``program`` and ``steps`` tell which version made it."""

    format: int
    id: str
    made_at: str
    program: str
    steps: int
    bytes: int
    salt: str = ""
    prefix: str = ""
    check: str = ""
    memory_kib: int = MEMORY_KIB
    iterations: int = ITERATIONS
    lanes: int = LANES
    chunk: int = CHUNK


class _Format(Record, frozen=True):
    format: int


class Sealer:
    """Writes the sealed stream to a file; ``close`` seals the last chunk."""

    def __init__(self, file: BinaryIO, head: Head, passphrase: str) -> None:
        head = msgspec.structs.replace(
            head,
            salt=b64encode(os.urandom(16)).decode(),
            prefix=b64encode(os.urandom(7)).decode(),
        )
        self._cipher, check = _keys(head, passphrase)
        self.head = msgspec.structs.replace(head, check=check)
        self._line = msgspec.json.encode(self.head)
        self._file, self._held, self._number = file, bytearray(), 0
        file.write(MAGIC + self._line + b"\n")

    def write(self, data: bytes) -> int:
        """Take some plain text in."""
        self._held += data
        while len(self._held) > CHUNK:  # never empty: the last chunk is still to come
            self._seal(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return len(data)

    def close(self) -> None:
        """Seal what is left as the last chunk. The file itself stays open."""
        self._seal(bytes(self._held), last=True)
        self._held.clear()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        nonce = _nonce(self.head, self._number, last=last)
        self._file.write(self._cipher.encrypt(nonce, plain, self._line))
        self._number += 1


class Opener:
    """Reads the stream of a sealed file, each chunk once it is proven.

    Raises ``Unreadable``: ``not_a_backup``, ``backup_format_newer``,
    ``backup_wrong_passphrase``, ``backup_damaged``, ``backup_cut_off``.
    """

    def __init__(
        self, file: BinaryIO, passphrase: str, told: Callable[[int], None] = lambda _: None
    ) -> None:
        self._file, self._told = file, told
        self.head, self._line = _head(file)
        self._cipher, check = _keys(self.head, passphrase)
        if not hmac.compare_digest(check, self.head.check):
            raise Unreadable("backup_wrong_passphrase")
        self._held, self._number, self._ended = b"", 0, False
        self._next = file.read(self.head.chunk + TAG)

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes of plain text; fewer only at the end."""
        parts = []
        while size:
            if not self._held and not self._more():
                break
            part, self._held = self._held[:size], self._held[size:]
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def finish(self) -> None:
        """Read on to the end, so that nothing after what was wanted goes unproven."""
        while self._more():
            pass

    def _more(self) -> bool:
        if self._ended:
            return False
        sealed, self._next = self._next, self._file.read(self.head.chunk + TAG)
        last = not self._next
        try:
            nonce = _nonce(self.head, self._number, last=last)
            self._held = self._cipher.decrypt(nonce, sealed, self._line)
        except InvalidTag:
            raise Unreadable(self._fault(sealed, last=last)) from None
        self._number, self._ended = self._number + 1, last
        self._told(len(sealed))
        return True

    def _fault(self, sealed: bytes, *, last: bool) -> str:
        """Whether a last chunk that does not open is a whole one from the middle, or a part."""
        if not last:
            return "backup_damaged"
        if len(sealed) < TAG:
            return "backup_cut_off"
        try:
            self._cipher.decrypt(_nonce(self.head, self._number, last=False), sealed, self._line)
        except InvalidTag:
            return "backup_damaged"
        return "backup_cut_off"


def head(file: BinaryIO) -> Head:
    """What stands before the chunks. Raises ``Unreadable`` as ``Opener`` does."""
    return _head(file)[0]


def _head(file: BinaryIO) -> tuple[Head, bytes]:
    if file.read(len(MAGIC)) != MAGIC:
        raise Unreadable("not_a_backup")
    line = file.readline(HEAD_MOST)
    if not line.endswith(b"\n"):
        raise Unreadable("backup_cut_off")
    line = line[:-1]
    try:
        if msgspec.json.decode(line, type=_Format).format > FORMAT:
            raise Unreadable("backup_format_newer")
        found = msgspec.json.decode(line, type=Head)
    except msgspec.DecodeError:
        raise Unreadable("backup_damaged") from None
    if not _bearable(found):
        raise Unreadable("backup_damaged")
    return found, line


def _bearable(head: Head) -> bool:
    return (
        1 <= head.lanes <= LANES_MOST
        and 8 * head.lanes <= head.memory_kib <= MEMORY_MOST_KIB
        and 1 <= head.iterations <= ITERATIONS_MOST
        and 1 <= head.chunk <= CHUNK_MOST
    )


def _keys(head: Head, passphrase: str) -> tuple[ChaCha20Poly1305, str]:
    """The cipher, and what proves the passphrase without it."""
    try:
        salt, prefix = b64decode(head.salt, validate=True), b64decode(head.prefix, validate=True)
    except ValueError:
        raise Unreadable("backup_damaged") from None
    if len(salt) != 16 or len(prefix) != 7:
        raise Unreadable("backup_damaged")
    derived = Argon2id(
        salt=salt, length=32, iterations=head.iterations, lanes=head.lanes,
        memory_cost=head.memory_kib,
    ).derive(passphrase.encode())  # fmt: skip
    key, check = (
        HKDFExpand(algorithm=SHA256(), length=32, info=info).derive(derived)
        for info in (b"balcao backup key", b"balcao backup check")
    )
    return ChaCha20Poly1305(key), b64encode(check).decode()


def _nonce(head: Head, number: int, *, last: bool) -> bytes:
    return b64decode(head.prefix) + number.to_bytes(4, "big") + bytes([last])
