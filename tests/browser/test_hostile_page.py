"""The widget on a page that does everything to break or to read it, in a real browser (SEC-15)."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.scripted import Served
from tests.browser.test_frames import change_sites, loose, served, site

__all__ = ["loose", "served"]

pytestmark = [pytest.mark.browser, pytest.mark.guarantee("SEC-15")]

QUESTION = "Qual é a multa por atraso?"
# Rules that hide, move and paint over everything, as important as rules can be.
RULES = """
  * { display: none !important; visibility: hidden !important; opacity: 0 !important; }
  html > *, div, button, iframe {
    position: static !important; transform: scale(0) !important; width: 0 !important;
    height: 0 !important; pointer-events: none !important; clip-path: inset(50%) !important;
  }
  html { display: block !important; visibility: visible !important; opacity: 1 !important; }
"""
# What old libraries and adversaries do to the language and the document.
GLOBALS = """
  window.stolen = [];
  Array.prototype.evil = function () { return 1; };
  Array.prototype.map = Array.prototype.find = Array.prototype.filter = function () { return []; };
  Object.prototype.polluted = "yes";
  String.prototype.slice = function () { return "xx"; };
  JSON.parse = () => ({});
  window.fetch = async (...asked) => { stolen.push(String(asked)); throw new Error("mine"); };
  window.XMLHttpRequest = function () { stolen.push("xhr"); };
  addEventListener("message", (event) => stolen.push(JSON.stringify(event.data) ?? ""));
"""


# Elements whose names stand before what a document has of that name.
CLOBBERS = """
  <form name="documentElement"><input name="append"></form><form name="location"></form>
  <img name="createElement"><img name="currentScript">
"""


def page_with(
    served: Served, public: str, *, style: str = "", script: str = "", body: str = ""
) -> str:
    """Somebody's page; what it does to itself it does before the widget comes."""
    style, script = style and f"<style>{style}</style>", script and f"<script>{script}</script>"
    return (
        '<!doctype html><title>Escola</title><link rel="icon" href="data:,">'
        f'{style}{script}<form id="body"><input name="head" value="segredo do site"></form>{body}'
        f'<script src="{served.address}/widget.js" data-assistant="{public}"></script>'
    )


@pytest.fixture
def made(served: Served) -> dict[str, Any]:
    made = served.assistant()
    served.upload(made["collections"][0])
    return made


def ask(loose: Page) -> None:
    """From the button to an answer, by what a visitor sees."""
    loose.get_by_role("button", name="Abrir conversa: Secretaria").click()
    chat = loose.frame_locator("iframe")
    chat.get_by_role("button", name="Li e entendi").click()
    chat.get_by_label("Sua pergunta").fill(QUESTION)
    chat.get_by_role("button", name="Perguntar", exact=True).click()
    expect(chat.get_by_role("button", name="Copiar com fontes")).to_be_visible()


@pytest.mark.parametrize("size", [(1280, 800), (390, 800)], ids=["desk", "phone"])
def test_rules_that_hide_everything_hide_neither_the_button_nor_the_chat(
    served: Served, loose: Page, made: dict[str, Any], size: tuple[int, int]
) -> None:
    loose.set_viewport_size({"width": size[0], "height": size[1]})
    with site(page_with(served, made["public_id"], style=RULES)) as listed:
        change_sites(served, made, listed)
        loose.goto(listed)
        button = loose.get_by_role("button", name="Abrir conversa: Secretaria")
        expect(button).to_be_visible()
        place = button.bounding_box()
        assert place is not None
        assert place["width"] >= 24
        assert place["x"] + place["width"] <= size[0]
        assert place["y"] + place["height"] <= size[1]
        ask(loose)


def test_a_policy_that_names_this_server_alone_is_enough(
    served: Served, loose: Page, made: dict[str, Any]
) -> None:
    """No inline script or style of ours, no eval, nothing from anywhere else."""
    here = served.address
    policy = f"default-src 'none'; script-src {here}; connect-src {here}; frame-src {here}"
    refused: list[str] = []
    loose.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    html = page_with(served, made["public_id"]).replace('<link rel="icon" href="data:,">', "")
    with site(html, Content_Security_Policy=policy) as listed:
        change_sites(served, made, listed)
        loose.goto(listed)
        ask(loose)

    assert refused == []


@pytest.mark.parametrize(
    "harm", [{"script": GLOBALS}, {"body": CLOBBERS}], ids=["globals", "names"]
)
def test_a_page_turned_round_gets_the_chat_or_nothing_and_reads_no_word(
    served: Served, loose: Page, made: dict[str, Any], harm: dict[str, str]
) -> None:
    with site(page_with(served, made["public_id"], **harm)) as listed:
        change_sites(served, made, listed)
        loose.goto(listed)
        loose.wait_for_load_state("networkidle")
        works = loose.get_by_role("button", name="Abrir conversa: Secretaria").count()
        if works:
            ask(loose)
        heard = str(loose.evaluate("window.stolen ?? []"))
        cookie = loose.evaluate("document.cookie")
        names = loose.evaluate("Object.getOwnPropertyNames(window).join(' ')")

    assert QUESTION not in heard
    assert "R$" not in heard
    assert cookie == ""
    assert "balc" not in names.lower()


def test_the_page_cannot_look_into_the_chat_and_the_chat_not_into_the_page(
    served: Served, loose: Page, made: dict[str, Any]
) -> None:
    with site(page_with(served, made["public_id"])) as listed:
        change_sites(served, made, listed)
        sent: list[str] = []
        loose.on("request", lambda one: sent.append(f"{one.url} {one.post_data} {one.headers}"))
        loose.goto(listed)
        loose.evaluate("document.cookie = 'sessao=segredo-do-cookie'")
        ask(loose)
        (inside,) = [one for one in loose.frames if one.url.startswith(served.address)]
        seen = inside.evaluate(
            """() => {
              try { return window.parent.document.title; } catch (error) { return error.name; }
            }"""
        )
        looked = loose.evaluate(
            """() => {
              const host = [...document.documentElement.children].at(-1);
              const frame = host.shadowRoot.querySelector("iframe");
              return [frame.contentDocument, host.innerHTML];
            }"""
        )

    assert seen == "SecurityError"
    assert looked == [None, ""]
    ours = [one for one in sent if one.startswith(served.address)]
    assert not [one for one in ours if "segredo" in one]
