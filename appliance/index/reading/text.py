"""Plain text: the file's own lines, in the house's characters."""

from collections.abc import Iterator
from typing import BinaryIO

from appliance.errors import Unreadable
from appliance.index.reading import encodings
from appliance.index.reading.sheet import Sheet, contents
from appliance.index.reading.wire import Outline
from appliance.records import Page


def read(file: BinaryIO, name: str) -> Iterator[Outline | Page]:
    """Outline, then the one page. Raises ``Unreadable``: type_mismatch (binary), too_long,
    no_words."""
    text = encodings.decode(contents(file, name))
    if text is None:
        raise Unreadable("type_mismatch", name=name, claimed="TXT", found="binary")
    sheet = Sheet(name)
    sheet.paragraph(text)
    page = sheet.page()
    yield sheet.outline()
    yield page
