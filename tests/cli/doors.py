"""The command line over a data folder of its own, as somebody types it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from appliance.cli import appliance
from appliance.database import Database


class Terminal:
    """Types commands and looks into the database behind them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {"APPLIANCE_DATA_DIR": str(folder), "APPLIANCE_LANGUAGE": "en"}
        self.database = Database(folder / "appliance.db")
        self.database.migrate()

    def type(self, *words: str, typed: str | None = None) -> Result:
        """Run ``appliance`` with these words; ``typed`` goes to its standard input."""
        return CliRunner().invoke(appliance, list(words), input=typed, env=self.environment)

    def json(self, *words: str, typed: str | None = None) -> Any:
        """What a command prints with ``--json``."""
        result = self.type(*words, "--json", typed=typed)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal on a machine whose appliance nobody uses yet."""
    opened = Terminal(tmp_path)
    yield opened
    opened.database.close()
