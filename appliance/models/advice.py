"""Which model this machine can serve to how many people, from one that was measured.

What another model would do is reckoned by its size: decoding reads all weights once for
each token, and a prompt costs as much arithmetic as there are weights. So the reckoned
figures are right to about a third, and the sentence says that they are reckoned.
"""

from collections.abc import Sequence

from appliance.models.catalogue import Entry
from appliance.models.hardware import Memory
from appliance.models.measuring import OWN, PEOPLE, Measured
from appliance.records import Problem

LEAST_WRITTEN = 3.0  # tokens a second for each: about how fast people read
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
        times = max(1, measured.memory_mb) / entry.ram_mb
        written = {people: rate * times for people, rate in measured.written.items()}
        served = people_served(measured.read * times, written)
        told.append(_said(entry.name, served, code="advice_may_serve"))
    return told


def _said(name: str, served: int, *, code: str) -> Problem:
    if served:
        return Problem(code=code, facts={"name": name, "people": served})
    return Problem(code=f"{code}_nobody", facts={"name": name})
