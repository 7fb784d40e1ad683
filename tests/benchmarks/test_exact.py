"""The benchmark of known items asks for what is there, and beside it stand look-alikes."""

import random
import re

import pytest

from appliance.cli.questions import PassageLine, fill, shelf
from appliance.index import checkdigits
from appliance.index.fusion import Weights
from benchmarks import exact

LAWS = [
    PassageLine(
        id="eleições-9",
        title="Lei nº 9.504, de 30 de setembro de 1997",
        text="Art. 9º Para concorrer às eleições, o candidato deverá possuir domicílio:\n"
        "I - na circunscrição;\nII - por seis meses.\n"
        "§ 1º O prazo é contado da filiação.\n§ 2º Havendo fusão, conta-se a primeira:\n"
        "III - a mais antiga.",
    ),
    PassageLine(
        id="eleições-16A",
        title="Lei nº 9.504, de 30 de setembro de 1997",
        text="Art. 16-A. O candidato cujo registro esteja sub judice poderá fazer campanha.",
    ),
    PassageLine(
        id="inelegibilidade-9",
        title="Lei Complementar nº 64, de 18 de maio de 1990",
        text="Art. 9º Se o juiz não apresentar a sentença no prazo, o recurso corre do aviso.",
    ),
    PassageLine(
        id="preâmbulo",
        title="Lei nº 9.504, de 30 de setembro de 1997",
        text="O Presidente da República faz saber que o Congresso decreta.",
    ),
]


def test_articles_paragraphs_and_incisos_are_asked_for_with_their_law() -> None:
    asked = {(one.kind, one.text): one.right for one in exact.of_laws(LAWS)}

    assert asked == {
        ("article of a law", "o que diz o art. 9 da Lei nº 9.504?"): {"eleições-9"},
        ("article, typed", "art 9 lei 9504"): {"eleições-9"},
        ("§ of a law", "Qual é o teor do § 2º do artigo 9 da Lei nº 9.504?"): {"eleições-9"},
        # The third inciso stands below a §, so the caput's last is the second.
        ("inciso of a law", "Lei nº 9.504, art. 9, inciso II"): {"eleições-9"},
        ("article of a law", "o que diz o art. 16-A da Lei nº 9.504?"): {"eleições-16A"},
        ("article, typed", "art 16-a lei 9504"): {"eleições-16A"},
        ("article of a law", "o que diz o art. 9 da Lei Complementar nº 64?"): {
            "inelegibilidade-9"
        },
        ("article, typed", "art 9 lei complementar 64"): {"inelegibilidade-9"},
    }


def test_four_codes_have_the_same_articles_and_each_is_asked_for_by_its_code() -> None:
    passages, asked = exact.codes()

    assert len(passages) == 160
    assert len({line.text for line in passages}) == 40
    texts = [one.text for one in asked]
    assert "o que diz o art. 7 do Código Penal?" in texts
    assert "o que diz o art. 7 da Constituição da República Federativa do Brasil?" in texts
    assert "art 7, ii, cpc" in texts


def test_each_number_of_a_paper_has_look_alikes_one_digit_off() -> None:
    passages, asked = exact.papers(3, random.Random(1))

    assert [line.id for line in passages[:3]] == ["p0-0", "p0-1", "p0-2"]
    cases = [re.search(r"\d{7}-\d\d\.\d{4}\.\d\.\d\d\.\d{4}", one.text)[0] for one in passages[:3]]
    for other in cases[1:]:
        assert sum(a != b for a, b in zip(cases[0], other, strict=True)) == 1
    assert {one.right for one in asked} == {frozenset({f"p{n}-0"}) for n in range(3)}
    assert len({one.kind for one in asked}) == 7


def test_the_same_seed_gives_the_same_papers() -> None:
    assert exact.papers(2, random.Random(5)) == exact.papers(2, random.Random(5))
    assert exact.papers(2, random.Random(5)) != exact.papers(2, random.Random(6))


def test_made_numbers_have_the_right_check_digits() -> None:
    rng = random.Random(2)

    for _ in range(50):
        assert checkdigits.cpf(exact.cpf(rng))
        assert checkdigits.case(exact.case(rng))


@pytest.mark.parametrize(
    ("digits", "written"),
    [
        ("12345678909", "123.456.789-09"),
        ("00000012320128260001", "0000001-23.2012.8.26.0001"),
    ],
)
def test_numbers_are_pointed_as_they_are_printed(digits: str, written: str) -> None:
    assert exact.pointed(digits) == written


def test_every_item_of_a_small_library_comes_first() -> None:
    passages, asked = exact.papers(4, random.Random(5))
    asked = [*exact.of_laws(LAWS), *asked]
    with shelf(None, Weights(meaning=0.0)) as finder:
        fill(finder, LAWS + passages)
        found = exact.measured(finder, asked)

    assert sum(len(pairs) for pairs in found.values()) == len(asked)
    assert [one for pairs in found.values() for one, first in pairs if first not in one.right] == []


def test_what_is_not_there_is_not_counted_as_found() -> None:
    gone = exact.Asked("article of a law", "art. 9 da Lei nº 9.504", frozenset({"eleições-9"}))
    with shelf(None, Weights(meaning=0.0)) as finder:
        fill(finder, LAWS[2:])
        ((_, first),) = exact.measured(finder, [gone])["article of a law"]

    assert first != "eleições-9"
