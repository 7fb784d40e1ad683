"""Numbers as people write them where law and contracts count: II, 2, 2º, segunda.

All functions read folded text: lower case, without accents.
"""

import re

_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_SIGNS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_STEPS = (
    *((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x")),
    *((9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
# Stems of the ordinals of three languages; the ending (o, a) is left to the pattern.
_UNITS: dict[str, int] = {
    **{"primeir": 1, "segund": 2, "terceir": 3, "quart": 4, "quint": 5, "sext": 6, "setim": 7},
    **{"oitav": 8, "non": 9, "primer": 1, "tercer": 3, "septim": 7, "octav": 8, "noven": 9},
}
_TENS = {"decim": 10, "vigesim": 20, "trigesim": 30, "quadragesim": 40, "quinquagesim": 50}
_ENGLISH: dict[str, int] = {
    **{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6},
    **{"seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10},
}
ORDINAL = (
    rf"(?:(?:{'|'.join(_TENS)})[oa](?:[ -](?:{'|'.join(_UNITS)})[oa])?"
    rf"|(?:{'|'.join(_UNITS)})[oa]|primer|tercer|{'|'.join(_ENGLISH)})(?![a-z])"
)


def roman(text: str) -> int | None:
    """The value of a Roman number in lower case, or None where it is none."""
    if not text or not _ROMAN.fullmatch(text):
        return None
    values = [_SIGNS[sign] for sign in text]
    following = [*values[1:], 0]
    return sum(-one if one < after else one for one, after in zip(values, following, strict=True))


def as_roman(number: int) -> str:
    """A number from 1 to 399 as a Roman one, lower case: 14 is ``xiv``."""
    written = ""
    for value, sign in _STEPS:
        written += sign * (number // value)
        number %= value
    return written


def ordinal(text: str) -> int | None:
    """The value of an ordinal in words: ``vigesima primeira`` is 21."""
    total = 0
    for word in re.split(r"[ -]", text):
        value = _ENGLISH.get(word) or _UNITS.get(word) or _UNITS.get(word[:-1])
        value = value or _TENS.get(word[:-1])
        if value is None:
            return None
        total += value
    return total or None
