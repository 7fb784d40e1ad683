"""Two processes read a long PDF as one would, and whatever becomes of the second is no matter."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from appliance.index.reading import ahead, child, confinement, kinds
from appliance.index.reading import book as open_books
from appliance.index.reading.sheets import Sheet
from appliance.index.reading.wire import Outline
from appliance.records import Page
from tests.index.reading import papers
from tests.index.reading.papers import lines_at

PAGES = 180
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PDF long enough for a helper: a header that runs from page three on, page numbers, two
    columns on every fifth page, and a table on every seventh."""
    return papers.drawn(
        tmp_path_factory.mktemp("ahead") / "livro.pdf",
        *(_page(number) for number in range(1, PAGES + 1)),
    )


def _page(number: int):  # type: ignore[no-untyped-def]
    head = [(60, 800, f"Regimento Interno, página {number}")] if number > 2 else []
    if number % 5 == 0:
        body = [
            (left, 700 - 14 * row, f"coluna {left} linha {row} da folha {number}, que segue")
            for row in range(30)
            for left in (60, 320)
        ]
    elif number % 7 == 0:
        body = [
            (left, 700 - 14 * row, f"{number}.{row}") for row in range(30) for left in (60, 200, 400)
        ]
    else:
        body = [
            (60, 700 - 14 * row, f"Art. {row} da folha {number}: o servidor apresentará contas.")
            for row in range(35)
        ]
    return lines_at(*head, *body, (290, 30, str(number)))


def reading(path: Path, **limits: object) -> Iterator[Outline | Page]:
    chosen = {"memory_mb": 1024, "seconds": 30} | limits
    return child.read(path, kinds.PDF, name=path.name, **chosen)  # type: ignore[arg-type]


def helpers() -> list[psutil.Process]:
    """The helpers of the readers that this test process started."""
    return [
        helper
        for reader in papers.started("appliance.index.reading")
        for helper in reader.children()
    ]
