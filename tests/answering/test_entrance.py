"""The way in: who is searched now, who waits where, and who is told to come back."""

import threading
from contextlib import ExitStack

import pytest

from appliance.answering import entrance
from appliance.answering.entrance import Entrance, Ticket
from appliance.answering.stopping import Stop
from appliance.errors import Unavailable


def standing(stack: ExitStack, door: Entrance, *persons: str) -> list[Ticket]:
    """A ticket for each, in this order."""
    return [stack.enter_context(door.ticket(person, Stop())) for person in persons]


def test_whoever_finds_a_turn_free_has_no_place_in_the_line() -> None:
    door = Entrance(at_once=2)

    with ExitStack() as stack:
        both = standing(stack, door, "ana", "bia")

        assert [list(ticket.places()) for ticket in both] == [[], []]


def test_the_others_are_told_how_many_stand_before_them() -> None:
    door = Entrance(at_once=1)

    with ExitStack() as stack:
        tickets = standing(stack, door, "ana", "bia", "caio", "davi")

        assert [door.position(ticket) for ticket in tickets] == [None, 0, 1, 2]


def test_a_place_comes_at_once_with_a_wait_that_grows_with_it() -> None:
    door = Entrance(at_once=1)

    with ExitStack() as stack:
        _, bia, caio = standing(stack, door, "ana", "bia", "caio")
        first, second = next(bia.places()), next(caio.places())

    assert (first[0], second[0]) == (0, 1)
    assert 0 < first[1] < second[1]


def test_a_turn_that_ends_is_the_next_ones() -> None:
    door = Entrance(at_once=1)

    with ExitStack() as stack:
        ana, bia, caio = standing(stack, door, "ana", "bia", "caio")
        ana.leave()

        assert list(bia.places()) == []
        assert door.position(caio) == 0


def test_the_place_is_told_again_while_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "TOLD_EVERY_SECONDS", 0.01)
    door = Entrance(at_once=1)

    with ExitStack() as stack:
        ana, bia, caio = standing(stack, door, "ana", "bia", "caio")
        places = caio.places()
        before = next(places)[0]
        bia.leave()
        after = next(places)[0]
        ana.leave()

        assert (before, after, list(places)) == (1, 0, [])


def test_persons_take_turns() -> None:
    door = Entrance(at_once=1)

    with ExitStack() as stack:
        tickets = standing(stack, door, "ana", "bia", "bia", "bia", "caio")

        assert [door.position(ticket) for ticket in tickets] == [None, 0, 2, 3, 1]


def test_a_full_line_says_when_to_come_back() -> None:
    door = Entrance(at_once=1, longest=2)

    with ExitStack() as stack:
        standing(stack, door, "ana", "bia", "caio")
        with pytest.raises(Unavailable) as refused:
            standing(stack, door, "davi")

    assert (refused.value.code, refused.value.facts) == ("engine_busy", {"waiting": 2})
    assert refused.value.retry_after is not None
    assert refused.value.retry_after >= 1


def test_whoever_leaves_the_line_stands_before_nobody() -> None:
    door = Entrance(at_once=1)

    with ExitStack() as stack:
        _, bia, caio = standing(stack, door, "ana", "bia", "caio")
        bia.leave()

        assert door.position(caio) == 0


def test_a_reader_who_leaves_waits_no_longer() -> None:
    door, stop = Entrance(at_once=1), Stop()
    ended = threading.Event()

    with door.ticket("ana", Stop()), door.ticket("bia", stop) as bia:

        def wait() -> None:
            for _ in bia.places():
                stop.set()
            ended.set()

        thread = threading.Thread(target=wait)
        thread.start()

        assert ended.wait(30)
        thread.join()


def test_turns_that_failed_are_free_again() -> None:
    door = Entrance(at_once=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), door.ticket("ana", Stop()):
            raise ZeroDivisionError

    with door.ticket("bia", Stop()) as bia:
        bia.leave()
        bia.leave()
        with door.ticket("ana", Stop()) as ana, door.ticket("caio", Stop()) as caio:
            assert (door.position(ana), door.position(caio)) == (None, 0)


def test_the_wait_is_reckoned_from_what_searches_took() -> None:
    door = Entrance(at_once=1)
    guessed = door.wait_ms(9)
    for _ in range(50):
        with door.ticket("ana", Stop()):
            pass

    assert door.wait_ms(9) < guessed / 10
