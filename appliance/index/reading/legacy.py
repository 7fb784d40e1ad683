"""Word and PowerPoint files from before 2007: no reader of ours knows them.

Where LibreOffice is installed they are made into today's files before a reader starts
(``conversion``), so that what arrives here says what to do.
"""

from collections.abc import Iterator
from typing import BinaryIO

from appliance.errors import Unreadable
from appliance.index.reading.wire import Outline
from appliance.records import Page


def read(file: BinaryIO, name: str) -> Iterator[Outline | Page]:
    """Raises ``Unreadable("needs_libreoffice")``."""
    yield from ()
    raise Unreadable("needs_libreoffice", name=name, type="DOC/PPT")
