"""How an assistant looks to visitors, and the bounds of what is written about it.

A look is one record: the picture in the plate, the launcher on the host page, a sentence under
the chat, and what is said in the languages that are not the assistant's own. Whatever is left
empty says what the house says by itself.
"""

from typing import Annotated, Literal

import msgspec

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=r"\S")]
Text = Annotated[str, msgspec.Meta(max_length=8000)]
Line = Annotated[str, msgspec.Meta(max_length=500)]
Label = Annotated[str, msgspec.Meta(max_length=40)]
Suggestions = Annotated[tuple[Line, ...], msgspec.Meta(max_length=8)]
Accent = Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
Strictness = Annotated[str, msgspec.Meta(pattern=r"^(strict|balanced|helpful)$")]
Digest = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$")]


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What visitors read in one more language; "" says it as the assistant's own does."""

    greeting: Line = ""
    suggestions: Suggestions = ()
    contact: Line = ""
    disclaimer: Line = ""
    label: Label = ""


class Look(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``logo`` is the SHA-256 of a kept picture ("": none); ``icon`` is what the launcher shows
    ("logo" where there is one, else the sheet of paper), with ``label`` beside it."""

    logo: Digest = ""
    icon: Literal["paper", "talk", "question", "logo"] = "paper"
    position: Literal["right", "left"] = "right"
    label: Label = ""
    disclaimer: Line = ""
    words: dict[Literal["pt", "en", "es"], Said] = {}
