"""The tables of one reading on their way into the house."""

from appliance import tables
from appliance.database import Database
from appliance.index import roots
from appliance.index.reading.wire import TableRows
from appliance.jobs.failpoint import step
from appliance.rows import Table


class Tabling:
    """Takes tables and their rows as they come, in place of those of a former reading.

    Each batch is a transaction of its own: the document is not ready yet, and until it is
    nobody computes from what is there.
    """

    def __init__(self, database: Database, document: str) -> None:
        self.database = database
        self.document = document
        self._ordinal = 0
        self._values: tables.Values | None = None
        with database.write() as db:
            tables.clear(db, document)

    def take(self, item: Table | TableRows) -> None:
        """Begin a table, or keep rows of the one that was begun last."""
        if isinstance(item, Table):
            self._begin(item)
        elif self._values is not None:
            with self.database.write() as db:
                tables.add_rows(db, self._values.table, item.rows)
                self._values.add(db, item.rows)
            step("rows committed")

    def _begin(self, table: Table) -> None:
        with self.database.write() as db:
            number = tables.add(db, self.document, self._ordinal, table)
        self._ordinal += 1
        self._values = tables.Values(number, table.columns, roots.key) if number else None
