"""The line at the door: how often one may try, and how many wait while passwords are hashed.

A password is dear to look at, on purpose (``signin.password``): 64 MiB and a fifth of a
second. Three bounds keep that from being a weapon. Tries are counted before they are made,
by name and by address, and those of a browser that was here before by itself. Hashing has a
desk of its own with two clerks, so that a crowd at the door never takes the threads that
answer everybody else. And the line before the desk is short: who would wait for long is told
at once when to come back, rather than kept.
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from appliance import throttle
from appliance.database import Database
from appliance.errors import Unavailable
from appliance.signin import devices
from appliance.throttle import Place

BY_NAME, BY_ADDRESS, BY_DEVICE = 10, 30, 10  # wrong tries per fifteen minutes
LINKS = 30  # wrong tokens of links, per address and fifteen minutes
CLERKS = 2
LINE = 40  # who may wait: some five seconds of hashing
LONGEST_WAIT = 10.0  # seconds; on a busy machine the same line takes longer
COME_BACK = 5.0  # seconds


def _give_way() -> None:
    """Linux keeps a priority for each thread, and the lanes of argon2 take their clerk's: who
    is answered elsewhere in the house does not wait for hashes."""
    os.setpriority(
        os.PRIO_PROCESS, threading.get_native_id(), os.getpriority(os.PRIO_PROCESS, 0) + 10
    )


DESK = ThreadPoolExecutor(max_workers=CLERKS, thread_name_prefix="sign-in", initializer=_give_way)
_places = threading.BoundedSemaphore(CLERKS + LINE)

# Who waits for another server (seconds, where it is silent) waits in a line of their own:
# the people of this house come in meanwhile.
ABROAD = ThreadPoolExecutor(max_workers=4 * CLERKS, thread_name_prefix="sign-in-abroad")
_places_abroad = threading.BoundedSemaphore(4 * CLERKS + LINE)

Result = TypeVar("Result")


def count(database: Database, *, email: str, peer: str, device: str) -> list[Place]:
    """Count a try to sign in, before it is made; the places to give back if it goes well.

    ``device`` is the token that the browser brought. Raises ``TooMany``.
    """
    if known := devices.known(database, device, email):
        return throttle.take(database, throttle.bucket("sign-in-with", known, limit=BY_DEVICE))
    return throttle.take(
        database,
        throttle.bucket("sign-in-as", email, limit=BY_NAME),
        throttle.bucket("sign-in-from", peer, limit=BY_ADDRESS),
    )


def by_link(database: Database, peer: str, find: Callable[[], Result]) -> Result:
    """What ``find`` gives for the token of a link; a try is counted before it is looked up,
    and given back where it was a good one. Raises ``TooMany``, and as ``find`` does."""
    places = throttle.take(database, throttle.bucket("link", peer, limit=LINKS))
    found = find()
    throttle.give_back(database, places)
    return found


async def at_the_desk(work: Callable[[], Result]) -> Result:
    """What ``work`` gives, which hashes a password; raises what it raises.

    Raises ``Unavailable`` (``door_busy``) when the line is full, or when its turn came so
    late that whoever asked will have gone.
    """
    return await _in_line(DESK, _places, work)


async def abroad(work: Callable[[], Result]) -> Result:
    """What ``work`` gives, which asks another server; raises as ``at_the_desk`` does."""
    return await _in_line(ABROAD, _places_abroad, work)


async def _in_line(
    desk: ThreadPoolExecutor, places: threading.BoundedSemaphore, work: Callable[[], Result]
) -> Result:
    if not places.acquire(blocking=False):
        raise Unavailable("door_busy", retry_after=COME_BACK)
    asked = time.monotonic()

    def turn() -> Result:
        if time.monotonic() - asked > LONGEST_WAIT:
            raise Unavailable("door_busy", retry_after=COME_BACK)
        return work()

    future = desk.submit(turn)
    # However it ends: a caller who leaves before their turn takes their place along.
    future.add_done_callback(lambda _: places.release())
    return await asyncio.wrap_future(future)
