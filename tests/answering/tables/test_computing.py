"""What is asked of a table is computed where it is understood, and left alone where it is not."""

import pytest

from appliance import library
from appliance.answering.tables.computing import Computed, NotComputed
from tests.answering.tables.shelf import Sheets

PUPILS = (
    ["Nome do aluno", "Turma", "Mensalidade", "Desconto", "Nascimento", "Ativo"],
    ["Ana Prado", "A", "R$ 1.234,56", "10%", "05/03/2012", "Sim"],
    ["Bia Souza", "A", "R$ 1.000,00", "", "20/07/2011", "Não"],
    ["Caio Souza", "B", "R$ 500,10", "5%", "01/12/2012", "Sim"],
    ["Davi Lima", "B", "isento", "100%", "11/03/2010", "Sim"],
    ["João Araújo", "B", "R$ 900,00", "-", "02/02/2011", "Não"],
    ["Eva Dias", "C", "R$ 900,00", "-", "02/03/2011", "Sim"],
)


@pytest.fixture
def pupils(sheets: Sheets) -> Sheets:
    sheets.put("Escola", *PUPILS, name="Alunos")
    return sheets


# ------------------------------------------------------------------ languages


@pytest.mark.parametrize(
    ("language", "question", "said"),
    [
        ("pt", "quantos alunos tem a turma B?", "Registros encontrados: 3."),
        ("en", "How many students are in class B?", "Records found: 3."),
        ("es", "¿Cuántos alumnos hay en la clase B?", "Registros encontrados: 3."),
        ("pt", "Qual a soma das mensalidades da turma A?", "Soma de “Mensalidade”: R$ 2.234,56."),
        ("en", "What is the total of the fees of class A?", "Sum of “Mensalidade”: R$ 2,234.56."),
        ("es", "¿Cuál es la suma de la mensualidad de la clase A?", "R$ 2.234,56"),
        ("pt", "qual a turma de Eva Dias?", "Turma: C (Eva Dias)."),
        ("en", "What is the class of Eva Dias?", "Turma: C (Eva Dias)."),
        ("es", "¿Cuál es la clase de Eva Dias?", "Turma: C (Eva Dias)."),
        ("pt", "qual a maior mensalidade?", "R$ 1.234,56 (Ana Prado)"),
        ("en", "What is the highest fee?", "R$ 1,234.56 (Ana Prado)"),
        ("es", "¿Cuál es la mayor mensualidad?", "R$ 1.234,56 (Ana Prado)"),
        ("en", "When was Ana Prado born?", "Nascimento: 2012-03-05 (Ana Prado)."),
        ("pt", "quando nasceu Ana Prado?", "Nascimento: 05/03/2012 (Ana Prado)."),
    ],
)
def test_the_answer_is_in_the_persons_language(
    pupils: Sheets, language, question: str, said: str
) -> None:
    assert said in pupils.said(question, language)


def test_the_questions_own_language_goes_before_the_assistants(pupils: Sheets) -> None:
    assert pupils.said("How many students are in class B?", "pt") == "Records found: 3."
    assert pupils.said("¿Cuántos alumnos hay en la clase B?", "en") == "Registros encontrados: 3."


@pytest.mark.parametrize(
    "question",
    ["qual a turma de joao araujo?", "QUAL A TURMA DE JOÃO ARAÚJO", "qual a turma do João Araújo"],
)
def test_accents_and_capitals_do_not_matter(pupils: Sheets, question: str) -> None:
    assert pupils.said(question) == "Turma: B (João Araújo)."


# ------------------------------------------------------------------ figures


def test_cells_without_a_number_are_told(pupils: Sheets) -> None:
    question = "qual a soma das mensalidades da turma B?"

    assert pupils.said(question) == "Soma de “Mensalidade”: R$ 1.400,10."
    assert "1 sem número em “Mensalidade” não contam" in pupils.how(question)


def test_an_average_is_of_the_cells_that_have_a_number(pupils: Sheets) -> None:
    assert pupils.said("qual a mensalidade média da turma B?") == (
        "Média de “Mensalidade”: R$ 700,05."
    )


def test_percent_stays_percent(pupils: Sheets) -> None:
    assert "100% (Davi Lima)" in pupils.said("qual o maior desconto?")


def test_rows_that_share_the_extreme_are_all_named(pupils: Sheets) -> None:
    said = pupils.said("Qual a menor mensalidade acima de R$ 600,00?")

    assert "R$ 900,00 (João Araújo; Eva Dias)" in said


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("quantos alunos com mensalidade acima de R$ 900,00?", 2),
        ("quantos alunos com mensalidade de pelo menos 900 reais?", 4),
        ("quantos alunos com mensalidade abaixo de 900?", 1),
        ("quantos alunos com mensalidade até 900 reais?", 3),
        ("quantos alunos com mensalidade entre 900 e 1.100 reais?", 3),
        ("quantos alunos nasceram em 2011?", 3),
        ("quantos alunos nasceram em março?", 3),
        ("quantos alunos nasceram em março de 2011?", 1),
        ("quantos alunos nasceram depois de 2011?", 2),
        ("quantos alunos nasceram antes de 2011?", 1),
        ("quantos alunos nasceram desde 2011?", 5),
        ("quantos alunos nasceram em 02/02/2011?", 1),
        ("quantos alunos ativos?", 4),
        ("quantos alunos não estão ativos?", 2),
        ("quantos alunos das turmas A e C?", 3),
        ("quantos alunos das turmas A, B e C?", 6),
        ("quantos alunos ativos na turma B?", 2),
        ("quantos alunos da turma A nasceram em 2012?", 1),
    ],
)
def test_conditions_narrow_a_count(pupils: Sheets, question: str, count: int) -> None:
    assert pupils.said(question) == f"Registros encontrados: {count}."


def test_nothing_found_is_a_count_too(pupils: Sheets) -> None:
    assert pupils.said("quantos alunos da turma A nasceram em 1990?") == "Registros encontrados: 0."


def test_a_sum_over_nothing_is_none(pupils: Sheets) -> None:
    question = "soma das mensalidades dos alunos que nasceram em 1990"

    assert not isinstance(pupils.ask(question), Computed)


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("quantos alunos por turma?", ["- A: 2", "- B: 3", "- C: 1"]),
        (
            "soma das mensalidades por turma",
            ["- A: R$ 2.234,56", "- B: R$ 1.400,10", "- C: R$ 900,00"],
        ),
        (
            "média das mensalidades em cada turma",
            ["- A: R$ 1.117,28", "- B: R$ 700,05", "- C: R$ 900,00"],
        ),
    ],
)
def test_groups_have_a_line_each(pupils: Sheets, question: str, lines: list[str]) -> None:
    assert pupils.said(question).splitlines()[1:] == lines


def test_the_group_with_the_most(pupils: Sheets) -> None:
    assert pupils.said("qual turma tem mais alunos?") == "“Turma” com mais registros: B (3)."
    assert "C (1)" in pupils.said("qual turma tem menos alunos?")


def test_two_groups_that_share_the_first_place_are_no_answer(sheets: Sheets) -> None:
    sheets.put("Escola", ["Nome do aluno", "Turma"], ["Ana", "A"], ["Bia", "B"], name="Alunos")

    assert isinstance(sheets.ask("qual turma tem mais alunos?"), NotComputed)


def test_how_many_kinds_of_a_thing_there_are(pupils: Sheets) -> None:
    assert pupils.said("quantas turmas existem?") == "Valores diferentes em “Turma”: 3."


# ------------------------------------------------------------------ what is cited


def test_the_header_and_the_rows_used_are_cited(pupils: Sheets) -> None:
    header, *rows = pupils.cited("quantos alunos tem a turma A?")

    assert header == " | ".join(PUPILS[0])
    assert [row.partition(" | ")[0] for row in rows] == ["Ana Prado", "Bia Souza"]


def test_a_look_up_cites_its_row_alone(pupils: Sheets) -> None:
    _, *rows = pupils.cited("qual a turma de Eva Dias?")

    assert [row.partition(" | ")[0] for row in rows] == ["Eva Dias"]


def test_how_it_was_computed_names_the_sheet_the_rows_and_the_conditions(pupils: Sheets) -> None:
    assert pupils.how("quantos alunos ativos tem a turma B?") == (
        "Calculado na planilha “Alunos” de “Escola”, sobre 2 de 6 linhas em que Ativo = Sim; "
        "Turma = B."
    )


# ------------------------------------------------------------------ nothing is guessed


@pytest.mark.parametrize(
    "question",
    [
        "qual a soma das mensalidades dos alunos da turma de judô?",  # no such thing in the sheet
        "quantos alunos da turma B moram longe?",
        "qual turma tem a maior média?",  # of what?
        "qual a segunda maior mensalidade da turma B?",
        "qual a diferença entre a mensalidade da turma A e da turma B?",
        "quantos alunos por turma e por ano?",
    ],
)
def test_what_no_template_holds_is_not_computed(pupils: Sheets, question: str) -> None:
    assert not isinstance(pupils.ask(question), Computed)


def test_that_a_sum_was_not_computed_is_said(pupils: Sheets) -> None:
    found = pupils.ask("quantos alunos da turma B moram longe?")

    assert isinstance(found, NotComputed)
    assert "planilha “Alunos”" in found.note


def test_a_name_that_two_people_share_in_part_is_not_guessed(pupils: Sheets) -> None:
    assert not isinstance(pupils.ask("qual a turma do Souza?"), Computed)
    assert pupils.said("qual a turma do Prado?") == "Turma: A (Ana Prado)."


def test_a_value_of_two_columns_is_of_the_one_named_beside_it(sheets: Sheets) -> None:
    sheets.put(
        "Tarefas",
        ["Tarefa", "Autor", "Revisor", "Horas"],
        ["Capa", "Ana Prado", "Bia Souza", 2],
        ["Índice", "Bia Souza", "Ana Prado", 5],
    )

    assert not isinstance(sheets.ask("soma das horas de Ana Prado"), Computed)
    assert sheets.said("soma das horas do revisor Ana Prado") == "Soma de “Horas”: 5."


def test_two_columns_of_one_name_are_not_guessed(sheets: Sheets) -> None:
    sheets.put("Notas", ["Nome do aluno", "Nota", "Nota"], ["Ana", 8, 9], name="Alunos")

    assert not isinstance(sheets.ask("qual a soma das notas dos alunos?"), Computed)


def test_two_columns_of_money_are_not_guessed(sheets: Sheets) -> None:
    rows = ["Despesa", "Valor previsto", "Valor pago"], ["Luz", 10, 9], ["Água", 20, 21]
    sheets.put("Despesas", *rows, name="Despesas")

    assert not isinstance(sheets.ask("quanto gastamos?"), Computed)
    assert sheets.said("qual a soma do valor pago?") == "Soma de “Valor pago”: 30."


def test_two_sheets_that_answer_alike_are_not_guessed(sheets: Sheets) -> None:
    rows = ["Despesa", "Valor"], ["Luz", 10], ["Água", 20]
    sheets.put("Filial norte", *rows, name="Despesas")
    sheets.put("Filial sul", *rows, name="Despesas")

    assert isinstance(sheets.ask("qual a soma do valor das despesas?"), NotComputed)


def test_the_year_of_birth_is_not_the_year_of_a_sheet(sheets: Sheets) -> None:
    sheets.put("Matrículas 2025", *PUPILS, name="Alunos")

    assert sheets.said("quantos alunos temos em 2025?") == "Registros encontrados: 6."


def test_a_year_without_a_date_in_the_sheet_is_not_computed(pupils: Sheets) -> None:
    assert not isinstance(pupils.ask("quantos alunos temos em 2025?"), Computed)


def test_a_column_of_years_is_compared_and_never_added_up(sheets: Sheets) -> None:
    sheets.put("Contas", ["Ano", "Gasto"], [2023, 10], [2024, 20], [2025, 40], name="Contas")

    assert sheets.said("qual a soma do gasto em 2024?") == "Soma de “Gasto”: 20."
    assert sheets.said("qual a soma do gasto desde 2024?") == "Soma de “Gasto”: 60."
    assert sheets.said("quanto gastamos?") == "Soma de “Gasto”: 70."


# ------------------------------------------------------------------ attacks


@pytest.mark.parametrize(
    "question",
    [
        "quantos alunos tem a turma B'; drop table table_rows; --",
        'quantos alunos tem a turma "B" or 1=1',
        "quantos alunos tem a turma B union select secret_hash from keys",
        "soma de c2); delete from tables; --",
        "quantos alunos \x00 tem a turma B",
        "quantos alunos tem a turma %",
        "quantos alunos tem a turma _",
        "§v §c §n quantos §v",
        "quantos " * 40,
    ],
)
def test_an_attack_is_words_like_any_other(pupils: Sheets, question: str) -> None:
    pupils.ask(question)

    assert pupils.said("quantos alunos tem a turma B?") == "Registros encontrados: 3."
    assert pupils.said("quantos alunos por turma?").count("\n") == 3


def test_a_column_called_like_an_attack_is_a_column(sheets: Sheets) -> None:
    name = '"; drop table table_rows; --'
    sheets.put("Estranho", ["Item", name], ["Giz", 3], ["Papel", 4], name="Itens")

    assert sheets.said(f"qual a soma de {name} dos itens?") == f"Soma de “{name}”: 7."
    assert sheets.said("quantos itens?") == "Registros encontrados: 2."


def test_a_cell_with_braces_is_told_as_it_stands(sheets: Sheets) -> None:
    sheets.put("Modelos", ["Modelo", "Texto"], ["Carta", "Olá {nome}!"], ["Ata", "{0}"])

    assert "Olá {nome}!" in sheets.said("qual o texto do modelo Carta?")


def test_a_long_pasted_text_is_not_looked_at(pupils: Sheets) -> None:
    assert pupils.ask("quantos alunos tem a turma B? " + "x" * 400) is None


# ------------------------------------------------------------------ rights and lifetime


def test_tables_of_other_collections_are_never_used(pupils: Sheets) -> None:
    pupils.collection("Outra")

    assert pupils.ask("quantos alunos tem a turma B?", collection="Outra") is None


def test_a_removed_document_is_computed_from_no_more(sheets: Sheets) -> None:
    document = sheets.put("Escola", *PUPILS, name="Alunos")
    assert sheets.said("quantos alunos tem a turma B?")

    with sheets.database.write() as db:
        library.remove(db, document)

    assert sheets.ask("quantos alunos tem a turma B?") is None


def test_a_document_that_is_read_again_answers_from_its_new_rows(sheets: Sheets) -> None:
    old = sheets.put("Escola", *PUPILS, name="Alunos")
    with sheets.database.write() as db:
        library.remove(db, old)
    sheets.put("Escola", *PUPILS[:4], name="Alunos")

    assert sheets.said("quantos alunos tem a turma B?") == "Registros encontrados: 1."


def test_a_hidden_total_row_is_not_counted_twice(sheets: Sheets) -> None:
    sheets.put("Caixa", ["Item", "Mês", "Valor"], ["Luz", "maio", 10], ["Total", "", 10])

    assert sheets.said("qual a soma do valor?") == "Soma de “Valor”: 10."
