"""What every command does with a file that it may not open: a sentence, and no traceback."""

import errno
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from appliance.cli import appliance
from tests.cli.doors import Terminal, terminal

__all__ = ["terminal"]


def test_a_place_that_is_not_there_is_named(terminal: Terminal, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "record.docx"

    typed = terminal.type("processing", "--part", "record", str(nowhere))

    assert typed.exit_code == 1
    assert typed.stderr.startswith(f"{nowhere} could not be opened (No such file or directory).")


def test_whoever_may_not_enter_the_data_is_told_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its stat is refused by hand: whoever runs the tests may be root, who enters everywhere."""
    database, stat = tmp_path / "appliance.db", os.stat

    def closed(path: str | Path, *rest: object, **more: object) -> os.stat_result:
        if str(path) == str(database):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return stat(path, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "stat", closed)
    typed = CliRunner().invoke(
        appliance, ["backup"], env={"APPLIANCE_DATA_DIR": str(tmp_path), "APPLIANCE_LANGUAGE": "pt"}
    )

    assert typed.exit_code == 1
    assert typed.stderr.startswith(f"Não foi possível abrir {database} (Permission denied).")
    assert "o comando trabalha como o usuário do serviço" in typed.stderr
