"""Where a text says no, and which of two opposites it takes."""

import pytest

from appliance.answering.polarity import side
from appliance.answering.statements import Statement, read
from appliance.records import Language


def scopes(text: str, language: Language = "pt") -> list[frozenset[str]]:
    return [denial.scope for denial in read(text, language).denials]


def sides(text: str, language: Language = "pt") -> set[tuple[str, bool]]:
    return {(claim.concept, claim.side) for claim in read(text, language).claims}


def stems(text: str, language: Language = "pt") -> frozenset[str]:
    return frozenset(read(text, language).terms)


def test_a_no_reaches_the_words_that_follow_it_in_its_clause() -> None:
    (scope,) = scopes("O aluno não pode levar obras, mas pode consultar mapas.")

    assert scope == stems("pode levar obras")


def test_a_no_at_the_end_of_its_clause_reaches_back() -> None:
    (scope,) = scopes("Levar obras, nunca; consultar, sim.")
    assert scope == frozenset()

    (scope,) = scopes("Obras levadas nunca.")
    assert scope == stems("obras levadas")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nenhum aluno entra sem autorização.", "pt"),
        ("Ningún alumno entra sin autorización.", "es"),
        ("No student enters without permission.", "en"),
    ],
)
def test_each_language_has_its_own_noes(text: str, language: Language) -> None:
    assert len(scopes(text, language)) == 2


def test_no_is_in_the_in_portuguese() -> None:
    assert scopes("O livro está no armário.", "pt") == []
    assert len(scopes("El libro no está.", "es")) == 1


def test_the_short_not_of_english_is_a_no() -> None:
    assert len(scopes("Students can't and don’t enter.", "en")) == 2


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Não só alunos entram.", "pt"),
        ("Não obstante a chuva, entram.", "pt"),
        ("Not only students enter.", "en"),
        ("No solo entran los alumnos.", "es"),
    ],
)
def test_not_only_denies_nothing(text: str, language: Language) -> None:
    assert scopes(text, language) == []


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("proibido", ("permission", False)),
        ("vedada", ("permission", False)),
        ("permitido", ("permission", True)),
        ("allowed", ("permission", True)),
        ("prohibido", ("permission", False)),
        ("obrigatoria", ("duty", True)),
        ("facultativo", ("duty", False)),
        ("minimo", ("most", False)),
        ("apos", ("before", False)),
        ("livro", None),
        ("mayor", ("greater", True)),
    ],
)
def test_a_word_takes_one_of_two_sides(word: str, told: tuple[str, bool] | None) -> None:
    assert side(word) == told


def test_not_allowed_is_forbidden() -> None:
    assert sides("Não é permitido entrar.") == sides("É proibido entrar.")
    assert sides("It is not allowed to enter.", "en") == sides("It is forbidden.", "en")


def test_a_no_in_another_clause_turns_nothing() -> None:
    assert ("permission", True) in sides("Se não chover, é permitido entrar.")


def test_a_denial_knows_the_concept_that_it_turns() -> None:
    said: Statement = read("O aluno não pode entrar.", "pt")

    assert [denial.concept for denial in said.denials] == ["permission"]
