"""The widget and the console by TLS in a real browser: through a real nginx, and by the
appliance's own certificate."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.scripted import Served
from tests.browser.test_frames import change_sites, embedding, site
from tests.fakes import ScriptedGenerator
from tests.installer.reverse import TRUSTED, Nginx, Proxy, proxy
from tests.static.conftest import KNOWN

pytestmark = [pytest.mark.browser, pytest.mark.guarantee("INS-04", "INS-05")]

QUESTION = "Qual é a multa por atraso na devolução de livros?"


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Proxy]:
    with proxy(Nginx, tmp_path / "proxy") as before:
        yield before


@pytest.fixture(params=["nginx", "own"])
def served(request: pytest.FixtureRequest, nginx: Proxy, tmp_path: Path) -> Iterator[Served]:
    """A house that people reach by the proxy alone, or that has a certificate of its own."""
    if request.param == "own":
        with Served(tmp_path / "data", ScriptedGenerator(), tls=True) as itself:
            yield itself
        return
    made = Served(
        tmp_path / "data", ScriptedGenerator(), public_url=nginx.address, trusted_proxies=TRUSTED
    )
    nginx.start(made.door.getsockname()[1])
    made.address = nginx.address
    with made:
        yield made


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Page]:
    """A browser that takes the test's certificates, and whose errors fail the test."""
    context = chromium.new_context(locale="pt-BR", ignore_https_errors=True)
    page = context.new_page()
    page.set_default_timeout(30_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert errors == []


def test_a_visitor_of_another_site_asks_and_is_answered(
    served: Served, nginx: Proxy, visitor: Page
) -> None:
    made = served.assistant()
    served.upload(made["collections"][0])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*nginx.papers)
    with site(embedding(served, made["public_id"]), tls=context) as listed:
        change_sites(served, made, listed)
        visitor.goto(listed)
        visitor.get_by_role("button", name="Abrir conversa: Secretaria").click()
        chat = visitor.frame_locator("iframe")
        chat.get_by_role("button", name="Li e entendi").click()
        chat.get_by_label("Sua pergunta").fill(QUESTION)
        chat.get_by_role("button", name="Perguntar", exact=True).click()

        expect(chat.get_by_role("button", name="Copiar com fontes")).to_be_visible()
        assert visitor.context.cookies() == []
    (asked,) = served.parts.database.rows("select question from messages")
    assert asked["question"] == QUESTION


def test_the_console_is_used_through_it(served: Served, visitor: Page) -> None:
    """Signed in by a secure cookie, with an answer that streams; nginx speaks HTTP/2."""
    made = served.assistant()
    served.upload(made["collections"][0])
    name = "__Host-balcao"
    cookie = {"name": name, "value": served.client.cookies[name], "url": served.address}
    visitor.context.add_cookies([cookie | {"secure": True}])  # type: ignore[list-item]
    visitor.add_init_script(KNOWN)
    visitor.goto(f"{served.address}/#/assistants/{made['id']}")
    visitor.get_by_label("Sua pergunta").fill(QUESTION)
    visitor.get_by_role("button", name="Perguntar", exact=True).click()

    expect(visitor.get_by_role("button", name="Copiar com fontes")).to_be_visible()
    spoken = visitor.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol")
    assert spoken == ("http/1.1" if served.settings.tls else "h2")
