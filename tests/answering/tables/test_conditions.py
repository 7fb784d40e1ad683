"""Which rows a question means, and when nobody can tell."""

from decimal import Decimal

import pytest

from appliance.answering.tables.bounds import scaled
from appliance.answering.tables.computing import Computed
from appliance.answering.values import Value
from appliance.rows import TableColumn
from tests.answering.tables.shelf import Sheets

EXPENSES = (
    ["Data", "Categoria", "Fornecedor", "Valor", "Pago"],
    ["06/03/2025", "Aluguel", "Sol", 2500.0, "x"],
    ["09/03/2025", "Luz", "Enel", 1500.5, ""],
    ["01/04/2025", "Luz", "Enel", 10.0, "x"],
    ["07/03/2024", "Aluguel", "Sol", 2400, ""],
    ["01/01/2001", "Água", "Sol", 3.33, "x"],
)
PUPILS = (
    ["Nome do aluno", "Turma", "Mensalidade", "Ativo"],
    ["Paulo Lima", "A", "R$ 1.000,00", "Sim"],
    ["Paula Lima", "A", "R$ 100,00", "Não"],
    ["Caio Souza", "B", "R$ 500,10", "Sim"],
    ["Marcia Dias", "B", "R$ 900,00", ""],
)


@pytest.fixture
def expenses(sheets: Sheets) -> Sheets:
    sheets.put("Despesas da associação", *EXPENSES, name="Despesas")
    return sheets


@pytest.fixture
def pupils(sheets: Sheets) -> Sheets:
    sheets.put("Escola", *PUPILS, name="Alunos")
    return sheets


# ------------------------------------------------------------------ amounts and years


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("quantas despesas com valor acima de 2000?", 2),
        ("quantas despesas com valor abaixo de 2000?", 3),
        ("quantas despesas com valor de pelo menos 1990?", 2),
        ("quantas despesas com valor maior que R$ 1.500,50?", 2),
        ("quantas despesas acima de 2.400,00 reais?", 1),
        ("quantas despesas de R$ 2.400,00?", 1),
        ("quantas despesas desde 2025?", 3),
        ("quantas despesas depois de 2024?", 3),
        ("quantas despesas antes de 2024?", 1),
        ("quantas despesas até 2024?", 2),
        ("quantas despesas entre 2001 e 2024?", 2),
        ("quantas despesas em 2025?", 3),
    ],
)
def test_a_number_like_a_year_is_an_amount_where_the_words_say_so(
    expenses: Sheets, question: str, count: int
) -> None:
    assert expenses.said(question) == f"Registros encontrados: {count}."


@pytest.mark.parametrize(
    "question",
    [
        "quantas despesas acima de 2000?",
        "quantas despesas com valor até 2000?",
        "quantas despesas com valor entre 1990 e 2010?",
        "quais despesas têm valor 2000?",
    ],
)
def test_where_a_year_and_an_amount_are_both_possible_neither_is_taken(
    expenses: Sheets, question: str
) -> None:
    assert not isinstance(expenses.ask(question), Computed)


def test_without_dates_in_the_sheet_a_number_like_a_year_is_an_amount(sheets: Sheets) -> None:
    sheets.put("Itens", ["Item", "Valor"], ["Giz", 1990], ["Lousa", 2500], name="Itens")

    assert sheets.said("quantos itens com valor até 2000?") == "Registros encontrados: 1."


@pytest.mark.parametrize(
    ("question", "total"),
    [
        ("quanto gastamos entre 5 e 10 de março de 2025?", "4.000,50"),
        ("quanto gastamos entre 05/03/2025 e 10/03/2025?", "4.000,50"),
        ("quanto gastamos de janeiro a março de 2025?", "4.000,50"),
        ("quanto gastamos em março?", "6.400,50"),
        ("quanto gastamos desde abril de 2025?", "10,00"),
        ("quanto gastamos até 09/03/2025?", "6.403,83"),
        ("quanto gastamos em 1º de abril de 2025?", "10,00"),
    ],
)
def test_a_time_may_be_a_day_a_month_or_a_stretch(
    expenses: Sheets, question: str, total: str
) -> None:
    assert expenses.said(question) == f"Soma de “Valor”: {total}."


@pytest.mark.parametrize(
    "question",
    [
        "quanto gastamos até março?",
        "quanto gastamos em março e abril?",
        "quanto gastamos em 2024 e 2025?",
        "quanto gastamos no primeiro trimestre de 2025?",
        "quanto gastamos no último mês?",
        "quanto gastamos hoje?",
        "quanto gastamos este ano?",
    ],
)
def test_a_time_that_no_template_holds_is_not_guessed(expenses: Sheets, question: str) -> None:
    assert not isinstance(expenses.ask(question), Computed)


# ------------------------------------------------------------------ what a number is of


@pytest.mark.parametrize(
    "question",
    [
        "quantas turmas têm mais de 2 alunos?",
        "qual turma tem mais de 2 alunos?",
        "quantos alunos com mais de 10 anos?",
        "quantos alunos com mensalidade acima de 10%?",
        "quantos alunos com mensalidade acima de US$ 900?",
        "quantos alunos com mensalidade diferente de 900?",
        "qual a terceira maior mensalidade?",
    ],
)
def test_a_number_that_counts_or_measures_something_else_is_no_fee(
    pupils: Sheets, question: str
) -> None:
    assert not isinstance(pupils.ask(question), Computed)


@pytest.mark.parametrize(
    ("value", "column", "number"),
    [
        (Value("number", 0, 1, text="9.5"), TableColumn(name="v", kind="number", scale=2), 950),
        (Value("number", 0, 1, text="9.55"), TableColumn(name="v", kind="number", scale=1), None),
        (Value("date", 0, 1, year=2000), TableColumn(name="v", kind="number"), 2000),
        (
            Value("number", 0, 1, text="9", unit="brl"),
            TableColumn(name="v", kind="number", unit="R$"),
            9,
        ),
        (
            Value("number", 0, 1, text="9", unit="usd"),
            TableColumn(name="v", kind="number", unit="R$"),
            None,
        ),
        (
            Value("number", 0, 1, text="9", unit="%"),
            TableColumn(name="v", kind="number", unit="%"),
            9,
        ),
        (
            Value("number", 0, 1, text="9", unit="%"),
            TableColumn(name="v", kind="number", unit="R$"),
            None,
        ),
        (Value("number", 0, 1, text=str(10**30)), TableColumn(name="v", kind="number"), None),
    ],
)
def test_a_number_is_compared_as_the_column_keeps_its_own(value, column, number) -> None:
    assert scaled(value, column) == number


def test_a_bound_is_exact_to_the_cent(expenses: Sheets) -> None:
    limit = Decimal("1500.50")
    above = sum(Decimal(str(row[3])) > limit for row in EXPENSES[1:])

    assert expenses.said("quantas despesas com valor acima de R$ 1.500,50?").endswith(f": {above}.")
    assert expenses.said("quantas despesas com valor acima de R$ 1.500,49?").endswith(
        f": {above + 1}."
    )


# ------------------------------------------------------------------ yes and no, cells


def test_negated_and_plain_truths_are_told_apart(pupils: Sheets) -> None:
    assert pupils.said("quantos alunos ativos?") == "Registros encontrados: 2."
    assert pupils.said("quantos alunos não estão ativos?") == "Registros encontrados: 1."


def test_a_column_of_crosses_does_not_say_what_is_not(expenses: Sheets) -> None:
    assert expenses.said("quantas despesas foram pagas?") == "Registros encontrados: 3."
    assert not isinstance(expenses.ask("quantas despesas não foram pagas?"), Computed)


@pytest.mark.parametrize(
    "question",
    [
        "quantos alunos não são da turma A?",
        "quantos alunos não da turma B ativos?",
        "quantos alunos sem turma?",
        "quantos alunos fora da turma A?",
        "soma das mensalidades exceto turma A",
        "How many students are not in class A?",
    ],
)
def test_a_negation_of_a_cell_is_not_passed_over(pupils: Sheets, question: str) -> None:
    assert not isinstance(pupils.ask(question), Computed)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("qual a mensalidade de Paula Lima?", "Mensalidade: R$ 100,00 (Paula Lima)."),
        ("qual a mensalidade de paulo lima?", "Mensalidade: R$ 1.000,00 (Paulo Lima)."),
        ("soma das mensalidades de Paula Lima", "Soma de “Mensalidade”: R$ 100,00."),
    ],
)
def test_people_whose_names_differ_by_a_letter_are_two(
    pupils: Sheets, question: str, said: str
) -> None:
    assert pupils.said(question) == said


@pytest.mark.parametrize("name", ["Marcio Dias", "marcio dias", "Marcio"])
def test_a_person_who_is_not_in_the_sheet_is_not_taken_for_another(
    pupils: Sheets, name: str
) -> None:
    assert not isinstance(pupils.ask(f"qual a turma de {name}?"), Computed)


def test_number_and_gender_of_other_words_do_not_matter(sheets: Sheets) -> None:
    rows = ["Processo", "Situação"], ["P-10", "Arquivado"], ["P-11", "Ativo"], ["P-12", "Ativo"]
    sheets.put("Processos", *rows, name="Processos")

    assert sheets.said("quantas causas ativas?") == "Registros encontrados: 2."
    assert sheets.said("quantos processos arquivados?") == "Registros encontrados: 1."


def test_cells_of_one_column_widen_and_of_two_narrow(expenses: Sheets) -> None:
    assert expenses.said("quanto gastamos com luz e água?") == "Soma de “Valor”: 1.513,83."
    assert expenses.said("quanto gastamos com luz na Enel?") == "Soma de “Valor”: 1.510,50."
