"""Passwords: what may be one, and argon2id.

A password is 8 to 1,024 characters, of any kind, and none of those that everybody tries
first (``wordlist``). Its length is checked before anything is computed: hashing is made to be dear,
and a megabyte of password must not buy it. At most two hashes are computed at a time
(64 MiB and some 190 ms of CPU each, measured): a crowd at the door waits in line rather
than taking the memory of the answers.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appliance.errors import BadRequest
from appliance.signin import wordlist

SHORTEST, LONGEST = 8, 1024
SURROGATE = re.compile("[\ud800-\udfff]")  # half a character; a terminal can send one

# RFC 9106, 4 (second recommended option): 64 MiB, three passes; lanes as in argon2-cffi.
_hasher = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
_turn = threading.BoundedSemaphore(2)


def check(password: str, *, about: Iterable[str | None] = ()) -> None:
    """Whether a password may be chosen; ``about`` are names and addresses that are none: the
    house's and those of whoever chooses it.

    Raises ``BadRequest`` (``password_too_short``, ``password_too_long``, ``password_common``,
    ``password_unreadable``).
    """
    check_length(password)
    if len(password) < SHORTEST:
        raise BadRequest("password_too_short", shortest=SHORTEST)
    if SURROGATE.search(password):
        raise BadRequest("password_unreadable")
    if wordlist.names(password, about=about):
        raise BadRequest("password_common")


def check_length(password: str) -> None:
    """Refuse what is too long to be anybody's, before anything is computed of it.

    Raises ``BadRequest`` (``password_too_long``).
    """
    if len(password) > LONGEST:
        raise BadRequest("password_too_long", longest=LONGEST)


def hashed(password: str, *, about: Iterable[str | None] = ()) -> str:
    """The hash to store for a new password; refuses as ``check`` does."""
    check(password, about=about)
    return hashed_again(password)


def hashed_again(password: str) -> str:
    """A fresh hash of a password that was accepted before, under rules of its day."""
    with _turn:
        return str(_hasher.hash(_plain(password)))


def matches(password: str, stored: str | None) -> bool:
    """Whether the password is the one behind the hash.

    Without a hash (nobody of that name) the same work is done against a dummy, so that
    the time of an answer says nothing about who has an account.
    """
    if len(password) > LONGEST or SURROGATE.search(password):
        return False
    with _turn:
        try:
            return bool(_hasher.verify(stored or _dummy(), _plain(password))) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


def outdated(stored: str) -> bool:
    """Whether the hash was made with older parameters and should be made again."""
    return bool(_hasher.check_needs_rehash(stored))


@cache
def _dummy() -> str:
    return str(_hasher.hash("a password that nobody has"))


def _plain(password: str) -> str:
    # The same letters come out of different keyboards as different code points.
    return unicodedata.normalize("NFKC", password)
