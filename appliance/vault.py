"""Secrets at rest: what must be read again is sealed here, under a key outside the database.

The master key is ``secrets/master.key`` in the data folder, made at the first start, for
the appliance's user alone. Whoever copies the database without it has sealed texts.
Every purpose ("mail.password") has a key of its own, derived from the master's: what was
sealed for one opens for no other. What never has to be read again (passwords, tokens,
codes) is not sealed but hashed, where it belongs.

A line of the file is a key; the first seals, all of them open. ``renew`` puts a new one
before the others, and ``Vault.again`` seals anew what an older one has sealed. Whoever
stores what was sealed seals it inside the transaction: so nothing is sealed by a key that
is being retired.
"""

import base64
import contextlib
import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from appliance.errors import Unavailable

KEY_BYTES = 32


class Vault:
    """The master keys of one data folder."""

    def __init__(self, data: Path) -> None:
        self.file = data / "secrets" / "master.key"
        self._read: tuple[tuple[int, int], list[bytes]] | None = None

    @property
    def _masters(self) -> list[bytes]:
        """The master keys, the newest first, read again when the file is another."""
        state = self._state()
        if self._read is None or self._read[0] != state:
            masters = self._in_file()
            self._read = self._state(), masters
        return self._read[1]

    def _state(self) -> tuple[int, int]:
        """Which file it is: a renewed one takes the place of the old."""
        try:
            found = self.file.stat()
        except OSError:
            return 0, 0
        return found.st_ino, found.st_mtime_ns

    def _in_file(self) -> list[bytes]:
        """The keys of the file; one is made where there is none.

        Raises ``Unavailable`` (``master_key_damaged``) rather than going on without: what
        was sealed would be lost in silence.
        """
        if not self.file.exists():
            _make(self.file)
        try:
            found = [bytes.fromhex(line) for line in self.file.read_text("ascii").split()]
        except (OSError, ValueError) as fault:
            raise Unavailable("master_key_damaged", file=str(self.file)) from fault
        if not found or not all(map(_is_strong, found)):
            raise Unavailable("master_key_damaged", file=str(self.file))
        return found

    def prepare(self) -> None:
        """Make the master key if there is none. Raises as every other use does."""
        assert self._masters  # noqa: S101 - never empty, by the check above

    def seal(self, plain: str, *, purpose: str) -> str:
        """A text sealed for one purpose; "" stays "", so that nothing is told from unset."""
        return self._keys(purpose).encrypt(plain.encode()).decode() if plain else ""

    def open(self, sealed: str, *, purpose: str) -> str:
        """What was sealed for this purpose; "" for "".

        Raises ``Unavailable`` (``secret_unreadable``) when no key of the file opens it: the
        database came here without its ``master.key``.
        """
        if not sealed:
            return ""
        try:
            return self._keys(purpose).decrypt(sealed.encode()).decode()
        except InvalidToken as fault:
            raise Unavailable("secret_unreadable", purpose=purpose) from fault

    def again(self, sealed: str, *, purpose: str) -> str:
        """The same secret, sealed by the newest key. Raises as ``open`` does."""
        return self.seal(self.open(sealed, purpose=purpose), purpose=purpose)

    def sign(self, data: bytes, *, purpose: str) -> str:
        """The HMAC-SHA256 of data by the newest key, in hexadecimal."""
        return hmac.new(_derived(self._masters[0], purpose), data, sha256).hexdigest()

    def verifies(self, data: bytes, signature: str, *, purpose: str) -> bool:
        """Whether one of the keys signed this data for this purpose."""
        signed = (
            hmac.new(_derived(one, purpose), data, sha256).hexdigest() for one in self._masters
        )
        # ASCII first: ``compare_digest`` raises on any other text.
        given = signature if signature.isascii() else ""
        return any(hmac.compare_digest(one, given) for one in signed)

    def renew(self) -> None:
        """Put a new master key before the others."""
        _replace(self.file, [secrets.token_bytes(KEY_BYTES), *self._masters])

    def retire(self) -> int:
        """Forget all master keys but the newest, once nothing needs them; how many."""
        newest, *old = self._masters
        _replace(self.file, [newest])
        return len(old)

    def _keys(self, purpose: str) -> MultiFernet:
        return MultiFernet(
            [Fernet(base64.urlsafe_b64encode(_derived(one, purpose))) for one in self._masters]
        )


def _derived(master: bytes, purpose: str) -> bytes:
    """RFC 5869, without a salt: the master key is random and whole."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(master)


def _is_strong(key: bytes) -> bool:
    """Whether it can be a key of ours: of 32 random bytes 30 are different ones, and fewer than
    16 in one key of 10^16; one that somebody typed, or that a disk lost, has a few."""
    return len(key) == KEY_BYTES and len(set(key)) >= 16


def _make(file: Path) -> None:
    """The first key, linked into its place: two processes that start together agree on one."""
    fresh = _beside(file, [secrets.token_bytes(KEY_BYTES)])
    with contextlib.suppress(FileExistsError):
        os.link(fresh, file)
    fresh.unlink()
    _settle(file.parent)


def _replace(file: Path, masters: list[bytes]) -> None:
    _beside(file, masters).replace(file)
    _settle(file.parent)


def _beside(file: Path, masters: list[bytes]) -> Path:
    """The keys in a new file beside, on the disk."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write("".join(f"{one.hex()}\n" for one in masters))
        opened.flush()
        os.fsync(opened.fileno())
    return fresh


def _settle(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
