"""The tables in documents: they stand and fall with them."""

import pytest

from appliance import collections, library, tables
from appliance.database import Database
from appliance.index import roots
from appliance.rows import Table, TableColumn, TableRow

TEXT = TableColumn(name="Nome", kind="text")
NUMBER = TableColumn(name="Valor", kind="number", scale=2)
TABLE = Table(sheet="Plan1", columns=(TEXT, NUMBER), start=0, end=12)
ROWS = [
    TableRow(number=2, start=13, end=20, cells=("Ana Prado", 1050)),
    TableRow(number=3, start=21, end=30, cells=("Bia Souza", None)),
]


class Shelf:
    """A collection with documents that have tables."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as db:
            self.collection = collections.create(db, "Geral").id

    def document(self, name: str = "a.xlsx", *, state: str = "ready", **facts: str) -> str:
        with self.database.write() as db:
            made = library.add(
                db,
                collection=self.collection,
                title=name,
                file_name=name,
                media_type="text/csv",
                bytes=1,
                sha256=name,
                paged=False,
                **facts,
            )
            library.set_state(self.database, made.id, state)  # type: ignore[arg-type]
        return made.id

    def put(self, document: str, table: Table = TABLE, rows: list[TableRow] = ROWS) -> int:
        with self.database.write() as db:
            number = tables.add(db, document, 0, table)
            assert number is not None
            tables.add_rows(db, number, rows)
            tables.Values(number, table.columns, roots.key).add(db, rows)
        return number

    def seen(self) -> list[tables.StoredTable]:
        return tables.of_collections(self.database, [self.collection])

    def count(self, name: str) -> int:
        return int(self.database.rows(f"select count(*) as n from {name}")[0]["n"])


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


def test_a_table_comes_back_with_its_document(shelf: Shelf) -> None:
    document = shelf.document("Despesas.xlsx")
    shelf.put(document)

    (found,) = shelf.seen()

    assert (found.document.id, found.document.title) == (document, "Despesas.xlsx")
    assert (found.sheet, found.columns) == ("Plan1", (TEXT, NUMBER))
    assert (found.start, found.end, found.rows, found.kept) == (0, 12, 2, 2)


def test_a_removed_document_takes_its_tables_along(shelf: Shelf) -> None:
    document = shelf.document()
    shelf.put(document)

    with shelf.database.write() as db:
        library.remove(db, document)

    assert shelf.seen() == []
    assert [shelf.count(name) for name in ("tables", "table_rows", "table_values")] == [0, 0, 0]


def test_a_table_that_is_read_again_takes_the_place_of_its_former_self(shelf: Shelf) -> None:
    document = shelf.document()
    shelf.put(document)
    with shelf.database.write() as db:
        tables.clear(db, document)

    shelf.put(document, rows=ROWS[:1])

    assert [table.rows for table in shelf.seen()] == [1]


@pytest.mark.parametrize("state", ["queued", "reading", "indexing", "failed"])
def test_tables_of_documents_that_are_not_ready_are_nobodys(shelf: Shelf, state: str) -> None:
    shelf.put(shelf.document(state=state))

    assert shelf.seen() == []


def test_tables_of_another_collection_are_not_given(shelf: Shelf) -> None:
    shelf.put(shelf.document())

    assert tables.of_collections(shelf.database, ["another"]) == []
    assert tables.of_collections(shelf.database, []) == []


def test_tables_out_of_force_are_not_given(shelf: Shelf) -> None:
    shelf.put(shelf.document("old.xlsx", valid_to="2020-12-31"))
    shelf.put(shelf.document("coming.xlsx", valid_from="2999-01-01"))
    now = shelf.document("now.xlsx", valid_from="2020-01-01", valid_to="2999-12-31")
    shelf.put(now)

    assert [table.document.id for table in shelf.seen()] == [now]


def test_a_table_whose_document_was_superseded_is_not_given(shelf: Shelf) -> None:
    old = shelf.document("2024.xlsx")
    shelf.put(old)
    new = shelf.document("2025.xlsx", supersedes=old)
    shelf.put(new)

    assert [table.document.id for table in shelf.seen()] == [new]


def test_a_table_for_a_document_that_is_gone_is_not_kept(shelf: Shelf) -> None:
    with shelf.database.write() as db:
        assert tables.add(db, "gone", 0, TABLE) is None
        tables.add_rows(db, 99, ROWS)
        tables.Values(99, TABLE.columns, roots.key).add(db, ROWS)

    assert [shelf.count(name) for name in ("tables", "table_rows", "table_values")] == [0, 0, 0]


def test_cells_are_found_by_their_key(shelf: Shelf) -> None:
    number = shelf.put(shelf.document())

    (found,) = tables.named(shelf.database, [number], [roots.key("ANA PRADO"), "x"])

    assert (found.table, found.place, found.value) == (number, 0, "Ana Prado")


def test_a_part_of_a_cell_is_found_too(shelf: Shelf) -> None:
    shelf.put(shelf.document())
    (table,) = shelf.seen()

    assert [one.value for one in tables.holding(shelf.database, table, ["souz"])] == ["Bia Souza"]
    assert tables.holding(shelf.database, table, ["sou"]) == []


def test_a_table_of_very_many_values_is_not_looked_through(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "SOUGHT_MOST", 1)
    shelf.put(shelf.document())
    (table,) = shelf.seen()

    assert tables.holding(shelf.database, table, ["souz"]) == []


def test_the_values_of_one_table_have_a_limit(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "VALUES_MOST", 1)

    shelf.put(shelf.document())

    assert shelf.count("table_values") == 1
    assert shelf.count("table_rows") == 2


def test_prose_in_cells_is_no_value(shelf: Shelf) -> None:
    rows = [TableRow(number=2, start=None, end=None, cells=("palavra " * 30, 1))]

    shelf.put(shelf.document(), rows=rows)

    assert shelf.count("table_values") == 0


def test_a_column_of_few_values_gives_them(shelf: Shelf) -> None:
    number = shelf.put(shelf.document())

    assert tables.few_values(shelf.database, number, 0, 2) == ["Ana Prado", "Bia Souza"]
    assert tables.few_values(shelf.database, number, 0, 1) is None
