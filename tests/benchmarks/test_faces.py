"""What the faces weigh, and what moves while an answer is written."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks import faces
from benchmarks.screens import Furnished
from tests.browser.conftest import chromium
from tests.fakes import ScriptedGenerator

FAINT = 0.01  # the sign at the end of the text, and a number that pushes the next letters aside
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_the_first_load_is_lighter_than_150_kb(chromium: Browser, tmp_path: Path) -> None:
    with Furnished(tmp_path / "data", ScriptedGenerator()) as house:
        ids = house.furnish()
        console = faces.loads(chromium, house, "/#/assistants", "main h1", runs=1)
        widget = faces.loads(chromium, house, f"/w/{ids['public']}", ".notice button", runs=1)

    assert 20 < console["kb_gzip"] < faces.LIMITS_KB["console"]
    assert 10 < widget["kb_gzip"] < faces.LIMITS_KB["widget"]


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_jumps_while_an_answer_is_written(
    chromium: Browser, tmp_path: Path, width: int
) -> None:
    generator = ScriptedGenerator(faces.slowly)
    with Furnished(tmp_path / "data", generator) as house:
        ids = house.furnish()
        house.client.patch(f"/api/assistants/{ids['assistant']}", json={"mode": "generate"})
        moved = faces.shift(chromium, house, ids, width)

    assert len(generator.writings) >= len(moved) == 3
    assert [place for place, told in moved.items() if told["writing"] > FAINT] == []


__all__ = ["chromium"]
