"""The words the copyist's practice texts are made of, read from ``wordlists``."""

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

LISTS = Path(__file__).parent / "wordlists"


class Language(NamedTuple):
    """One language: the label before a question, its words, and its frames.

    ``frames`` has, for each kind of fact, how it is told and how it is asked.
    """

    label: str
    page_titles: list[str]
    nouns: list[str]
    complements: list[str]
    adjuncts: list[str]
    verbs: list[str]
    objects: list[str]
    roles: list[str]
    words: list[str]
    glue: list[str]
    months: list[str]
    endings: list[str]
    about: list[str]
    fillers: list[str]
    frames: dict[str, tuple[list[str], list[str]]]


def _read(name: str) -> dict[str, Any]:
    """A file's entries, with lists written between commas made into lists."""
    entries = tomllib.loads((LISTS / f"{name}.toml").read_text(encoding="utf-8"))
    for key, value in entries.items():
        if isinstance(value, str) and key != "label":
            entries[key] = [piece.strip() for piece in value.replace("\n", " ").split(",")]
    return entries


def _language(code: str) -> Language:
    entries = _read(code)
    frames = {kind: (each["told"], each["asked"]) for kind, each in entries["frames"].items()}
    return Language(**entries | {"frames": frames})


_NAMES = _read("names")
FIRST_NAMES: list[str] = _NAMES["first_names"]
LAST_NAMES: list[str] = _NAMES["last_names"]
STEMS: list[str] = _NAMES["stems"]
LANGUAGES = {code: _language(code) for code in ("pt", "es", "en")}
