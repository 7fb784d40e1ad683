"""The settings page before the preview: each section is a form, and says what it does not take."""

import re

import pytest
from playwright.sync_api import Page, expect

from appliance import sections
from appliance.api import options
from tests.static.browserless import STATIC

pytestmark = pytest.mark.browser


def test_a_section_is_changed_and_stays_changed(page: Page, server: str):
    page.goto(f"{server}/#/settings")
    entrance = page.get_by_role("region", name="Entrada", exact=True)
    entrance.get_by_label("Verificação em duas etapas").select_option("Obrigatória para todos")
    entrance.get_by_role("button", name="Salvar").click()
    expect(entrance.get_by_text("Salvo.")).to_be_visible()

    page.reload()

    chosen = page.get_by_label("Verificação em duas etapas")
    expect(chosen).to_have_value("everyone")


def test_an_address_leads_to_its_section(page: Page, server: str):
    page.goto(f"{server}/#/settings/sign_in")

    expect(page.get_by_role("heading", name="Entrada", exact=True)).to_be_in_viewport()


def test_saving_nothing_sends_nothing(page: Page, server: str):
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.method) if one.method == "PATCH" else None)
    page.goto(f"{server}/#/settings")

    page.get_by_role("region", name="Entrada", exact=True).get_by_role(
        "button", name="Salvar"
    ).click()

    expect(page.get_by_text("Salvo.")).to_be_visible()
    assert sent == []


@pytest.mark.parametrize("language", ["pt", "en", "es"])
def test_every_field_of_every_section_has_its_words(language: str) -> None:
    said = "".join(
        file.read_text("utf-8") for file in STATIC.glob(f"console/**/words/{language}.js")
    )
    words = set(re.findall(r'"(settings\.[^"]+)":', said))
    wanted = set()
    for kind in options.SECTIONS:
        name = f"settings.{kind.SECTION}"
        wanted |= {name, f"{name}.lead"}
        for field in sections.fields(kind):
            wanted |= {f"{name}.{field.name}"}
            wanted |= {f"{name}.{field.name}.{choice}" for choice in field.choices}

    assert sorted(wanted - words) == []


def test_the_directory_and_the_provider_say_how_it_went_last(page: Page, server: str):
    page.goto(f"{server}/#/settings/oidc")
    directory = page.get_by_role("region", name="Diretório da empresa")
    expect(directory.get_by_text("Responde.", exact=True)).to_be_visible()
    expect(directory).to_contain_text("41 entram por aqui · 2 não estão mais lá")
    provider = page.get_by_role("region", name="Provedor OpenID Connect")
    expect(provider.get_by_text("Não responde. Quem tem conta desta casa entra")).to_be_visible()
    expect(provider).to_contain_text("não pôde ser alcançado: Connection refused.")
    expect(provider).to_contain_text("1 entra por aqui")


def test_an_administrator_is_told_at_once_that_a_server_is_away(page: Page, server: str):
    why = "O provedor id.escola.example não respondeu."
    system = {"version": "0.1", "address": "", "language_model": None, "parts": [],
              "directory": None, "provider": why}  # fmt: skip
    page.route("**/api/system", lambda route: route.fulfill(json=system))
    page.goto(f"{server}/#/assistants")

    note = page.get_by_role("status").filter(has_text=why)
    expect(note).to_be_visible()
    note.get_by_role("link", name="Configurações").click()
    expect(page.get_by_role("heading", name="Provedor OpenID Connect")).to_be_in_viewport()


def test_an_administrator_is_told_at_once_that_the_certificate_ends(page: Page, server: str):
    why = "O certificado vence em 2026-12-04, em 7 dia(s)."
    system = {"version": "0.1", "address": "", "language_model": None, "parts": [],
              "certificate": why, "directory": None, "provider": None}  # fmt: skip
    page.route("**/api/system", lambda route: route.fulfill(json=system))
    page.goto(f"{server}/#/assistants")

    expect(page.get_by_role("status").filter(has_text=why)).to_be_visible()


def test_signing_out_goes_on_where_the_server_says(page: Page, server: str):
    page.route("**/api/session", lambda route: route.fulfill(
        status=204, headers={"location": f"{server}/host"}) if route.request.method == "DELETE"
        else route.fallback())  # fmt: skip
    page.goto(f"{server}/#/assistants")
    page.get_by_role("button", name="Sair").click()

    expect(page.get_by_role("heading", name="Escola Municipal")).to_be_visible()


def test_no_field_is_wider_than_its_sheet_on_a_telephone(page: Page, server: str):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server}/#/settings")
    expect(page.get_by_role("region", name="Provedor OpenID Connect")).to_be_visible()

    wide = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).length"
    assert page.locator(".leaf").evaluate_all(wide) == 0


def test_the_sections_are_a_press_away(page: Page, server: str):
    page.goto(f"{server}/#/settings")
    ways = page.get_by_role("navigation", name="Seções")
    ways.get_by_role("link", name="Prazos").click()

    expect(page.get_by_role("heading", name="Prazos")).to_be_in_viewport()
