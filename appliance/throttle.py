"""The attempts table: how often something was tried lately, in rows that outlive a restart
(those of the last seconds not always a power cut).

An act takes its place in a bucket *before* it is tried, so that a hundred requests
sent at once cannot all find the bucket empty; what went well gives its place back.
A bucket is a name and a limit; it says nothing about whether what was tried exists.
"""

import hashlib
import ipaddress
import time

import msgspec

from appliance.database import Database, Writer
from appliance.errors import TooMany


class Bucket(msgspec.Struct, frozen=True):
    """At most ``limit`` acts of one ``name`` within ``seconds``."""

    name: str
    limit: int
    seconds: float = 900.0


class Place(msgspec.Struct, frozen=True):
    """One act's row in a bucket."""

    row: int


def bucket(act: str, subject: str, *, limit: int, seconds: float = 900.0) -> Bucket:
    """The bucket of one act by one subject (an e-mail address, a network address).

    Only a digest of the subject is stored: people type passwords into the name field.
    """
    digest = hashlib.sha256(_whole(subject).encode("utf-8", "replace")).hexdigest()
    return Bucket(f"{act}:{digest[:32]}", limit, seconds)


def _whole(subject: str) -> str:
    """The subject as it counts: any letter case, and an IPv6 address as its network of 64
    bits, out of which one machine may take an address for every try."""
    subject = subject.strip().casefold()
    try:
        address = ipaddress.IPv6Address(subject)
    except ValueError:
        return subject
    inside = address.ipv4_mapped
    return str(inside or ipaddress.IPv6Network((address, 64), strict=False))


def take(
    database: Database, *buckets: Bucket, places: int = 1, now: float | None = None
) -> list[Place]:
    """Take so many places in every bucket, or none in any.

    Raises ``TooMany`` (``too_many``, ``retry_after`` in seconds) when a bucket is full.
    """
    now = time.time() if now is None else now
    with database.write(fleeting=True) as writer:
        waits = [_wait(writer, one, places, now) for one in buckets]
        if any(waits):
            raise TooMany("too_many", retry_after=max(waits), minutes=int(max(waits) // 60) + 1)
        return [_enter(writer, one, now) for one in buckets for _ in range(places)]


def give_back(database: Database, places: list[Place]) -> None:
    """Forget acts that turned out well."""
    with database.write(fleeting=True) as writer:
        for place in places:
            writer.run("delete from attempts where rowid = :row", {"row": place.row})


def _wait(writer: Writer, one: Bucket, places: int, now: float) -> float:
    """Seconds until the bucket has so many places, 0 when it has; also empties old rows."""
    writer.run(
        "delete from attempts where bucket = :bucket and at <= :since",
        {"bucket": one.name, "since": now - one.seconds},
    )
    rows = writer.rows(
        "select at from attempts where bucket = :bucket order by at", {"bucket": one.name}
    )
    over = len(rows) + places - one.limit
    if over <= 0:
        return 0.0
    # More than the whole bucket holds never fit; they are told to wait until it is empty.
    return max(
        1.0, float(rows[min(over, len(rows)) - 1]["at"]) + one.seconds - now if rows else 1.0
    )


def _enter(writer: Writer, one: Bucket, now: float) -> Place:
    row = writer.row(
        "insert into attempts (bucket, at) values (:bucket, :at) returning rowid as place",
        {"bucket": one.name, "at": now},
    )
    assert row is not None  # noqa: S101 - an insert returns its row
    return Place(int(row["place"]))


def sweep(database: Database, *, older_than: float = 86_400.0, now: float | None = None) -> int:
    """Remove rows that no bucket asks about any more; how many there were. For upkeep."""
    now = time.time() if now is None else now
    with database.write(fleeting=True) as writer:
        return writer.run("delete from attempts where at < :since", {"since": now - older_than})
