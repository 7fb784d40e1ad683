"""The reference of the API before the preview: routes by room, shapes, a command to paste."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser


def opened(page: Page, server: str, says: str) -> Locator:
    """A route of the page, opened."""
    page.goto(f"{server}/#/api")
    one = page.get_by_role("listitem").filter(has_text=says)
    one.get_by_text(says).first.click()
    expect(one.get_by_role("heading", name="Exemplo")).to_be_visible()
    return one


def test_a_route_tells_who_may_what_it_takes_and_how_to_call_it(page: Page, server: str):
    one = opened(page, server, "Plant one")

    expect(one).to_contain_text("Pessoas com o papel admin. Chaves que podem ask (ou admin). Visit")
    expect(one).to_contain_text('kind?: "oak" | "elm"')
    expect(one).to_contain_text("name: string (≤ 80)")
    expect(one).to_contain_text("parts?: [Tree, …] = []")  # what it stands in is only named
    expect(one).to_contain_text("note?: string | null")
    expect(one).to_contain_text("400Cannot be taken as it is.")
    expect(one).to_contain_text(f"curl -X POST '{server}/api/trees'")
    expect(one).to_contain_text("-H 'Authorization: Bearer bk_…'")
    expect(one).to_contain_text('-d \'{"name":"…"}\'')
    assert violations(page) == []


def test_a_route_without_a_body_and_with_a_place_in_its_address(page: Page, server: str):
    one = opened(page, server, "Its picture")

    expect(one).to_contain_text(f"curl '{server}/api/trees/TREE_ID/pictures")
    expect(one).to_contain_text("-b 'balcao=…'")
    expect(one).to_contain_text("image/png")
    expect(one).to_contain_text("tree_id no endereço · obrigatório")


def test_anybodys_route_needs_no_credential(page: Page, server: str):
    one = opened(page, server, "All trees")

    expect(one).to_contain_text("Qualquer um, sem credencial.")
    expect(one).to_contain_text("integer (1–200) = 50")
    expect(one.get_by_role("paragraph").filter(has_text="All trees.")).to_be_visible()


def test_routes_are_found_by_words_and_by_room(page: Page, server: str):
    page.goto(f"{server}/#/api")
    routes = page.get_by_role("main").get_by_role("listitem")
    expect(routes).to_have_count(3)
    page.get_by_role("link", name="pictures").click()
    expect(page.get_by_role("heading", name="pictures")).to_be_focused()

    page.get_by_label("Procurar uma rota").fill("post trees")
    expect(routes).to_have_count(1)
    page.get_by_label("Procurar uma rota").fill("lua")
    expect(page.get_by_text("Nenhuma rota tem essas palavras.")).to_be_visible()
