"""What a question's words mean in one table."""

from collections.abc import Mapping, Sequence

import pytest

from appliance.answering.tables.matching import Item, Matcher, asked
from appliance.index.roots import key
from appliance.records import DocumentName
from appliance.rows import TableColumn
from appliance.tables import Named, StoredTable

COLUMNS = (
    TableColumn(name="Nome do aluno", kind="text"),
    TableColumn(name="Turma", kind="text"),
    TableColumn(name="Data de nascimento", kind="date"),
    TableColumn(name="Valor da mensalidade (R$)", kind="number", scale=2),
    TableColumn(name="Média final", kind="number", scale=1),
    TableColumn(name="Forma de pagamento", kind="text"),
    TableColumn(name="Pago", kind="text"),
)
TABLE = StoredTable(
    id=1,
    document=DocumentName(id="d", title="Matrículas 2025"),
    sheet="Alunos",
    columns=COLUMNS,
    start=0,
    end=10,
    rows=3,
    kept=9,
)
CELLS = {1: ("1º B", "2º A", "B", "Especial"), 5: ("Boleto", "Cartão de crédito"), 0: ("Ana Lima",)}


def items(question: str, cells: Mapping[int, Sequence[str]] = CELLS) -> list[Item]:
    """The question as items, where the table has these cells."""
    taken = asked(question, "pt")
    found: dict[tuple[int, int], list[Named]] = {}
    for place, values in cells.items():
        for value in values:
            for run in taken.keys().get(key(value), ()):
                named = Named(table=1, place=place, value=value, key=key(value))
                found.setdefault(run, []).append(named)
    common = {"a", "da", "de", "o", "e", "tem"}.__contains__
    return Matcher(TABLE).items(taken, found, common)


def cells_in(question: str) -> list[str]:
    return [cell.value for item in items(question) for cell in item.cells]


def columns_in(question: str) -> list[set[str]]:
    return [
        {COLUMNS[place].name for place in item.places}
        for item in items(question)
        if item.kind == "column" and item.places
    ]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("qual a turma", ["Turma"]),
        ("quais as turmas", ["Turma"]),
        ("which class", ["Turma"]),
        ("en qué clase", ["Turma"]),
        ("qual a data de nascimento", ["Data de nascimento"]),
        ("quando nasceu", ["Data de nascimento"]),
        ("when was she born", ["Data de nascimento"]),
        ("qual a média final", ["Média final"]),
        ("qual a mensalidade", ["Valor da mensalidade (R$)"]),
        ("qual o valor da mensalidade", ["Valor da mensalidade (R$)"]),
        ("por forma de pagamento", ["Forma de pagamento"]),
        ("por forma de pago", ["Forma de pagamento"]),
        ("quem já foi pago", ["Pago"]),
        ("nome do aluno", ["Nome do aluno"]),
    ],
)
def test_a_column_is_named_by_its_words_and_by_others_for_them(
    question: str, names: list[str]
) -> None:
    assert columns_in(question) == [{name} for name in names]


def test_a_word_of_the_computation_is_not_a_column() -> None:
    assert columns_in("qual a média") == []


@pytest.mark.parametrize(
    ("question", "entity"),
    [
        ("quantos alunos", True),
        ("quantas crianças", True),
        ("how many students", True),
        ("quantas matrículas", True),
        ("quantos professores", False),
    ],
)
def test_the_records_are_called_as_the_sheet_and_its_columns_say(
    question: str, entity: bool
) -> None:
    assert any(item.entity for item in items(question)) is entity


@pytest.mark.parametrize(
    ("question", "cells"),
    [
        ("quem paga com cartão de crédito", ["Cartão de crédito"]),
        ("quem paga com CARTAO DE CREDITO", ["Cartão de crédito"]),
        ("quantos boletos", ["Boleto"]),
        ("a média do 1º B", ["1º B"]),
        ("a turma 1 B", ["1º B"]),
        ("a turma B", ["B"]),
        ("a turma do B", ["B"]),
        ("o aluno B", []),
        ("de 1 a 2 B", []),
        ("o telefone de Ana Lima", ["Ana Lima"]),
        ("o telefone de Ana", []),
    ],
)
def test_cells_are_found_and_short_ones_only_beside_their_column(
    question: str, cells: list[str]
) -> None:
    assert cells_in(question) == cells


def test_the_longest_cell_wins() -> None:
    found = items("a turma especial 2º A", {1: ("Especial", "Especial 2º A", "2º A")})

    assert [item.text for item in found if item.kind == "cell"] == ["especial 2º A"]


def test_an_article_is_no_cell() -> None:
    assert cells_in("qual a turma de Ana Lima") == ["Ana Lima"]
    found = items("qual A turma", {1: ("A",)})
    assert [item.kind for item in found] == ["word", "word", "column"]


def test_a_letter_is_a_cell_beside_its_column() -> None:
    found = items("quem está na turma A", {1: ("A",)})

    assert found[-1].kind == "cell"


def test_a_letter_that_is_no_cell_is_not_passed_over_as_an_article() -> None:
    assert items("a turma E tem alunos")[2].text == "E"
    assert items("a turma e os alunos")[2].text == "e"


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("acima de R$ 1.500,00", "1500"),
        ("acima de 100 mil reais", "100000"),
        ("em março de 2025", "0/3/2025"),
        ("em 2025", "0/0/2025"),
        ("em 05/03/2025", "5/3/2025"),
    ],
)
def test_numbers_and_dates_are_one_item_each(question: str, value: str) -> None:
    numbers = [item.value for item in items(question) if item.kind == "number"]

    assert [number.key for number in numbers if number] == [value]


def test_a_number_inside_a_cell_belongs_to_the_cell() -> None:
    found = items("quanto custou a nota 7077", {0: ("Nota 7077",)})

    assert [item.kind for item in found][-1] == "cell"
    assert not any(item.kind == "number" for item in found)


def test_every_word_is_in_one_item() -> None:
    question = "quantos alunos da turma 1º B nasceram em março de 2012"

    together = " ".join(item.text for item in items(question))

    assert together.split()[-1] == "2012"
    assert together.count("turma") == together.count("1º B") == 1
