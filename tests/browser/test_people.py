"""A colleague is invited, comes in, sees what is hers, and is sent away again."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import keep
from tests.browser.test_walk import set_up
from tests.static.test_accessibility import violations
from tests.whole.running import Running

pytestmark = pytest.mark.browser
PASSWORD = "quatro patos no lago"


def invite(page: Page, appliance: Running, email: str) -> str:
    """Invite somebody; the link that the administrator hands over."""
    page.goto(f"{appliance.address}/#/people")
    page.get_by_text("Convidar alguém").click()
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_role("button", name="Fazer o convite").click()
    shown = page.get_by_text(re.compile("/#/invitation/"))
    expect(shown).to_be_visible()
    assert violations(page) == []
    return shown.inner_text().strip()


def test_a_colleague_is_invited_comes_in_and_is_sent_away(
    page: Page, chromium: Browser, appliance: Running
) -> None:
    set_up(page, appliance)
    link = invite(page, appliance, "bia@escola.example")

    bia = chromium.new_context(locale="pt-BR").new_page()
    bia.goto(link)
    expect(bia.get_by_role("heading", name="Colégio Aurora")).to_be_visible()
    assert violations(bia) == []
    bia.get_by_label("Nome", exact=True).fill("Bia Conceição")
    bia.get_by_label("Senha").fill(PASSWORD)
    bia.get_by_role("button", name="Entrar").click()
    expect(bia.get_by_role("link", name="Assistentes")).to_be_visible()
    expect(bia.get_by_role("link", name="Pessoas")).to_have_count(0)
    bia.goto(f"{appliance.address}/#/profile")
    expect(bia.get_by_label("Nome")).to_have_value("Bia Conceição")
    assert violations(bia) == []

    page.reload()
    page.get_by_role("button", name="Encerrar sessões de Bia Conceição").click()
    page.get_by_role("dialog").get_by_role("button", name="Encerrar sessões").click()
    expect(page.get_by_text("Bia Conceição saiu de todos os lugares.")).to_be_visible()
    page.get_by_role("button", name="Desativar Bia Conceição").click()
    page.get_by_role("dialog").get_by_role("button", name="Desativar").click()
    expect(page.get_by_role("row", name="Bia Conceição")).to_contain_text("desativada")
    keep(page, "people")
    bia.reload()
    expect(bia.get_by_role("heading", name="Entrar")).to_be_visible()
    bia.goto(link)
    expect(bia.get_by_role("alert")).to_be_visible()
    bia.context.close()
