"""One fact has one form, however a document or a model writes it."""

import pytest

from appliance.answering.values import Value, flat, same, same_unit, values
from appliance.records import Language


def sure(text: str, language: Language = "pt") -> list[Value]:
    return [value for value in values(text, language) if not value.loose]


def only(text: str, language: Language = "pt") -> Value:
    (value,) = sure(text, language)
    return value


def agree(one: str, other: str, language: Language = "pt") -> bool:
    first, second = only(one, language), only(other, language)
    return same(first, second) and same_unit(first, second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("custa R$ 1.500,00", "custa 1500 reais"),
        ("custa R$ 1.234,50", "custa R$ 1234,50"),
        ("custa R$ 2,5 milhões", "custa 2500000 reais"),
        ("custa US$ 30", "custa 30 dólares"),
        ("cresceu 25%", "cresceu 25 por cento"),
        ("cresceu 25%", "cresceu vinte e cinco por cento"),
        ("três livros", "3 livros"),
        ("quinze dias", "15 dias"),
        ("em 5 de março de 2024", "em 05/03/2024"),
        ("em 5 de março de 2024", "em 5.3.2024"),
        ("em 1º de maio de 2024", "em primeiro de maio de 2024"),
        ("em 2024-03-05", "em 05/03/2024"),
        ("em 5 mar. 2024", "em 5/3/2024"),
        ("às 7h30", "às 7:30"),
        ("às 07:30", "às 7:30"),
        ("às 17h", "às 17:00"),
        ("às 17h", "às 17 horas"),
        ("o art. 5º", "o artigo 5"),
        ("o § 2º", "o parágrafo 2"),
        ("o inciso IV", "o inciso 4"),
        ("no século XVIII", "no século 18"),
        ("1500 alunos", "1.500 alunos"),
        ("escreva a Ana@Escola.example", "escreva a ana@escola.example"),
        ("a 100m daqui", "a 100 metros daqui"),
        ("a 3ª via", "a terceira via"),
    ],
)
def test_the_same_fact_written_in_two_ways_is_one_fact(one: str, other: str) -> None:
    assert agree(one, other)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("on March 5, 2024", "on 5 March 2024", "en"),
        ("on March 5, 2024", "on 3/5/2024", "en"),
        ("on the 5th of March 2024", "on March 5th, 2024", "en"),
        ("at 7:30 pm", "at 19:30", "en"),
        ("at 7 p.m.", "at 19:00", "en"),
        ("$5 million", "5,000,000 dollars", "en"),
        ("twenty-five days", "25 days", "en"),
        ("in the 1960s", "in 1960", "en"),
        ("el 5 de mayo de 2020", "el 05/05/2020", "es"),
        ("treinta y cinco días", "35 días", "es"),
        ("el 3 %", "el 3 por ciento", "es"),
    ],
)
def test_so_it_is_in_english_and_spanish(one: str, other: str, language: Language) -> None:
    assert agree(one, other, language)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("15 dias", "15 meses"),
        ("R$ 15", "15 dólares"),
        ("R$ 15", "15 alunos"),
        ("15%", "15 alunos"),
        ("15 livros", "o art. 15"),
        ("3 km", "3 m"),
    ],
)
def test_the_same_number_of_something_else_is_another_fact(one: str, other: str) -> None:
    assert same(only(one), only(other))
    assert not same_unit(only(one), only(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("15 dias", "16 dias"),
        ("R$ 1,50", "R$ 15,00"),
        ("às 7h30", "às 8h30"),
        ("em 5 de março de 2024", "em 5 de maio de 2024"),
        ("em 5 de março de 2024", "em 6 de março de 2024"),
        ("em 1858", "em 1868"),
        ("o modelo G3", "o modelo G4"),
    ],
)
def test_another_value_is_another_value(one: str, other: str) -> None:
    assert not same(only(one), only(other))


def test_a_date_may_be_said_in_part_and_not_in_more_than_is_given() -> None:
    whole = only("em 5 de março de 2024")

    for part in ("em 2024", "em março de 2024", "em 5 de março", "em março"):
        assert same(only(part), whole)
        assert not same(whole, only(part))


def test_a_number_counts_what_stands_after_it() -> None:
    assert [v.unit for v in sure("de 3 a 5 dias")] == ["day", "day"]
    assert [v.unit for v in sure("15 (quinze) dias")] == ["day", "day"]
    assert [v.unit for v in sure("5 a 10%")] == ["%", "%"]
    assert [v.unit for v in sure("5 business days", "en")] == ["day"]
    assert [v.unit for v in sure("3 dias e 4 meses")] == ["day", "month"]
    assert [v.unit for v in sure("2 alunos em 3 dias")] == ["", "day"]


def test_the_days_of_a_range_share_its_month() -> None:
    assert [v.key for v in sure("entre 5 e 10 de março de 2024")] == ["5/3/2024", "10/3/2024"]


def test_the_years_of_a_life_are_two_years() -> None:
    assert [v.year for v in sure("(1752-1834)")] == [1752, 1834]


def test_a_law_has_its_number_and_its_year() -> None:
    assert [v.key for v in sure("a Lei nº 9.504/97")] == ["9504", "0/0/1997"]


def test_a_year_that_counts_something_is_no_year() -> None:
    assert (only("1500 reais").kind, only("1500 reais").unit) == ("number", "brl")
    assert only("em 1500").kind == "date"


def test_the_label_of_a_list_item_answers_for_its_inciso() -> None:
    item, days = values("IV - o prazo é de 30 dias;", "pt")

    assert same(only("o inciso IV"), item)
    assert item.loose
    assert days.text == "30"


def test_a_roman_numeral_needs_capitals_so_that_words_stay_words() -> None:
    assert [v.text for v in sure("no capítulo VI")] == ["6"]
    assert sure("o título vi ontem") == []


def test_a_month_that_is_also_a_word_needs_its_capital() -> None:
    assert sure("you may leave and march on", "en") == []
    assert only("it opens in March", "en").month == 3


def test_the_tenth_of_a_second_thing_is_no_time_and_the_thirteenth_month_no_date() -> None:
    assert [v.kind for v in sure("o placar foi 25:70")] == ["number", "number"]
    assert "date" not in {v.kind for v in sure("a nota 31/13/24")}


def test_a_payment_slip_is_read_to_its_last_digit() -> None:
    slip = "23793381286000782713695000063305975520000370000"

    assert only(slip).text == slip
    assert not same(only(slip), only(slip[:-1] + "1"))


def test_values_stand_in_order_and_do_not_overlap() -> None:
    text = "Em 5/3/2024, às 7h30, pague R$ 1.500,00 (art. 5º, § 2º) em 15 dias."

    found = values(text, "pt")

    assert [text[v.start : v.end] for v in found] == [
        "5/3/2024", "7h30", "R$ 1.500,00", "art. 5º", "§ 2º", "15",
    ]  # fmt: skip


def test_a_folded_text_keeps_every_sign_in_its_place() -> None:
    text = "Às 7h30 – ÇÃO İ ﬁ 5º ½"

    assert len(flat(text)) == len(text)
    assert flat("Ação") == "acao"


@pytest.mark.parametrize(
    "piece", ["9", "9.", "1,", "a", "a.", "§ ", "5 de ", "- ", "iv", "mil e ", "mil "]
)
def test_a_hostile_text_of_a_hundred_thousand_signs_is_read_to_its_end(piece: str) -> None:
    """Under the suite's own limit of time: a quadratic reader would take hours."""
    text = piece * (100_000 // len(piece)) + " e R$ 5,00"

    assert values(text, "pt")[-1].text == "5"
