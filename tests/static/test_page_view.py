"""The page behind a citation: from source to source, larger and smaller, by keyboard alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.static.test_accessibility import violations
from tests.static.test_walk import ask, open_chat

pytestmark = pytest.mark.browser


def opened(page: Page, server: str) -> Locator:
    """The pane with the first source of an answer of two."""
    open_chat(page, server)
    ask(page, "Até quando entrego os recibos?")
    expect(page.get_by_role("button", name="Copiar com fontes")).to_be_visible()
    page.get_by_role("link", name="Fonte 1: Regimento interno, p. 3").first.click()
    pane = page.get_by_role("region", name="Página citada")
    expect(pane.locator(".box").first).to_be_visible()
    return pane


def test_the_next_source_opens_without_going_back_to_the_answer(page: Page, server: str):
    pane = opened(page, server)
    expect(pane.get_by_text("Fonte 1 de 2")).to_be_visible()
    first = pane.locator(".box").first.bounding_box()
    following = pane.get_by_role("button", name="Fonte seguinte")
    following.click()

    expect(pane.get_by_text("Fonte 2 de 2")).to_be_visible()
    expect(following).to_be_focused()
    expect(following).to_have_attribute("aria-disabled", "true")
    expect(pane.locator(".box").first).to_be_visible()
    assert pane.locator(".box").first.bounding_box() != first
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Fonte 1: Regimento interno, p. 3").first).to_be_focused()


def test_pages_sources_and_size_go_by_keys_and_the_focus_stays(page: Page, server: str):
    pane = opened(page, server)
    turn = pane.get_by_role("button", name="Próxima página")
    turn.focus()
    page.keyboard.press("ArrowRight")
    expect(pane.get_by_alt_text("Página 4 de Regimento interno")).to_be_visible()
    expect(pane.get_by_text(re.compile("^Página 4 de"))).to_be_visible()
    expect(turn).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(pane.locator(".box").first).to_be_visible()
    page.keyboard.press("n")
    expect(pane.get_by_text("Fonte 2 de 2")).to_be_visible()
    page.keyboard.press("p")
    expect(pane.get_by_text("Fonte 1 de 2")).to_be_visible()
    expect(pane.locator(".box").first).to_be_visible()
    sheet = pane.locator(".sheet")
    small = sheet.evaluate("(one) => one.clientWidth")
    page.keyboard.press("+")
    page.keyboard.press("+")
    large = sheet.evaluate("(one) => one.clientWidth")
    page.keyboard.press("-")
    page.keyboard.press("-")
    page.keyboard.press("-")

    assert large > small * 1.4
    assert sheet.evaluate("(one) => one.clientWidth") == small
    page.keyboard.press("t")
    expect(pane.locator("mark")).to_contain_text("até o dia")
    assert violations(page) == []


def test_the_widget_goes_from_source_to_source_as_well(page: Page, server: str):
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["public_id"]
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server}/w/{one}")
    page.get_by_role("button", name="Li e entendi").click()
    page.get_by_label("Sua pergunta").fill("Até quando entrego os recibos?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copiar com fontes")).to_be_visible()
    source = page.get_by_role("link", name="Fonte 1: Regimento interno, p. 3").first
    source.click()
    pane = page.get_by_role("region", name="Página citada")
    expect(pane.locator(".box").first).to_be_visible()
    pane.get_by_role("button", name="Fonte seguinte").click()

    expect(pane.get_by_text("Fonte 2 de 2")).to_be_visible()
    expect(pane.locator(".box").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Voltar à conversa").click()
    expect(source).to_be_focused()
