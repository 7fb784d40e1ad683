"""What is in a backup: a tar of plain files, and at its end the manifest of all of them.

::

    databases/appliance.db, databases/queue.db   copies by SQLite's online backup
    files/ab/ab12…                               the originals, named by their SHA-256
    secrets/…                                    the master key and what is under it
    index/…                                      vector files, where they were asked for
    erasures.jsonl                               what was erased, for good
    manifest.json                                size and SHA-256 of each, and the questions

No other name is taken out of one, and nothing that is not a plain file.
"""

import re
from pathlib import Path

from appliance.records import Record

DATABASES = ("appliance.db", "queue.db")
MANIFEST = "manifest.json"
TOMBSTONES = "erasures.jsonl"
NAME = re.compile(
    r"databases/(appliance|queue)\.db"
    r"|files/(?P<folder>[0-9a-f]{2})/(?P=folder)[0-9a-f]{62}"
    r"|(secrets|index)(/(?!\.\.?(/|$))[A-Za-z0-9._-]{1,200}){1,6}"
    r"|erasures\.jsonl|manifest\.json"
)
MANIFEST_MOST = 512 << 20  # bytes: three million originals


class Item(Record, frozen=True, array_like=True):
    """A file of the backup: its name there, its size in bytes, its SHA-256."""

    name: str
    bytes: int
    sha256: str


class Reference(Record, frozen=True):
    """A question with what it found when the backup was made: (document, start) of the best
    passages, in order."""

    collection: str
    question: str
    as_of: str
    found: tuple[tuple[str, int], ...]


class Expected(Record, frozen=True):
    """A golden question that found its document and page when the backup was made, asked by
    keywords of these collections as on the day ``as_of``."""

    assistant: str
    question: str
    document: str
    page: int | None
    collections: tuple[str, ...]
    as_of: str


class Manifest(Record, frozen=True):
    """``missing`` are originals that were gone when the backup came to them; ``golden`` is None
    where no golden question was asked, as in backups before 0.8.0; ``language_model`` names
    what wrote the answers, which is no part of a backup."""

    id: str
    made_at: str
    program: str
    steps: tuple[str, ...]
    documents: int
    items: tuple[Item, ...]
    missing: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    golden: tuple[Expected, ...] | None = None
    language_model: str = ""


def place(name: str, folder: Path) -> Path:
    """Where an item lies in a data folder; databases at its top."""
    return folder / name.removeprefix("databases/")
