"""A fit is never judged on what it has seen, nor on its brother."""

import pytest

from benchmarks.families import family, others


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("squad1s-pt", "squad"),
        ("squad2-a-pt", "squad"),
        ("xquad-a-es", "xquad"),
        ("xquad-a-en", "xquad"),
        ("faquad-a-pt", "faquad"),
        ("leis-sem-perguntas-pt", "leis"),
        ("regimento", "regimento"),
    ],
)
def test_a_family_is_the_source_without_its_version_half_or_language(
    name: str, source: str
) -> None:
    assert family(name) == source


def test_the_others_are_those_of_another_family() -> None:
    sets = {"squad1s-pt": 1, "squad2-a-pt": 2, "xquad-a-es": 3, "faquad-a-pt": 4}

    assert others(sets, "squad2-a-pt") == [3, 4]
    assert others(sets, "xquad-a-en") == [1, 2, 4]
    assert others({"squad1s-pt": 1, "squad2-a-pt": 2}, "squad1s-pt") == []
