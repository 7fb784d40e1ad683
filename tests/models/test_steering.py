"""Chunks of a prompt: as large as the pause they make allows."""

from appliance.models.steering import LEAST, SHARED_MOST, SHARED_MS, Chunk


def settle(chunk: Chunk, ms_a_token: float, ms_besides: float = 0) -> float:
    """Steps on a machine of this speed; gives how long the last one took."""
    took = 0.0
    for _ in range(12):
        took = chunk.size * ms_a_token + ms_besides
        chunk.took(chunk.size, took)
    return took


def test_a_quick_machine_reads_the_most() -> None:
    chunk = Chunk(SHARED_MOST, SHARED_MS)

    settle(chunk, 0.5)
    assert chunk.size == SHARED_MOST


def test_on_a_slow_machine_a_step_still_ends_in_time() -> None:
    chunk = Chunk(SHARED_MOST, SHARED_MS)

    assert settle(chunk, 10) <= SHARED_MS
    assert LEAST < chunk.size < SHARED_MOST


def test_what_the_answers_beside_it_cost_is_counted() -> None:
    chunk = Chunk(SHARED_MOST, SHARED_MS)

    assert settle(chunk, 5, ms_besides=100) <= SHARED_MS


def test_however_slow_a_prompt_goes_on() -> None:
    chunk = Chunk(SHARED_MOST, SHARED_MS)

    settle(chunk, 40, ms_besides=600)
    assert chunk.size == LEAST


def test_a_machine_that_is_free_again_reads_more_again() -> None:
    chunk = Chunk(SHARED_MOST, SHARED_MS)
    settle(chunk, 20)
    slow = chunk.size

    settle(chunk, 1)
    assert chunk.size == SHARED_MOST > slow


def test_the_short_end_of_a_prompt_teaches_nothing_about_a_chunk() -> None:
    chunk = Chunk(512, 2000)
    settle(chunk, 10)
    size = chunk.size

    chunk.took(1, 30)
    assert chunk.size == size


def test_a_limit_below_the_least_is_kept() -> None:
    chunk = Chunk(4, SHARED_MS)

    settle(chunk, 1000)
    assert chunk.size == 4


def test_the_first_step_beside_answers_knows_how_slow_the_machine_is() -> None:
    chunk = Chunk(SHARED_MOST, SHARED_MS)
    chunk.at_most(512, 60_000)
    assert chunk.size == LEAST

    chunk.at_most(512, 100)  # says nothing of the answers beside it: no reason to grow
    assert chunk.size == LEAST
    settle(chunk, 1)
    assert chunk.size == SHARED_MOST


def test_one_quick_step_is_believed_by_half() -> None:
    chunk = Chunk(512, 1000)
    settle(chunk, 10)
    size = chunk.size

    chunk.took(size, 5 * size)
    assert size < chunk.size <= 1.5 * size
