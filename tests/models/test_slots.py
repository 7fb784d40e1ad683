"""Which slot a prompt gets, and what of it is there already."""

import pytest

from appliance.models.slots import LEAST_BROUGHT, Choice, Slots, shared


def slots_with(*held: list[int], cells: int = 1000) -> Slots:
    """Idle slots that hold these tokens, used in this order."""
    slots = Slots(len(held), cells)
    for slot, tokens in zip(slots.all, held, strict=True):
        slots.take(slot, 10)
        slot.tokens = tokens
        slots.release(slot)
    return slots


def counting(start: int, count: int) -> list[int]:
    return list(range(start, start + count))


@pytest.mark.parametrize(
    ("first", "second", "length"),
    [
        ([], [1], 0),
        ([1, 2], [1, 2], 2),
        ([1, 2, 3], [1, 2], 2),
        ([1, 9], [1, 2], 1),
        ([9, 2], [1, 2], 0),
    ],
)
def test_what_two_sequences_share_is_what_both_begin_with(
    first: list[int], second: list[int], length: int
) -> None:
    assert shared(first, second) == length


def test_the_next_turn_finds_the_slot_of_its_conversation() -> None:
    slots = slots_with(counting(0, 50), counting(100, 50), counting(200, 50))

    choice = slots.choose([*counting(100, 50), 1, 2])

    assert choice == Choice(slots.all[1], 50)


def test_the_last_token_is_always_read_again() -> None:
    slots = slots_with(counting(0, 50))

    assert slots.choose(counting(0, 50)).kept == 49


def test_a_short_prompt_does_not_take_the_slot_of_a_long_conversation() -> None:
    long = counting(0, 100)
    slots = slots_with(long, [], counting(200, 10))

    slot, kept, donor, length = slots.choose([*counting(0, 49), 7, 8])

    assert slot is slots.all[1]  # empty: nothing is lost
    assert kept == 0
    assert donor is slots.all[0]
    assert length == 49
    assert slots.choose([*counting(0, 50), 7, 8]).slot is slots.all[0]  # half of it: it may


def test_of_full_slots_the_one_unused_for_longest_gives_way() -> None:
    slots = slots_with(counting(0, 50), counting(100, 50), counting(200, 50))
    slots.take(slots.all[0], 10)
    slots.release(slots.all[0])

    assert slots.choose([1, 2, 3]).slot is slots.all[1]


def test_a_slot_in_use_is_never_chosen_but_gives_its_beginning() -> None:
    slots = slots_with(counting(0, 50), counting(100, 50))
    slots.take(slots.all[0], 10)

    choice = slots.choose([*counting(0, 50), 1, 2])

    assert choice == Choice(slots.all[1], 0, slots.all[0], 50)


def test_of_several_that_share_as_much_the_shortest_is_copied() -> None:
    beginning = counting(0, 30)
    slots = slots_with(beginning + counting(100, 90), beginning + counting(200, 80), [])
    for slot in slots.all[:2]:
        slots.take(slot, 10)

    assert slots.choose([*beginning, 1, 2]).donor is slots.all[1]


def test_a_few_tokens_are_read_rather_than_copied() -> None:
    few = counting(0, LEAST_BROUGHT - 1)
    slots = slots_with(few + counting(100, 90), [])

    assert slots.choose([*few, 1, 2]).donor is None
    assert slots.choose([*counting(0, LEAST_BROUGHT - 1), 100, 1]).donor is slots.all[0]


def test_what_is_promised_to_the_busy_is_not_given_twice() -> None:
    slots = slots_with([], [], cells=100)
    slots.take(slots.all[0], 60)

    assert slots.fits(40)
    assert not slots.fits(41)
    slots.release(slots.all[0])
    assert slots.fits(100)


def test_without_a_free_slot_nothing_fits() -> None:
    slots = slots_with([], cells=100)
    slots.take(slots.all[0], 1)

    assert not slots.fits(1)


def test_room_is_made_by_the_idle_slot_unused_for_longest() -> None:
    slots = slots_with([], [1], [2])
    assert slots.idlest() is slots.all[1]

    slots.take(slots.all[1], 1)
    assert slots.idlest() is slots.all[2]
    slots.take(slots.all[2], 1)
    assert slots.idlest() is None
