"""Visits are polite: one at a time, with pauses, and patient with a site that is busy."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from appliance.errors import Unavailable
from appliance.jobs import visits
from appliance.jobs.visits import NotAnswering, Visits
from tests.town import Reply, Town, Web

ADDRESS = "http://intranet.lan/"


@pytest.fixture
def visiting(here: Town) -> Visits:
    gate = here.crawler()._gate(frozenset(("http://intranet.lan",)))
    return Visits(gate, pause=here.paused.append, clock=here.now)


def busy_for(web: Web, times: int, **headers: str) -> None:
    """A site that is busy for some requests."""
    web.invent = lambda path: (
        Reply(status=503, headers=headers) if len(web.asked) <= times else "<p>x</p>"
    )


def test_a_busy_site_is_asked_again_after_longer_and_longer(
    here: Town, web: Web, visiting: Visits
) -> None:
    busy_for(web, 3)

    assert visiting.get(ADDRESS).status == 200
    assert here.now() == pytest.approx(sum(visits.RESTS))
    assert max(here.paused) <= 1.0  # in small steps: it can be ended between two of them


def test_or_when_it_says(here: Town, web: Web, visiting: Visits) -> None:
    busy_for(web, 1, **{"Retry-After": "7"})

    assert visiting.get(ADDRESS).status == 200
    assert here.now() == pytest.approx(7)


@pytest.mark.parametrize(
    ("told", "waited"),
    [
        ("86400", visits.LONGEST_REST),
        (format_datetime(datetime.now(UTC) + timedelta(days=9), usegmt=True), visits.LONGEST_REST),
        (format_datetime(datetime.now(UTC) - timedelta(days=9), usegmt=True), visits.RESTS[0]),
        ("soon", visits.RESTS[0]),
        ("9" * 500, visits.LONGEST_REST),
    ],
    ids=["too-long", "too-late", "gone-by", "no-time", "no-number"],
)
def test_within_reason(here: Town, web: Web, visiting: Visits, told: str, waited: float) -> None:
    busy_for(web, 1, **{"Retry-After": told})

    visiting.get(ADDRESS)

    assert here.now() == pytest.approx(waited)


def test_a_site_that_stays_busy_is_told_as_it_is(web: Web, visiting: Visits) -> None:
    busy_for(web, 100)

    assert visiting.get(ADDRESS).status == 503


def test_a_site_that_does_not_answer_is_left_alone(here: Town, visiting: Visits) -> None:
    here.names["intranet.lan"] = [["10.9.9.9"]]

    for _ in range(visits.GIVEN_UP_AFTER - 1):
        with pytest.raises(Unavailable) as failed:
            visiting.get(ADDRESS)
        assert not isinstance(failed.value, NotAnswering)
    with pytest.raises(NotAnswering):
        visiting.get(ADDRESS)


def test_an_answer_between_two_failures_is_a_new_beginning(
    here: Town, web: Web, visiting: Visits
) -> None:
    web.pages["/"] = "<p>x</p>"
    for _ in range(3):
        here.names["intranet.lan"] = [["10.9.9.9"]]
        for _ in range(visits.GIVEN_UP_AFTER - 1):
            with pytest.raises(Unavailable):
                visiting.get(ADDRESS)
        here.names["intranet.lan"] = [["10.1.2.3"]]

        assert visiting.get(ADDRESS).status == 200


def test_a_visit_that_has_to_end_ends_while_it_waits(
    here: Town, web: Web, visiting: Visits
) -> None:
    busy_for(web, 100)

    def check() -> None:
        if here.now() > 3:
            raise InterruptedError

    gate = here.crawler()._gate(frozenset(("http://intranet.lan",)))
    impatient = Visits(gate, check=check, pause=here.paused.append, clock=here.now)

    with pytest.raises(InterruptedError):
        impatient.get(ADDRESS)
    assert here.now() < 5


def test_what_is_not_wanted_is_not_taken(web: Web, visiting: Visits) -> None:
    web.pages["/"] = Reply(body=b"x" * 100_000, type="image/png", endless=True)

    answer = visiting.get(ADDRESS, wanted=lambda _, headers: "html" in headers["content-type"])

    assert (answer.status, answer.body) == (200, b"")
