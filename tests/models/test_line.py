"""The line of questions: fair among persons, bounded, honest about the wait."""

import pytest

from appliance.errors import Unavailable
from appliance.models.line import FIRST_GUESS_MS, Line, Pace


def line_of(*waiting: tuple[str, str], longest: int = 64) -> Line[str]:
    line: Line[str] = Line(longest)
    for person, question in waiting:
        line.join(person, question, retry_after=1)
    return line


def served(line: Line[str]) -> list[str]:
    order = []
    while (question := line.take()) is not None:
        order.append(question)
    return order


def test_one_person_is_served_in_the_order_of_asking() -> None:
    assert served(line_of(("ana", "1"), ("ana", "2"), ("ana", "3"))) == ["1", "2", "3"]


def test_persons_take_turns_so_many_questions_of_one_do_not_hold_up_another() -> None:
    line = line_of(("ana", "a1"), ("ana", "a2"), ("ana", "a3"), ("rui", "r1"), ("eva", "e1"))

    assert served(line) == ["a1", "r1", "e1", "a2", "a3"]


def test_who_was_just_served_goes_behind_everybody_who_waits() -> None:
    line = line_of(("ana", "a1"), ("ana", "a2"), ("rui", "r1"))
    assert line.take() == "a1"
    line.join("eva", "e1", retry_after=1)

    assert served(line) == ["r1", "a2", "e1"]


def test_the_order_foretold_is_the_order_served() -> None:
    line = line_of(("ana", "a1"), ("rui", "r1"), ("ana", "a2"), ("eva", "e1"), ("rui", "r2"))

    assert list(line.in_order()) == served(line)


def test_a_full_line_says_come_back_and_when() -> None:
    line = line_of(("ana", "1"), ("rui", "2"), longest=2)

    with pytest.raises(Unavailable) as refusal:
        line.join("eva", "3", retry_after=12)

    assert refusal.value.code == "engine_busy"
    assert refusal.value.retry_after == 12
    assert refusal.value.facts["waiting"] == 2
    assert len(line) == 2


def test_who_leaves_the_line_is_not_served_and_makes_room() -> None:
    line = line_of(("ana", "1"), ("rui", "2"), longest=2)

    assert line.leave("1")
    assert not line.leave("1")
    line.join("eva", "3", retry_after=1)
    assert served(line) == ["2", "3"]


def test_an_empty_line_serves_nobody() -> None:
    line: Line[str] = Line()

    assert line.take() is None
    assert list(line.in_order()) == []
    assert len(line) == 0


def test_before_anything_was_measured_the_wait_is_a_guess() -> None:
    assert Pace().wait_ms(1, None) == FIRST_GUESS_MS


def test_the_first_measurement_replaces_the_guess_and_later_ones_move_it() -> None:
    pace = Pace()
    pace.measured(1000)
    assert pace.average_ms == 1000
    pace.measured(2000)
    assert pace.average_ms == pytest.approx(1300)


def test_the_wait_counts_what_is_left_of_the_running_answer() -> None:
    pace = Pace()
    pace.measured(1000)

    assert pace.wait_ms(0, 400) == 600
    assert pace.wait_ms(2, 400) == 2600
    assert pace.wait_ms(0, 5000) == 0  # it runs late: any moment now
