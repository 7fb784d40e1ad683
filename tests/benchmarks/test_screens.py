"""The pictures of every page and state."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks import screens
from tests.browser.conftest import chromium
from tests.browser.test_screens import screens as pages
from tests.fakes import ScriptedGenerator

IDS = {
    "assistant": "a",
    "collection": "k",
    "document": "d",
    "public": "p",
    "conversation": "c",
    "source": "s",
}


def test_every_page_that_the_console_knows_has_its_picture() -> None:
    names = [state.name for state in screens.states(IDS)]

    assert [page for page in pages() if not [name for name in names if name.startswith(page)]] == []
    assert len(names) == len(set(names))


def test_the_pictures_are_not_committed() -> None:
    told = subprocess.run(
        ["git", "check-ignore", "-q", str(screens.OUT / "assistants-1280-light.png")],
        cwd=Path(__file__).parents[2],
        check=False,
    )

    assert told.returncode == 0


@pytest.mark.browser
def test_a_picture_is_taken_of_each_look(chromium: Browser, tmp_path: Path) -> None:
    with screens.Furnished(tmp_path / "data", ScriptedGenerator()) as house:
        taken = screens.shoot(chromium, house, house.furnish(), tmp_path / "out", "keys-empty")

    assert taken == 4
    assert len(list((tmp_path / "out").glob("keys-empty-*.png"))) == 4


__all__ = ["chromium"]
