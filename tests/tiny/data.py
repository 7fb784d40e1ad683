"""Practice texts for the copyist: sources, questions, and the sentence that answers.

``Maker(seed).page(size)`` gives a ``Page``: the sources as the product's prompt
builder writes them, and several questions, each with the sentence to copy and
where in the sources it stands. Everything is made up; nothing is read from disk.
A question is kept only if its words point to one sentence alone.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from tests.tiny.values import Values, capital
from tests.tiny.words import LANGUAGES

USER, ASSISTANT, BOS, EOS = "<|user|>", "<|assistant|>", "<s>", "</s>"
LONGEST = 900  # characters of sources on most pages, about what the tests send
LONG = 1700  # on one page in eight, near the end of the context


class Fact(NamedTuple):
    """One sentence, the kind of thing it tells, and how to ask for it."""

    text: str
    kind: str
    ask: Callable[[bool], str]


class Turn(NamedTuple):
    """A question and where its answer stands in the sources (characters)."""

    question: str
    start: int
    end: int


class Page(NamedTuple):
    """The sources of one prompt and the questions asked of them."""

    sources: str
    turns: list[Turn]
    label: str
    language: str


def question_text(label: str, question: str) -> str:
    """What follows the sources in the user's message."""
    return f"\n\n{label}: {question}"


def content_words(text: str) -> set[str]:
    """The words that carry meaning: numbers, and words cut to their stem."""
    words = re.findall(r"\w+", text.lower())
    return {word[:6] for word in words if len(word) > 3 or word.isdigit() or len(word) == 1}


class Maker(Values):
    """Draws pages; two makers with one seed draw the same ones."""

    # -- sentences ------------------------------------------------------------

    def _dress(self, core: str) -> str:
        """Add what real sentences carry before and after, and end them."""
        roll = self.dice.random()
        if roll < 0.2:
            core = f"{core} {self.fill(self.pick(self.lang.adjuncts))}"
        elif roll < 0.32:
            lead = capital(self.fill(self.pick(self.lang.adjuncts)))
            core = f"{lead}, {core[0].lower()}{core[1:]}"
        elif roll < 0.37:
            core = f"Art. {self.number()}{self.pick(['º', '.', 'º -'])} {capital(core)}"
        elif roll < 0.42:
            core = f"{core}, {self.pick(self.lang.glue)} {self.ramble(3, 6)}"
        elif roll < 0.45:
            core = f"{core} ({self.ramble(1, 3)})"
        return capital(core) + self._end()

    def _end(self) -> str:
        if self.lines and self.dice.random() < 0.35:
            return ""
        return self.pick([".", ".", ".", ".", ".", ".", ".", ";", "!"])

    def ramble(self, least: int, most: int) -> str:
        """Words in a row, some of them small ones, that mean nothing."""
        words = []
        for _ in range(self.dice.randint(least, most)):
            if words and self.dice.random() < 0.4:
                words.append(self.pick(self.lang.glue))
            words.append(self.word())
        return " ".join(words)

    def _maim(self, phrase: str) -> str:
        """Ask with fewer or slightly other words than the text has."""
        words = phrase.split()
        if len(words) > 2 and self.dice.random() < 0.25:
            words.pop(self.dice.randrange(1, len(words)))
        if self.dice.random() < 0.2:
            spot = self.dice.randrange(len(words))
            if len(words[spot]) > 6:
                words[spot] = words[spot][: -self.dice.randint(1, 2)] + self.pick(self.lang.endings)
        if self.dice.random() < 0.1:
            words = [word.capitalize() for word in words]
        return " ".join(words)

    def typed(self, kind: str, phrase: str) -> Fact:
        """A fact of one kind (price, date...) about a noun phrase or an action."""
        told, asked = self.lang.frames[kind]
        role = self.pick(self.lang.roles)
        frame = self.pick(told)
        given = {"vp": phrase, "role": role} if kind == "rule" else {"np": phrase}
        text = self._dress(self.fill(frame, **given))

        def ask(plain: bool) -> str:
            said = phrase if plain or self.dice.random() < 0.6 else self._maim(phrase)
            mine = given | ({"vp": said} if kind == "rule" else {"np": said})
            question = self.fill(self.pick(asked), **mine)
            if plain and kind == "rule" and "{role}" in frame and role not in question:
                question = f"{role}: {question}"
            return capital(question)

        return Fact(text, kind, ask)

    def _loose_text(self) -> str:
        dice = self.dice
        words = self.ramble(2, dice.choice([5, 8, 14])).split()
        for spot in range(1, len(words)):
            roll = dice.random()
            if roll < 0.08:
                words[spot - 1] += ","
            elif roll < 0.14:
                words[spot] = self.fill(
                    self.pick(["{num}", "{money}", "{date}", "{time}", "{name}"])
                )
            elif roll < 0.17:
                words[spot] = words[spot].capitalize()
            elif roll < 0.19:
                words[spot] = self.pick(['"{}"', "({})", "“{}”", "{}:", "{}-se"]).format(
                    words[spot]
                )
        return capital(" ".join(words)) + self._end()

    def loose(self, like: str = "") -> Fact:
        """A sentence of unrelated words, asked for by repeating some of them."""
        text = self._loose_text()
        if like:
            shared = [word for word in like.rstrip(".;!").split() if self.dice.random() < 0.4]
            mixed = text.rstrip(".;!").split()
            for word in shared[:4]:
                mixed.insert(self.dice.randrange(len(mixed) + 1), word)
            text = capital(" ".join(mixed)) + "."

        def ask(plain: bool) -> str:
            words = [word.strip(',.!;:()"“”') for word in text.split()]
            heavy = [word for word in words if len(word) > 3 or word.isdigit()] or words
            count = len(heavy) if plain else self.dice.randint(1, min(5, len(heavy)))
            first = self.dice.randrange(len(heavy) - count + 1)
            chosen = heavy[first : first + count]
            if self.dice.random() < 0.4:
                spots = sorted(self.dice.sample(range(len(heavy)), count))
                chosen = [heavy[spot] for spot in spots]
            if self.dice.random() < 0.25:
                self.dice.shuffle(chosen)
            glue = self.pick([" ", " ", " e ", " de ", ", ", f" {self.pick(self.lang.glue)} "])
            asked = self._maim(glue.join(chosen)) if not plain else glue.join(chosen)
            asked = asked if self.dice.random() < 0.3 else asked[:1].lower() + asked[1:]
            return capital(self.pick(self.lang.about).replace("{x}", asked))

        return Fact(text, "loose", ask)

    def filler(self) -> Fact:
        text = self.pick(self.lang.fillers) + "."
        return Fact(text, "loose", lambda _: text[:-1] + "?")

    # -- groups of sentences that could be mistaken for one another -------------

    def _group(self) -> list[Fact]:
        dice = self.dice
        kinds = list(self.lang.frames)
        nouny = [kind for kind in kinds if kind != "rule"]
        roll = dice.random()
        if roll < 0.28:  # one thing for several names
            noun, kind = self.pick(self.lang.nouns), self.pick(kinds)
            if kind == "rule":
                verb = self.pick(self.lang.verbs)
                objects = [f"{verb} {self.fill(self.pick(self.lang.objects))}" for _ in range(3)]
                return [self.typed("rule", phrase) for phrase in objects[: dice.randint(2, 3)]]
            frame = self.pick(self.lang.complements).replace('""', "{name}")
            return [
                self.typed(kind, f"{noun} {self.fill(frame)}") for _ in range(dice.randint(2, 4))
            ]
        if roll < 0.45:  # several things told of one name
            phrase = self.noun_phrase()
            chosen = dice.sample(nouny, dice.randint(2, 3))
            return [self.typed(kind, phrase) for kind in chosen]
        if roll < 0.53:  # two things told in one sentence
            first, second = (self.typed(self.pick(nouny), self.noun_phrase()) for _ in range(2))
            joint = self.pick([" e ", ", e ", ", mas ", "; ", " y ", " and ", ", ", " - "])
            rest = second.text[0].lower() + second.text[1:]
            text = first.text.rstrip(".;!") + joint + rest
            return [Fact(text, "loose", self.dice.choice([first, second]).ask)]
        if roll < 0.68:
            kind = self.pick(kinds)
            phrase = self.verb_phrase() if kind == "rule" else self.noun_phrase()
            return [self.typed(kind, phrase)]
        if roll < 0.93:
            first = self.loose()
            return [first, self.loose(first.text)] if dice.random() < 0.4 else [first]
        return [self.filler()]

    def _facts(self, size: int) -> list[Fact]:
        facts: list[Fact] = []
        while len(facts) < size:
            facts.extend(self._group())
        kept, seen, room = [], set(), LONG if self.dice.random() < 0.12 else LONGEST
        for fact in facts[:size]:
            room -= len(fact.text)
            if fact.text not in seen and room > 0:
                seen.add(fact.text)
                kept.append(fact)
        self.dice.shuffle(kept)
        return kept

    def _question(self, fact: Fact, others: list[Fact]) -> str | None:
        """A question whose words fit this sentence better than any other."""
        for attempt in range(6):
            question = fact.ask(attempt >= 3)
            asked = content_words(question)
            mine = len(asked & content_words(fact.text))
            rivals = [(len(asked & content_words(other.text)), other.kind) for other in others]
            told_apart = fact.kind not in {"loose", "rule"}
            if mine and all(
                mine > score or (told_apart and mine == score and kind not in {fact.kind, "loose"})
                for score, kind in rivals
            ):
                return question
        return None

    # -- pages ----------------------------------------------------------------

    def _heading(self, place: int) -> str:
        title = self.pick(self.lang.page_titles)
        if self.dice.random() < 0.4:
            title = capital(self.ramble(1, 4))
        if self.dice.random() < 0.15:
            title = title.lower().replace(" ", "-") + self.pick([".pdf", ".docx", ".md"])
        page = f", p. {self.number()}" if self.dice.random() < 0.5 else ""
        return f"[{place}] {title}{page}\n"

    def _ornament(self) -> str:
        """What stands before a sentence on its own line and is no part of it."""
        roll = self.dice.random()
        if not self.lines or roll < 0.7:
            return ""
        if roll < 0.85:
            mark = self.pick(["", "## ", "# ", f"{self.number()}. ", f"{self.number()}.2 "])
            return f"{mark}{capital(self.ramble(1, 3))}\n"
        return self.pick(["- ", "* ", "• ", f"{self.number()}. ", f"{self.number()}) ", "a) "])

    def page(self, size: int, turns: int = 4) -> Page:
        """A page of about ``size`` sentences with up to ``turns`` questions."""
        self.code = self.pick(self.languages)
        self.lang = LANGUAGES[self.code]
        self.odd = self.dice.choice([0.0, 0.1, 0.3, 0.6, 0.9])
        between = self.pick([" ", " ", "\n"])
        self.lines = between == "\n"
        facts = self._facts(size)
        sources, spans, place, left = "", [], 0, 0
        for fact in facts:
            if left == 0:
                place += 1
                left = self.dice.randint(1, 4)
                sources += ("\n\n" if sources else "") + self._heading(place)
            else:
                sources += between
            sources += self._ornament()
            spans.append((len(sources), len(sources) + len(fact.text)))
            sources += fact.text
            left -= 1
        asked = []
        for spot in self.dice.sample(range(len(facts)), len(facts)):
            others = facts[:spot] + facts[spot + 1 :]
            question = self._question(facts[spot], others)
            if question and len(asked) < turns:
                asked.append(Turn(question, *spans[spot]))
        return Page(sources, asked, self.lang.label, self.code)
