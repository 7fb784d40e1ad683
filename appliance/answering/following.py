"""Follow-up questions: what "E para os calouros?" asks, said so that it can be searched.

Owns the search query of a question that leans on the conversation. By rule, in no
measurable time: a question that names its own subject is left alone, whatever came before;
one that does not takes what it lacks from the question before it (as that was searched)
and, where it points back, from what was cited. ``sure`` says where the rules could not tell;
only then is a language model worth asking (``rewording``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.answering.asking import words
from appliance.answering.constituents import (
    SLOTS,
    Asked,
    Phrase,
    counts,
    key,
    last_of,
    lowered,
    sentence_case,
)
from appliance.answering.pointing import CONDITIONS, Pointer, pointer
from appliance.records import Language

LONGEST = 200  # characters of a question beyond which it says enough by itself
_NAMES = 2  # proper names of a cited sentence that a pronoun may mean
_NAME_LENGTH = 60
_MANY = 4  # words of its own with which a question that points back may point at itself
_OWN = 3  # words of its own with which a fragment is a subject of its own
_NAME = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w.’'-]+(?:\s+(?:(?:de|da|do|das|dos|del|of|the|e|y|la)\s+)?[A-ZÀ-ÖØ-Þ0-9][\w.’'-]*)*"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the conversation: the query it was searched with (its question, where nothing
    was rewritten), and of its answer the sentences cited and the headings they stand under;
    none of either where it was refused."""

    query: str
    cited: Sequence[str] = ()
    headings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Followed:
    """The query to search with, None where the question stands by itself; ``sure`` is False
    where the rules guessed."""

    query: str | None
    sure: bool = True


STANDS = Followed(None)


def followed(question: str, earlier: Sequence[Turn], language: Language) -> Followed:
    """What a question asks after the turns ``earlier``, oldest first."""
    if len(question) > LONGEST:
        return STANDS
    lists = words(language)
    turn = next(
        (one for one in reversed(earlier) if Asked(one.query, language, lists).phrases()),
        None,
    )
    if turn is None:
        return STANDS
    new = Opened(question, language)
    if not new.asked.words:
        return STANDS
    found = _followed(new, turn, Asked(turn.query[:LONGEST], language, lists))
    if found.query is None:
        return STANDS
    return Followed(sentence_case(found.query, language), found.sure)


class Opened:
    """The new question without what opens it ("E", "What about") and fills it ("also")."""

    def __init__(self, question: str, language: Language) -> None:
        lists = words(language)
        whole = Asked(question, language, lists)
        found = lists.opener.match(" ".join(whole.keys))
        skipped = len(found[0].split()) if found else 0
        last = len(whole.words)
        after = whole.keys[skipped + 1 : skipped + 2]
        if skipped and whole.keys[skipped : skipped + 1] and set(after) & set(lists.prepositions):
            # "E a da carteirinha?": the article stands for the former noun.
            skipped += whole.keys[skipped] in lists.articles
        while last > skipped and whole.keys[last - 1] in lists.filler:
            last -= 1
        self.opened = skipped > 0
        self.asked = Asked(whole.slice(skipped, last), language, lists)
        self.language = language


def _followed(new: Opened, turn: Turn, before: Asked) -> Followed:
    asked = new.asked
    if _asks_for_more(asked):
        return Followed(before.text)
    if asked.asking and asked.asking == len(asked.words):
        return _asked_otherwise(asked, before)
    if found := pointer(asked):
        return _pointed(asked, found, turn, before)
    if _is_clause(new):
        return _clause(asked, before)
    return _fragment(new, before)


def _asks_for_more(asked: Asked) -> bool:
    """Mais detalhes? Tell me more: the same again."""
    more = asked.lists.more
    says = [word for place, word in enumerate(asked.keys) if asked.tells(place) or word in more]
    return bool(says) and set(says) <= more and not asked.asking


# A bare question word: "Por quê?"


def _asked_otherwise(asked: Asked, before: Asked) -> Followed:
    """The former question with another question word in the place of its own."""
    rest = before.slice(before.asking, len(before.words))
    how = asked.text.strip("¿?!. ").replace("quê", "que")
    return Followed(f"{how} {lowered(rest)}")


# What points back: "Qual o prazo dele?"


def _pointed(asked: Asked, found: Pointer, turn: Turn, before: Asked) -> Followed:
    topic = before.topic(found.meant)
    own = asked.subject()
    named = asked.slice(found.first + 1, found.last)
    if found.phrase or key(named) in [key(word) for word in topic.split()]:
        noun = asked.written(found.family, topic) if topic else ""
        query = asked.spliced(found.first, found.last, f"{found.kept} {noun}".strip())
    else:
        query = f"{asked.text.rstrip('? ')}: {topic}"
    more = _entities(turn, query, sparse=len(before.subject()) < 2)
    return Followed(
        ", ".join([query.rstrip("?"), *more]),
        sure=bool(before.subject() or more) and len(own) < _MANY,
    )


def _entities(turn: Turn, query: str, *, sparse: bool) -> list[str]:
    """The names in the sentences cited, and their heading where the question said little."""
    names = [
        name
        for sentence in turn.cited
        for found in _NAME.finditer(sentence)
        if (name := found[0][:_NAME_LENGTH]) and (found.start() > 0 or " " in name)
    ]
    headings = [heading.split(" › ")[-1] for heading in turn.headings] if sparse else []
    fresh = [one for one in [*names[:_NAMES], *headings[:1]] if one.lower() not in query.lower()]
    return list(dict.fromkeys(fresh))


# A clause that lacks its subject: "Quanto custa?"


def _is_clause(new: Opened) -> bool:
    asked = new.asked
    if any(
        asked.is_verb(place) or asked.lists.asks.fullmatch(word)
        for place, word in enumerate(asked.keys)
    ):
        return True
    if not new.opened:
        return False
    runs = [phrase.last - phrase.noun for phrase in asked.phrases()]
    return max(runs, default=0) >= (4 if new.language == "en" else 3)


def _clause(asked: Asked, before: Asked) -> Followed:
    own = asked.subject()
    phrases = asked.phrases()
    if len(own) == 1 and _is_lone_verb(asked, own[0]):
        return Followed(_with_topic(asked, before), sure=False)
    if own or _names_people_or_days(asked, phrases):
        return STANDS
    # "Qual é a multa?" may be about what came before, or about any fine.
    doubtful = bool(phrases) and phrases[0].kind == "relation"
    return Followed(_with_topic(asked, before), sure=not doubtful)


def _is_lone_verb(asked: Asked, place: int) -> bool:
    """Onde protocolo? Posso parcelar? A single word that is nobody's noun."""
    word, previous = asked.keys[place], asked.keys[place - 1] if place else ""
    if place + 1 != len(asked.words):
        return False
    if place == asked.asking > 0:
        return True
    modal = previous in asked.lists.verbs or previous in ("para", "se", "me")
    infinitive = ("ar", "er", "ir")
    if asked.language == "en":
        return previous in ("i", "we", "you", "to")
    return modal and word.endswith(infinitive) and not previous.endswith(infinitive)


def _names_people_or_days(asked: Asked, phrases: list[Phrase]) -> bool:
    """Quem são os professores? Quando são os feriados? There they are the subject."""
    return any(
        phrase.kind in SLOTS and phrase.article and not phrase.family for phrase in phrases
    ) and any(word in asked.lists.links for word in asked.keys)


def _with_topic(asked: Asked, before: Asked) -> str:
    """The clause and after it what the former question was about, without the kinds of
    things that the clause names itself."""
    own = {phrase.kind for phrase in asked.phrases()}
    kept = before
    for phrase in reversed(before.phrases()):
        if phrase.kind in own & set(SLOTS):
            kept = Asked(kept.put(phrase, ""), kept.language, kept.lists)
    return f"{asked.text.rstrip('? ')} {lowered(kept.topic())}"


# A fragment: "E para os calouros?"


def _fragment(new: Opened, before: Asked) -> Followed:
    asked = new.asked
    phrases, own = asked.phrases(), asked.subject()
    if not phrases:
        return STANDS
    head = phrases[0]
    led = head.family != "" and head.first == 0
    if own and not new.opened and not led:
        return STANDS
    named = next((one for one in phrases if one.kind in SLOTS), None)
    if len(own) >= _OWN and named is None and not (led and new.opened):
        return STANDS
    if head.kind in ("attribute", "relation") and not led:
        return STANDS if own else _attribute(asked, before)
    if asked.keys[0] in CONDITIONS:
        return Followed(f"{before.text.strip('¿?!. ')}, {asked.text}", sure=False)
    if head.kind in ("number", "ordinal") and len(phrases) == 1:
        return _counted(asked, head, before)
    if named is not None:
        return _kind_for_kind(asked, named, before)
    return _item(asked, head, before)


def _counted(asked: Asked, head: Phrase, before: Asked) -> Followed:
    """E o 13? e do segundo? The number alone changes."""
    text = asked.slice(head.noun, head.last)
    old = last_of(before.phrases(), head.kind)
    if old and head.last - head.noun > 1:
        return Followed(before.spliced(old.noun, old.last, text))
    for place in range(len(before.words) - 1, before.asking - 1, -1):
        if counts(before, place, asked.words[head.noun]):
            return Followed(before.spliced(place, place + 1, text))
    return _item(asked, head, before)


def _attribute(asked: Asked, before: Asked) -> Followed:
    """E o prazo? One attribute in another's place, or asked of the former topic."""
    phrases = before.phrases()
    if phrases and phrases[0].kind in ("attribute", "relation") and len(phrases) > 1:
        return Followed(before.put(phrases[0], asked.text.strip("¿?!. ")))
    topic = before.topic()
    return Followed(f"{asked.text.strip('¿?!. ')} {asked.written(_of(before), topic)}")


def _of(asked: Asked) -> str:
    return "of" if asked.language == "en" else "de"


def _kind_for_kind(asked: Asked, named: Phrase, before: Asked) -> Followed:
    text = asked.text.strip("¿?!. ")
    old = last_of(before.phrases(), named.kind)
    if old is None:
        return Followed(_inserted(before, text))
    return Followed(_replaced(before, old, asked, text))


def _item(asked: Asked, head: Phrase, before: Asked) -> Followed:
    """One thing in another's place, where there is one that it can stand for."""
    text = asked.text.strip("¿?!. ")
    phrases = before.phrases()
    items = [one for one in phrases if one.kind not in SLOTS]
    if head.family:
        same = [one for one in items if one.family == head.family]
        same = same or [one for one in phrases if one.family == head.family]
        if same:
            return Followed(_replaced(before, same[-1], asked, text), sure=len(same) == 1)
        if len(phrases) == 1 and phrases[0].kind == "item":
            return Followed(_replaced(before, phrases[0], asked, text), sure=False)
        return Followed(_inserted(before, text), sure=False)
    if adjective := _adjective(asked, head, phrases):
        return Followed(before.spliced(adjective.last - 1, adjective.last, asked.words[-1].text))
    if items and items[0].kind in ("attribute", "relation") and len(items) > 1:
        items = items[1:]
    if len(items) == 1:
        return Followed(_replaced(before, items[0], asked, text))
    return Followed(f"{before.text.strip('¿?!. ')}, {text}", sure=False)


def _adjective(asked: Asked, head: Phrase, phrases: Sequence[Phrase]) -> Phrase | None:
    """The people that "los temporales" are: the phrase with this article and two words."""
    if not head.article or len(asked.words) != 2 or asked.language == "en":
        return None
    return next(
        (
            one
            for one in phrases
            if one.kind == "audience"
            and one.article.lower() == head.article.lower()
            and one.last - one.noun == 2
        ),
        None,
    )


def _replaced(before: Asked, old: Phrase, asked: Asked, text: str) -> str:
    """The former question with the fragment in a phrase's place, prepositions fitted."""
    led = asked.phrases()[0]
    has_own = led.family != "" and led.first == 0
    if has_own and not old.family:
        text = asked.slice(led.noun - bool(led.article), len(asked.words))
        first = old.noun if not led.article else old.first
        return before.spliced(first, old.last, text)
    if has_own or not old.family:
        return before.put(old, text)
    return before.put(old, before.written(old.family, text))


def _inserted(before: Asked, text: str) -> str:
    return f"{before.text.strip('¿?!. ')} {text}"
