"""So many visitors' questions at once, of one assistant and of the house (SEC-47)."""

import pytest

from appliance.api.turns import LONGEST, Turns
from appliance.errors import TooMany


@pytest.mark.guarantee("SEC-47")
def test_an_assistants_visitors_have_so_many_places_and_others_have_theirs() -> None:
    turns = Turns()
    with turns.take("a1", 2), turns.take("a1", 2):
        with pytest.raises(TooMany) as refused, turns.take("a1", 2):
            pytest.fail("let in")
        with turns.take("a2", 2):
            assert (turns.under_way("a1"), turns.under_way("a2")) == (2, 1)

    assert refused.value.code == "assistant_busy"
    assert (refused.value.retry_after or 0) > 0
    assert turns.under_way("a1") == 0


@pytest.mark.guarantee("SEC-47")
def test_visitors_of_all_assistants_never_fill_the_line() -> None:
    turns = Turns(longest=2)
    with turns.take("a1", 9), turns.take("a2", 9), pytest.raises(TooMany), turns.take("a3", 9):
        pytest.fail("let in")

    assert LONGEST <= 64


def test_a_question_that_fails_leaves_its_place() -> None:
    turns = Turns()
    with pytest.raises(RuntimeError), turns.take("a1", 1):
        raise RuntimeError

    with turns.take("a1", 1):
        assert turns.under_way("a1") == 1
