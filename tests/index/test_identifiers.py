"""Identifiers: one thing, one term, however it is written; and nobody's text is slow."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.index import identifiers
from appliance.index.identifiers import exact, terms


@pytest.mark.parametrize(
    ("forms", "term"),
    [
        (["Art. 5º, II", "artigo 5, inciso II", "ART. 5o, inc. II", "art 5, ii"], "art5incii"),
        (["inciso II do art. 5º", "inciso 2 do artigo quinto"], "art5incii"),
        (["art. 5º, inc. II, alínea a", "Art. 5º, II, “a”", "art. 5º, II, a"], "art5inciiala"),
        (['alínea "a" do inciso II do caput do art. 5º'], "art5inciiala"),
        (["§ 2º do art. 27", "art. 27, § 2º", "parágrafo segundo do art. 27"], "art27par2"),
        (["parágrafo único do art. 4º", "art. 4º, parágrafo único"], "art4parunico"),
        (["artigo 121-A", "art. 121-A", "artículo 121-A"], "art121a"),
        (["art. 1.045", "artigo 1045"], "art1045"),
        (["Article 6(1)(a)", "article 6, § 1, a"], "art6par1ala"),
        (["Cláusula 3ª", "cláusula terceira", "CLÁUSULA TERCEIRA – DO OBJETO"], "cla3"),
        (["Clause 3", "cl. 3", "cláusula III"], "cla3"),
        (["cláusula vigésima primeira", "cláusula 21"], "cla21"),
        (["Cláusula 3ª, 3.2", "cláusula 3.2", "subcláusula 3.2"], "cla3item3p2"),
        (["Anexo II", "anexo 2", "Annex II"], "anexo2"),
    ],
)
def test_a_part_of_a_text_is_one_term(forms: list[str], term: str) -> None:
    assert [form for form in forms if term not in terms(form)] == []


@pytest.mark.parametrize(
    ("forms", "term"),
    [
        (
            [
                *("Lei nº 8.069/1990", "Lei 8069/90", "Lei n. 8.069, de 13 de julho de 1990"),
                *("LEI Nº 8.069, DE 13 DE JULHO DE 1990", "lei federal 8069 de 1990"),
                *("Lei no 8.069/90", "Lei n° 8.069, de 13.7.1990"),
            ],
            "lei8069ano1990",
        ),
        (
            ["Lei 8.069", "lei nº 8.069/1990", "ECA", "Estatuto da Criança e do Adolescente"],
            "lei8069",
        ),
        (["LC 123/2006", "Lei Complementar nº 123, de 14 de dezembro de 2006"], "lc123ano2006"),
        (
            ["Decreto-Lei 2.848/40", "Decreto-Lei nº 2.848, de 7 de dezembro de 1940"],
            "decretolei2848",
        ),
        (["Código Penal", "art. 121 do CP", "art 121 cp"], "decretolei2848"),
        (["MP 927", "Medida Provisória nº 927/2020"], "mp927"),
        (["EC 45", "Emenda Constitucional nº 45/2004"], "ec45"),
        (["Resolução TSE nº 23.607/2019", "res. 23607 de 2019"], "res23607ano2019"),
        (["CPC", "Código de Processo Civil", "Lei 13.105/2015"], "lei13105"),
        (["CPC/73", "Código de Processo Civil de 1973"], "lei5869"),
        (["CF/88", "Constituição Federal", "Constituição de 1988", "art. 5º da CF"], "cf"),
        (["Ley 39/2015, de 1 de octubre", "ley 39 de 2015"], "lei39ano2015"),
        (["Regulation (EU) 2016/679", "Regulamento (UE) 2016/679"], "eu2016n679"),
    ],
)
def test_a_law_is_one_term(forms: list[str], term: str) -> None:
    assert [form for form in forms if term not in terms(form)] == []


def test_the_military_penal_code_is_another_law() -> None:
    assert "decretolei2848" not in terms("o Código Penal Militar")


@pytest.mark.parametrize(
    "text",
    [
        "art. 121 do Código Penal",
        "Código Penal, art. 121",
        "art. 121, CP",
        "arts. 120 a 122 do Decreto-Lei nº 2.848/1940",
    ],
)
def test_an_article_of_a_law_is_a_term_with_its_law(text: str) -> None:
    assert "decretolei2848art121" in terms(text)


def test_each_article_goes_to_the_law_named_after_it() -> None:
    found = terms("arts. 213, caput, e 224, § 1º, do CPC e art. 10 da Lei nº 11.419/2006")

    assert {"lei13105art213", "lei13105art224par1", "lei11419art10"} <= set(found)
    assert "lei13105art10" not in found


def test_a_reference_gives_its_parts_and_the_whole() -> None:
    assert terms("Art. 5º, II, a") == ["art5inciiala", "art5incii", "art5"]


def test_a_list_and_a_range_give_every_part() -> None:
    assert {"art45inci", "art45incii"} <= set(terms("incisos I e II do art. 45"))
    assert terms("arts. 5º a 7º") == ["art5", "art6", "art7"]


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("art. 5º, 10 dias depois", "art10"),
        ("art. 5º, a obrigação", "art5ala"),
        ("art. 5º, e o prazo", "art5ale"),
        ("o art. 30 (trinta)", "art30altrinta"),
    ],
)
def test_words_after_a_reference_are_not_part_of_it(text: str, never: str) -> None:
    assert never not in terms(text)


@pytest.mark.parametrize(
    ("forms", "term"),
    [
        (
            [
                *("0001234-56.2020.8.26.0100", "1234-56.2020.8.26.0100", "00012345620208260100"),
                "processo nº 0001234-56.2020.8.26.0100",
            ],
            "00012345620208260100",
        ),
        (["CPF 123.456.789-09", "12345678909", "123 456 789 09", "123456789-09"], "12345678909"),
        (["11.222.333/0001-81", "11222333000181", "11 222 333 0001 81"], "11222333000181"),
        (["CNPJ 12.ABC.345/01DE-35", "12abc34501de35"], "12abc34501de35"),
        (["OAB/SP nº 123.456", "OAB-SP 123456", "OAB 123.456/SP"], "oabsp123456"),
        (["(11) 98765-4321", "+55 11 98765-4321", "+55 (11) 987654321"], "11987654321"),
        (["CEP 01310-100", "01310100"], "01310100"),
        (["AB-1234", "AB1234", "ab-1234", "ab.1234"], "ab1234"),
        (["XPTO 3000/B", "XPTO-3000/B", "xpto3000b"], "xpto3000b"),
        (
            ["Contrato nº 123/2024", "contrato 123/24", "CONTRATO N. 0123/2024"],
            "contrato123ano2024",
        ),
        (["Contrato nº 123/2024", "123/2024"], "123ano2024"),
        (["Nota Fiscal nº 4.567", "NF-e 4567", "invoice no. 4567", "factura nº 4567"], "nf4567"),
        (["versão 2.15.1", "v. 2.15.1"], "2p15p1"),
    ],
)
def test_a_number_that_names_something_is_one_term(forms: list[str], term: str) -> None:
    assert [form for form in forms if term not in terms(form)] == []


@pytest.mark.parametrize(
    ("forms", "term"),
    [
        (["R$ 1.234,50", "$1,234.50", "1.234,5", "US$ 1,234.50"], "1234p5"),
        (["R$ 5 mil", "R$ 5.000,00", "5,000", "5.000"], "5000"),
        (["R$ 2,5 milhões", "2.500.000", "$2.5 million"], "2500000"),
        (
            [
                *("5 de março de 2024", "05/03/2024", "2024-03-05", "5/3/24", "March 5, 2024"),
                *("5 mar. 2024", "5.3.2024", "5th of March 2024", "5 de marzo de 2024"),
            ],
            "d20240305",
        ),
        (["março de 2024", "05/03/2024", "03/2024", "March 2024"], "m202403"),
        (["1º de maio", "01/05/2024", "May 1st"], "dia0501"),
        (["14h30", "14:30", "2:30 pm", "14 h 30 min"], "t1430"),
        (["às 14 horas", "14h", "2 pm", "14:00"], "t1400"),
    ],
)
def test_amounts_dates_and_times_are_one_term(forms: list[str], term: str) -> None:
    assert [form for form in forms if term not in terms(form)] == []


def test_numbers_of_items_keep_their_zeros() -> None:
    assert terms("item 3.10") != terms("item 3.1")


@pytest.mark.parametrize("text", ["31/02/2024", "99/99/2024", "25:99"])
def test_what_is_no_date_and_no_time_is_none(text: str) -> None:
    assert [term for term in terms(text) if re.match(r"[dt]\d", term)] == []


@pytest.mark.parametrize(
    "text",
    [
        "guarda-chuva e segunda-feira",
        "em 2024 foram 30 dias",
        "O servidor deve entregar o relatório.",
        "a parte contrária; a partir de hoje; o capital",
    ],
)
def test_ordinary_words_are_no_identifiers(text: str) -> None:
    assert terms(text) == []


def test_check_digits_tell_a_number_from_a_row_of_digits() -> None:
    assert terms("123 456 789 09") == ["12345678909"]
    assert "12345678910" not in terms("123 456 789 10")


def test_the_strongest_comes_first_in_a_question() -> None:
    asked = "O que diz o art. 27 da Lei 8.069/90 no processo 0001234-56.2020.8.26.0100?"

    assert exact(asked) == [
        "00012345620208260100",
        *("lei8069art27", "lei8069ano1990", "lei8069", "art27"),
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "Qual o prazo em 5 de março de 2024?",
        "Quem paga R$ 1.234,56 às 14h30?",
        "e o § 2º?",
        "covid-19",
        "O que fazer em caso de atraso?",
    ],
)
def test_what_an_answer_need_not_repeat_is_not_exact(asked: str) -> None:
    assert exact(asked) == []


def test_a_place_of_a_law_has_the_terms_that_a_question_for_it_has() -> None:
    own = identifiers.own([(("art", "121"), ("par", "2"))], "código penal › PARTE ESPECIAL")

    assert set(terms("art. 121, § 2º, do Código Penal")) <= {*own, "decretolei2848"}


@given(st.text(max_size=200))
def test_terms_are_letters_and_digits_whatever_is_written(text: str) -> None:
    assert [term for term in terms(text) if not re.fullmatch(r"[^\W_]+", term)] == []


WRITTEN = st.lists(
    st.sampled_from(
        ["art.", "5º", "§", "II", ",", "a", "do", "Lei", "nº", "8.069", "/90", "CF/88", "\n", "e",
         "cláusula", "3.2", "1.234,56", "05/03/2024", "Contrato", "(1)", "\"a\"", "inciso", "a"]
    ),
    max_size=12,
)  # fmt: skip


@given(WRITTEN)
def test_pieces_of_references_in_any_order_are_read_without_fault(pieces: list[str]) -> None:
    found = terms(" ".join(pieces))

    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    "piece",
    [
        *("1", "1.", "a-1/", " ", "A", "art. 5, ", "lei nº ", "§ 1º, ii, a, ", "do da de ", "R$ "),
        *("decreto-lei ", "123.456.789-09 ", "5 de mar. de ", "art. 1 do ", "CF/88 ", 'art. "a" '),
        *(
            "contrato nº ",
            "1,",
            "123 ",
            "artigo i, ",
            "5 º",
            "art. iiiiiiii",
            "a.b",
            "\u0300",
            "arts",
        ),
    ],
)
def test_a_hostile_text_takes_no_longer_than_its_length(piece: str) -> None:
    hostile = (piece * (200_000 // len(piece) + 1))[:200_000]
    began = time.process_time()

    terms(hostile)

    assert time.process_time() - began < 2.0
