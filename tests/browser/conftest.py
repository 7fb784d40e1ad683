"""A real browser before the real appliance."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.seats import office, seat
from tests.static.conftest import chromium, page
from tests.whole.running import Running

SHOTS = Path(__file__).parents[2] / "screenshots"


@pytest.fixture(autouse=True)
def it_opens_before_its_page(request: pytest.FixtureRequest) -> None:
    """And closes after it, which would report a stream that breaks off as trouble."""
    if "appliance" in request.fixturenames:
        request.getfixturevalue("appliance")


@pytest.fixture
def appliance(tmp_path: Path) -> Iterator[Running]:
    """A started appliance that nobody has set up."""
    started = Running(tmp_path / "data")
    started.start()
    yield started
    started.stop()


def keep(page: Page, name: str) -> None:
    """Keep a screenshot of where a journey has come to, at both widths."""
    SHOTS.mkdir(exist_ok=True)
    for width, height in ((1280, 800), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=SHOTS / f"{name}-{width}.png")
    page.set_viewport_size({"width": 1280, "height": 800})


__all__ = [
    "appliance",
    "chromium",
    "it_opens_before_its_page",
    "keep",
    "office",
    "page",
    "seat",
]
