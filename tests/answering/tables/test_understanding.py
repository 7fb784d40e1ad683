"""From a question to a plan, or to none: what is not surely understood is not computed."""

from collections.abc import Sequence

import pytest

from appliance.answering.tables.computing import Computed, NotComputed
from appliance.answering.tables.matching import Matcher, asked, common_in
from appliance.answering.tables.plans import Beyond, Plan
from appliance.answering.tables.understanding import Reading, is_year
from appliance.index.roots import key
from appliance.records import DocumentName, Language
from appliance.rows import TableColumn
from appliance.tables import Named, StoredTable
from tests.answering.tables.shelf import Sheets

COLUMNS = (
    TableColumn(name="Data", kind="date"),
    TableColumn(name="Categoria", kind="text"),
    TableColumn(name="Fornecedor", kind="text"),
    TableColumn(name="Valor", kind="number", scale=2),
    TableColumn(name="Parcelas", kind="number"),
)
CELLS = {1: ("Aluguel", "Luz", "Material de limpeza"), 2: ("Enel", "Sol")}


def read(
    question: str,
    language: Language = "pt",
    *,
    columns: Sequence[TableColumn] = COLUMNS,
    sheet: str = "Despesas",
    title: str = "Contas",
) -> Plan | Beyond | None:
    """What a question asks of a sheet with these columns and ``CELLS``."""
    table = StoredTable(
        id=1,
        document=DocumentName(id="d", title=title),
        sheet=sheet,
        columns=tuple(columns),
        start=0,
        end=10,
        rows=9,
        kept=5,
    )
    taken = asked(question, language)
    found: dict[tuple[int, int], list[Named]] = {}
    for place, values in CELLS.items():
        for value in values:
            for run in taken.keys().get(key(value), ()):
                named = Named(table=1, place=place, value=value, key=key(value))
                found.setdefault(run, []).append(named)
    items = Matcher(table).items(taken, found, common_in(language))
    return Reading(table, items, language, lambda place: None).plan()


def planned(question: str, language: Language = "pt") -> Plan:
    plan = read(question, language)
    assert isinstance(plan, Plan), plan
    return plan


def names(plan: Plan) -> list[str]:
    return [COLUMNS[place].name for place in plan.places]


@pytest.mark.parametrize(
    ("language", "question", "operation", "columns"),
    [
        ("pt", "quantas despesas temos?", "count", []),
        ("pt", "qual o total de despesas acima de R$ 10,00?", "sum", ["Valor"]),
        ("pt", "quanto gastamos com luz?", "sum", ["Valor"]),
        ("pt", "qual a média das parcelas?", "average", ["Parcelas"]),
        ("pt", "qual a despesa mais cara?", "extreme", ["Valor"]),
        ("pt", "qual a despesa mais recente?", "extreme", ["Data"]),
        ("pt", "quantos fornecedores temos?", "different", ["Fornecedor"]),
        ("pt", "qual fornecedor tem mais despesas?", "first", []),
        ("pt", "com que categoria gastamos mais?", "first", ["Valor"]),
        ("pt", "qual a categoria da Enel?", "lookup", ["Categoria"]),
        ("en", "How many expenses are there?", "count", []),
        ("en", "How much did we spend on Enel?", "sum", ["Valor"]),
        ("en", "the most expensive purchase", "extreme", ["Valor"]),
        ("es", "¿Cuántos gastos hay?", "count", []),
        ("es", "¿Cuánto gastamos en Enel?", "sum", ["Valor"]),
        ("es", "¿Cuál es el gasto más caro?", "extreme", ["Valor"]),
    ],
)
def test_a_template_makes_a_plan(
    language: Language, question: str, operation: str, columns: list[str]
) -> None:
    plan = planned(question, language)

    assert (plan.operation, names(plan)) == (operation, columns)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("quanto gastamos com luz na Enel?", ["Categoria = Luz", "Fornecedor = Enel"]),
        ("quantas despesas de luz e aluguel?", ["Categoria = Luz, Aluguel"]),
        ("quantas despesas com mais de 3 parcelas?", ["Parcelas > 3"]),
        ("quanto gastamos em março de 2025?", ["Data = março de 2025"]),
        ("quanto gastamos com material de limpeza?", ["Categoria = Material de limpeza"]),
    ],
)
def test_a_plan_tells_its_conditions(question: str, told: list[str]) -> None:
    assert [one.told for one in planned(question).filters] == told


@pytest.mark.parametrize(
    "question",
    ["total por categoria", "quanto gastamos em cada categoria?", "gastos por categoria"],
)
def test_a_sum_may_be_told_by_groups(question: str) -> None:
    plan = planned(question)

    assert (plan.operation, plan.by, names(plan)) == ("sum", 1, ["Valor"])


@pytest.mark.parametrize(
    "question",
    [
        "qual a maior categoria?",  # by its sum, or by how many?
        "qual o menor fornecedor?",
        "quantos fornecedores por categoria?",
        "quantas parcelas?",  # rows, or the sum of the cells?
        "quanto gastamos por categoria e por fornecedor?",
        "qual a maior média?",
        "soma da luz menos aluguel",
        "quanto gastamos com luz e quanto com aluguel?",
        "qual a diferença entre luz e aluguel?",
        "quantas despesas diferentes de 900 reais?",
        "qual a porcentagem de luz nas despesas?",
        "total de valor e parcelas",
    ],
)
def test_two_readings_are_no_plan(question: str) -> None:
    assert not isinstance(read(question), Plan)


@pytest.mark.parametrize("word", ["devolvidas", "não", "exceto", "atrasadas", "quase", "ou"])
def test_one_word_that_nothing_explains_is_enough_for_none(word: str) -> None:
    assert isinstance(read("quantas despesas da Enel?"), Plan)
    assert not isinstance(read(f"quantas despesas {word} da Enel?"), Plan)


def test_what_is_surely_about_the_sheet_and_not_understood_is_said() -> None:
    assert isinstance(read("quantas despesas da Enel foram devolvidas?"), Beyond)


@pytest.mark.parametrize(
    "question", ["qual o prazo de entrega?", "quem assina os cheques?", "quantos dias tem o mês?"]
)
def test_what_is_about_something_else_is_left_alone(question: str) -> None:
    assert read(question) is None


def test_the_minimum_by_itself_is_the_rules_and_not_the_sheets() -> None:
    assert not isinstance(read("qual o valor mínimo?"), Plan)
    assert planned("qual o valor mínimo das despesas?").greatest is False
    assert planned("qual o valor máximo da Enel?").greatest is True
    assert planned("qual o menor valor?").greatest is False


def test_things_that_a_column_counts_are_not_counted_by_rows() -> None:
    columns = (*COLUMNS[:3], TableColumn(name="Estoque", kind="number"))

    plan = read("quantos produtos em estoque?", columns=columns, sheet="Produtos", title="Estoque")

    assert not isinstance(plan, Plan)


# ------------------------------------------------------------------ whose money it is


@pytest.mark.parametrize(
    ("sheet", "question", "computed"),
    [
        ("Despesas", "quanto gastamos?", True),
        ("Despesas", "quanto recebemos?", False),
        ("Despesas", "quanto vendemos?", False),
        ("Vendas", "quanto vendemos?", True),
        ("Vendas", "quanto recebemos?", True),
        ("Vendas", "quanto gastamos?", False),
        ("Lançamentos", "quanto gastamos?", True),
        ("Receitas e despesas", "quanto recebemos?", True),
    ],
)
def test_what_came_in_is_not_asked_of_what_went_out(
    sheet: str, question: str, computed: bool
) -> None:
    assert isinstance(read(question, sheet=sheet), Plan) is computed


# ------------------------------------------------------------------ what the records are called


@pytest.mark.parametrize(
    ("title", "question", "computed"),
    [
        ("Despesas da associação", "quantas despesas temos?", True),
        ("Despesas da associação", "quantas associações temos?", False),
        ("Planilha de despesas", "quantas planilhas temos?", False),
        ("Planilha de despesas", "quantas despesas temos?", True),
    ],
)
def test_records_are_called_as_the_title_says_and_not_as_their_owner(
    title: str, question: str, computed: bool
) -> None:
    assert isinstance(read(question, sheet="Plan1", title=title), Plan) is computed


@pytest.mark.parametrize(
    ("question", "computed"),
    [
        ("quantas despesas correm?", False),
        ("quantas despesas trabalham?", False),
        ("quantas despesas correm na Enel?", True),
        ("quantas despesas correm por categoria?", True),
    ],
)
def test_a_verb_of_place_is_explained_by_a_place(question: str, computed: bool) -> None:
    assert isinstance(read(question), Plan) is computed


@pytest.mark.parametrize(
    ("name", "year"), [("Ano", True), ("Mês", True), ("Year", True), ("Valor", False)]
)
def test_years_are_never_added_up(name: str, year: bool) -> None:
    assert is_year(TableColumn(name=name, kind="number")) is year


# ------------------------------------------------------------------ with rows behind it


@pytest.fixture
def grades(sheets: Sheets) -> Sheets:
    sheets.put(
        "Notas",
        ["Prova", "Nome do aluno", "Turma", "Nota", "Taxa"],
        ["P-1", "Ana Prado", "A", 8, "R$ 10,50"],
        ["P-2", "Ana Prado", "A", 7, "R$ 20,00"],
        ["P-3", "Bia Souza", "", 5, "R$ 1,40"],
        name="Provas",
    )
    return sheets


def test_an_average_of_single_records_is_none(grades: Sheets) -> None:
    assert not isinstance(grades.ask("média da nota por prova"), Computed)


def test_a_result_is_called_rounded_only_where_it_is(grades: Sheets) -> None:
    assert grades.said("média da nota por aluno").splitlines()[1:] == [
        "- Ana Prado: 7,5",
        "- Bia Souza: 5",
    ]
    assert "arredondado" not in grades.how("média da nota por aluno")
    assert "arredondado" in grades.how("qual a média da nota das provas?")


def test_a_group_without_a_name_is_told_last_and_never_first(grades: Sheets) -> None:
    assert grades.said("quantas provas por turma?").splitlines()[1:] == ["- A: 2", "- –: 1"]
    assert grades.said("qual turma tem menos provas?") == "“Turma” com menos registros: A (2)."


def test_what_first_means_is_no_number(grades: Sheets) -> None:
    assert not isinstance(grades.ask("qual aluno fez a primeira prova?"), Computed)


def test_cents_are_always_two(sheets: Sheets) -> None:
    sheets.put("Taxas", ["Taxa", "Valor"], ["Luz", "R$ 10,50"], ["Gás", "R$ 1,40"], name="Taxas")

    assert sheets.said("qual a soma do valor?") == "Soma de “Valor”: R$ 11,90."


def test_that_a_group_could_not_be_computed_is_said(grades: Sheets) -> None:
    assert isinstance(grades.ask("quantos alunos da turma A repetiram a prova?"), NotComputed)
