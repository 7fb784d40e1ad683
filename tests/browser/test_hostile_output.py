"""A model that obeys an attacker, before a real browser: what it says is read, and nothing more.

The browser does not enforce the page's policy here (``Watched``): that nothing runs is the
page's own care, and ``test_policy`` tries the second lock alone.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.hostile import MARKUP, WAYS_OUT, Obeying, Watched, shown, squeezed
from tests.browser.scripted import Served
from tests.browser.test_walk import site

pytestmark = pytest.mark.browser
QUESTION = "Qual é a multa por atraso na devolução de livros?"
ORDERS = MARKUP + WAYS_OUT


@pytest.fixture
def obeying(tmp_path: Path) -> Iterator[Served]:
    """An appliance whose model says what the attacker wants, to whom shows all of it."""
    with Served(tmp_path / "data", Obeying(ORDERS)) as served:
        yield served


def furnished(served: Served, *sites: str) -> dict[str, str]:
    """An assistant with a document, reached from these sites."""
    made = served.assistant(strictness="helpful", origins=list(sites))
    served.upload(made["collections"][0])
    return {"id": made["id"], "public_id": made["public_id"]}


def ask_for_each(chat: Page | FrameLocator, served: Served, orders: tuple[str, ...]) -> None:
    """One question for each thing that the attacker wants said."""
    for count, order in enumerate(orders, 1):
        chat.get_by_label("Sua pergunta").fill(QUESTION)
        chat.get_by_role("button", name="Perguntar", exact=True).click()
        expect(chat.get_by_role("button", name="Copiar com fontes")).to_have_count(count)
        written = chat.locator(".written").nth(count - 1)
        assert squeezed(plain(order)) in squeezed(plain(written.inner_text()))


def plain(text: str) -> str:
    """Without the marks of a list or a heading, which are drawn."""
    return text.replace("#", "")


@pytest.mark.guarantee("SEC-12", "SEC-14")
def test_what_a_model_says_is_text_while_it_comes_and_after_a_reload(
    chromium: Browser, obeying: Served
) -> None:
    one = furnished(obeying)
    watched = Watched(chromium)
    page = watched.page
    obeying.let_in(page)
    page.goto(f"{obeying.address}/#/assistants/{one['id']}/chat")
    ask_for_each(page, obeying, ORDERS)

    watched.assert_harmless(obeying.address)
    assert page.locator(".written a:not(.cite)").count() == 0
    page.reload()
    expect(page.locator(".written")).to_have_count(len(ORDERS))
    for order in ORDERS:
        assert squeezed(plain(order)) in squeezed(plain(shown(page)))
    watched.assert_harmless(obeying.address)


@pytest.mark.guarantee("SEC-12", "SEC-14")
def test_what_a_model_says_is_text_in_the_widget_on_a_foreign_page(
    chromium: Browser, obeying: Served, site: tuple[str, Path]
) -> None:
    address, folder = site
    one = furnished(obeying, address)
    (folder / "favicon.ico").write_bytes(b"")
    (folder / "index.html").write_text(
        "<!doctype html><html lang=pt><meta charset=utf-8><title>Colégio</title>"
        f'<script src="{obeying.address}/widget.js" data-assistant="{one["public_id"]}"></script>'
    )
    watched = Watched(chromium)
    watched.page.goto(address)
    watched.page.get_by_role("button").first.click()
    chat = watched.page.frame_locator("iframe")
    chat.get_by_role("button", name="Li e entendi").click()
    ask_for_each(chat, obeying, ORDERS)

    assert chat.locator(".written a:not(.cite)").count() == 0
    inside = watched.page.frames[1]
    assert inside.evaluate("[window.__xss ?? null, window.__seen]") == [None, []]
    assert watched.page.evaluate("window.__xss") is None
    assert watched.foreign(obeying.address, address) == []
    assert [one for one in watched.requests if "canary" in one] == []


@pytest.mark.guarantee("SEC-12", "SEC-14")
def test_what_a_document_says_is_text_wherever_it_is_quoted(
    chromium: Browser, obeying: Served
) -> None:
    made = obeying.assistant(mode="quote")
    hostile = "\n".join(one.replace("\n", " ") for one in (*MARKUP, *WAYS_OUT))
    document = obeying.upload(
        made["collections"][0],
        f"# Biblioteca {MARKUP[0]}\n\nA multa por atraso na devolução de livros é {hostile}\n",
        "regimento.txt",
    )
    watched = Watched(chromium)
    page = watched.page
    obeying.let_in(page)
    page.goto(f"{obeying.address}/#/assistants/{made['id']}/chat")
    page.get_by_label("Sua pergunta").fill(QUESTION)
    page.get_by_role("button", name="Perguntar", exact=True).click()
    page.get_by_text("consultado").click()
    expect(page.get_by_label("Trechos encontrados")).to_contain_text("onerror")
    page.get_by_text("Como foi encontrado").click()
    expect(page.get_by_role("heading", name="Ordem final")).to_be_visible()
    page.get_by_role("link", name="Fonte 1").first.click()
    expect(page.get_by_role("region", name="Página citada")).to_contain_text("onerror")
    watched.assert_harmless(obeying.address)

    page.goto(f"{obeying.address}/#/documents/{document['id']}")
    expect(page.get_by_role("main")).to_contain_text("canary.test")
    watched.assert_harmless(obeying.address)


__all__ = ["site"]
