"""The keys of one sign: where they lead, when they do nothing, and how they are switched off."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.static.test_accessibility import looked_at, violations
from tests.static.test_palette import BUTTON, LABEL, act_as, entered

__all__ = ["looked_at"]
pytestmark = pytest.mark.browser
SHEET = "Atalhos do teclado"
SWITCH = "Atalhos de uma tecla"


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def test_g_and_a_letter_lead_to_a_page(page: Page, server: str):
    entered(page, server)
    for letter, name in (("c", "Conversas"), ("g", "Lacunas"), ("o", "Configurações")):
        page.keyboard.press("g")
        page.keyboard.press(letter)
        heading(page, name)


def test_a_letter_alone_or_of_a_page_of_others_leads_nowhere(page: Page, server: str):
    act_as(page, "member")
    entered(page, server, "profile", "Seu perfil")
    page.keyboard.press("c")
    page.keyboard.press("g")
    page.keyboard.press("m")  # models are for administrators
    page.keyboard.press("c")  # and that ended the "g"
    page.keyboard.press("?")

    expect(page.get_by_role("dialog", name=SHEET)).to_be_visible()
    assert page.url.endswith("#/profile")


def test_a_question_mark_shows_what_the_keys_do_for_this_person(page: Page, server: str):
    act_as(page, "member")
    entered(page, server, "profile", "Seu perfil")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name=SHEET)

    expect(sheet).to_contain_text("Procurar nesta página")
    expect(sheet.get_by_text("Conversas")).to_be_visible()
    expect(sheet.get_by_text("Modelos")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    assert page.url.endswith("#/profile"), "while it is open, no key leads away from it"


def test_a_slash_leads_to_the_search_of_the_page_or_of_everything(page: Page, server: str):
    entered(page, server, "people", "Pessoas")
    page.keyboard.press("/")
    field = page.get_by_label("Procurar por nome ou e-mail")
    expect(field).to_be_focused()
    expect(field).to_have_value("")

    entered(page, server, "doctor", "Saúde do servidor")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name=LABEL)).to_be_focused()


def test_while_somebody_types_the_keys_are_letters(page: Page, server: str):
    entered(page, server, "people", "Pessoas")
    field = page.get_by_label("Procurar por nome ou e-mail")
    field.press_sequentially("gc?/")

    expect(field).to_have_value("gc?/")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url.endswith("#/people")


def test_with_a_modifier_they_are_the_browsers(page: Page, server: str):
    entered(page, server)
    for keys in ("Alt+g", "c", "Control+/", "Alt+?"):
        page.keyboard.press(keys)
    page.keyboard.press("Control+k")

    expect(page.get_by_role("combobox", name=LABEL)).to_be_focused()
    assert page.url.endswith("#/keys")


def test_they_are_switched_off_in_the_profile_and_the_palette_stays(page: Page, server: str):
    entered(page, server, "profile", "Seu perfil")
    page.get_by_role("checkbox", name=SWITCH).uncheck()
    expect(page.get_by_role("status")).to_have_text("Isto vale a partir de agora neste navegador.")
    page.reload()
    expect(page.get_by_role("checkbox", name=SWITCH)).not_to_be_checked()
    heading(page, "Seu perfil")
    page.get_by_role("main").focus()
    page.keyboard.press("?")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name=LABEL)).to_be_focused()
    expect(page.get_by_role("dialog", name=SHEET)).to_have_count(0)
    expect(page.get_by_role("option", name="Conversas")).not_to_contain_text("g c")
    page.get_by_role("combobox", name=LABEL).fill("atalhos")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Os atalhos de uma tecla estão desligados")).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_role("checkbox", name=SWITCH).check()
    page.get_by_role("main").focus()
    page.keyboard.press("g")
    page.keyboard.press("c")
    heading(page, "Conversas")


def test_before_somebody_signed_in_no_key_does_anything(page: Page, server: str):
    entered(page, server)
    page.get_by_role("button", name="Sair", exact=True).click()
    expect(page.get_by_role("button", name="Entrar", exact=True)).to_be_visible()
    page.get_by_role("main").focus()
    for key in ("?", "g", "c", "Control+k"):
        page.keyboard.press(key)

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile("#/sign-in$"))


def test_axe_finds_nothing_in_the_sheet(looked_at: Page, server: str):
    page = looked_at
    entered(page, server, "profile", "Seu perfil")
    page.get_by_role("button", name="Mostrar estes atalhos").click()
    expect(page.get_by_role("dialog", name=SHEET)).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Fechar", exact=True).click()
    expect(page.get_by_role("button", name="Mostrar estes atalhos")).to_be_focused()
    expect(page.get_by_role("button", name=BUTTON).first).to_be_visible()
