"""Administrators hear by mail that the certificate ends, once for each step (INS-04)."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from appliance import certificates
from appliance.jobs import ledger
from appliance.jobs.expiry import Expiry
from tests.authority import NAME, Authority, pem
from tests.house import House
from tests.jobs.test_promise import with_mail
from tests.mailhouse import open_house

pytestmark = pytest.mark.guarantee("INS-04")


class Watched:
    """A house with a certificate of 90 days, whose clock is moved by hand."""

    def __init__(self, house: House, *, tls: bool = True) -> None:
        self.house = house
        self.data = house.settings.data
        self.ends = datetime.now(UTC) + timedelta(days=90)
        self.now = datetime.now(UTC)
        self.renew()
        self.expiry = self.begun(tls=tls)

    def begun(self, *, tls: bool = True, look_every: float = -1.0) -> Expiry:
        """The rounds of a worker that has just begun."""
        parts = self.house.parts
        return Expiry(
            parts.database,
            msgspec.structs.replace(parts.settings, tls=tls),
            parts.queue,
            parts.vault,
            clock=lambda: self.now,
            look_every=look_every,
        )

    def renew(self) -> None:
        key, one = Authority().issue(ends=90)
        certificates.install(self.data, pem(key, one))

    def told(self, days_before: float) -> int:
        """How many letters there are by then, counted from the beginning."""
        self.now = self.ends - timedelta(days=days_before)
        self.expiry.look()
        return self.letters()

    def letters(self) -> int:
        entries = ledger.entries(self.house.parts.database)
        return len([one for one in entries if one.kind == "mail"])


def test_there_is_a_letter_at_each_step_and_none_between(house: House) -> None:
    watched = Watched(house)
    with open_house() as server:
        with_mail(house, server)
        days = (60, 31.5, 30.5, 29, 8.5, 7.5, 6, 2.5, 1.5, 0.5, -1, -3)
        told = [watched.told(one) for one in days]

    # Two administrators each.
    assert told == [0, 0, 2, 2, 2, 4, 4, 4, 6, 6, 8, 8]


def test_the_letter_says_when_and_what_to_do_in_the_reader_s_language(house: House) -> None:
    watched = Watched(house)
    with open_house() as server:
        with_mail(house, server)
        watched.told(7.5)
        house.work()

    english = next(one for one in server.letters if one["to"] == "rui@escola.example")
    assert english["subject"].endswith("ends in 7 day(s)")
    assert "appliance certificate install - < FILE" in str(english.get_content())
    assert "/#/doctor" in str(english.get_content())
    portuguese = next(one for one in server.letters if one["to"] == "ana@escola.example")
    assert "vence em" in portuguese["subject"]


def test_a_restart_repeats_nothing_and_a_new_certificate_is_told_of_anew(house: House) -> None:
    watched = Watched(house)
    with open_house() as server:
        with_mail(house, server)
        assert watched.told(20) == 2
        watched.expiry = watched.begun()
        assert watched.told(20) == 2
        watched.renew()
        assert watched.told(20) == 4


def test_nobody_hears_of_a_certificate_that_is_not_shown_or_not_there(house: House) -> None:
    watched = Watched(house, tls=False)
    with open_house() as server:
        with_mail(house, server)
        assert watched.told(-3) == 0
        watched.expiry = watched.begun()
        certificates.file(watched.data).unlink()
        assert watched.told(-3) == 0
        certificates.make(watched.data, [NAME])
        certificates.file(watched.data).write_text("nothing")
        assert watched.told(-3) == 0


def test_without_mail_nothing_is_written_and_nothing_breaks(house: House) -> None:
    assert Watched(house).told(0.5) == 0


def test_the_rounds_cost_nothing_between_two_looks(house: House) -> None:
    watched = Watched(house)
    with open_house() as server:
        with_mail(house, server)
        watched.expiry = watched.begun(look_every=60.0)
        assert watched.told(40) == 0
        assert watched.told(20) == 0
