"""What the house believes of a reader, which may have been taken over by the file it reads.

``wire`` sees to it that each thing is of its type; here it is seen whether it may come now.
"""

from appliance.errors import Unreadable
from appliance.index.reading.wire import (
    ATTACHED_LIMIT,
    LONGEST,
    PIXELS,
    Attachment,
    Found,
    Scan,
    TableRows,
)
from appliance.records import PAGE_BREAK, Page
from appliance.rows import Table


class Belief:
    """What came so far from the reader of the file ``name``, whose pages begin with ``first``."""

    def __init__(self, name: str, first: int) -> None:
        self.name = name
        self.page = first - 1
        self.attached = 0  # bytes
        self.columns = 0

    def held(self, value: object) -> Found | Scan:
        """The value, if a reader in its right mind could have sent it after what came before.
        Raises ``Unreadable("reader_crashed")``."""
        match value:
            case Page():
                self.page += 1
                sane = value.number == self.page and PAGE_BREAK not in value.text
            case Scan():
                self.page += 1
                sane = value.number == self.page and _is_picture(value)
            case Attachment():
                self.attached += len(value.content)
                sane = self.attached <= ATTACHED_LIMIT
            case Table():
                self.columns = len(value.columns)
                sane = True
            case TableRows():
                sane = all(len(row.cells) == self.columns for row in value.rows)
            case _:
                sane = isinstance(value, Found)
        if not sane:
            raise Unreadable("reader_crashed", name=self.name)
        return value  # type: ignore[return-value]


def _is_picture(scan: Scan) -> bool:
    sides = (scan.width, scan.height, scan.page_width, scan.page_height)
    # A picture that was turned is larger by its corners.
    fits = all(1 <= side <= 2 * LONGEST for side in sides) and len(scan.pixels) <= 2 * PIXELS
    return fits and len(scan.pixels) == scan.width * scan.height
