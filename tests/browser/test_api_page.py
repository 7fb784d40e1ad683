"""The reference of the API in a real browser, of the real document, at both widths."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import keep
from tests.browser.scripted import Served
from tests.fakes import ScriptedGenerator
from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser
WIDE = "(part) => part.scrollWidth > part.clientWidth"


@pytest.mark.guarantee("ZE-06")
def test_every_route_is_drawn_and_asks_nobody_else(page: Page, tmp_path: Path) -> None:
    with Served(tmp_path / "data", ScriptedGenerator()) as house:
        house.let_in(page)
        page.goto(f"{house.address}/#/api")
        routes = page.get_by_role("main").get_by_role("listitem")
        paths = house.client.get("/api/openapi.json").json()["paths"]
        expect(routes).to_have_count(sum(len(operations) for operations in paths.values()))
        page.get_by_label("Procurar uma rota").fill("post assistants/ /ask")
        expect(routes).to_have_count(1)
        routes.first.get_by_text("/ask").click()
        expect(routes.first).to_contain_text(f"curl -X POST '{house.address}/api/assistants")
        expect(routes.first).to_contain_text("question: string")
        assert violations(page) == []
        keep(page, "api")
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.get_by_role("main").evaluate(WIDE) is False
        page.wait_for_load_state("networkidle")
