"""Reading stands still while somebody is answered, and never for long in a row."""

import pytest

from appliance.jobs.pace import GivesWay, unhurried


class House:
    """Where somebody is being answered or not, and time passes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0
        self.answering = False
        self.pace = GivesWay(lambda: self.answering, longest=10.0, turn=1.0, clock=lambda: self.now)

    def after(self, seconds: float) -> bool:
        """Whether reading stands still so many seconds later."""
        self.now += seconds
        return self.pace()


@pytest.fixture
def house() -> House:
    return House()


def test_nobody_is_answered_and_reading_goes_on(house: House) -> None:
    assert not house.pace()


def test_somebody_is_answered_and_reading_stands_still_until_the_end(house: House) -> None:
    house.answering = True
    assert house.pace()
    assert house.after(9.9)

    house.answering = False

    assert not house.after(0.1)


def test_after_ten_seconds_in_a_row_reading_gets_its_turn_and_stands_still_again(
    house: House,
) -> None:
    house.answering = True
    house.pace()

    assert not house.after(10.0)
    assert not house.after(0.9)
    assert house.after(0.2)
    assert house.after(9.0)
    assert not house.after(1.5)


def test_the_next_question_has_its_ten_seconds_from_its_own_beginning(house: House) -> None:
    house.answering = True
    house.pace()
    house.answering = False
    house.after(9.0)
    house.answering = True

    assert house.after(0.5)
    assert house.after(9.0)


def test_a_house_where_somebody_always_asks_still_reads_a_twelfth_of_the_time(
    house: House,
) -> None:
    house.answering = True

    turns = sum(not house.after(0.1) for _ in range(6000))

    assert turns / 6000 == pytest.approx(1 / 11, rel=0.1)


def test_where_nobody_asks_nothing_stands_still() -> None:
    assert not unhurried()
