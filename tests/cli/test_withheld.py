"""What answers a question is taken away, the question is asked, and nothing is missing after."""

from collections.abc import Iterator

import pytest

from appliance.answering.finding import Finder
from appliance.cli import withheld
from appliance.cli.questions import (
    COLLECTION,
    PassageLine,
    QueryLine,
    Questions,
    fill,
    shelf,
)
from appliance.index.fusion import Weights
from tests.fakes import WordEmbedder

CORPUS = [
    PassageLine(id="multa", doc="regimento", text="A multa por atraso é de R$ 1,50 por dia."),
    PassageLine(id="prazo", doc="regimento", text="O prazo de devolução dos livros é 15 dias."),
    PassageLine(id="horario", title="Secretaria", text="A secretaria atende das 7h30 às 17h."),
    PassageLine(id="uniforme", text="O uso do uniforme é obrigatório nas aulas."),
]
ASKED = Questions(
    corpus=CORPUS,
    queries=[
        QueryLine(id="q1", text="Qual é a multa por atraso?"),
        QueryLine(id="q2", text="Quando atende a secretaria?"),
        QueryLine(id="q3", text="O uniforme é obrigatório?"),
    ],
    relevant={
        "q1": frozenset({"multa"}),
        "q2": frozenset({"horario"}),
        "q3": frozenset({"uniforme"}),
    },
)


@pytest.fixture(params=["keywords", "both"])
def finder(request: pytest.FixtureRequest) -> Iterator[Finder]:
    """A finder with the passages on its shelf, by keywords alone and with vectors."""
    embedder = WordEmbedder() if request.param == "both" else None
    with shelf(embedder, Weights(meaning=2.3 if embedder else 0.0)) as opened:
        fill(opened, CORPUS)
        yield opened


def found(finder: Finder, text: str) -> list[str]:
    return [one.document.id for one in finder.search([COLLECTION], text).passages]


def test_what_is_removed_is_found_by_neither_engine_until_the_end_of_the_block(
    finder: Finder,
) -> None:
    before = finder.find([COLLECTION], "Qual é a multa por atraso?")

    with withheld.without(finder.database, frozenset({"multa"})):
        assert "multa" not in found(finder, "Qual é a multa por atraso?")

    after = finder.find([COLLECTION], "Qual é a multa por atraso?")
    assert after.found.passages == before.found.passages
    assert after.facts == before.facts


def test_a_word_that_only_the_removed_document_holds_is_unknown_meanwhile(finder: Finder) -> None:
    with withheld.without(finder.database, frozenset({"multa"})):
        facts = finder.find([COLLECTION], "multa do uniforme").facts

    assert facts.unknown == 0.5
    assert finder.find([COLLECTION], "multa do uniforme").facts.unknown == 0.0


def test_what_fails_in_the_block_is_heard_and_nothing_is_removed(finder: Finder) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        withheld.without(finder.database, frozenset({"multa"})),
    ):
        _ = 1 / 0

    assert "multa" in found(finder, "Qual é a multa por atraso?")


def test_a_whole_document_is_all_passages_of_its_name() -> None:
    assert withheld.whole_documents(ASKED) == {
        "q1": {"multa", "prazo"},
        "q2": {"horario"},
        "q3": {"uniforme"},
    }


def test_each_question_is_asked_without_its_own_passages_alone(finder: Finder) -> None:
    searches = withheld.search(finder, ASKED.queries, {"q1": frozenset({"multa", "prazo"})})

    firsts = {line.id: findings.found.passages for line, findings in searches}

    assert all(one.document.id not in {"multa", "prazo"} for one in firsts["q1"])
    assert firsts["q2"][0].document.id == "horario"
    assert firsts["q3"][0].document.id == "uniforme"


def test_a_search_that_nobody_hears_to_its_end_leaves_all_in_place(finder: Finder) -> None:
    searches = withheld.search(finder, ASKED.queries, ASKED.relevant)
    next(searches)
    searches.close()

    assert found(finder, "Qual é a multa por atraso?")[0] == "multa"


@pytest.mark.parametrize(
    ("most", "chosen"),
    [
        (2, ["0", "3"]),
        (3, ["0", "2", "4"]),
        (6, ["0", "1", "2", "3", "4", "5"]),
        (9, list("012345")),
    ],
)
def test_questions_are_taken_evenly_over_the_set(most: int, chosen: str) -> None:
    lines = [QueryLine(id=str(n), text="") for n in range(6)]

    assert [one.id for one in withheld.evenly(lines, most)] == [*chosen]
    assert withheld.evenly([], most) == []


def test_questions_are_told_from_the_same_without_their_document(finder: Finder) -> None:
    kept = {line.id: finder.search([COLLECTION], line.text).answerable for line in ASKED.queries}

    assert withheld.auroc(finder, ASKED, kept) == 1.0
    assert withheld.auroc(finder, ASKED, dict.fromkeys(kept, -1.0)) == 0.0
