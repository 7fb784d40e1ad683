"""The first round through the house: offered once, taken from page to page, left at any moment."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.static.test_accessibility import looked_at, violations
from tests.static.test_palette import act_as, entered, option, summoned

__all__ = ["looked_at"]

pytestmark = pytest.mark.browser
OFFER = "Primeira vez aqui?"
ROUND = ["Assistentes", "Lacunas", "Fontes", "Pessoas", "Saúde do servidor", "Backups"]


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def arrived(page: Page, server: str) -> None:
    entered(page, server, "assistants", "Assistentes")


def test_it_goes_from_page_to_page_and_is_not_offered_again(looked_at: Page, server: str):
    arrived(looked_at, server)
    expect(looked_at.get_by_text(OFFER)).to_be_visible()
    assert violations(looked_at) == []
    button(looked_at, "Fazer a volta").click()
    for number, name in enumerate(ROUND, 1):
        card = looked_at.get_by_role("region", name=name, exact=True)
        expect(card).to_contain_text(f"{number} de {len(ROUND)}")
        heading = looked_at.get_by_role("main").get_by_role("heading", name=name, level=1)
        expect(heading).to_be_visible()
        expect(card).to_be_in_viewport(ratio=1)
        assert violations(looked_at) == [], name
        button(looked_at, "Próxima" if number < len(ROUND) else "Concluir").click()
    expect(looked_at.get_by_text("6 de 6")).to_have_count(0)

    arrived(looked_at, server)
    looked_at.reload()
    expect(looked_at.get_by_role("link", name="Criar assistente")).to_be_visible()
    expect(looked_at.get_by_text(OFFER)).to_have_count(0)


def test_whoever_declines_is_left_alone_and_finds_it_in_the_palette(page: Page, server: str):
    arrived(page, server)
    button(page, "Agora não").click()
    expect(page.get_by_text(OFFER)).to_have_count(0)
    page.reload()
    expect(page.get_by_role("link", name="Criar assistente")).to_be_visible()
    expect(page.get_by_text(OFFER)).to_have_count(0)

    summoned(page).fill("volta")
    option(page, "Volta pelas páginas principais").click()
    expect(page.get_by_text("1 de 6")).to_be_visible()


def test_by_keyboard_the_hand_stays_on_the_card_until_escape(page: Page, server: str):
    arrived(page, server)
    button(page, "Fazer a volta").press("Enter")
    expect(button(page, "Próxima")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Lacunas", level=1)).to_be_visible()
    expect(button(page, "Próxima")).to_be_focused()
    button(page, "Voltar").press("Enter")
    expect(page.get_by_role("heading", name="Assistentes", level=1)).to_be_visible()
    expect(button(page, "Próxima")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.get_by_text("1 de 6")).to_have_count(0)
    expect(page.get_by_role("main")).to_be_focused()


def test_whoever_sees_few_pages_is_not_shown_around(page: Page, server: str):
    act_as(page, "member")
    arrived(page, server)
    expect(page.get_by_role("link", name="Secretaria da escola").first).to_be_visible()
    expect(page.get_by_text(OFFER)).to_have_count(0)
    summoned(page).fill("volta")
    expect(option(page, "Volta pelas páginas principais")).to_have_count(0)


def test_many_ways_stand_under_headings_and_whose_console_it_is_stays_in_sight(
    page: Page, server: str
):
    page.set_viewport_size({"width": 1280, "height": 600})
    arrived(page, server)
    ways = page.get_by_role("navigation", name="Principal")
    expect(
        ways.get_by_role("group", name="Servidor").get_by_role("link", name="Backups")
    ).to_be_attached()
    expect(button(page, "Sair")).to_be_in_viewport()
    ways.get_by_role("link", name="Auditoria").scroll_into_view_if_needed()
    expect(button(page, "Sair")).to_be_in_viewport()

    act_as(page, "member")
    page.reload()
    expect(ways.get_by_role("link", name="Conversas")).to_be_visible()
    expect(ways.get_by_role("group")).to_have_count(0)
