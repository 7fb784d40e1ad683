"""A question is embedded once, also where two parts want its vector."""

import numpy as np

from appliance.answering.remembered import MOST, SECONDS, Embedded, Remembered


class Counting:
    """Counts what it embeds; without vectors while ``down``."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.down = False
        self.now = 0.0
        self.stamp = "words@1"

    def __call__(self, text: str) -> Embedded:
        self.asked.append(text)
        return (None, "") if self.down else (np.ones(1, dtype=np.float32), self.stamp)


def test_the_second_time_nothing_is_embedded() -> None:
    counting = Counting()
    remembered = Remembered(counting, lambda: counting.stamp)

    assert remembered("Oi?")[1] == remembered("Oi?")[1] == "words@1"
    assert counting.asked == ["Oi?"]


def test_what_is_old_is_embedded_again() -> None:
    counting = Counting()
    remembered = Remembered(counting, lambda: counting.stamp, clock=lambda: counting.now)
    remembered("Oi?")
    counting.now = SECONDS

    remembered("Oi?")

    assert counting.asked == ["Oi?", "Oi?"]


def test_once_another_embedder_is_in_force_no_vector_of_the_former_one_is_given() -> None:
    counting = Counting()
    remembered = Remembered(counting, lambda: counting.stamp)
    remembered("Oi?")
    counting.stamp = "stems@1"

    assert remembered("Oi?")[1] == "stems@1"
    assert counting.asked == ["Oi?", "Oi?"]


def test_what_could_not_be_embedded_is_tried_again() -> None:
    counting = Counting()
    counting.down = True
    remembered = Remembered(counting, lambda: counting.stamp)
    assert remembered("Oi?") == (None, "")
    counting.down = False

    assert remembered("Oi?")[1] == "words@1"


def test_only_the_last_ones_are_kept() -> None:
    counting = Counting()
    remembered = Remembered(counting, lambda: counting.stamp)
    for n in range(MOST + 1):
        remembered(f"{n}?")

    remembered("0?")
    remembered(f"{MOST}?")

    assert counting.asked.count("0?") == 2
    assert counting.asked.count(f"{MOST}?") == 1
