"""A page's text is cut where a doubt or a citation begins or ends, and nowhere else."""

import json

import pytest

from tests.static.browserless import STATIC, node_needed, run

pytestmark = node_needed


def pieces(text: str, doubtful: list[list[int]], cited: list[int] | None) -> list[str]:
    """The pieces, a doubtful one with "?" behind it and a cited one with "!"."""
    arguments = json.dumps([text, doubtful, cited])
    script = f"""
      const {{ pieces }} = await import("{STATIC}/console/parts/page-words.js");
      give(pieces(...{arguments}).map((one) =>
        `${{one.text}}${{one.doubtful ? "?" : ""}}${{one.cited ? "!" : ""}}`));
    """
    found: list[str] = run(script)
    return found


@pytest.mark.parametrize(
    ("doubtful", "cited", "expected"),
    [
        ([], None, ["uma duas tres"]),
        ([[0, 3]], None, ["uma?", " duas tres"]),
        ([[4, 8], [9, 13]], None, ["uma ", "duas?", " ", "tres?"]),
        ([], [4, 8], ["uma ", "duas!", " tres"]),
        ([[2, 6]], [4, 8], ["um", "a ?", "du?!", "as!", " tres"]),
        ([[9, 99]], [-5, 3], ["uma!", " duas ", "tres?"]),
    ],
)
def test_a_text_in_pieces(doubtful, cited, expected):
    assert pieces("uma duas tres", doubtful, cited) == expected


def test_pieces_count_characters_as_the_server_does():
    assert pieces("\U0001f600 uma", [[2, 5]], None) == ["\U0001f600 ", "uma?"]


def test_an_empty_page_has_no_pieces():
    assert pieces("", [[0, 3]], [0, 5]) == []
