"""Figures are exact, bound, and within a time."""

import random
from decimal import Decimal

import pytest

from appliance import figures, tables
from appliance.database import Database
from appliance.figures import Condition, Incomputable
from appliance.rows import Table, TableColumn, TableRow
from tests.test_tables import Shelf

COLUMNS = (
    TableColumn(name="Nome", kind="text"),
    TableColumn(name="Turma", kind="text"),
    TableColumn(name="Valor", kind="number", scale=2),
    TableColumn(name="Data", kind="date"),
)
RNG = random.Random(5)
CELLS = [
    (
        f"Aluno {n}",
        RNG.choice("ABC"),
        RNG.choice((None, "isento", RNG.randrange(-10_000, 1_000_000))),
        f"20{RNG.randrange(23, 26)}-{RNG.randrange(1, 13):02}-{RNG.randrange(1, 29):02}",
    )
    for n in range(400)
]


@pytest.fixture
def table(database: Database) -> int:
    shelf = Shelf(database)
    rows = [
        TableRow(number=n, start=n, end=n, cells=cells) for n, cells in enumerate(CELLS, start=2)
    ]
    made = Table(sheet="Plan1", columns=COLUMNS, start=0, end=1)
    return shelf.put(shelf.document(), made, rows)


def only(value: str) -> Condition:
    return Condition(place=1, kind="in", values=(value,))


def test_a_total_counts_rows_and_numbers_and_adds_them_up(database: Database, table: int) -> None:
    found = figures.total(database, table, [only("A")], 2)

    of_a = [cells for cells in CELLS if cells[1] == "A"]
    numbers = [cells[2] for cells in of_a if isinstance(cells[2], int)]
    assert (found.rows, found.numbers, found.sum) == (len(of_a), len(numbers), sum(numbers))


def test_without_a_column_a_total_only_counts(database: Database, table: int) -> None:
    assert figures.total(database, table, ()).rows == len(CELLS)


def test_groups_come_in_order_with_their_totals(database: Database, table: int) -> None:
    found = figures.groups(database, table, (), 1, 2)

    assert [group.value for group in found] == ["A", "B", "C"]
    for group in found:
        numbers = [c[2] for c in CELLS if c[1] == group.value and isinstance(c[2], int)]
        assert (group.total.numbers, group.total.sum) == (len(numbers), sum(numbers))


def test_rows_whose_cell_is_empty_are_a_group_of_their_own_the_last(database: Database) -> None:
    shelf = Shelf(database)
    cells = [("Ana", None), ("Bia", 5), ("Eva", 5)]
    rows = [TableRow(number=n, start=n, end=n, cells=c) for n, c in enumerate(cells)]
    made = Table(sheet="Plan1", columns=(COLUMNS[0], COLUMNS[2]), start=0, end=1)

    found = figures.groups(database, shelf.put(shelf.document(), made, rows), (), 1)

    assert [(group.value, group.total.rows) for group in found] == [(5, 2), (None, 1)]


def test_the_extremes_of_a_column_pass_over_words(database: Database, table: int) -> None:
    numbers = [cells[2] for cells in CELLS if isinstance(cells[2], int)]

    assert figures.extreme(database, table, (), 2, greatest=True) == max(numbers)
    assert figures.extreme(database, table, (), 2, greatest=False) == min(numbers)


def test_the_extremes_of_dates(database: Database, table: int) -> None:
    latest = figures.extreme(database, table, (), 3, greatest=True, kind="text")

    assert latest == max(cells[3] for cells in CELLS)


def test_different_values_are_counted_once(database: Database, table: int) -> None:
    assert figures.different(database, table, (), 1) == 3


def test_a_column_that_tells_rows_apart(database: Database, table: int) -> None:
    assert figures.differs(database, table, 0)
    assert not figures.differs(database, table, 1)


def test_lines_come_with_their_place(database: Database, table: int) -> None:
    (first, second) = figures.lines(database, table, (), 4, 2)

    assert (first.number, first.start, first.cells) == (2, 2, CELLS[0])
    assert second.number == 3


@pytest.mark.parametrize(
    ("condition", "keeps"),
    [
        (
            Condition(place=2, kind="range", low=500_00, above=True),
            lambda cells: isinstance(cells[2], int) and cells[2] > 500_00,
        ),
        (
            Condition(place=2, kind="range", low=100_00, high=200_00),
            lambda cells: isinstance(cells[2], int) and 100_00 <= cells[2] <= 200_00,
        ),
        (
            Condition(place=2, kind="range", high=0, below=True),
            lambda cells: isinstance(cells[2], int) and cells[2] < 0,
        ),
        (
            Condition(place=3, kind="begins", values=("2024",)),
            lambda cells: cells[3].startswith("2024"),
        ),
        (
            Condition(place=3, kind="begins", values=("2024-03", "2025-03")),
            lambda cells: cells[3][:7] in ("2024-03", "2025-03"),
        ),
        (
            Condition(place=3, kind="month", values=("03",)),
            lambda cells: cells[3][5:7] == "03",
        ),
        (
            Condition(place=3, kind="range", low="2024~", above=True),
            lambda cells: cells[3] > "2024-12-31",
        ),
        (
            Condition(place=1, kind="in", values=("A", "C")),
            lambda cells: cells[1] in "AC",
        ),
    ],
)
def test_conditions_keep_what_they_say(database, table, condition, keeps) -> None:
    assert figures.total(database, table, [condition]).rows == sum(map(keeps, CELLS))


def test_conditions_are_all_fulfilled(database: Database, table: int) -> None:
    march = Condition(place=3, kind="month", values=("03",))

    found = figures.total(database, table, [only("B"), march]).rows

    assert found == sum(cells[1] == "B" and cells[3][5:7] == "03" for cells in CELLS)


def test_what_a_person_typed_is_a_value_and_nothing_else(database: Database, table: int) -> None:
    typed = "A') or 1=1; drop table table_rows; --"

    assert figures.total(database, table, [only(typed)]).rows == 0
    assert figures.total(database, table, ()).rows == len(CELLS)


@pytest.mark.parametrize("place", [-1, 64, 1000])
def test_a_column_that_cannot_be_is_refused(database: Database, table: int, place: int) -> None:
    with pytest.raises(ValueError, match="no such column"):
        figures.different(database, table, (), place)


def test_money_is_added_up_without_losing_a_cent(database: Database) -> None:
    shelf = Shelf(database)
    cents = [RNG.randrange(1, 10**14) for _ in range(2000)]
    rows = [TableRow(number=n, start=None, end=None, cells=(c,)) for n, c in enumerate(cents)]
    one = Table(sheet="x", columns=(COLUMNS[2],), start=None, end=None)
    number = shelf.put(shelf.document(), one, rows)

    found = figures.total(database, number, (), 0)

    exact = sum((Decimal(cent) / 100 for cent in cents), Decimal(0))
    assert Decimal(found.sum).scaleb(-2) == exact


def test_a_sum_beyond_the_largest_number_is_refused_and_not_rounded(database: Database) -> None:
    shelf = Shelf(database)
    rows = [TableRow(number=n, start=None, end=None, cells=(2**62,)) for n in range(4)]
    one = Table(sheet="x", columns=(COLUMNS[2],), start=None, end=None)
    number = shelf.put(shelf.document(), one, rows)

    with pytest.raises(Incomputable):
        figures.total(database, number, (), 0)


def test_what_takes_too_long_is_given_up(
    database: Database, table: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "SECONDS", -1.0)
    monkeypatch.setattr("appliance.database._STEPS", 10)

    with pytest.raises(Incomputable):
        figures.total(database, table, ())


def test_too_many_groups_are_none(
    database: Database, table: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "GROUPS_MOST", 2)

    with pytest.raises(Incomputable):
        figures.groups(database, table, (), 1)


def test_figures_are_read_on_a_connection_that_cannot_write(database: Database) -> None:
    from sqlite3 import OperationalError

    with pytest.raises(OperationalError, match="readonly"):
        database.looked_up("delete from tables", {}, seconds=1.0)

    with database.write() as db:
        tables.clear(db, "x")  # the same connection writes again
