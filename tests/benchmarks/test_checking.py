"""The benchmark of the check makes what it says it makes, and the same each time."""

from random import Random

import pytest

from benchmarks import checking, falsehoods, rewording

LINES = [
    {
        "id": "p1",
        "title": "Biblioteca",
        "doc": "regimento",
        "text": "A biblioteca abre às 7h30 e fecha às 17h, de segunda a sexta. "
        "No entanto, cada aluno pode levar três livros por 15 dias. "
        "A multa por atraso é de R$ 1.500,00 ou 25% do valor (com desconto), e o aluno "
        "paga 2 vias. "
        "O aluno não pode levar obras raras ou mapas antigos do acervo.",
    },
    {
        "id": "p2",
        "title": "Biblioteca",
        "doc": "regimento",
        "text": "A bibliotecária Marta Nunes recebeu de Paulo Reis, em 5 de março de 2024, o "
        "acervo. "
        "O estágio previsto no art. 27 deste regimento dura 300 horas ao todo.",
    },
    {
        "id": "p3",
        "title": "Transporte",
        "doc": "transporte",
        "text": "O ônibus escolar sai da praça central quando bate o sino da igreja velha. "
        "Em dias de chuva, o motorista Caio Braga espera os alunos na esquina do mercado.",
    },
]


@pytest.fixture
def corpus() -> checking.Corpus:
    return checking.Corpus(LINES, "pt", {"p1": [("Qual é a multa por atraso?", "R$ 1.500,00")]})


def test_every_kind_is_made_and_true_ones_are_marked_true(corpus: checking.Corpus) -> None:
    cases = checking.build(corpus, most=3)

    assert {case.kind for case in cases} == {*checking.TRUE, *checking.FALSE}
    assert all(case.true == (case.kind in checking.TRUE) for case in cases)


def test_two_builds_from_one_seed_are_the_same_and_from_another_are_not(
    corpus: checking.Corpus,
) -> None:
    assert checking.build(corpus, most=3) == checking.build(corpus, most=3)
    assert checking.build(corpus, most=3) != checking.build(corpus, most=3, seed=2)


def test_what_is_false_stands_in_none_of_its_passages(corpus: checking.Corpus) -> None:
    for case in checking.build(corpus, most=3):
        said = any(case.text in passage.text for passage in case.passages)
        assert said == (case.kind == "verbatim"), case


def test_a_sentence_meets_its_own_passage_and_the_neighbours(corpus: checking.Corpus) -> None:
    first = corpus.around(0, "A biblioteca abre às 7h30.")

    assert first[:2] == [0, 1]
    assert corpus.around(2, "O ônibus escolar sai da praça.")[0] == 2


def test_a_foreign_sentence_is_of_another_document(corpus: checking.Corpus) -> None:
    foreign = [case for case in checking.build(corpus, most=3) if case.kind == "foreign"]

    for case in foreign:
        (home,) = (line["doc"] for line in LINES if case.text in line["text"])
        assert home not in {passage.document.id for passage in case.passages}


def test_the_check_tells_the_true_from_the_false_on_this_page(corpus: checking.Corpus) -> None:
    judged = checking.measure(checking.build(corpus, most=3), "pt")

    wrong = [
        (case.kind, case.text) for case, verdict, _ in judged if case.true != verdict.supported
    ]
    assert wrong == []
    assert all(ms >= 0 for _, _, ms in judged)


def test_the_report_is_a_row_with_the_share_that_was_flagged(
    corpus: checking.Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    checking.report("pagina", checking.measure(checking.build(corpus, most=3), "pt"))

    row = capsys.readouterr().out
    assert row.startswith("| pagina | 0.000 (3) |")
    assert row.count("|") == len(checking.TRUE) + len(checking.FALSE) + 3


@pytest.mark.parametrize(
    ("way", "text", "expected"),
    [
        (rewording.without_connective, "No entanto, o prazo é curto.", "O prazo é curto."),
        (rewording.digits_and_words, "Leva três livros.", "Leva 3 livros."),
        (rewording.digits_and_words, "Leva 3 livros.", "Leva três livros."),
        (rewording.date_in_digits, "Em 5 de março de 2024 abre.", "Em 05/03/2024 abre."),
        (rewording.amount_spelt, "Custa R$ 1.500,00 ao todo.", "Custa 1500 reais ao todo."),
        (rewording.amount_spelt, "Abre às 7h30 hoje.", "Abre às 7:30 hoje."),
        (rewording.without_aside, "O aluno (novo aqui) paga.", "O aluno paga."),
        (
            rewording.clauses_turned,
            "Em dias de chuva, o motorista espera os alunos ali.",
            "O motorista espera os alunos ali em dias de chuva.",
        ),
        (rewording.synonym, "O prazo é curto.", None),
    ],
)
def test_true_sentences_are_reworded_by_rule(way, text: str, expected: str | None) -> None:
    assert way(text, "pt", Random(1)) == expected


def test_a_question_and_its_answer_make_a_sentence() -> None:
    assert rewording.answered("Qual é a multa?", "R$ 1,50") == "A multa é R$ 1,50."
    assert rewording.answered("Quem recebeu o acervo?", "Marta") == "Marta recebeu o acervo."
    assert rewording.answered("Por quê?", "Porque sim") is None


@pytest.mark.parametrize(
    ("way", "text"),
    [
        (falsehoods.date_changed, "Em 5 de março de 2024 abre."),
        (falsehoods.unit_changed, "Por 15 dias."),
        (falsehoods.article_changed, "Pelo art. 27 do regimento."),
        (falsehoods.negated, "O aluno não pode sair."),
        (falsehoods.numbers_swapped, "Leva 3 livros por 15 dias."),
    ],
)
def test_false_sentences_differ_in_one_thing(way, text: str) -> None:
    changed = way(text, "pt", Random(1))

    assert changed
    assert changed != text


def test_where_there_is_nothing_to_change_there_is_no_falsehood() -> None:
    plain = "O ônibus sai da praça."

    assert falsehoods.date_changed(plain, "pt", Random(1)) is None
    assert falsehoods.number_changed(plain, "pt", Random(1), []) is None
    assert falsehoods.article_changed(plain, "pt", Random(1)) is None


def test_a_name_is_changed_for_one_that_the_sentence_does_not_hold() -> None:
    known = frozenset({"Marta", "Nunes"})

    changed = falsehoods.name_changed(
        "A bibliotecária Marta Nunes atende.", "pt", Random(1), known, ["Marta Reis", "Caio Braga"]
    )

    assert changed
    assert "Caio" in changed or "Braga" in changed
