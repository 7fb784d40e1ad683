"""A plain document of tables under headings (DOCX), for statements that people hand over."""

import io
import re
from collections.abc import Sequence
from typing import NamedTuple

import docx

# What XML cannot hold; an old document's text may.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Section(NamedTuple):
    """A heading, the columns' names, and the rows below them."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def written(title: str, lead: str, sections: Sequence[Section], *, none: str) -> bytes:
    """The document's bytes; ``none`` stands where a section has no rows."""
    document = docx.Document()
    document.core_properties.title = _clean(title)
    document.add_heading(_clean(title), level=0)
    document.add_paragraph(_clean(lead))
    for section in sections:
        document.add_heading(_clean(section.heading), level=1)
        if section.rows:
            _table(document, section)
        else:
            document.add_paragraph(_clean(none))
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _table(document: docx.document.Document, section: Section) -> None:
    table = document.add_table(rows=1, cols=len(section.columns), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, section.columns, strict=True):
        cell.text = _clean(name)
    for row in section.rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = _clean(value)


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text)
