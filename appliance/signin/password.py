"""Passwords: what may be one, and argon2id.

A password is 8 to 1,024 characters, of any kind, and none of those that everybody tries
first. Its length is checked before anything is computed: hashing is made to be dear,
and a megabyte of password must not buy it. At most two hashes are computed at a time
(64 MiB and some 190 ms of CPU each, measured): a crowd at the door waits in line rather
than taking the memory of the answers.
"""

import re
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appliance.errors import BadRequest

SHORTEST, LONGEST = 8, 1024
SURROGATE = re.compile("[\ud800-\udfff]")  # half a character; a terminal can send one

# RFC 9106, 4 (second recommended option): 64 MiB, three passes; lanes as in argon2-cffi.
_hasher = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
_turn = threading.BoundedSemaphore(2)

# The first tries of every list, in the three languages; the short ones fall to SHORTEST.
COMMON_TEXT = """
password passw0rd password1 password123 p@ssw0rd p@ssword 12345678 123456789 1234567890
123123123 12341234 11111111 00000000 22222222 88888888 99999999 87654321 987654321
qwertyui qwertyuiop qwerty123 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx asdfghjk asdfghjkl
zxcvbnm1 abcd1234 abcdefgh abc12345 a1b2c3d4 iloveyou sunshine princess football baseball
superman trustno1 whatever computer internet starwars welcome1 welcome123 letmein1
changeme changeme123 administrator admin123 admin1234 admin12345 adminadmin root1234 test1234
senha123 senha1234 senha12345 minhasenha mudar123 mudar1234 brasil123 flamengo corinthians
palmeiras saopaulo gremio123 teamo123 amorzinho familia1 familia123 deusefiel jesuscristo
jesus123 trocar123 administrador empresa123 empresa1234 condominio bemvindo bemvinda
contrasena contraseña contrasena1 contrasena123 hola1234 cambiame cambiar123 bienvenido
realmadrid barcelona teamomucho teextrano mariposa estrella usuario123 balcao123 balcão123
"""
COMMON = frozenset(COMMON_TEXT.split())


def check(password: str) -> None:
    """Whether a password may be chosen.

    Raises ``BadRequest`` (``password_too_short``, ``password_too_long``, ``password_common``,
    ``password_unreadable``).
    """
    check_length(password)
    if len(password) < SHORTEST:
        raise BadRequest("password_too_short", shortest=SHORTEST)
    if SURROGATE.search(password):
        raise BadRequest("password_unreadable")
    plain = _plain(password).casefold()
    if plain in COMMON or len(set(plain)) == 1:
        raise BadRequest("password_common")


def check_length(password: str) -> None:
    """Refuse what is too long to be anybody's, before anything is computed of it.

    Raises ``BadRequest`` (``password_too_long``).
    """
    if len(password) > LONGEST:
        raise BadRequest("password_too_long", longest=LONGEST)


def hashed(password: str) -> str:
    """The hash to store for a new password; refuses as ``check`` does."""
    check(password)
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
