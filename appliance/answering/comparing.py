"""Where two statements differ: in a value, in the place of a name, in a yes or a no.

Things are compared with what stands beside them. A number of the sentence that the span
has, too, but beside another noun, is in the wrong place; a no of the span counts only
where the sentence speaks of what it denies.
"""

from collections.abc import Iterable

from appliance.answering.polarity import Claim, Denial
from appliance.answering.statements import Name, Statement
from appliance.answering.values import Value, same, same_unit
from appliance.records import Reason

Place = tuple[int, int]  # the first and the last term of a thing

BESIDE = 2  # content words on each side of a thing that are its neighbours
# By how many neighbours another place must fit better before a thing stands in the wrong one.
MARGIN = 2


def value_differs(
    said: Statement, value: Value, at: int, given: Statement, place: Statement
) -> Reason | None:
    """What is wrong with a value of the sentence, if anything: the span gives another, or
    of another unit, or gives it to something else. ``place`` is what may be named besides.
    """
    here = (at, at)
    own = [
        (one, (where, where))
        for one, where in given.values
        # "um livro" answers for "1 livro", and not for "1 aluno"
        if same(value, one)
        and (not one.loose or one.unit or _fit(said, here, given, (where, where)))
    ]
    if not own:
        if any(same(value, one) and same_unit(value, one) for one, _ in place.values):
            return None
        return "date" if value.kind == "date" else "number"
    alike = [where for one, where in own if same_unit(value, one)]
    if not alike:
        return "unit"
    others = [
        (where, where)
        for one, where in given.values
        if one.kind == value.kind and not same(value, one)
    ]
    if misplaced(said, here, given, alike, others):
        return "date" if value.kind == "date" else "number"
    return None


def whole_name(text: Statement, name: Name) -> Place:
    """The place of the whole name that a word is part of: ``Ana Prado``."""
    places = {one.place for one in text.names}
    first = last = name.place
    while first - 1 in places:
        first -= 1
    while last + 1 in places:
        last += 1
    return first, last


def misplaced(
    said: Statement, at: Place, given: Statement, own: Iterable[Place], others: Iterable[Place]
) -> bool:
    """Whether what stands around a thing in the sentence stands, in the span, around
    another of its kind: "15 livros por 3 dias" for "3 livros por 15 dias".

    ``own`` are the places in the span of the same thing, ``others`` those of its like.
    """
    here = max((_fit(said, at, given, where) for where in own), default=None)
    there = max((_fit(said, at, given, where) for where in others), default=0)
    return here is not None and there >= here + MARGIN


def _fit(said: Statement, at: Place, given: Statement, where: Place) -> int:
    """How many neighbours two places share, those before and those after."""
    pairs = zip(_beside(said, at), _beside(given, where), strict=True)
    return sum(len(one & other) for one, other in pairs)


def _beside(text: Statement, place: Place) -> tuple[set[str], set[str]]:
    first, last = place
    before = text.terms[max(0, first - BESIDE) : first]
    return set(before), set(text.terms[last + 1 : last + 1 + BESIDE])


def agree(said: Statement, given: Statement) -> bool:
    """Whether sentence and span deny the same and take the same sides."""
    if not all(_denied(one, given) for one in said.denials):
        return False
    if not all(_denied(one, said) for one in given.denials if _spoken_of(one, said, given)):
        return False
    return all(_sided(said, claim, given) for claim in said.claims)


def _spoken_of(denial: Denial, said: Statement, given: Statement) -> bool:
    """Whether the sentence speaks of what the span denies. Words that the span has a second
    time tell nothing: "pode levar mapas, mas não pode levar obras" denies the works alone.
    """
    telling = {word for word in denial.scope if given.terms.count(word) == 1} or denial.scope
    return bool(telling) and 3 * len(telling.intersection(said.terms)) >= 2 * len(telling)


def _denied(denial: Denial, other: Statement) -> bool:
    """Whether the other denies the same thing, or says the opposite word instead."""
    if any(denial.scope & one.scope for one in other.denials):
        return True
    return any(one.concept == denial.concept and not one.side for one in other.claims)


def _sided(said: Statement, claim: Claim, given: Statement) -> bool:
    """Whether the span takes the same side, or none."""
    about = [one for one in given.claims if one.concept == claim.concept]
    own = [(one.place, one.place) for one in about if one.side == claim.side]
    against = [(one.place, one.place) for one in about if one.side != claim.side]
    here = (claim.place, claim.place)
    if not against:
        return True
    if own:
        return not misplaced(said, here, given, own, against)
    return all(_fit(said, here, given, where) == 0 for where in against)
