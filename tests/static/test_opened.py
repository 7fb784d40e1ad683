"""What can be opened on a page (folds, forms, dialogs, the palette) has nothing that axe-core
finds, in light and in dark: one browser page walks the console once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.static.conftest import watched
from tests.static.test_accessibility import PAGES, settled, violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
TAB = "Secretaria da escola"
# A button of a page that opens a form in it, and one that opens a dialog over it.
FORMS = {"approved": "Nova resposta", "sources": "Adicionar fonte", "models": "Adicionar motor"}
DIALOGS = {
    "conversations": "Excluir a conversa",
    "conversations/all": "Ler a conversa de Ana Luz",
    "documents": "Excluir Contrato antigo",
    "models": "Excluir mistral-small",
    "people": "Excluir Ana Luz",
    "quality": "Acrescentar pergunta",
    "subjects/retention": "Confirmar e excluir",
}
FOLDS = ["api", "audit", "doctor", "groups", "share", "subjects/holds", "subjects/processing"]
# The reference of the API has hundreds of folds, all alike.
UNFOLD = (
    """() => document.querySelectorAll("main details").forEach((one, n) => { one.open = n < 8; })"""
)


def seen(page: Page, where: str) -> None:
    """Nothing is found; in the dark it is only the colours that are others."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert violations(page) == [], where
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    faint = page.evaluate("axe.run(document, {runOnly: ['color-contrast']})")["violations"]
    assert faint == [], f"{where}, dark"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Wide enough for every button to have its word."""
    with watched(chromium, "pt-BR") as opened:
        yield opened


def test_whatever_can_be_opened(page: Page, server: str) -> None:
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    page.request.post(f"{server}/api/assistants/{one}/ask", data={"question": "Há piscina?"})
    left = set(FORMS) | set(DIALOGS)
    for name in sorted({*FORMS, *DIALOGS, *FOLDS}):
        heading = PAGES[name]
        page.goto("about:blank")
        page.goto(f"{server}/#/assistants/{one}/{name}" if heading == TAB else f"{server}/#/{name}")
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        settled(page)
        main = page.get_by_role("main")
        if form := FORMS.get(name):
            main.get_by_role("button", name=form).first.click()
            left.discard(name)
        if form or name in FOLDS:
            page.evaluate(UNFOLD)
            settled(page)
            seen(page, name)
        if word := DIALOGS.get(name):
            main.get_by_role("button", name=word).first.click()
            expect(page.get_by_role("dialog")).to_be_visible()
            seen(page, f"{name}: {word}")
            page.keyboard.press("Escape")
            expect(page.get_by_role("dialog")).to_be_hidden()
            left.discard(name)
    assert left == set()


def test_the_palette_and_the_sheet_of_keys(page: Page, server: str) -> None:
    page.goto(f"{server}/#/assistants")
    expect(page.get_by_role("heading", name="Assistentes", level=1)).to_be_visible()
    for keys in ("Control+k", "?"):
        page.keyboard.press(keys)
        expect(page.get_by_role("dialog")).to_be_visible()
        if keys == "Control+k":
            page.get_by_role("dialog").get_by_role("combobox").fill("re")
            expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
        seen(page, keys)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
