"""How much a caller may ask and send: what keeps one of them from being everybody.

People are the house's own, and their questions are not counted; a widget's visitor's and a
key's are, in rows that a restart does not forget. A key's count by themselves; a visitor's
count for the session, for the address it was begun from, and for the assistant by the minute
and by the day (``widgets.Limits``). Files are counted for everybody: each is work for minutes.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from appliance import throttle, visitors, widgets
from appliance.api.turns import TURNS
from appliance.database import Database
from appliance.records import Caller
from appliance.settings import Settings


@contextmanager
def turn(database: Database, caller: Caller) -> Iterator[None]:
    """A place among the questions under way, which visitors need; others have theirs in the
    line (``answering.entrance``). Raises ``TooMany`` (``assistant_busy``)."""
    if caller.kind != "visitor":
        yield
        return
    (assistant,) = caller.assistants or ("",)
    with TURNS.take(assistant, widgets.limits(database, assistant).at_once):
        yield


def count_session(database: Database, assistant: str, address: str) -> None:
    """Count a session that an address begins. Raises ``TooMany``."""
    most, seconds = (
        widgets.limits(database, assistant).sessions_per_address,
        float(widgets.SESSION_SECONDS),
    )
    throttle.take(
        database, throttle.bucket(f"widget {assistant}", address, limit=most, seconds=seconds)
    )


def count_question(database: Database, settings: Settings, caller: Caller) -> None:
    """Count a visitor's or a key's question. Raises ``TooMany``."""
    if caller.kind == "visitor":
        _count_visitors(database, caller)
    if caller.kind == "key":
        most = settings.key_questions_per_minute
        throttle.take(database, throttle.bucket("key", caller.id, limit=most, seconds=60.0))


def _count_visitors(database: Database, caller: Caller) -> None:
    (assistant,) = caller.assistants or ("",)
    limits = widgets.limits(database, assistant)
    address = visitors.address(database, caller.id)
    within = float(widgets.SECONDS)
    throttle.take(
        database,
        throttle.bucket("ask", caller.id, limit=limits.per_session, seconds=within),
        throttle.bucket(f"ask {assistant}", address, limit=limits.per_address, seconds=within),
        throttle.bucket("assistant", assistant, limit=limits.per_minute, seconds=60.0),
    )
    widgets.count(database, assistant, limits.per_day)


def count_uploads(database: Database, settings: Settings, caller: Caller, files: int) -> None:
    """Count the files that somebody sends, all or none. Raises ``TooMany``.

    Whole shelves come by ``appliance ingest`` or from a folder, which nobody counts.
    """
    most = settings.uploads_per_hour
    bucket = throttle.bucket("upload", f"{caller.kind}:{caller.id}", limit=most, seconds=3600.0)
    throttle.take(database, bucket, places=files)
