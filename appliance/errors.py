"""How we refuse: every refusal has a stable code, a status and a sentence.

The sentences live in ``sentences/{pt,en,es}/*.toml`` under the code, one for each
language, and say what happened and what to do. ``{name}`` in a sentence is
filled from the refusal's facts; a person's text only ever enters as a fact.

Refusal
├── BadRequest           bad_request, unknown_field, bad_question …   400
├── NotSignedIn          not_signed_in, wrong_credentials             401
├── NotAllowed           not_allowed, cross_site, origin_not_allowed  403
├── NotFound             not_found                                    404
├── TimedOut             body_stalled                              408
├── Conflict             already_in_library, already_set_up …         409
├── TooLarge             too_large                                    413
├── UnsupportedType      unsupported_type                             415
├── Unreadable           unreadable, encrypted, damaged, empty_file … 422
├── TooMany              too_many                                     429
├── Unavailable          engine_down, reading_paused, database_busy … 503
└── NoSpace              no_space                                     507
"""

import tomllib
from functools import cache
from importlib import resources
from typing import Any, ClassVar

from appliance.records import Language, Problem


class Refusal(Exception):
    """The base of every refusal.

    ``code`` names the sentence; ``facts`` fill it. ``retry_after`` (seconds)
    goes into the Retry-After header where it is set.
    """

    status: ClassVar[int] = 400

    def __init__(self, code: str, /, *, retry_after: float | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.retry_after = retry_after

    def __str__(self) -> str:
        return sentence(self.code, self.facts, "en")

    @property
    def problem(self) -> Problem:
        """The refusal as a record that can be stored."""
        return Problem(code=self.code, facts=self.facts)


class BadRequest(Refusal):
    status = 400


class NotSignedIn(Refusal):
    status = 401


class NotAllowed(Refusal):
    status = 403


class NotFound(Refusal):
    status = 404

    def __init__(self, code: str = "not_found", /, **facts: Any) -> None:
        super().__init__(code, **facts)


class TimedOut(Refusal):
    status = 408


class Conflict(Refusal):
    status = 409


class TooLarge(Refusal):
    status = 413


class UnsupportedType(Refusal):
    status = 415


class Unreadable(Refusal):
    status = 422


class TooMany(Refusal):
    status = 429


class Unavailable(Refusal):
    status = 503


class NoSpace(Refusal):
    status = 507


@cache
def sentences(language: Language) -> dict[str, str]:
    """All sentences of a language, by code."""
    folder = resources.files("appliance").joinpath("sentences", language)
    merged: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        merged |= tomllib.loads(file.read_text("utf-8"))
    return merged


class _Facts(dict[str, Any]):
    """Leaves a hole visible rather than losing a refusal to a missing fact."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentence(code: str, facts: dict[str, Any], language: Language) -> str:
    """What happened and what to do, in the reader's language."""
    words = sentences(language)
    template = words.get(code) or words["unexpected"]
    return template.format_map(_Facts(facts))
