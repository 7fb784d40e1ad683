"""Whom somebody looks for: by name, CPF and e-mail, however they are written.

Case, accents and the spaces between words do not matter, nor do the dots of a CPF. What is
found are whole words: "Ana" is not found in "Banana".
"""

import re

from appliance.errors import BadRequest
from appliance.folding import plain
from appliance.records import Record

_DIGITS = 11  # of a CPF
SHORTEST_NAME = 3  # letters
_END = r"(?![\w])"
_BEGIN = r"(?<![\w])"


class Sought(Record, frozen=True):
    """A person as they are looked for; "" for what is not known. ``cpf`` is eleven digits,
    ``email`` in lower case."""

    name: str = ""
    cpf: str = ""
    email: str = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        """What to look for in a text that ``folding.plain`` has been over."""
        ways = [way for way in (_name(self.name), _cpf(self.cpf), _email(self.email)) if way]
        return re.compile("|".join(ways))

    def stands_in(self, text: str | None) -> bool:
        """Whether a text names the person."""
        return bool(text) and self.pattern.search(plain(text or "")) is not None


def sought(name: str = "", cpf: str = "", email: str = "") -> Sought:
    """A person from what was typed. Raises ``BadRequest``: ``nobody_sought``,
    ``sought_name_short``, ``bad_cpf``."""
    name, email = " ".join(name.split()), email.strip().lower()
    digits = re.sub(r"[\s.\-/]", "", cpf)
    if not (name or digits or email):
        raise BadRequest("nobody_sought")
    if name and len(name) < SHORTEST_NAME:
        raise BadRequest("sought_name_short", shortest=SHORTEST_NAME)
    if digits and not re.fullmatch(rf"[0-9]{{{_DIGITS}}}", digits):
        raise BadRequest("bad_cpf")
    return Sought(name=name, cpf=digits, email=email)


def _name(name: str) -> str:
    words = [re.escape(word) for word in plain(name).split()]
    return _BEGIN + r"\s+".join(words) + _END if words else ""


def _cpf(digits: str) -> str:
    if not digits:
        return ""
    parts = digits[:3], digits[3:6], digits[6:9]
    return r"(?<!\d)" + r"[.\s]?".join(parts) + r"[-\s/]?" + digits[9:] + r"(?!\d)"


def _email(email: str) -> str:
    return rf"(?<![\w.+-]){re.escape(plain(email))}(?![\w-])" if email else ""
