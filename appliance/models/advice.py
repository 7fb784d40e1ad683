"""Which model this machine can serve to how many people, from one that was measured.

What another model would do is reckoned by its size: decoding reads all weights once for
each token, and a prompt costs as much arithmetic as there are weights. So the reckoned
figures are right to about a third, and the sentence says that they are reckoned.
"""

from collections.abc import Sequence
from typing import Protocol

from appliance.models.catalogue import Entry
from appliance.models.hardware import Memory
from appliance.models.measuring import OWN, PEOPLE, Measured
from appliance.records import Problem

LEAST_WRITTEN = 3.0  # tokens a second for each: about how fast people read
WORDS_PER_TOKEN = 0.5  # about: a Portuguese word takes two tokens of Mistral's vocabulary
LONGEST_WAIT = 45.0  # seconds to the first word, when all ask at once


def people_served(read: float, written: dict[int, float]) -> int:
    """How many may ask at once, of those measured: each reads along, and nobody waits
    longer than ``LONGEST_WAIT`` for the first word. 0 when even one waits too long."""
    served = [
        people
        for people in PEOPLE
        if written.get(people, 0.0) >= people * LEAST_WRITTEN
        and people * OWN <= read * LONGEST_WAIT
    ]
    return max(served, default=0)


class Rates(Protocol):
    """What was measured of a model: tokens a second read, and written by so many people
    together, and the megabytes it took."""

    @property
    def read(self) -> float: ...
    @property
    def written(self) -> dict[int, float]: ...
    @property
    def memory_mb(self) -> int: ...


def in_words(measured: Rates) -> Problem:
    """How many a measured model serves at once, and how fast for each, as a sentence."""
    people = people_served(measured.read, measured.written)
    if people == 0:
        return Problem(code="measured_serves_nobody")
    words = round(WORDS_PER_TOKEN * measured.written[people] / people)
    code = "measured_serves_one" if people == 1 else "measured_serves"
    return Problem(code=code, facts={"people": people, "words": words})


def by_size(measured: Rates, entry: Entry) -> Problem:
    """How many another model than the measured one should serve, as a sentence."""
    people = _reckoned(measured, entry)
    codes = {0: "by_size_serves_nobody", 1: "by_size_serves_one"}
    return Problem(code=codes.get(people, "by_size_serves"), facts={"people": people})


def _reckoned(measured: Rates, entry: Entry) -> int:
    times = max(1, measured.memory_mb) / entry.ram_mb
    written = {people: rate * times for people, rate in measured.written.items()}
    return people_served(measured.read * times, written)


def advice(measured: Measured, others: Sequence[Entry], memory: Memory) -> list[Problem]:
    """A sentence for the measured model, and one for each other entry of the catalogue.

    ``memory`` is what the machine has in all.
    """
    served = people_served(measured.read, measured.written)
    told = [_said(measured.model, served, code="advice_serves")]
    for entry in others:
        if entry.name == measured.model:
            continue
        if entry.ram_mb > memory.total_mb:
            facts = {"name": entry.name, "need_mb": entry.ram_mb, "has_mb": memory.total_mb}
            told.append(Problem(code="advice_too_big", facts=facts))
            continue
        told.append(_said(entry.name, _reckoned(measured, entry), code="advice_may_serve"))
    return told


def _said(name: str, served: int, *, code: str) -> Problem:
    if served:
        return Problem(code=code, facts={"name": name, "people": served})
    return Problem(code=f"{code}_nobody", facts={"name": name})
