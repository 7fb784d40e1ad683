"""How often something may be tried, counted in rows (SEC-35)."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import throttle
from appliance.database import Database
from appliance.errors import TooMany

NOON = 1_800_000_000.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "appliance.db")
    opened.migrate()
    yield opened
    opened.close()


def test_a_bucket_takes_as_many_acts_as_its_limit(database: Database) -> None:
    three = throttle.bucket("sign-in", "ana@casa.test", limit=3)

    for _ in range(3):
        throttle.take(database, three, now=NOON)

    with pytest.raises(TooMany):
        throttle.take(database, three, now=NOON)


def test_several_places_are_taken_together_or_not_at_all(database: Database) -> None:
    five = throttle.bucket("upload", "ana", limit=5, seconds=900)
    assert len(throttle.take(database, five, places=3, now=NOON)) == 3

    with pytest.raises(TooMany) as refused:
        throttle.take(database, five, places=3, now=NOON + 100)

    assert refused.value.retry_after == pytest.approx(800)
    assert len(throttle.take(database, five, places=2, now=NOON + 100)) == 2


def test_more_than_a_bucket_holds_never_fits(database: Database) -> None:
    with pytest.raises(TooMany):
        throttle.take(database, throttle.bucket("upload", "ana", limit=2), places=3, now=NOON)


def test_a_full_bucket_says_when_it_has_a_place_again(database: Database) -> None:
    two = throttle.bucket("sign-in", "ana", limit=2, seconds=900)
    throttle.take(database, two, now=NOON)
    throttle.take(database, two, now=NOON + 300)

    with pytest.raises(TooMany) as refused:
        throttle.take(database, two, now=NOON + 400)

    assert refused.value.retry_after == pytest.approx(500)
    assert refused.value.facts["minutes"] == 9


def test_the_place_is_there_when_it_was_promised(database: Database) -> None:
    one = throttle.bucket("sign-in", "ana", limit=1, seconds=900)
    throttle.take(database, one, now=NOON)

    throttle.take(database, one, now=NOON + 900)


def test_a_refused_act_takes_no_place_and_does_not_lengthen_the_wait(database: Database) -> None:
    one = throttle.bucket("sign-in", "ana", limit=1, seconds=900)
    throttle.take(database, one, now=NOON)
    for second in range(1, 800, 100):
        with pytest.raises(TooMany):
            throttle.take(database, one, now=NOON + second)

    throttle.take(database, one, now=NOON + 900)


def test_an_act_takes_its_place_in_every_bucket_or_in_none(database: Database) -> None:
    full = throttle.bucket("from", "10.0.0.9", limit=1)
    name = throttle.bucket("as", "ana", limit=1)
    throttle.take(database, full, now=NOON)
    with pytest.raises(TooMany):
        throttle.take(database, name, full, now=NOON)

    throttle.take(database, name, now=NOON)


def test_an_act_that_went_well_gives_its_place_back(database: Database) -> None:
    one = throttle.bucket("sign-in", "ana", limit=1)
    for _ in range(5):
        places = throttle.take(database, one, now=NOON)
        throttle.give_back(database, places)


def test_giving_a_place_back_forgives_nobody_elses(database: Database) -> None:
    two = throttle.bucket("from", "10.0.0.9", limit=2)
    throttle.take(database, two, now=NOON)
    throttle.give_back(database, throttle.take(database, two, now=NOON))
    throttle.take(database, two, now=NOON)

    with pytest.raises(TooMany):
        throttle.take(database, two, now=NOON)


def test_a_name_in_capitals_or_with_spaces_is_the_same_name(database: Database) -> None:
    throttle.take(database, throttle.bucket("as", "Ana@Casa.test ", limit=1), now=NOON)

    with pytest.raises(TooMany):
        throttle.take(database, throttle.bucket("as", "ana@casa.test", limit=1), now=NOON)


def test_different_subjects_and_different_acts_do_not_share_a_bucket(database: Database) -> None:
    throttle.take(database, throttle.bucket("as", "ana", limit=1), now=NOON)

    throttle.take(database, throttle.bucket("as", "bia", limit=1), now=NOON)
    throttle.take(database, throttle.bucket("setup", "ana", limit=1), now=NOON)


def test_what_was_typed_into_the_name_field_is_not_stored(database: Database) -> None:
    throttle.take(database, throttle.bucket("as", "my-secret-password", limit=1), now=NOON)

    rows = database.rows("select * from attempts")

    assert "my-secret-password" not in str(rows)


@pytest.mark.guarantee("SEC-35")
def test_limits_survive_a_restart(tmp_path: Path) -> None:
    one = throttle.bucket("as", "ana", limit=1)
    before = Database(tmp_path / "appliance.db")
    before.migrate()
    throttle.take(before, one, now=NOON)
    before.close()

    after = Database(tmp_path / "appliance.db")
    with pytest.raises(TooMany):
        throttle.take(after, one, now=NOON + 1)
    after.close()


def test_many_at_once_get_no_more_places_than_the_limit(database: Database) -> None:
    ten = throttle.bucket("as", "ana", limit=10)
    outcomes: list[bool] = []

    def attempt() -> None:
        try:
            throttle.take(database, ten, now=NOON)
        except TooMany:
            outcomes.append(False)
        else:
            outcomes.append(True)

    crowd = [threading.Thread(target=attempt) for _ in range(24)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

    assert outcomes.count(True) == 10


def test_upkeep_sweeps_what_nobody_asks_about_any_more(database: Database) -> None:
    throttle.take(database, throttle.bucket("as", "ana", limit=5), now=NOON)
    throttle.take(database, throttle.bucket("as", "bia", limit=5), now=NOON + 90_000)

    assert throttle.sweep(database, now=NOON + 90_000) == 1
    assert len(database.rows("select * from attempts")) == 1


def test_one_machine_with_many_ipv6_addresses_has_one_bucket(database: Database) -> None:
    def tries(address: str) -> None:
        throttle.take(database, throttle.bucket("from", address, limit=1), now=NOON)

    tries("2001:db8:1:2::1")
    with pytest.raises(TooMany):
        tries("2001:DB8:1:2:ffff::9")

    tries("2001:db8:1:3::1")


def test_an_ipv4_address_is_the_same_in_either_writing(database: Database) -> None:
    throttle.take(database, throttle.bucket("from", "10.0.0.9", limit=1), now=NOON)

    with pytest.raises(TooMany):
        throttle.take(database, throttle.bucket("from", "::ffff:10.0.0.9", limit=1), now=NOON)
