"""The main walk before the real appliance: from the setup code to the cited line and out."""

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import keep
from tests.whole.running import Running

pytestmark = pytest.mark.browser
SAMPLES = Path(__file__).parents[2] / "installer" / "samples"
QUESTION = "Qual é a multa por atraso na devolução de um livro da biblioteca?"
SOURCE = re.compile(r"^Fonte 1: Regimento escolar, Art\. 26, § 2º, p\. 7")
PASSWORD = "uma frase bem comprida"


def set_up(page: Page, appliance: Running) -> None:
    code = appliance.command("setup-code").split()[-1]
    page.goto(appliance.address)
    page.get_by_label("Código de instalação").fill(code)
    page.get_by_label("Organização").fill("Colégio Aurora")
    page.get_by_label("Seu nome").fill("Helena Prado")
    page.get_by_label("E-mail").fill("helena@escola.example")
    page.get_by_label("Senha").fill(PASSWORD)
    page.get_by_role("button", name="Começar").click()
    expect(page.get_by_role("heading", name="Crie o primeiro assistente")).to_be_visible()


def make_assistant(page: Page) -> None:
    page.get_by_role("link", name="Criar assistente").click()
    page.get_by_label("Nome", exact=True).fill("Secretaria")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_label("Escolher arquivos").set_input_files(SAMPLES / "regimento-escolar.pdf")
    row = page.get_by_role("row", name="Regimento escolar")
    expect(row).to_contain_text("Pronto", timeout=60_000)
    page.get_by_role("link", name="Continuar").click()


def ask(page: Page, question: str = QUESTION) -> None:
    page.get_by_label("Sua pergunta").fill(question)
    page.get_by_role("button", name="Perguntar", exact=True).click()


def test_from_the_setup_code_to_the_cited_line_and_out(page: Page, appliance: Running) -> None:
    set_up(page, appliance)
    keep(page, "walk-1-first-day")
    page.get_by_role("button", name="Sair").click()
    page.get_by_label("E-mail").fill("helena@escola.example")
    page.get_by_label("Senha").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()

    make_assistant(page)
    ask(page)
    expect(page.get_by_role("link", name=SOURCE).first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("<script src=")).to_contain_text(appliance.address)
    keep(page, "walk-2-wizard-answer")
    page.get_by_role("link", name="Concluir").click()
    expect(page.get_by_role("link", name="Compartilhar")).to_be_visible()

    ask(page)
    page.get_by_role("link", name=SOURCE).first.click(timeout=30_000)
    pane = page.get_by_role("region", name="Página citada")
    picture = pane.get_by_alt_text("Página 7 de Regimento escolar")
    expect(picture).to_be_visible(timeout=30_000)
    expect(pane.locator(".box").first).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 800
    keep(page, "walk-3-cited-page")
    page.keyboard.press("Escape")

    page.reload()
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
    expect(page.get_by_role("link", name=SOURCE).first).to_be_visible()
    ask(page, "Qual é a velocidade da internet sem fio da escola?")
    expect(page.get_by_text("Não encontrei essa informação").first).to_be_visible()
    keep(page, "walk-4-refusal")

    page.get_by_role("button", name="Sair").click()
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()


def test_reading_is_seen_page_by_page(page: Page, appliance: Running) -> None:
    set_up(page, appliance)
    page.get_by_role("link", name="Criar assistente").click()
    page.get_by_label("Nome", exact=True).fill("Secretaria")
    page.get_by_role("button", name="Continuar").click()
    seen: list[str] = []
    page.expose_function("seen", lambda text: seen.append(text))
    page.evaluate(
        "new MutationObserver(() => seen(document.querySelector('main').innerText))"
        ".observe(document.querySelector('main'), {subtree: true, childList: true,"
        " characterData: true})"
    )
    page.get_by_label("Escolher arquivos").set_input_files(SAMPLES / "regimento-escolar.pdf")
    expect(page.get_by_role("row", name="Regimento escolar")).to_contain_text(
        "Pronto", timeout=60_000
    )

    assert re.search(r"\d+ (de|/) \d+", "\n".join(seen)), "progress is counted"


class Host(SimpleHTTPRequestHandler):
    """A school's own site, with one page that has the widget's line in it."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A site on another origin and its folder."""
    folder = tmp_path / "site"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()


def test_a_parent_asks_on_the_schools_page(
    page: Page, appliance: Running, site: tuple[str, Path]
) -> None:
    address, folder = site
    appliance.with_key()
    made = appliance.client.post(
        "/api/assistants",
        json={"name": "Secretaria", "greeting": "Bom dia!", "origins": [address]},
    ).json()
    regulations = (SAMPLES / "regimento-escolar.pdf").read_bytes()
    document = appliance.upload(made["collections"][0], "regimento-escolar.pdf", regulations)
    appliance.read(document)
    (folder / "index.html").write_text(
        "<!doctype html><html lang=pt><meta charset=utf-8><title>Colégio</title>"
        "<h1>Colégio Aurora</h1>"
        f'<script src="{appliance.address}/widget.js" data-assistant="{made["public_id"]}">'
        "</script>"
    )
    (folder / "favicon.ico").write_bytes(b"")

    page.goto(address)
    page.get_by_role("button").first.click()
    chat = page.frame_locator("iframe")
    chat.get_by_role("button", name="Li e entendi").click()
    expect(chat.get_by_text("Bom dia!")).to_be_visible()
    chat.get_by_label("Sua pergunta").fill(QUESTION)
    chat.get_by_role("button", name="Perguntar", exact=True).click()
    source = chat.get_by_role("link", name=SOURCE).first
    expect(source).to_be_visible(timeout=30_000)
    keep(page, "widget-1-answer")
    source.click()
    expect(chat.get_by_alt_text("Página 7 de Regimento escolar")).to_be_visible(timeout=30_000)
    expect(chat.locator(".box").first).to_be_visible()
    keep(page, "widget-2-page")


def test_the_widget_does_not_appear_on_a_site_that_is_not_allowed(
    page: Page, appliance: Running, site: tuple[str, Path]
) -> None:
    address, folder = site
    appliance.with_key()
    made = appliance.assistant()
    (folder / "index.html").write_text(
        f'<!doctype html><script src="{appliance.address}/widget.js"'
        f' data-assistant="{made["public_id"]}"></script>'
    )
    (folder / "favicon.ico").write_bytes(b"")

    with page.expect_console_message(lambda said: "Balcão" in said.text) as told:
        page.goto(address)

    assert told.value.type == "info"
    expect(page.get_by_role("button")).to_have_count(0)
    page.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 403
