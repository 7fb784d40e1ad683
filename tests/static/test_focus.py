"""The focus is never lost: it goes to the nearest thing that stands when what had it goes away."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
FOCUSED = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.localName"


def documents(page: Page, server: str) -> None:
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    page.goto(f"{server}/#/assistants/{one}/documents")


def remove(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Excluir {name}").press("Enter")
    sure = page.get_by_role("dialog").get_by_role("button", name="Excluir")
    sure.press("Enter")
    expect(page.get_by_role("button", name=f"Excluir {name}")).to_have_count(0)


def bins(page: Page) -> list[str]:
    found = page.get_by_role("rowgroup").last.get_by_role("button", name="Excluir")
    expect(found.first).to_be_visible()
    return [one.get_attribute("aria-label") or "" for one in found.all()]


def test_it_goes_to_the_row_that_moves_up(page: Page, server: str) -> None:
    documents(page, server)
    first, second, *_ = bins(page)
    remove(page, first.removeprefix("Excluir "))

    expect(page.get_by_role("button", name=second, exact=True)).to_be_focused()


def test_after_the_last_row_it_goes_to_the_one_before(page: Page, server: str) -> None:
    documents(page, server)
    *_, before, last = bins(page)
    remove(page, last.removeprefix("Excluir "))

    expect(page.get_by_role("button", name=before, exact=True)).to_be_focused()


def test_a_dialog_that_was_left_gives_it_back(page: Page, server: str) -> None:
    documents(page, server)
    opener = page.get_by_role("button", name="Excluir Regimento interno")
    opener.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")

    expect(opener).to_be_focused()


def test_the_next_step_of_a_page_begins_in_its_content(page: Page, server: str) -> None:
    page.goto(f"{server}/#/assistants/new")
    page.get_by_label("Nome", exact=True).fill("Biblioteca")
    page.get_by_role("button", name="Continuar").press("Enter")

    expect(page.get_by_role("heading", name="O que Biblioteca vai ler?")).to_be_visible()
    expect(page.get_by_role("main")).to_be_focused()


def test_a_button_that_was_busy_has_it_again(page: Page, fresh_server: str) -> None:
    page.request.post(
        f"{fresh_server}/api/setup",
        data={"code": "1234-5678", "name": "H", "email": "h@e.example", "language": "pt"},
    )
    page.goto(fresh_server)
    page.get_by_label("E-mail").fill("h@e.example")
    page.get_by_label("Senha").fill("wrong")
    page.get_by_role("button", name="Entrar").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()

    expect(page.get_by_role("button", name="Entrar")).to_be_focused()
    page.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 401


def test_who_clicks_beside_everything_has_it_nowhere(page: Page, server: str) -> None:
    documents(page, server)
    page.get_by_role("button", name="Excluir Regimento interno").focus()
    page.get_by_role("heading", level=1).click()
    page.get_by_role("checkbox", name="Escolher Regimento interno").evaluate("one => one.click()")
    expect(page.get_by_role("region", name="Escolhidos")).to_contain_text("1 escolhido")

    assert page.evaluate(FOCUSED) in {"body", "main"}
