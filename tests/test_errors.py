"""How the house refuses: a code, a status, and a sentence in each language."""

import pytest

from appliance import errors
from appliance.errors import Conflict, NotFound, Refusal, TooMany, sentence, sentences
from appliance.records import LANGUAGES, Problem

# Prompts and labels: of the terminal, and of documents to read.
LABELS = ("say_", "processing_word_", "processing_basis_", "dossier_")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_says_something(language) -> None:
    refusals = {
        code: words for code, words in sentences(language).items() if not code.startswith(LABELS)
    }
    for code, words in refusals.items():
        assert len(words) > 10, code


def test_the_three_languages_know_the_same_codes() -> None:
    assert sentences("pt").keys() == sentences("en").keys() == sentences("es").keys()


def test_facts_fill_a_sentence() -> None:
    said = sentence("already_in_library", {"title": "Regimento"}, "pt")

    assert "“Regimento”" in said


@pytest.mark.guarantee("SEC-43")
@pytest.mark.parametrize("hostile", ["{0.__class__}", "{title}", "{{7*7}}", "%(x)s", "}{"])
def test_a_persons_text_in_a_fact_is_never_read_as_a_template(hostile) -> None:
    assert hostile in sentence("already_in_library", {"title": hostile}, "pt")


def test_a_missing_fact_leaves_a_hole_and_loses_no_refusal() -> None:
    assert "“…”" in sentence("already_in_library", {}, "pt")


def test_an_unknown_code_still_says_something() -> None:
    assert sentence("no_such_code", {}, "es") == sentences("es")["unexpected"]


def test_a_refusal_can_be_stored_and_told_later() -> None:
    refusal = Conflict("already_in_library", title="Regimento")

    assert refusal.problem == Problem(code="already_in_library", facts={"title": "Regimento"})
    assert "Regimento" in str(refusal)


def test_what_is_not_there_needs_no_words() -> None:
    assert NotFound().code == "not_found"
    assert NotFound("no_such_assistant", name="x").facts == {"name": "x"}


def test_a_refusal_may_say_when_to_come_back() -> None:
    assert TooMany("too_many", retry_after=3.5).retry_after == 3.5


def test_every_kind_of_refusal_has_a_status_of_its_own() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, Refusal) and kind is not Refusal
    ]

    statuses = [kind.status for kind in kinds]
    assert len(set(statuses)) == len(statuses)
    assert all(400 <= status < 600 for status in statuses)
