"""The gate before publishing, as an editor sets it up and meets it."""

import pytest
from playwright.sync_api import Page, expect

from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser
SWITCH = "Publicar mudanças só se as perguntas de referência passarem"


def held(page: Page, server: str) -> None:
    """Set the gate up, and save a change that turns a question red."""
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    page.goto(f"{server}/#/assistants/{one}/quality")
    page.get_by_label(SWITCH).check()
    expect(page.get_by_label(SWITCH)).to_be_checked()
    assert violations(page) == []
    page.get_by_role("link", name="Comportamento", exact=True).click()
    page.locator("[name=strictness][value=helpful]").check()
    page.get_by_role("button", name="Salvar").click()
    expect(page.get_by_role("heading", name="Uma mudança foi retida")).to_be_visible()


def test_a_change_that_is_held_says_what_it_breaks_and_is_not_said_to_be_saved(
    page: Page, server: str
) -> None:
    held(page, server)

    note = page.get_by_role("region", name="Uma mudança foi retida")
    expect(note).to_contain_text("Até quando entrego os recibos?")
    expect(page.get_by_role("status").filter(has_text="Retida até que")).to_have_count(1)
    expect(page.get_by_text("Salvo. Vale para a próxima pergunta.")).to_have_count(0)
    note.get_by_text("Ver a mudança (1 campo)").click()
    expect(note.locator("ins")).to_be_visible()
    assert violations(page) == []


def test_it_is_published_anyway_once_that_is_confirmed(page: Page, server: str) -> None:
    held(page, server)
    page.get_by_role("button", name="Publicar assim mesmo").click()
    page.get_by_role("dialog").get_by_role("button", name="Publicar assim mesmo").click()

    expect(page.get_by_role("heading", name="Uma mudança foi retida")).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="Publicada.")).to_have_count(1)


def test_it_is_given_up(page: Page, server: str) -> None:
    held(page, server)
    page.get_by_role("button", name="Desistir da mudança").press("Enter")

    expect(page.get_by_role("heading", name="Uma mudança foi retida")).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="tudo fica como estava")).to_have_count(1)


def test_collections_are_told_by_their_names(page: Page, server: str) -> None:
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]
    shelf = page.request.get(f"{server}/api/collections").json()["items"][0]
    change = {"field": "collections", "before": [shelf["id"]], "after": [shelf["id"], "gone"]}
    held = {"asking": True, "changes": [change], "red": [], "created_at": "2026-11-23T09:00:00Z"}
    told = {"on": True, "questions": 1, "held": held}
    page.route("**/gate", lambda route: route.fulfill(json=told))
    page.goto(f"{server}/#/assistants/{one['id']}/behaviour")

    page.get_by_text("Ver a mudança (1 campo)").click()
    after = page.locator(".held ins")
    expect(after).to_contain_text(shelf["name"])
    expect(after).to_contain_text("não está ao seu alcance")
    expect(after).not_to_contain_text(shelf["id"])
