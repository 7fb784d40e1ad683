"""``appliance processing``: the record and the annex in a terminal say what the API says."""

from pathlib import Path
from typing import Any

import docx
import pytest

from appliance import audit
from appliance.errors import sentence
from tests.cli.doors import Terminal, terminal
from tests.house import House

__all__ = ["terminal"]

pytestmark = [pytest.mark.guarantee("LGPD-07"), pytest.mark.guarantee("LGPD-10")]


def words_of(file: Path) -> str:
    document = docx.Document(str(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def acts(terminal: Terminal) -> list[str]:
    wanted = audit.wanted(act="processing.export")
    return [one.subject or "" for one in audit.newest(terminal.database, wanted, limit=9)]


def test_both_are_shown_with_their_chapters(terminal: Terminal) -> None:
    typed = terminal.type("processing")

    assert typed.exit_code == 0
    for word in ("record", "annex", "activities", "risks"):
        assert sentence(f"processing_word_{word}", {}, "en") in typed.output
    assert sentence("processing_risk_not_encrypted", {}, "en") in typed.output
    assert acts(terminal) == []


@pytest.mark.parametrize("part", ["record", "annex"])
def test_one_of_them_alone_is_shown_when_it_is_named(terminal: Terminal, part: str) -> None:
    other = {"record": "annex", "annex": "record"}[part]

    typed = terminal.type("processing", "--part", part)

    assert sentence(f"processing_word_{part}", {}, "en") in typed.output
    assert sentence(f"processing_word_{other}", {}, "en") not in typed.output
    assert list(terminal.json("processing", "--part", part)) == [part]


def test_json_is_what_the_api_gives(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.assistant("Matrículas")
    house.client.patch("/api/settings/processing", json={"controller": "Escola Aurora"})
    by_api = house.client.get("/api/processing").json()

    here = Terminal(house.settings.data)
    here.environment["APPLIANCE_LANGUAGE"] = "pt"
    by_command: dict[str, Any] = here.json("processing")
    here.database.close()

    assert by_command == by_api
    assert by_command["record"]["house"]["controller"] == "Escola Aurora"


@pytest.mark.parametrize("part", ["record", "annex"])
def test_a_part_is_written_as_a_document_and_that_is_on_record(
    terminal: Terminal, tmp_path: Path, part: str
) -> None:
    file = tmp_path / "registro.docx"

    typed = terminal.type("processing", str(file), "--part", part)

    assert (typed.exit_code, str(file) in typed.output) == (0, True)
    assert sentence(f"processing_word_{part}", {}, "en") in words_of(file)
    assert acts(terminal) == [part]


def test_both_are_written_as_a_text(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "registro.txt"

    made = terminal.json("processing", str(file))

    assert made == {"file": str(file), "bytes": file.stat().st_size}
    shown = terminal.type("processing").output
    assert file.read_text("utf-8") == shown
    assert sorted(acts(terminal)) == ["annex", "record"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("registro.pdf",), ".docx or .txt"),
        (("registro.docx",), "--part"),
        (("a.txt", "--part", "x"), "record"),
    ],
)
def test_what_cannot_be_written_is_wrong_usage_and_leaves_no_file(
    terminal: Terminal, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    typed = terminal.type("processing", str(tmp_path / words[0]), *words[1:])

    assert typed.exit_code == 2
    assert said in typed.output
    assert not (tmp_path / words[0]).exists()
