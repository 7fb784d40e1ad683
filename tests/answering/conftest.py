"""A shelf of documents for the tests of this room."""

from pathlib import Path

import pytest

from appliance.database import Database
from tests.answering.shelf import Shelf


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    """An empty shelf whose embedder compares words."""
    return Shelf(database, tmp_path)
