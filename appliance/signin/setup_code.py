"""The setup code: what makes the first administrator, once.

It exists only while nobody has an account. The database holds its digest; the code
itself is in ``secrets/setup-code``, readable by the appliance's own user alone, so that
``appliance setup-code`` can print it again. It is good for an hour: codes stay behind in
journals and terminals. ``prepare`` makes a new one when the old has run out, and both
the digest and the file are gone once it was used.
"""

import hashlib
import hmac
import os
import secrets
import time
from pathlib import Path

import msgspec

from appliance.database import Database, Writer
from appliance.errors import Conflict, NotAllowed

GOOD_FOR = 3600.0  # seconds
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs: no 0 and O, no 1 and I
GROUPS, SIGNS = 4, 4  # 16 signs of 5 bits: 80 bits
FACT = "setup_code"


class Code(msgspec.Struct, frozen=True):
    """What the fact holds: the code's digest and when it was made (seconds since 1970)."""

    digest: str
    made_at: float


def prepare(database: Database, data: Path, *, now: float | None = None) -> str | None:
    """The code in force, made afresh when there is none; None when people exist.

    ``data`` is the data folder. Called at every start and by ``appliance setup-code``.
    """
    now = time.time() if now is None else now
    with database.write() as writer:
        if writer.row("select 1 as one from people limit 1"):
            _forget(writer, data)
            return None
        code, known = _read(data), _known(writer)
        if code and known and _fits(code, known) and now - known.made_at < GOOD_FOR / 2:
            return code  # the half: what is printed now must still be good after reading it
        code = _new()
        _write(data, code)
        _store(writer, Code(digest(code), now))
        return code


def check(database: Database, code: str, *, now: float | None = None) -> None:
    """Whether the code is the one in force.

    Raises ``Conflict`` (``already_set_up``) and ``NotAllowed`` (``wrong_setup_code``).
    """
    with database.write() as writer:
        _check(writer, code, time.time() if now is None else now)


def spend(writer: Writer, data: Path, code: str, *, now: float | None = None) -> None:
    """Use the code up, in the transaction that makes the administrator.

    Refuses as ``check`` does.
    """
    _check(writer, code, time.time() if now is None else now)
    _forget(writer, data)


def _check(writer: Writer, code: str, now: float) -> None:
    if writer.row("select 1 as one from people limit 1"):
        raise Conflict("already_set_up")
    known = _known(writer)
    if known is None or not _fits(code, known) or now - known.made_at >= GOOD_FOR:
        raise NotAllowed("wrong_setup_code")


def digest(code: str) -> str:
    """What is stored of a code; typed in lower case, with spaces or without dashes it is
    the same code. 80 random bits need no salt and no slow hash."""
    signs = "".join(sign for sign in code.upper() if sign in ALPHABET)
    return hashlib.sha256(signs.encode()).hexdigest()


def _fits(code: str, known: Code) -> bool:
    return hmac.compare_digest(digest(code), known.digest)


def _new() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(SIGNS)) for _ in range(GROUPS))


def _known(writer: Writer) -> Code | None:
    row = writer.row("select value from facts where name = :name", {"name": FACT})
    return msgspec.json.decode(row["value"], type=Code) if row else None


def _store(writer: Writer, code: Code) -> None:
    writer.run(
        """
        insert into facts (name, value) values (:name, :value)
        on conflict (name) do update set value = excluded.value
        """,
        {"name": FACT, "value": msgspec.json.encode(code).decode()},
    )


def _forget(writer: Writer, data: Path) -> None:
    writer.run("delete from facts where name = :name", {"name": FACT})
    _file(data).unlink(missing_ok=True)


def _file(data: Path) -> Path:
    return data / "secrets" / "setup-code"


def _read(data: Path) -> str | None:
    try:
        return _file(data).read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return None


def _write(data: Path, code: str) -> None:
    file = _file(data)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    # Born with its mode: a file that is closed to others a moment later was open once.
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as open_file:
        open_file.write(code + "\n")
    fresh.replace(file)
