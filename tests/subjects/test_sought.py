"""Whom somebody looks for, however it is written."""

import pytest

from appliance.errors import BadRequest
from appliance.subjects import sought


@pytest.mark.parametrize(
    "text",
    [
        "JOÃO DA CONCEIÇÃO",
        "joao da conceicao",
        "João  da\nConceição",
        "Sr. João da Conceição, autor",
    ],
)
def test_a_name_is_found_whatever_its_case_accents_and_spaces(text: str) -> None:
    assert sought(name="João da Conceição").stands_in(text)


@pytest.mark.parametrize("text", ["Banana", "Anamaria", "an a", ""])
def test_a_name_is_found_as_whole_words_only(text: str) -> None:
    assert not sought(name="Ana").stands_in(text)


@pytest.mark.parametrize("typed", ["123.456.789-09", "12345678909", " 123 456 789 09 "])
@pytest.mark.parametrize("text", ["CPF 123.456.789-09.", "cpf:12345678909", "(123 456 789-09)"])
def test_a_cpf_is_found_with_and_without_its_dots(typed: str, text: str) -> None:
    assert sought(cpf=typed).stands_in(text)


@pytest.mark.parametrize("text", ["9123.456.789-09", "123.456.789-091", "123.456.789-08"])
def test_another_number_is_no_cpf_of_theirs(text: str) -> None:
    assert not sought(cpf="12345678909").stands_in(text)


def test_an_address_is_found_whole() -> None:
    person = sought(email="Ana@Escola.Example")

    assert person.stands_in("escreva a ana@escola.example.")
    assert not person.stands_in("mariana@escola.example")
    assert not person.stands_in("ana@escola.example-velha")


def test_any_of_what_is_known_is_enough() -> None:
    person = sought(name="Ana Lima", cpf="12345678909")

    assert person.stands_in("ana lima")
    assert person.stands_in("123.456.789-09")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({}, "nobody_sought"),
        ({"name": "  "}, "nobody_sought"),
        ({"name": "Li"}, "sought_name_short"),
        ({"cpf": "123"}, "bad_cpf"),
        ({"cpf": "１２３４５６７８９０９"}, "bad_cpf"),
    ],
)
def test_what_finds_nobody_or_everybody_is_refused(typed: dict[str, str], code: str) -> None:
    with pytest.raises(BadRequest) as refused:
        sought(**typed)

    assert refused.value.code == code


def test_what_is_typed_is_no_pattern() -> None:
    assert not sought(name="a.*").stands_in("abcdef")
    assert sought(name="D'Ávila (filho)").stands_in("d'avila (filho)")
