"""The line of questions: fair among persons, bounded, honest about the wait."""

import pytest

from appliance.errors import Unavailable
from appliance.models.line import FIRST_GUESS_MS, FIRST_GUESS_READING_MS, Line, Pace


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


def test_the_assistants_one_person_asks_take_turns_within_that_persons_turn() -> None:
    line: Line[str] = Line()
    for person, assistant, question in (
        ("ana", "rh", "a1"),
        ("ana", "rh", "a2"),
        ("ana", "it", "a3"),
        ("rui", "rh", "r1"),
    ):
        line.join(person, question, assistant=assistant, retry_after=1)

    assert line.first() == "a1"
    assert list(line.in_order()) == ["a1", "r1", "a3", "a2"]
    assert served(line) == ["a1", "r1", "a3", "a2"]


def test_who_leaves_takes_only_the_own_place() -> None:
    line: Line[str] = Line()
    for assistant, question in (("rh", "1"), ("rh", "2"), ("it", "3")):
        line.join("ana", question, assistant=assistant, retry_after=1)

    assert line.leave("2")
    assert line.leave("3")
    assert served(line) == ["1"]


def test_before_anything_was_measured_the_wait_is_a_guess() -> None:
    assert Pace().wait_ms(0, [0.0], slots=1) == FIRST_GUESS_MS
    assert Pace().wait_ms(1, [], slots=8) == FIRST_GUESS_READING_MS


def test_a_silence_is_told_once_measured_and_only_a_long_one() -> None:
    measured = pace(reading=4000, answer=9000)

    assert Pace().silence_ms(1.0) is None
    assert measured.silence_ms(1.0) == 4000
    assert measured.silence_ms(0.5) == 2000
    assert measured.silence_ms(0.1) is None


def pace(*, reading: float, answer: float) -> Pace:
    pace = Pace()
    pace.read(reading)
    pace.answered(answer)
    return pace


def test_the_first_measurement_replaces_the_guess_and_later_ones_move_it() -> None:
    measured = pace(reading=100, answer=1000)
    assert (measured.reading_ms, measured.answer_ms) == (100, 1000)

    measured.read(200)
    measured.answered(2000)
    assert measured.reading_ms == pytest.approx(130)
    assert measured.answer_ms == pytest.approx(1300)


def test_with_free_slots_one_waits_for_the_prompts_before_to_be_read() -> None:
    measured = pace(reading=100, answer=1000)

    assert measured.wait_ms(0, [], slots=4) == 0
    assert measured.wait_ms(2, [], slots=4) == 200
    assert measured.wait_ms(0, [30], slots=4, reading_for_ms=30) == 70
    assert measured.wait_ms(1, [300], slots=4, reading_for_ms=300) == 100  # it runs late


def test_without_a_free_slot_one_waits_for_answers_to_end() -> None:
    measured = pace(reading=100, answer=1000)

    assert measured.wait_ms(0, [400], slots=1) == 600
    assert measured.wait_ms(2, [400], slots=1) == 2600
    assert measured.wait_ms(0, [5000], slots=1) == 0  # it runs late: any moment now
    assert measured.wait_ms(0, [100, 700], slots=2) == 300
    assert measured.wait_ms(1, [100, 700], slots=2) == 900
    assert measured.wait_ms(2, [100, 700], slots=2) == 1300
