"""Text stays text: of a model, of a document's name, of an owner. Live and after a reload."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

NASTY = "\"><img src=x onerror=fetch('/canary-xss')>"


def no_markup(page: Page) -> None:
    """Whatever arrived, only our own pictures stand in the page."""
    assert page.locator("img:not([src^='blob:']), svg[onload], article script").count() == 0
    assert page.evaluate("window.__xss") is None


@pytest.mark.guarantee("SEC-12")
def test_a_models_markup_is_shown_as_it_was_written(page: Page, server: str):
    page.goto(server)
    page.get_by_role("main").get_by_role("link", name="Secretaria da escola").click()
    page.get_by_label("Sua pergunta").fill("ataque")
    page.get_by_role("button", name="Perguntar", exact=True).click()

    expect(page.locator(".written")).to_contain_text("<img src=x onerror=fetch('/canary-xss')>")
    expect(page.get_by_role("button", name="Copiar com fontes")).to_be_visible()
    no_markup(page)
    assert page.locator(".written a").count() == 0
    page.reload()
    expect(page.locator(".written")).to_contain_text("</script><svg/onload=")
    no_markup(page)


@pytest.mark.guarantee("SEC-13")
def test_names_are_shown_as_they_were_written(page: Page, server: str):
    shelf = page.request.get(f"{server}/api/assistants").json()["items"][0]
    page.request.patch(
        f"{server}/api/assistants/{shelf['id']}",
        data={"name": NASTY, "greeting": NASTY, "suggestions": [NASTY], "contact": NASTY},
    )
    page.request.patch(f"{server}/api/people/p1", data={"name": NASTY})
    page.goto(server)

    expect(page.get_by_role("heading", name=NASTY)).to_be_visible()
    expect(page.get_by_text(NASTY).first).to_be_visible()
    page.get_by_role("main").get_by_role("link", name=NASTY).click()
    expect(page.get_by_role("button", name=NASTY)).to_be_visible()
    assert page.title() == f"{NASTY} – Balcão"
    no_markup(page)


@pytest.mark.guarantee("SEC-13")
def test_a_files_name_is_shown_as_it_was_written(page: Page, server: str):
    page.goto(server)
    page.get_by_role("main").get_by_role("link", name="Secretaria da escola").click()
    page.get_by_role("link", name="Documentos", exact=True).click()
    name = "<img src=x onerror=fetch(1)>.pdf"
    file = {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF"}
    page.get_by_label("Escolher arquivos").set_input_files([file])

    expect(page.get_by_role("link", name="<img src=x onerror=fetch(1)>")).to_be_visible()
    # The stream of its reading ends before the server does, or the browser reports a reset.
    expect(page.get_by_role("row", name="<img src=x")).to_contain_text("Pronto")
    no_markup(page)


def test_a_tampered_colour_cannot_reach_the_style_sheet(page: Page, server: str):
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]
    page.request.patch(
        f"{server}/api/assistants/{one['id']}", data={"accent": "red;background:url(//canary.test)"}
    )
    page.goto(f"{server}/#/assistants/{one['id']}/chat")

    expect(page.get_by_label("Sua pergunta")).to_be_visible()
    assert "canary" not in (page.locator("balcao-chat").get_attribute("style") or "")
