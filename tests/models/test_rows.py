"""A batch as llama.cpp reads it."""

import ctypes

from appliance.models.rows import Part, Rows, fillers


def laid(rows: Rows, count: int) -> list[tuple[int, int, int, int]]:
    """Token, place, sequence and whether its logits are wanted, of each row."""
    return [
        (
            int(rows.token[row]),
            int(rows.pos[row]),
            ctypes.c_int32.from_address(int(rows.seq_id[row])).value,
            int(rows.logits[row]),
        )
        for row in range(count)
    ]


def test_parts_lie_one_behind_the_other() -> None:
    rows = Rows(16, 4)
    parts = [Part(0, 7, [5], 1), Part(2, 3, [6, 7, 8], 1), Part(3, 0, [9, 10])]

    assert rows.lay(parts) == 6
    assert laid(rows, 6) == [
        (5, 7, 0, 1),
        (6, 3, 2, 0),
        (7, 4, 2, 0),
        (8, 5, 2, 1),
        (9, 0, 3, 0),
        (10, 1, 3, 0),
    ]
    assert [part.row for part in parts] == [0, 3, 5]


def test_nothing_of_the_batch_before_is_left() -> None:
    rows = Rows(16, 4)
    rows.lay([Part(0, 0, [1, 2, 3], 3)])

    rows.lay([Part(1, 0, [4, 5, 6])])

    assert laid(rows, 3) == [(4, 0, 1, 0), (5, 1, 1, 0), (6, 2, 1, 0)]


def test_every_token_is_in_one_sequence() -> None:
    assert (Rows(8, 2).n_seq_id == 1).all()


def test_a_gap_between_sequences_is_filled_behind_what_they_hold() -> None:
    parts = [Part(1, 5, [7], 1), Part(4, 2, [8], 1)]

    assert fillers(parts, [9, 5, 30, 0, 2, 9], context=512) == [Part(2, 30, [0]), Part(3, 0, [0])]


def test_a_full_sequence_takes_no_filler() -> None:
    parts = [Part(0, 5, [7]), Part(2, 2, [8])]

    assert fillers(parts, [5, 512, 2], context=512) == []


def test_neighbours_have_no_gap() -> None:
    assert fillers([Part(0, 0, [7]), Part(1, 0, [8])], [0, 0, 0], context=512) == []
