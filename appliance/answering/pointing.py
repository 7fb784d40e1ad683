"""What points back in a question: ele, isso, "esse prazo", renová-la, it, they, los.

Says where, and only where what is meant stands outside the question: in "Se o aluno faltar,
ele pode fazer outra?" it does not, nor in "Is it allowed to smoke?" or "este ano".
"""

import re
from dataclasses import dataclass

from appliance.answering.constituents import Asked

_ENCLITIC = {
    "pt": re.compile(r"(?P<stem>\w+?)(?P<ending>[áêíâi](?=-l)|)-(?P<pronoun>l?[oa]s?|lhes?)"),
    "es": re.compile(r"(?!charlas?$)(?P<stem>\w{2,})(?P<ending>[aeiáéí]r)(?P<pronoun>l[oae]s?)"),
}
_INFINITIVE = {"á": "ar", "ê": "er", "í": "ir", "i": "ir", "â": "ar"}
_EXPLETIVE = re.compile(
    r"\bit (?:\w+ )?(?:allowed|possible|mandatory|necessary|required|takes?|costs?|ok|okay|legal"
    r"|forbidden|permitted|compulsory|safe|better) (?:\w+ \w+ )?(?:to|that|for)\b"
)
CONDITIONS = {"se", "quando", "caso", "if", "when", "si", "cuando"}


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a question points back: words ``first`` to ``last``; ``family`` is the
    preposition in it, ``kept`` what of it stays, ``phrase`` whether a noun can stand there,
    ``meant`` the pronoun."""

    first: int
    last: int
    family: str
    kept: str
    phrase: bool
    meant: str = ""


def pointer(asked: Asked) -> Pointer | None:
    """The first word of a question that points out of it, or None."""
    found = next(
        (one for place in range(len(asked.words)) if (one := _pointer_at(asked, place))), None
    )
    return None if found is None or _inside(asked, found) else found


def _pointer_at(asked: Asked, place: int) -> Pointer | None:
    lists, word = asked.lists, asked.keys[place]
    after = asked.keys[place + 1] if place + 1 < len(asked.keys) else ""
    if enclitic := _without_enclitic(asked, place):
        return Pointer(place, place + 1, "", enclitic[0], True, enclitic[1])
    if _is_clitic(asked, place):
        return Pointer(place, place + 2, "", asked.words[place + 1].text, True, word)
    if asked.language == "en" and not _english_points(asked, place):
        return None
    if word in lists.demonstratives and after and asked.tells(place + 1):
        if after in lists.here:
            return None
        return Pointer(place, place + 2, lists.demonstratives[word], "", False)
    if word in lists.pronouns and place and (led := lists.prepositions.get(asked.keys[place - 1])):
        return Pointer(place - 1, place + 1, led, "", True, word)
    if word in lists.pronouns:
        return Pointer(place, place + 1, lists.pronouns[word], "", True, word)
    if word in lists.demonstratives and not after:
        return Pointer(place, place + 1, lists.demonstratives[word], "", True)
    if asked.language == "en" and word in lists.possessives:
        return Pointer(place, place + 1, "", "", False)
    return None


def _without_enclitic(asked: Asked, place: int) -> tuple[str, str] | None:
    """The verb that a pronoun hangs on, and the pronoun: renová-la, renovarlo."""
    pattern = _ENCLITIC.get(asked.language)
    found = pattern.fullmatch(asked.words[place].text.lower()) if pattern else None
    if not found:
        return None
    verb = found["stem"] + _INFINITIVE.get(found["ending"], found["ending"])
    return verb, found["pronoun"]


def _is_clitic(asked: Asked, place: int) -> bool:
    """¿Dónde los entrego? Quem o aprova? An article right before a verb is none."""
    return (
        asked.language != "en"
        and 0 < place < len(asked.keys) - 1
        and (place == asked.asking or asked.keys[place - 1] in ("nao", "no", "se", "me"))
        and asked.keys[place] in ("o", "a", "os", "as", "lo", "la", "los", "las")
        and (asked.keys[place + 1] in asked.lists.verbs or _is_last_spanish(asked, place + 1))
    )


def _is_last_spanish(asked: Asked, place: int) -> bool:
    """¿Cuándo la devuelven? Spanish puts no noun there without a verb after it."""
    return asked.language == "es" and place + 1 == len(asked.words) and asked.asking > 0


def _english_points(asked: Asked, place: int) -> bool:
    word = asked.keys[place]
    before = asked.keys[place - 1] if place else ""
    after = asked.keys[place + 1] if place + 1 < len(asked.keys) else ""
    if word == "it":
        return not _EXPLETIVE.search(" ".join(asked.keys))
    if word == "there":
        be = {"is", "are", "was", "were", "be", "will"}
        return before not in be and after not in be
    if word == "that":
        return not after or before in asked.lists.verbs | asked.lists.prepositions.keys() | {""}
    return True


def _inside(asked: Asked, pointer: Pointer) -> bool:
    """Whether what is pointed at stands in the question itself, before the pointer."""
    own = [
        place
        for place in range(pointer.first)
        if asked.tells(place) and asked.kind(place) not in ("attribute", "ordinal", "number")
    ]
    conditional = CONDITIONS & set(asked.keys[0:1] + asked.keys[asked.asking : pointer.first])
    most = 1 if conditional or asked.keys[pointer.first] in asked.lists.possessives else 2
    return len(own) >= most
