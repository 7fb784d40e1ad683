"""Grammars in GBNF, read by us before llama.cpp reads them.

A bad grammar can take the process with it: ``"a"{3,1}`` repeats for ever, a rule that
begins with itself through an empty one fills the memory, groups a thousand deep end the
stack, and a rule that holds itself in its middle may double the places to go on from with
every character. So what is let through is a part of GBNF: a rule may come back to itself
only as the last thing of an alternative. Such a grammar has no more places to go on from
than it has when it is written out, references replaced and repetitions unrolled, and those
are counted. Tokens by name (``<mark>``) are not let through: they could be control tokens.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from appliance.errors import BadRequest

LONGEST = 4000  # characters
DEEPEST = 32  # groups and rules within one another
MOST_PLACES = 1000  # written out; llama.cpp refuses to unroll more than 2,000
ROOT = "root"

_NAME = re.compile(r"[A-Za-z0-9-]+")
_BLANK = re.compile(r"(?:[ \t]|#[^\r\n]*)*")
_BLANK_OR_LINE = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
_SIGN = r'(?:\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[trn\\"\[\]-])|[^\\%s])'
_TEXT = re.compile('"(' + _SIGN % '"' + '+)"')
_SET = re.compile(r"\[(?!\^?\])\^?(?:" + _SIGN % r"\]" + r")+\]")
_ONE_SIGN = re.compile(_SIGN % "")
_TIMES = re.compile(r"[*+?]|\{[ \t]*([0-9]{1,5})[ \t]*(,[ \t]*([0-9]{1,5})?[ \t]*)?\}")


class Item(NamedTuple):
    """One thing of a sequence, ``least`` to ``most`` times (None: without end): so many
    signs, or a rule."""

    signs: int
    rule: str = ""
    least: int = 1
    most: int | None = 1


Alternatives = list[list[Item]]


def check(grammar: str) -> None:
    """Whether llama.cpp can be given this grammar.

    Raises ``BadRequest``: ``large_grammar``, ``bad_grammar`` with the ``line`` and the
    ``column`` where it cannot be read or the rule that is missing, and
    ``looping_grammar`` with the ``rule`` that comes back to itself.
    """
    if len(grammar) > LONGEST:
        raise _large()
    rules = _Reader(grammar).rules()
    weighing = _Weighing(rules)
    for name in [ROOT, *rules]:
        if name not in weighing.seen and not name.startswith("("):
            weighing.weigh(name)


class _Reader:
    """Reads the rules of a grammar, as llama.cpp's own parser does."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._rules: dict[str, Alternatives] = {}
        self._used: dict[str, int] = {ROOT: 0}  # where each rule is asked for

    def rules(self) -> dict[str, Alternatives]:
        """The alternatives of each rule, by name; a group is a rule whose name has a bracket."""
        if "\0" in self._text or (not self._text.isascii() and _surrogate(self._text)):
            raise self._bad()
        self._skip(_BLANK_OR_LINE)
        while self._at < len(self._text):
            self._rule()
        for name, at in self._used.items():
            if name not in self._rules:
                self._at = at
                raise self._bad()
        return self._rules

    def _rule(self) -> None:
        name = self._name()
        if name in self._rules:
            raise self._bad()
        self._skip(_BLANK)
        self._expect("::=")
        self._skip(_BLANK_OR_LINE)
        self._rules[name] = self._alternatives()
        if self._at < len(self._text) and self._text[self._at] not in "\r\n":
            raise self._bad()
        self._skip(_BLANK_OR_LINE)

    def _alternatives(self) -> Alternatives:
        found = [self._sequence()]
        while self._text.startswith("|", self._at):
            self._at += 1
            self._skip(_BLANK_OR_LINE)
            found.append(self._sequence())
        return found

    def _sequence(self) -> list[Item]:
        items: list[Item] = []
        while (item := self._item()) is not None:
            self._blank()
            items.append(self._repeated(item))
        return items

    def _item(self) -> Item | None:
        text, at = self._text, self._at
        if at >= len(text) or text[at] in "|)\r\n":
            return None
        if text[at] == "(":
            return self._group()
        if text[at] == ".":
            self._at += 1
            return Item(1)
        if found := _TEXT.match(text, at):
            self._at = found.end()
            return Item(len(_ONE_SIGN.findall(found[1])))
        if found := _SET.match(text, at):
            self._at = found.end()
            return Item(1)
        self._used.setdefault(name := self._name(), at)
        return Item(0, name)

    def _group(self) -> Item:
        name = f"({self._at}"
        self._depth += 1
        if self._depth > DEEPEST:
            raise _large()
        self._at += 1
        self._skip(_BLANK_OR_LINE)
        self._rules[name] = self._alternatives()
        self._expect(")")
        self._depth -= 1
        return Item(0, name)

    def _repeated(self, item: Item) -> Item:
        found = _TIMES.match(self._text, self._at)
        if found is None:
            return item
        least, most = _times(found)
        if most is not None and most < least:
            raise self._bad()
        self._at = found.end()
        self._blank()
        if _TIMES.match(self._text, self._at):
            raise self._bad()
        return item._replace(least=least, most=most)

    def _name(self) -> str:
        found = _NAME.match(self._text, self._at)
        if found is None:
            raise self._bad()
        self._at = found.end()
        return found[0]

    def _blank(self) -> None:
        self._skip(_BLANK_OR_LINE if self._depth else _BLANK)

    def _skip(self, blanks: re.Pattern[str]) -> None:
        found = blanks.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _expect(self, mark: str) -> None:
        if not self._text.startswith(mark, self._at):
            raise self._bad()
        self._at += len(mark)

    def _bad(self) -> BadRequest:
        before = self._text[: self._at]
        line = before.count("\n") + 1
        return BadRequest("bad_grammar", line=line, column=len(before) - before.rfind("\n"))


class _Weighing:
    """Counts the places of the rules written out, along every way into them."""

    def __init__(self, rules: dict[str, Alternatives]) -> None:
        self._rules = rules
        self._empty = _may_be_empty(rules)
        self._places = 0
        self.seen: set[str] = set()

    def weigh(
        self,
        name: str,
        *,
        ends: frozenset[str] = frozenset(),
        begins: frozenset[str] = frozenset(),
        within: Sequence[str] = (),
    ) -> None:
        """Count a rule. ``within`` are the rules that it stands in; of those, it is the
        last thing in ``ends``, and nothing needs to come before it in ``begins``."""
        self.seen.add(name)
        if name in begins or (name in within and name not in ends):
            raise BadRequest("looping_grammar", rule=_shown(name, within))
        if name in ends:
            return
        if len(within) >= DEEPEST:
            raise _large()
        inside = [*within, name]
        for sequence in self._rules[name]:
            before = begins | {name}
            for number, item in enumerate(sequence):
                last = number == len(sequence) - 1 and item.most == 1
                self._weigh_item(item, ends | {name} if last else frozenset(), before, inside)
                if not self._passes(item):
                    before = frozenset()

    def _weigh_item(
        self, item: Item, ends: frozenset[str], begins: frozenset[str], within: list[str]
    ) -> None:
        times = item.least + 1 if item.most is None else item.most
        endless = item.most is None and item.rule in self._empty
        if endless:
            raise BadRequest("looping_grammar", rule=_shown(item.rule, within))
        for _ in range(max(1, times)):  # what is repeated no time is in memory all the same
            self._places += max(1, item.signs)
            if self._places > MOST_PLACES:
                raise _large()
            if item.rule:
                self.weigh(item.rule, ends=ends, begins=begins, within=within)

    def _passes(self, item: Item) -> bool:
        return item.least == 0 or item.rule in self._empty


def _may_be_empty(rules: dict[str, Alternatives]) -> set[str]:
    """The rules that nothing may stand for."""
    empty: set[str] = set()
    while True:
        more = {
            name
            for name, alternatives in rules.items()
            if any(
                all(item.least == 0 or item.rule in empty for item in sequence)
                for sequence in alternatives
            )
        }
        if more == empty:
            return empty
        empty = more


def _times(found: re.Match[str]) -> tuple[int, int | None]:
    """How often a repetition mark says, at least and at most."""
    if found[1] is None:
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[found[0]]
    least = int(found[1])
    if found[2] is None:
        return least, least
    return least, int(found[3]) if found[3] else None


def _shown(name: str, within: Sequence[str]) -> str:
    """The rule as its author knows it: a group by the rule that it stands in."""
    named = [one for one in [*within, name] if not one.startswith("(")]
    return named[-1]


def _surrogate(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text)


def _large() -> BadRequest:
    return BadRequest("large_grammar", characters=LONGEST, depth=DEEPEST, places=MOST_PLACES)
