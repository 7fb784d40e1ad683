"""Sheets on a shelf, as ingestion puts them there, and questions asked of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from appliance import collections, library
from appliance.answering.tables.computing import Computed, NotComputed, TableAnswers
from appliance.database import Database
from appliance.index.reading import spreadsheet
from appliance.index.reading.wire import TableRows
from appliance.jobs.tabling import Tabling
from appliance.records import Language, Page
from appliance.rows import Table
from tests.index.reading.workbooks import sheet


class Sheets:
    """A collection of workbooks; ``ask`` computes from them."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.answers = TableAnswers(database)
        self.made: dict[str, str] = {}

    def collection(self, name: str = "Geral") -> str:
        if name not in self.made:
            with self.database.write() as db:
                self.made[name] = collections.create(db, name).id
        return self.made[name]

    def put(
        self, title: str, *rows: Sequence[Any], name: str = "Plan1", collection: str = "Geral"
    ) -> str:
        """A workbook of one sheet, read in this process; its document's id."""
        path = sheet(self.folder / "made.xlsx", *[list(row) for row in rows], name=name)
        return self.file(path, title, collection=collection)

    def file(self, path: Path, title: str, *, collection: str = "Geral") -> str:
        with self.database.write() as db:
            document = library.add(
                db,
                collection=self.collection(collection),
                title=title,
                file_name=f"{title}.xlsx",
                media_type="text/csv",
                bytes=1,
                sha256=title,
                paged=False,
            ).id
        tabling = Tabling(self.database, document)
        with path.open("rb") as file:
            for found in spreadsheet.read(file, path.name):
                if isinstance(found, Page):
                    library.put_pages(self.database, document, [found])
                elif isinstance(found, Table | TableRows):
                    tabling.take(found)
        library.set_state(self.database, document, "ready")
        return document

    def ask(
        self, question: str, language: Language = "pt", collection: str = "Geral"
    ) -> Computed | NotComputed | None:
        return self.answers.answer([self.collection(collection)], question, language)

    def said(self, question: str, language: Language = "pt") -> str:
        """What is computed, in one text."""
        found = self.ask(question, language)
        assert isinstance(found, Computed), found
        return "\n".join(found.sentences)

    def how(self, question: str, language: Language = "pt") -> str:
        found = self.ask(question, language)
        assert isinstance(found, Computed), found
        return found.how

    def cited(self, question: str, language: Language = "pt") -> list[str]:
        """The lines of the text that are cited, the header first."""
        found = self.ask(question, language)
        assert isinstance(found, Computed), found
        text = library.text(self.database, found.table.document.id)
        places = [(found.table.start, found.table.end)]
        places += [(line.start, line.end) for line in found.lines]
        return [text[start:end] for start, end in places if start is not None]


@pytest.fixture
def sheets(database: Database, tmp_path: Path) -> Sheets:
    """An empty shelf."""
    return Sheets(database, tmp_path)
