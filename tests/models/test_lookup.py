"""Guessing from the prompt: quicker where an answer quotes, and never another answer."""

import pytest

from appliance.models import Sampling, catalogue
from appliance.models.lookup import FIRST, LONGEST, Lookup
from tests.models.desk import ENTRY, ONE, Desk, Gate, asking, open_gate
from tests.models.runners import PROBE
from tests.models.test_llama import COPYIST

PASSAGE = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]


def test_what_followed_the_last_tokens_before_is_guessed() -> None:
    assert Lookup([*PASSAGE, 50, 3, 4]).guess(8) == [5, 6, 7]


def test_new_tokens_are_followed_by_nothing() -> None:
    assert Lookup([*PASSAGE, 50, 51]).guess(8) == []
    assert Lookup([]).guess(8) == []
    assert Lookup([1]).guess(8) == []


def test_three_tokens_that_fit_go_before_two() -> None:
    assert Lookup([1, 2, 3, 70, 9, 2, 3, 80, 1, 2, 3]).guess(1) == [70]


def test_of_two_places_the_later_one_counts() -> None:
    assert Lookup([1, 2, 70, 9, 1, 2, 80, 9, 1, 2]).guess(1) == [80]


def test_the_end_itself_is_no_place() -> None:
    assert Lookup([5, 5]).guess(3) == []
    assert Lookup([5, 5, 5]).guess(3) == [5]


def test_no_more_is_guessed_than_allowed() -> None:
    lookup = Lookup([*PASSAGE, 1, 2])

    assert lookup.guess(2) == [3, 4]
    assert lookup.guess(0) == []
    assert lookup.guess(-1) == []


def test_a_written_token_is_looked_up_like_the_prompts() -> None:
    lookup = Lookup([1, 2, 3])
    for token in (4, 1, 2):
        lookup.add(token)

    assert lookup.guess(2) == [3, 4]


def test_the_reach_grows_while_guesses_are_right_and_shrinks_when_they_are_not() -> None:
    lookup = Lookup([*PASSAGE, 1, 2])
    assert len(lookup.guess(LONGEST)) == FIRST

    lookup.right(FIRST, FIRST)
    lookup.right(2 * FIRST, 2 * FIRST)
    assert len(lookup.guess(100)) == LONGEST

    lookup.right(LONGEST, 2)
    assert len(lookup.guess(100)) == 2
    lookup.right(2, 0)
    assert len(lookup.guess(100)) == 1


def copied(*, lookup: bool, people: int = 1, count: int = 6) -> tuple[list[str], int, int]:
    """What the copyist answers, so many people at a time; the steps and the tokens."""
    from tests.tiny import answers

    gate = Gate(catalogue.find("copyist"), COPYIST, tuning=ONE)
    gate.let(100_000)
    desk = Desk(gate, lookup=lookup)
    texts = []
    cases = answers.written_cases()[:count]
    for first in range(0, count, people):
        asked = [
            desk.ask(asking(case.message), Sampling(max_tokens=160))
            for case in cases[first : first + people]
        ]
        texts += [inbox.text() for _, inbox in asked]
    tokens = desk.scheduler.totals.tokens
    desk.scheduler.close()
    gate.close()
    return texts, len(gate.steps), tokens


@pytest.mark.parametrize("people", [1, 2])
def test_an_answer_that_quotes_takes_fewer_steps_and_is_the_same(people: int) -> None:
    without, slow, tokens = copied(lookup=False, people=people)
    texts, quick, as_many = copied(lookup=True, people=people)

    assert texts == without
    assert as_many == tokens
    assert quick < 0.9 * slow


def test_an_answer_with_guesses_stops_exactly_at_its_limit() -> None:
    with open_gate() as (desk, gate):
        gate.let(100_000)
        for most in range(1, 30):
            text, outcome = desk.write("abcabcabcabcabcabcabc", Sampling(max_tokens=most))
            assert outcome.tokens <= most
            assert text is not None


def test_the_next_turn_after_guesses_finds_a_clean_slot() -> None:
    def two_turns(lookup: bool) -> list[str]:
        gate = Gate(ENTRY, PROBE, tuning=ONE)
        gate.let(100_000)
        desk = Desk(gate, lookup=lookup)
        question = "abcabcabcabc " * 5
        texts = [desk.write(text, Sampling(max_tokens=60))[0] for text in (question, question * 2)]
        desk.scheduler.close()
        gate.close()
        return texts

    assert two_turns(lookup=True) == two_turns(lookup=False)


def test_with_temperature_or_a_crowd_nothing_is_guessed() -> None:
    with open_gate() as (desk, gate):
        gate.let(100_000)
        desk.write("abcabcabcabcabc", Sampling(max_tokens=40, temperature=0.5))
        assert all(part.logits <= 1 for step in gate.steps for part in step)
        inboxes = [desk.ask("abcabcabc" * 5, Sampling(max_tokens=20))[1] for _ in range(3)]
        for inbox in inboxes:
            inbox.to_the_end()

    crowd = [step for step in gate.steps if len(step) > 2]
    assert crowd
    assert all(part.logits <= 1 for step in crowd for part in step)
