"""Places: a span is named by the article, the § and the inciso that it stands in."""

import time

import pytest

from appliance.index.provisions import opened, place, within

LAW = """TÍTULO I
DAS GARANTIAS
Art. 5º Todos são iguais perante a lei, nos termos seguintes:
I - homens e mulheres são iguais;
II - ninguém será obrigado a fazer algo, salvo:
a) em virtude de lei;
b) por ordem judicial:
1. fundamentada;
§ 2o O disposto no inciso I
aplica-se a todos:
III - sem exceção.
Parágrafo único. Fica a ressalva.
Art. 5º-A. Outra regra."""


def of(words: str, text: str = LAW, heading: str = "") -> str:
    start = text.index(words)
    return place(text, start, start + len(words), heading)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Todos são iguais", "Art. 5º"),
        ("homens e mulheres", "Art. 5º, I"),
        ("em virtude de lei", "Art. 5º, II, a"),
        ("fundamentada", "Art. 5º, II, b, 1"),
        ("aplica-se a todos", "Art. 5º, § 2º"),
        ("sem exceção", "Art. 5º, § 2º, III"),
        ("Fica a ressalva", "Art. 5º, parágrafo único"),
        ("Outra regra", "Art. 5º-A"),
        ("DAS GARANTIAS", ""),
    ],
)
def test_a_span_is_named_by_the_provision_that_holds_it(words: str, named: str) -> None:
    assert of(words) == named


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("homens e mulheres são iguais;\nII - ninguém", "Art. 5º, I–II"),
        ("em virtude de lei;\nb) por ordem", "Art. 5º, II, a–b"),
        ("Todos são iguais perante a lei, nos termos seguintes:\nI - homens", "Art. 5º"),
        ("Fica a ressalva.\nArt. 5º-A. Outra", "Arts. 5º–5º-A"),
        ("sem exceção.\nParágrafo único. Fica", "Art. 5º"),
    ],
)
def test_a_span_over_several_is_named_by_what_holds_them_all(words: str, named: str) -> None:
    assert of(words) == named


def test_the_heading_path_tells_what_was_open_where_a_chunk_begins() -> None:
    assert of("cinco dias", "V - cinco dias;", "TÍTULO I › Art. 27 › § 2º") == "Art. 27, § 2º, V"
    assert of("dias", "cinco dias", "Art. 27 › § 2º › V") == "Art. 27, § 2º, V"


@pytest.mark.parametrize(
    ("text", "heading", "named"),
    [
        ("3.2. O pagamento é mensal.", "CLÁUSULA TERCEIRA – DO PREÇO", "Cláusula 3ª, 3.2"),
        ("3.2 Payment is monthly.", "Clause 3 – Price", "Clause 3, 3.2"),
        ("CLÁUSULA DÉCIMA PRIMEIRA – DO FORO\nO foro", "", "Cláusula 11ª"),
        ("1.1.2 Entrega em dez dias.", "1. OBJETO", "1.1.2"),
        ("Tabela de preços", "ANEXO II – Preços", "Anexo II"),
        ("Art. 2º Fica.", "ANEXO II – Regulamento", "Anexo II, Art. 2º"),
        ("Artículo 7. Los plazos.", "", "Art. 7"),
        ("Um texto comum.", "Guia › Férias", ""),
        ("I - item de uma lista", "", "I"),
    ],
)
def test_contracts_annexes_and_other_languages(text: str, heading: str, named: str) -> None:
    assert place(text, len(text) - 1, len(text), heading) == named


@pytest.mark.parametrize(
    "line",
    [
        "§ 2º do art. 27 e seguintes",
        "Art. 19 da Constituição",
        "Art. 5º, II, e outros",
        "a) solta, sem artigo",
        "1. item de lista",
        "3.5 % ao mês",
        "Parágrafo sobre outra coisa",
    ],
)
def test_a_reference_that_a_margin_put_first_opens_nothing(line: str) -> None:
    assert place(line, 0, len(line)) == ""


def test_a_chunk_is_every_place_that_it_begins_in_or_opens() -> None:
    paths = within("V - coisa;\nVI - outra.", "Anexo I › Art. 27 › § 2º")

    article = (("art", "27"), ("par", "2"))
    assert paths == [
        (("anexo", "1"),),
        article,
        (*article, ("inc", "v")),
        (*article, ("inc", "vi")),
    ]


def test_a_path_without_provisions_opens_none() -> None:
    assert opened("Guia do servidor › Férias › a") == ()


def test_a_hostile_text_takes_no_longer_than_its_length() -> None:
    began = time.process_time()

    for piece in ("§ 1º\n", "Art. 1º ", "CLÁUSULA ", "I - a\n", "1.1.1.1.1", "\n", "§ "):
        place(piece * 20_000, 0, 20_000 * len(piece))

    assert time.process_time() - began < 4.0
