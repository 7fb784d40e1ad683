"""What a follow-up asks, told from the conversation; a question of its own is left alone."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from appliance.answering.following import Turn, followed
from appliance.index import keywords

TABLES = [
    tomllib.loads(file.read_text("utf-8"))
    for file in sorted((Path(__file__).parent / "follow_ups").glob("*.toml"))
]
FOLLOW_UPS = [row for table in TABLES for row in table["follow_up"]]
STANDING = [
    (row["language"], row["earlier"], ask)
    for table in TABLES
    for row in table["standing"] + table.get("beyond", [])
    for ask in row["asks"]
]


def told(row: dict[str, Any]) -> list[Turn]:
    """The turns of a row, each searched as the rules say."""
    turns: list[Turn] = []
    for one in row["earlier"]:
        query = followed(one["ask"], turns, row["language"]).query or one["ask"]
        cited = [one["said"]] if "said" in one else []
        turns.append(Turn(query, cited, [one["heading"]] if "heading" in one else []))
    return turns


def holds(query: str, words: str) -> bool:
    """Whether a text holds these words next to each other."""
    return keywords.folded(words) in keywords.folded(query)


@pytest.mark.parametrize("row", FOLLOW_UPS, ids=lambda row: row["ask"])
def test_a_follow_up_takes_what_it_lacks_from_the_conversation(row: dict[str, Any]) -> None:
    query = followed(row["ask"], told(row), row["language"]).query or row["ask"]

    assert [words for words in row["has"] if not holds(query, words)] == [], query
    assert [words for words in row.get("lacks", []) if holds(query, words)] == [], query


@pytest.mark.parametrize(("language", "earlier", "ask"), STANDING)
def test_a_question_of_its_own_is_left_alone(language: Any, earlier: str, ask: str) -> None:
    assert followed(ask, [Turn(earlier)], language).query is None
