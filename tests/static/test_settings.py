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

    page.get_by_role("region", name="Entrada", exact=True).get_by_role("button", name="Salvar").click()

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
