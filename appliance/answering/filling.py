"""Filling in a form: what was typed, held against its fields, each with a sentence of its own.

Nothing is half taken: where one field does not fit, every one that does not is told, and
nothing is kept. A CPF is kept as it is written on paper, a date as the calendar has it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date

from appliance.errors import BadRequest
from appliance.forms import Filled, Form, FormField
from appliance.index import checkdigits
from appliance.mail import ADDRESS

LONGEST = {"long": 2000}  # characters; others have ``LINE``
LINE = 200
_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


def filled(form: Form, values: Mapping[str, str]) -> tuple[Filled, ...]:
    """What was answered, field by field; those that were left empty are not among it.

    ``values`` are by the labels of the fields. Raises ``BadRequest``: ``form_changed`` for a
    field that the form has not (any more), ``form_unfit`` with a code for each field in
    ``fields``.
    """
    labels = {field.label for field in form.fields}
    if not labels.issuperset(values):
        raise BadRequest("form_changed")
    given = [(field, _clean(values.get(field.label, ""), field)) for field in form.fields]
    wrong = {field.label: code for field, value in given if (code := _wrong(field, value))}
    if wrong:
        raise BadRequest("form_unfit", fields=wrong, labels=", ".join(wrong))
    answered = [Filled(label=one.label, value=_kept(one, value)) for one, value in given if value]
    if not answered:
        raise BadRequest("form_empty")
    return tuple(answered)


def _clean(value: str, field: FormField) -> str:
    """Without control characters; in a line, without line breaks too."""
    kept = "".join(sign for sign in value if sign.isprintable() or sign in "\n\t")
    return kept.strip() if field.kind == "long" else " ".join(kept.split())


def _wrong(field: FormField, value: str) -> str:
    """The code of what is wrong with a value, "" where it fits."""
    if not value:
        return "form_needed" if field.required else ""
    if len(value) > LONGEST.get(field.kind, LINE):
        return "form_too_long"
    fits = _FITS.get(field.kind)
    return "" if fits is None or fits(field, value) else f"form_bad_{field.kind}"


def _kept(field: FormField, value: str) -> str:
    if field.kind == "cpf":
        digits = _digits(value)
        return f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}"
    return _day(value).isoformat() if field.kind == "date" else value


def _day(text: str) -> date:
    """A day as a browser sends it, or as it is written here. Raises ``ValueError``."""
    written = _DAY.fullmatch(text)
    return date.fromisoformat("-".join(reversed(written.groups())) if written else text)


def _is_day(_: FormField, value: str) -> bool:
    try:
        _day(value)
    except ValueError:
        return False
    return True


def _digits(value: str) -> str:
    return "".join(sign for sign in value if sign in "0123456789")


def _is_phone(_: FormField, value: str) -> bool:
    """ITU-T E.164: at most fifteen digits; fewer than eight reach nobody from outside."""
    return re.fullmatch(r"\+?[\d\s().\-/]+", value) is not None and 8 <= len(_digits(value)) <= 15


_FITS: dict[str, Callable[[FormField, str], bool]] = {
    "email": lambda field, value: ADDRESS.fullmatch(value) is not None,
    "phone": _is_phone,
    "cpf": lambda field, value: (
        re.fullmatch(r"[\d.\-\s/]+", value) is not None and checkdigits.cpf(_digits(value))
    ),
    "date": _is_day,
    "choice": lambda field, value: value in field.choices,
}
