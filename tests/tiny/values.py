"""Made-up values for the practice texts: names, amounts, dates, noun phrases.

``Values`` holds the dice and the language of the page being drawn, and fills a
frame such as "{np} custa {money}" with values it draws.
"""

import random
import re

from tests.tiny.words import FIRST_NAMES, LANGUAGES, LAST_NAMES, STEMS, Language


def capital(text: str) -> str:
    """The text with its first letter large and the rest as it was."""
    return text[:1].upper() + text[1:]


_JOINS = {
    "pt": [
        (" de o ", " do "),
        (" de a ", " da "),
        (" de os ", " dos "),
        (" de as ", " das "),
        (" em o ", " no "),
        (" em a ", " na "),
        (" por o ", " pelo "),
        (" por a ", " pela "),
        (" a o ", " ao "),
        (" a a ", " à "),
    ],
    "es": [(" de el ", " del "), (" a el ", " al ")],
    "en": [],
}


class Values:
    """Draws values in one language at a time."""

    def __init__(self, seed: int, languages: str = "pt pt pt pt es en") -> None:
        self.dice = random.Random(seed)
        self.languages = languages.split()
        self.code = "pt"
        self.lang: Language = LANGUAGES["pt"]
        self.odd = 0.3  # how often a word is made up
        self.lines = False  # whether sentences stand on lines of their own

    def pick(self, options: list[str]) -> str:
        return self.dice.choice(options)

    def invented(self) -> str:
        """A word nobody has seen, with an ending of the language."""
        stems = "".join(self.pick(STEMS) for _ in range(self.dice.choice([1, 1, 2])))
        if self.dice.random() < 0.4:
            stems += self.pick(list("bcdfglmnprstvz")) + self.pick(list("aeiouáéíóuãç"))
        return stems + self.pick(self.lang.endings)

    def word(self) -> str:
        return self.invented() if self.dice.random() < self.odd else self.pick(self.lang.words)

    def name(self) -> str:
        roll = self.dice.random()
        if roll < 0.3:
            return capital(self.invented())
        if roll < 0.6:
            return f"{self.pick(FIRST_NAMES)} {self.pick(LAST_NAMES)}"
        return self.pick(LAST_NAMES if roll < 0.8 else FIRST_NAMES)

    def person(self) -> str:
        last = capital(self.invented()) if self.dice.random() < 0.4 else self.pick(LAST_NAMES)
        title = self.pick(["", "", "", "prof. ", "Dr. ", "Sra. ", "a professora ", "dona "])
        return f"{title if self.code == 'pt' else ''}{self.pick(FIRST_NAMES)} {last}"

    def number(self) -> str:
        top = self.dice.choice([9, 30, 99, 400, 999])
        return str(self.dice.randint(2, top))

    def money(self) -> str:
        whole = self.dice.choice([self.dice.randint(1, 99), self.dice.randint(100, 9999)])
        cents = self.dice.choice(["00", "00", "50", f"{self.dice.randint(0, 99):02d}"])
        if self.code == "en":
            return f"{self.pick(['$', '£', '€', '$ ', 'R$ '])}{whole:,}.{cents}"
        coma = f"{whole:,}".replace(",", ".") + "," + cents
        if self.code == "es":
            return self.pick([f"{coma} euros", f"$ {coma}", f"{whole} pesos", f"{coma} €"])
        return self.pick([f"R$ {coma}", f"R$ {coma}", f"{whole} reais"])

    def date(self) -> str:
        day, month = self.dice.randint(1, 31), self.pick(self.lang.months)
        year = self.dice.choice(["", "", str(self.dice.randint(2019, 2035))])
        if self.dice.random() < 0.2:
            return f"{day:02d}/{self.dice.randint(1, 12):02d}/{year or 2026}"
        if self.code == "en":
            return f"{day} {month} {year}".strip() if day % 2 else f"{month} {day}"
        return f"{day} de {month}" + (f" de {year}" if year else "")

    def time(self) -> str:
        hour, minute = self.dice.randint(6, 22), self.dice.choice([0, 15, 30, 45])
        if self.code == "pt":
            return f"{hour}h{minute:02d}" if minute else self.pick([f"{hour}h", f"{hour} horas"])
        return f"{hour}:{minute:02d}"

    def email(self) -> str:
        host = self.invented() if self.dice.random() < 0.5 else self.pick(self.lang.words)
        who = self.pick(self.lang.words)
        plain = f"{who}@{host}.{self.pick(['org', 'com', 'com.br', 'edu.br', 'es'])}"
        return plain.replace(" ", "")

    def phone(self) -> str:
        dice = self.dice
        tail = f"{dice.randint(2000, 99999)}-{dice.randint(0, 9999):04d}"
        return f"({dice.randint(11, 99)}) {tail}" if dice.random() < 0.6 else tail

    def complement(self) -> str:
        return self.fill(self.pick(self.lang.complements).replace('""', ""))

    def verb_phrase(self) -> str:
        return f"{self.pick(self.lang.verbs)} {self.fill(self.pick(self.lang.objects))}"

    def noun_phrase(self) -> str:
        if self.dice.random() < 0.2:
            article = {"pt": "a o", "es": "la el", "en": "the"}[self.code].split()
            noun = f"{self.pick(article)} {self.word()}"
        else:
            noun = self.pick(self.lang.nouns)
        return f"{noun} {self.complement()}".strip()

    def fill(self, frame: str, **given: str) -> str:
        """Put values in a frame's braces and mend "de a" into "da"."""
        makers = {
            "name": self.name,
            "person": self.person,
            "num": self.number,
            "money": self.money,
            "date": self.date,
            "time": self.time,
            "email": self.email,
            "phone": self.phone,
            "word": self.word,
            "code": lambda: self.pick(list("ABCDEFGH")) + self.pick(["", "1", "2"]),
            "year": lambda: str(self.dice.randint(2018, 2035)),
            "vp2": self.verb_phrase,
            "vp3": self.verb_phrase,
        }

        def value(match: re.Match[str]) -> str:
            key = match.group(1)
            return given[key] if key in given else makers[key]()

        text = re.sub(r"\{(\w+)\}", value, frame)
        if "np" in given or "role" in given:
            for apart, joined in _JOINS[self.code]:
                text = text.replace(apart, joined)
        return text
