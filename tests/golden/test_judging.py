"""An answer beside what was expected of it."""

from typing import Any

import pytest

from appliance.golden.judging import judge
from tests.golden.shelf import DOCUMENT, answer, golden, passage

KNOWN = frozenset({DOCUMENT})


def test_an_answer_as_expected_passes_with_rank_page_and_phrases() -> None:
    result = judge(golden(), answer(), KNOWN)

    assert (result.passed, result.failing) == (True, ())
    assert (result.rank, result.passages, result.page_hit) == (2, 2, True)
    assert (result.phrases_found, result.phrases_missing) == (("r$ 1,50",), ())
    assert (result.question, result.text, result.took_ms) == ("g1", "Qual é a multa?", 5)


def test_the_best_place_of_a_document_is_its_rank() -> None:
    found = answer(passages=(passage(1, "other"), passage(2, page=9), passage(3)))

    assert judge(golden(), found, KNOWN).rank == 2


@pytest.mark.parametrize(
    ("expected", "facts", "documents", "failing"),
    [
        ({}, {}, frozenset(), ("document_unknown",)),
        ({}, {"passages": (passage(1, "other"),)}, KNOWN, ("document_not_found",)),
        ({"page": 4}, {}, KNOWN, ("page_not_found",)),
        ({"phrases": ("R$ 2,00",)}, {}, KNOWN, ("phrase_missing",)),
        ({}, {"state": "refused"}, KNOWN, ("refused",)),
        ({"page": 4}, {"state": "refused"}, KNOWN, ("page_not_found", "refused")),
    ],
)
def test_what_is_not_as_it_should_be_is_named(
    expected: dict[str, Any], facts: dict[str, Any], documents: frozenset[str], failing: Any
) -> None:
    result = judge(golden(**expected), answer(**facts), documents)

    assert (result.failing, result.passed) == (failing, False)


def test_a_page_of_another_document_is_no_hit() -> None:
    found = answer(passages=(passage(1, "other", page=3), passage(2, page=9)))

    assert judge(golden(), found, KNOWN).page_hit is False


def test_without_a_document_any_passage_may_bring_the_page() -> None:
    found = answer(passages=(passage(1, "other", page=3),))
    result = judge(golden(document=""), found, frozenset())

    assert (result.rank, result.page_hit, result.passed) == (None, True, True)


def test_without_expectations_any_answer_passes() -> None:
    bare = golden(document="", page=None, phrases=())

    assert judge(bare, answer("Sim.", passages=()), frozenset()).passed
    assert not judge(bare, answer(state="refused"), frozenset()).passed


@pytest.mark.parametrize("phrase", ["RECISAO  do\ncontrato", "rescisão do contrato"])
def test_case_accents_and_spaces_of_a_phrase_do_not_matter(phrase: str) -> None:
    said = answer("A rescisao do  Contrato é grátis.")
    result = judge(golden(phrases=(phrase.replace("RECI", "RESCI"),)), said, KNOWN)

    assert result.phrases_missing == ()


def test_a_refusal_that_is_expected_passes_and_an_answer_does_not() -> None:
    refusing = golden(must_refuse=True, document="", page=None, phrases=())

    assert judge(refusing, answer(state="refused"), frozenset()).passed
    assert judge(refusing, answer(), frozenset()).failing == ("answered",)
