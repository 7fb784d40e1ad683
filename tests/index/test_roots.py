"""Roots meet whatever the number and the gender, and keep words apart that Snowball joins."""

import pytest

from appliance.index.roots import key, root, roots


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ativo", "ativas"),
        ("matriculado", "matriculadas"),
        ("imóvel", "imóveis"),
        ("material", "materiais"),
        ("rescisão", "rescisões"),
        ("pão", "pães"),
        ("valor", "valores"),
        ("vez", "vezes"),
        ("viagem", "viagens"),
        ("house", "houses"),
        ("category", "categories"),
        ("trabalhista", "trabalhistas"),
        ("alumno", "alumnas"),
        ("mês", "mes"),
    ],
)
def test_number_and_gender_go(one: str, other: str) -> None:
    assert roots(one) == roots(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("venda", "vendido"), ("pago", "pagamento"), ("ano", "ana"), ("caso", "casa cheia")],
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert roots(one) != roots(other)


def test_numbers_stay_whole() -> None:
    assert root("20250001") == "20250001"


def test_a_cell_is_found_without_accents_capitals_and_ordinals() -> None:
    assert key("2º A") == key("2 a")
    assert key("Padaria Pão Doce") == key("padaria PAO doce")
