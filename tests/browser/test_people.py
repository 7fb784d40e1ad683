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


def come_in(chromium: Browser, link: str, name: str) -> Page:
    """Somebody else's browser, in which they took up the invitation."""
    theirs = chromium.new_context(locale="pt-BR").new_page()
    theirs.goto(link)
    theirs.get_by_label("Nome", exact=True).fill(name)
    theirs.get_by_label("Senha").fill(PASSWORD)
    theirs.get_by_role("button", name="Entrar").click()
    expect(theirs.get_by_role("link", name="Assistentes")).to_be_visible()
    return theirs


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


def test_a_colleague_is_given_one_assistant_and_it_is_taken_from_her(
    page: Page, chromium: Browser, appliance: Running
) -> None:
    """As an administrator would: invite, group, assistant; and the same way back."""
    set_up(page, appliance)
    link = invite(page, appliance, "bia@escola.example")
    bia = come_in(chromium, link, "Bia Conceição")
    made = [
        page.request.post(f"{appliance.address}/api/assistants", data={"name": name, "access": way})
        for name, way in (("Diretoria", "groups"), ("Cofre", "groups"), ("Portaria", "signed_in"))
    ]
    first = made[0].json()["id"]
    bia.reload()
    ways = bia.get_by_role("navigation", name="Principal")
    expect(ways.get_by_role("link", name="Portaria")).to_be_visible()
    expect(ways.get_by_role("link", name="Diretoria")).to_have_count(0)

    page.goto(f"{appliance.address}/#/groups")
    page.get_by_text("Novo grupo").click()
    page.get_by_label("Nome do grupo").fill("Direção")
    page.get_by_label("Bia Conceição").check()
    page.get_by_role("button", name="Criar grupo").click()
    expect(page.get_by_text("Direção · 1 pessoa")).to_be_visible()
    assert violations(page) == []
    keep(page, "groups")
    page.goto(f"{appliance.address}/#/assistants/{first}/share")
    page.get_by_role("checkbox", name="Direção").check()
    page.get_by_role("button", name="Salvar").click()
    expect(page.get_by_text("Salvo: vale a partir de agora.")).to_be_visible()
    assert violations(page) == []
    keep(page, "audience")

    bia.reload()
    expect(ways.get_by_role("link", name="Diretoria")).to_be_visible()
    expect(ways.get_by_role("link", name="Cofre")).to_have_count(0)
    ways.get_by_role("link", name="Diretoria").click()
    tabs = bia.get_by_role("navigation", name="Partes do assistente").get_by_role("link")
    expect(tabs).to_have_text(["Conversa", "Documentos", "Compartilhar"])
    for hidden in ("Pessoas", "Grupos", "Chaves", "Fontes"):
        expect(bia.get_by_role("link", name=hidden)).to_have_count(0)

    page.goto(f"{appliance.address}/#/groups")
    page.get_by_text("Direção · 1 pessoa").click()
    group = page.get_by_role("group").filter(has_text="Direção · 1 pessoa")
    group.get_by_label("Bia Conceição").uncheck()
    group.get_by_role("button", name="Salvar").click()
    expect(page.get_by_text("Direção · 0 pessoas")).to_be_visible()

    status = "async (path) => (await fetch(path)).status"
    assert bia.evaluate(status, f"/api/assistants/{first}") == 404
    bia.goto(f"{appliance.address}/#/assistants")
    bia.reload()
    expect(ways.get_by_role("link", name="Portaria")).to_be_visible()
    expect(ways.get_by_role("link", name="Diretoria")).to_have_count(0)
    bia.context.close()
