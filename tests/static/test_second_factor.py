"""Two-step verification before the preview: from off to codes kept, and off again."""

import pytest
from playwright.sync_api import Page, expect

from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser


def set_up(page: Page, server: str) -> None:
    page.goto(f"{server}/#/second-factor")
    page.get_by_label("Sua senha").fill("três gatos na janela")
    page.get_by_role("button", name="Configurar").click()


def test_it_is_set_up_and_the_codes_are_shown_once(page: Page, server: str):
    set_up(page, server)
    expect(page.get_by_alt_text("Imagem para o aplicativo de códigos ler")).to_be_visible()
    expect(page.get_by_label("Código de verificação")).to_be_focused()
    assert violations(page) == []

    page.get_by_label("Código de verificação").fill("123456")
    page.keyboard.press("Enter")
    expect(page.get_by_text("ABCD-EFGH")).to_contain_text("JK29")
    assert violations(page) == []

    page.get_by_role("button", name="Já guardei").click()
    expect(page.get_by_role("heading", name="Ligada")).to_be_visible()
    expect(page.get_by_text("ABCD-")).to_have_count(0)


def test_a_wrong_code_is_said_and_can_be_tried_again(page: Page, server: str):
    set_up(page, server)
    page.get_by_label("Código de verificação").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("não confere")
    page.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 400

    page.get_by_label("Código de verificação").fill("123456")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Códigos de recuperação")).to_be_visible()


def test_a_wrong_password_sets_up_nothing(page: Page, server: str):
    page.goto(f"{server}/#/second-factor")
    page.get_by_label("Sua senha").fill("errada")
    page.get_by_role("button", name="Configurar").click()

    expect(page.get_by_role("alert")).to_contain_text("senha atual")
    page.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 403


def test_new_codes_and_turning_off_ask_for_everything_once_more(page: Page, server: str):
    set_up(page, server)
    page.get_by_label("Código de verificação").fill("123456")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Já guardei").click()

    for action in ("Novos códigos de recuperação", "Desligar a verificação"):
        asked = page.get_by_role("group").filter(has_text=action)
        asked.get_by_text(action).first.click()
        asked.get_by_label("Sua senha").fill("três gatos na janela")
        asked.get_by_label("Código de verificação").fill("123456")
        assert violations(page) == []
        asked.get_by_role("button", name=action).click()
        if action.startswith("Novos"):
            page.get_by_role("button", name="Já guardei").click()

    expect(page.get_by_role("heading", name="Desligada")).to_be_visible()


def test_whoever_needs_one_is_led_to_it(page: Page, server: str):
    def needed(route):
        route.fulfill(
            status=403,
            content_type="application/problem+json",
            body='{"code": "second_factor_needed", "detail": "Configure-a."}',
        )

    page.route("**/api/keys*", needed)
    page.goto(f"{server}/#/keys")

    expect(page.get_by_role("heading", name="Verificação em duas etapas")).to_be_visible()
    page.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 403
