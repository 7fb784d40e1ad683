"""What people ask of four office sheets: nothing wrong, and little left to the passages."""

from pathlib import Path

import pytest

from appliance.answering.tables.computing import Computed, TableAnswers
from appliance.database import Database
from benchmarks import tables as benchmark
from tests.answering.tables.office import Asked, asked

MAY_FALL_BACK = 0.15


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> tuple[TableAnswers, dict[str, str]]:
    folder = tmp_path_factory.mktemp("office")
    database = Database(Path(folder) / "appliance.db")
    database.migrate()
    return TableAnswers(database), benchmark.shelve(database, folder, together=False)


def outcome(shelves: tuple[TableAnswers, dict[str, str]], question: Asked) -> str:
    answers, collections = shelves
    found = answers.answer(
        [collections[question.sheet]],
        question.text,
        question.language,  # type: ignore[arg-type]
    )
    return benchmark.verdict(question, found)


@pytest.mark.parametrize("question", asked(), ids=lambda one: one.text)
def test_no_question_is_answered_wrongly(shelves, question: Asked) -> None:
    assert outcome(shelves, question) != "wrong"


def test_few_questions_fall_back(shelves) -> None:
    outcomes = [outcome(shelves, question) for question in asked()]

    assert len(outcomes) >= 60
    assert outcomes.count("fell back") <= MAY_FALL_BACK * len(outcomes)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Quantos dias de férias tem um servidor?", "pt"),
        ("Qual é o prazo para recurso?", "pt"),
        ("Qual o número mínimo de alunos para uma turma de período letivo especial?", "pt"),
        ("Quem foi o primeiro presidente do Brasil?", "pt"),
        ("Qual a maior cidade do Brasil?", "pt"),
        ("Quantos dias em agosto estão abaixo de zero?", "pt"),
        ("Quanto custa a segunda via do diploma?", "pt"),
        ("What was the average family size?", "en"),
        ("How many people live in Paris?", "en"),
        ("Who is the president of the United States?", "en"),
        ("¿Cuántos habitantes tiene Madrid?", "es"),
        ("¿Cuál es el plazo de entrega?", "es"),
        ("Olá, bom dia!", "pt"),
        ("?", "pt"),
    ],
)
def test_a_question_about_no_table_is_left_alone(shelves, text: str, language) -> None:
    answers, collections = shelves

    assert answers.answer(list(collections.values()), text, language) is None


def test_the_same_question_in_capitals_and_without_accents(shelves) -> None:
    answers, collections = shelves
    texts = (
        "Quantos alunos estão no turno da Manhã e com situação Ativo?",
        "QUANTOS ALUNOS ESTAO NO TURNO DA MANHA E COM SITUACAO ATIVO",
    )

    found = [answers.answer([collections["enrolment"]], text, "pt") for text in texts]

    assert isinstance(found[0], Computed)
    assert isinstance(found[1], Computed)
    assert found[0].sentences == found[1].sentences
