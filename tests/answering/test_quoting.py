"""Quoting: the sentence that answers, word for word, and no more than is needed."""

import pytest

from appliance.answering import quoting
from appliance.answering.finding import Findings
from appliance.answering.quoting import around, kind_of, quote, rank
from appliance.records import Language
from tests.answering.shelf import Shelf

LIBRARY = """CAPÍTULO II – Da biblioteca
Art. 26. A biblioteca funciona de segunda a sexta-feira, das 7h às 18h.
§ 1º O empréstimo pode ser renovado uma vez, por mais 7 dias.
§ 2º A devolução em atraso sujeita o aluno à multa de R$ 1,50 por dia útil e por livro."""
FAQ = """Qual é a média para passar?
A média anual é 6,0 em todas as disciplinas.
Perdi a carteirinha. O que faço?
Peça a segunda via na secretaria. Ela custa R$ 25,00."""


def find(shelf: Shelf, question: str, language: Language = "pt") -> Findings:
    return shelf.finder.find([shelf.collection()], question, language=language)


def quotes(shelf: Shelf, question: str) -> list[str]:
    return [one.quote for one in quote(find(shelf, question))]


def test_the_sentence_that_answers_is_quoted_alone(shelf: Shelf) -> None:
    shelf.put("regimento", LIBRARY)

    (said,) = quotes(shelf, "Qual é a multa por atraso na devolução de um livro?")

    assert said.startswith("§ 2º A devolução em atraso")
    assert said.endswith("por livro.")


def test_what_the_heading_says_needs_no_second_sentence(shelf: Shelf) -> None:
    shelf.put("regimento", LIBRARY)

    said = quotes(shelf, "Qual é a multa por atraso na devolução de um livro da biblioteca?")

    assert len(said) == 1


def test_a_second_sentence_is_quoted_where_it_adds_something(shelf: Shelf) -> None:
    shelf.put(
        "regimento",
        "A taxa da segunda chamada é de R$ 45,00. O prazo do requerimento é de três dias.",
    )

    said = quotes(shelf, "Qual é a taxa da segunda chamada e o prazo do requerimento?")

    assert said == [
        "A taxa da segunda chamada é de R$ 45,00.",
        "O prazo do requerimento é de três dias.",
    ]


def test_a_quote_is_word_for_word_and_knows_its_place(shelf: Shelf) -> None:
    pages = ("Uma página de rosto sem nada dentro.", LIBRARY)
    shelf.put("regimento", *pages, title="Regimento")

    (one,) = quote(find(shelf, "multa por atraso na devolução"))

    assert "\f".join(pages)[one.start : one.end] == one.quote
    assert (one.document.title, one.page, one.n) == ("Regimento", 2, 1)


def test_quotes_stand_in_the_order_of_the_text(shelf: Shelf) -> None:
    shelf.put("a", "O uniforme custa R$ 62,00. A loja do uniforme abre às sete horas.")

    chosen = quote(find(shelf, "Quando abre a loja e quanto custa o uniforme?"), most=3)

    assert [one.start for one in chosen] == sorted(one.start for one in chosen)


def test_no_more_sentences_than_asked_for(shelf: Shelf) -> None:
    shelf.put("a", "Multa. Prazo. Taxa. Férias. Recesso.")

    assert len(quote(find(shelf, "multa prazo taxa férias recesso"), most=2)) <= 2


def test_nothing_found_gives_nothing_to_quote(shelf: Shelf) -> None:
    findings = find(shelf, "multa")

    assert quote(findings) == []
    assert rank(findings) == []


# --- what is not an answer ------------------------------------------------------------


def test_a_question_is_not_quoted_as_its_own_answer(shelf: Shelf) -> None:
    shelf.put("faq", FAQ)

    assert quotes(shelf, "Qual é a média para passar?") == [
        "A média anual é 6,0 em todas as disciplinas."
    ]


def test_the_whole_line_of_a_question_is_passed_over(shelf: Shelf) -> None:
    shelf.put("faq", FAQ)

    said = quotes(shelf, "Perdi a carteirinha, o que faço?")

    assert said[0] == "Peça a segunda via na secretaria."
    assert "Perdi a carteirinha." not in said


def test_an_article_is_quoted_with_what_it_says(shelf: Shelf) -> None:
    shelf.put(
        "lei", "Art. 28. É proibido o uso de telefone celular.\nArt. 29. O prazo é de um ano."
    )

    (said,) = quotes(shelf, "O que diz o art. 28?")

    assert said == "Art. 28. É proibido o uso de telefone celular."


def test_where_all_is_questions_the_nearest_is_shown(shelf: Shelf) -> None:
    shelf.put("perguntas", "Qual é a multa por atraso?")

    assert quotes(shelf, "multa por atraso") == ["Qual é a multa por atraso?"]


def test_a_row_of_a_table_stays_whole(shelf: Shelf) -> None:
    shelf.put(
        "precos",
        "Atividade | Dia | Mensalidade\nFutsal | terça | R$ 130,00\nTeatro | sexta | R$ 120,00",
    )

    assert quotes(shelf, "Quanto custa o teatro?") == ["Teatro | sexta | R$ 120,00"]


# --- the kind of thing asked for ------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Quantos livros posso levar?", "count"),
        ("How many days do I have?", "count"),
        ("¿Cuántas personas caben?", "count"),
        ("Quando são as férias?", "when"),
        ("Em que ano foi aprovada?", "when"),
        ("¿Cuándo empieza el curso?", "when"),
        ("A que horas abre a secretaria?", "when"),
        ("Quem assina o certificado?", "who"),
        ("Who signs it?", "who"),
        ("Onde compro o uniforme?", "where"),
        ("¿Dónde queda?", "where"),
        ("Por que a aula foi cancelada?", "why"),
        ("Why is it closed?", "why"),
        ("O que é a recuperação?", ""),
    ],
)
def test_the_question_word_says_what_is_asked_for(question: str, kind: str) -> None:
    assert kind_of(question) == kind


def test_of_two_like_sentences_the_one_with_the_number_answers_how_many(shelf: Shelf) -> None:
    shelf.put(
        "regimento",
        "Os livros por aluno constam aqui. Os livros por aluno são 2.",
    )

    best = rank(find(shelf, "Quantos livros por aluno?"))[0]

    assert best.quote == "Os livros por aluno são 2."


def test_of_two_like_sentences_the_one_with_the_date_answers_when(shelf: Shelf) -> None:
    shelf.put("calendario", "A recuperação final vem logo. A recuperação final é em 14/12/2026.")

    best = rank(find(shelf, "Quando começa a recuperação final?"))[0]

    assert best.quote.endswith("14/12/2026.")


# --- what a model is given to read ------------------------------------------------------

LONG = " ".join(
    [
        *(f"A regra número {n} trata de assuntos gerais da vida escolar." for n in range(9)),
        "A multa por atraso na devolução é de R$ 1,50.",
        *(f"A norma número {n} trata de assuntos gerais da vida escolar." for n in range(9)),
    ]
)


def test_a_passage_is_cut_to_whole_sentences_around_its_evidence(shelf: Shelf) -> None:
    shelf.put("regimento", LONG)
    findings = find(shelf, "multa por atraso na devolução")

    start, end = around(findings, 0, most=300)
    cut = findings.hits[0].chunk.text[start:end]

    assert "A multa por atraso na devolução é de R$ 1,50." in cut
    assert len(cut) <= 300
    assert cut.startswith("A ")
    assert cut.endswith(".")


def test_a_short_passage_is_given_whole(shelf: Shelf) -> None:
    shelf.put("regimento", LIBRARY)
    findings = find(shelf, "multa")

    assert around(findings, 0) == (0, len(findings.hits[0].chunk.text))


def test_a_sentence_longer_than_the_room_is_given_all_the_same(shelf: Shelf) -> None:
    shelf.put("regimento", LONG)
    findings = find(shelf, "multa por atraso na devolução")

    start, end = around(findings, 0, most=5)

    assert findings.hits[0].chunk.text[start:end] == "A multa por atraso na devolução é de R$ 1,50."


def test_every_sentence_of_the_first_passages_is_ranked(shelf: Shelf) -> None:
    for number in range(quoting.FROM + 2):
        shelf.put(f"d{number}", "A multa é diária. O prazo é anual.")

    ranked = rank(find(shelf, "multa"))

    assert len(ranked) == 2 * quoting.FROM
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
