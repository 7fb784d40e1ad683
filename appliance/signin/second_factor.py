"""The second factor: one-time passwords by time (TOTP, RFC 6238), and recovery codes.

A code has six digits and is good for thirty seconds, and for one step before and after:
telephones and servers drift apart. Each is good once, and a recovery code is gone once it
was used, also when the same one comes twice at the same moment: whoever writes first has
it. The secret comes in sealed and goes out sealed; what opens it is the caller's.
"""

import hashlib
import hmac
import secrets
import time

import pyotp

from appliance.database import Database, Writer
from appliance.errors import BadRequest, Conflict
from appliance.records import Record, timestamp

PURPOSE = "second_factor"  # what secrets are sealed for
STEP = 30  # seconds; with SHA-1 and six digits it is all that every authenticator reads
DRIFT = 1  # steps
CODES = 10
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs: no 0 and O, no 1 and I
SIGNS = 16  # of 5 bits


class Standing(Record, frozen=True):
    """A person's second factor. ``confirmed_at`` None: begun, and not yet asked for."""

    sealed: str
    confirmed_at: str | None
    codes_left: int


def new_secret() -> str:
    """A secret of 160 bits, in base 32 as authenticators take it."""
    return pyotp.random_base32()


def address(secret: str, *, name: str, house: str) -> str:
    """The ``otpauth://`` address that an authenticator reads from a picture."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=name, issuer_name=house)


def standing(database: Database, person_id: str) -> Standing | None:
    """How a person's second factor stands, None where there is none."""
    row = database.row(
        """
        select secret as sealed, confirmed_at,
            (select count(*) from recovery_codes where recovery_codes.person = :person)
                as codes_left
        from second_factors where person = :person
        """,
        {"person": person_id},
    )
    return Standing(**row) if row else None


def begin(writer: Writer, person_id: str, sealed: str) -> None:
    """Keep a new secret, which is asked for once it is confirmed.

    Raises ``Conflict`` (``second_factor_exists``): one that is in use is taken away first.
    """
    if writer.row(
        "select 1 from second_factors where person = :person and confirmed_at is not null",
        {"person": person_id},
    ):
        raise Conflict("second_factor_exists")
    writer.run(
        """
        insert into second_factors (person, secret, created_at) values (:person, :secret, :now)
        on conflict (person) do update
            set secret = excluded.secret, created_at = excluded.created_at, last_step = 0
        """,
        {"person": person_id, "secret": sealed, "now": timestamp()},
    )


def confirm(
    writer: Writer, person_id: str, secret: str, code: str, *, now: float | None = None
) -> list[str]:
    """Begin to ask for the factor, now that a code shows that the person has it; the
    recovery codes, told only now. All sessions of the person end.

    Raises ``BadRequest`` (``wrong_code``).
    """
    if not _take_step(writer, person_id, secret, code, now):
        raise BadRequest("wrong_code")
    writer.run(
        "update second_factors set confirmed_at = :now where person = :person",
        {"person": person_id, "now": timestamp()},
    )
    writer.run("delete from sessions where person = :person", {"person": person_id})
    return new_codes(writer, person_id)


def accept(
    writer: Writer, person_id: str, secret: str, code: str, *, now: float | None = None
) -> bool:
    """Whether a code of the authenticator, or a recovery code, is good; then it no longer is."""
    if _take_step(writer, person_id, secret, code, now):
        return True
    taken = writer.run(
        "delete from recovery_codes where person = :person and code_hash = :hash",
        {"person": person_id, "hash": _digest(person_id, code)},
    )
    return taken == 1


def new_codes(writer: Writer, person_id: str) -> list[str]:
    """Recovery codes in place of those before, told only now."""
    codes = [_new_code() for _ in range(CODES)]
    writer.run("delete from recovery_codes where person = :person", {"person": person_id})
    writer.many(
        "insert into recovery_codes (code_hash, person) values (:hash, :person)",
        [{"hash": _digest(person_id, code), "person": person_id} for code in codes],
    )
    return codes


def remove(writer: Writer, person_id: str) -> bool:
    """Take a person's second factor away, and their sessions; whether there was one."""
    writer.run("delete from recovery_codes where person = :person", {"person": person_id})
    there = writer.run("delete from second_factors where person = :person", {"person": person_id})
    writer.run("delete from sessions where person = :person", {"person": person_id})
    return there == 1


def sealed_secrets(writer: Writer) -> dict[str, str]:
    """Every sealed secret by its person, for sealing them anew."""
    rows = writer.rows("select person, secret from second_factors")
    return {row["person"]: row["secret"] for row in rows}


def seal_again(writer: Writer, person_id: str, sealed: str) -> None:
    """Keep the same secret under another seal."""
    writer.run(
        "update second_factors set secret = :sealed where person = :person",
        {"person": person_id, "sealed": sealed},
    )


def _take_step(writer: Writer, person_id: str, secret: str, code: str, now: float | None) -> bool:
    """Whether the code is that of a step around now that was not taken yet; takes it."""
    given = code.replace(" ", "")
    present = int(time.time() if now is None else now) // STEP
    counter = pyotp.HOTP(secret)
    for step in range(present - DRIFT, present + DRIFT + 1):
        if hmac.compare_digest(counter.at(step).encode(), given.encode("utf-8", "replace")):
            taken = writer.run(
                """
                update second_factors set last_step = :step
                where person = :person and last_step < :step
                """,
                {"person": person_id, "step": step},
            )
            return taken == 1
    return False


def _new_code() -> str:
    signs = "".join(secrets.choice(ALPHABET) for _ in range(SIGNS))
    return "-".join(signs[start : start + 4] for start in range(0, SIGNS, 4))


def _digest(person_id: str, code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign in ALPHABET)
    return hashlib.sha256(f"{person_id}:{plain}".encode()).hexdigest()
