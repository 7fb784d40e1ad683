"""Visits to a site: one request at a time, with a pause between them, and patience.

A site that says it is busy is asked again when it says, a few times; one that does not
answer several times in a row is left alone, and the whole crawl with it.
"""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from appliance.errors import TooLarge, Unavailable
from appliance.net import Answer, Gate

USER_AGENT = "Balcao"
DELAY_SECONDS = 0.2
PAGE_SECONDS = 30.0
RESTS = (2.0, 10.0, 30.0)  # seconds, where a busy site does not say for how long
LONGEST_REST = 60.0
GIVEN_UP_AFTER = 5  # failures in a row
BUSY = {429, 503}

Wanted = Callable[[int, Mapping[str, str]], bool]


class Visits:
    """Asks a site for its pages. ``check`` raises to end it, ``pause`` waits some seconds."""

    def __init__(
        self,
        gate: Gate,
        *,
        check: Callable[[], None] = lambda: None,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.gate = gate
        self.delay = DELAY_SECONDS
        self.seconds = PAGE_SECONDS
        self._check = check
        self._pause = pause
        self._clock = clock
        self._free_at = 0.0
        self._failures = 0

    def get(
        self,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        wanted: Wanted = lambda status, headers: True,
    ) -> Answer:
        """The answer, whatever its status is after some patience with a busy site.

        Raises what ``Gate.fetch`` and ``check`` raise, and ``Unavailable``
        (``site_not_answering``) after failures in a row.
        """
        for rest in RESTS:
            answer = self._once(address, headers or {}, wanted)
            if answer.status not in BUSY:
                self._failures = 0
                return answer
            self._wait(_retry_after(answer.headers) or rest)
        answer = self._once(address, headers or {}, wanted)
        self._count(answer.status in BUSY, address)
        return answer

    def _once(self, address: str, headers: Mapping[str, str], wanted: Wanted) -> Answer:
        self._wait(self._free_at - self._clock())
        try:
            return self.gate.fetch(
                address,
                headers={"User-Agent": USER_AGENT, "Accept": "*/*", **headers},
                seconds=self.seconds,
                wanted=wanted,
            )
        except Unavailable:
            self._count(True, address)
            raise
        except TooLarge:
            self._failures = 0
            raise
        finally:
            self._free_at = self._clock() + self.delay

    def _count(self, failed: bool, address: str) -> None:
        self._failures = self._failures + 1 if failed else 0
        if self._failures >= GIVEN_UP_AFTER:
            raise NotAnswering("site_not_answering", address=address)

    def _wait(self, seconds: float) -> None:
        """Wait in small steps, so that a crawl that has to end ends at once."""
        self._check()
        while seconds > 0:
            self._pause(min(seconds, 1.0))
            seconds -= 1.0
            self._check()


class NotAnswering(Unavailable):
    """The site as a whole does not answer; the next page would not either."""


def _retry_after(headers: Mapping[str, str]) -> float:
    """The seconds of a Retry-After, at most a minute; 0.0 where there is none."""
    told = headers.get("retry-after", "").strip()
    if told.isdigit():
        return min(float(told[:6]), LONGEST_REST)
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), LONGEST_REST)
