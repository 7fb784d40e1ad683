"""axe-core finds nothing on any page: wide and light, narrow and dark."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.static.browserless import HERE

pytestmark = pytest.mark.browser

AXE = HERE / "node_modules/axe-core/axe.min.js"
PAGES = {
    "assistants": "Assistentes",
    "assistants/new": "Novo assistente",
    "api": "API",
    "audit": "Auditoria",
    "conversations": "Conversas",
    "conversations/all": "Conversas",
    "dashboard": "Painel",
    "jobs": "Tarefas",
    "keys": "Chaves",
    "people": "Pessoas",
    "profile": "Seu perfil",
    "gaps": "Lacunas",
    "groups": "Grupos",
    "handovers": "Atendimento",
    "sources": "Fontes",
    "trash": "Lixeira",
    "models": "Modelos",
    "settings": "Configurações",
    "doctor": "Saúde do servidor",
    "backups": "Backups",
    "egress": "Saída de rede",
    "subjects": "LGPD",
    "subjects/receipts": "LGPD",
    "subjects/holds": "LGPD",
    "subjects/retention": "LGPD",
    "subjects/processing": "LGPD",
    "second-factor": "Verificação em duas etapas",
    "chat": "Secretaria da escola",
    "documents": "Secretaria da escola",
    "behaviour": "Secretaria da escola",
    "approved": "Secretaria da escola",
    "flows": "Secretaria da escola",
    "bench": "Secretaria da escola",
    "share": "Secretaria da escola",
    "visitors": "Secretaria da escola",
    "history": "Secretaria da escola",
    "look": "Secretaria da escola",
    "quality": "Secretaria da escola",
}
LOOKS = [(1280, "light"), (390, "dark")]


def violations(page: Page) -> list[str]:
    """What axe-core finds, one line each: the rule, and where."""
    page.evaluate(Path(AXE).read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{one['id']}: {json.dumps([node['target'] for node in one['nodes']])}" for one in found
    ]


def settled(page: Page) -> None:
    """Wait until a page has all it asked for. On a busy machine a frame inside it, begun and
    left again, is sometimes counted as asking for ever: then what is there is looked at."""
    with suppress(PlaywrightTimeout):
        page.wait_for_load_state("networkidle", timeout=10_000)


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def looked_at(request: pytest.FixtureRequest, chromium: Browser, server: str):
    if not AXE.exists():
        pytest.skip("npm ci has not run in tests/static")
    width, scheme = request.param
    context = chromium.new_context(
        locale="pt-BR", viewport={"width": width, "height": 844}, color_scheme=scheme,
        reduced_motion="reduce",
    )  # fmt: skip
    yield context.new_page()
    context.close()


def test_every_page_of_the_console(looked_at: Page, server: str):
    page = looked_at
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    for name, heading in PAGES.items():
        tab = heading == "Secretaria da escola"
        page.goto(f"{server}/#/assistants/{one}/{name}" if tab else f"{server}/#/{name}")
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        settled(page)
        assert violations(page) == [], name


def test_an_answer_and_its_page(looked_at: Page, server: str):
    page = looked_at
    page.goto(server)
    page.get_by_role("main").get_by_role("link", name="Secretaria da escola").click()
    for count, question in enumerate(("Até quando entrego os recibos?", "Há piscina?"), 1):
        page.get_by_label("Sua pergunta").fill(question)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Copiar com fontes")).to_have_count(count)
    assert violations(page) == []
    page.get_by_label("Fonte 1: Regimento interno, p. 3").first.click()
    expect(page.locator(".box").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Abrir documento").click()
    expect(page.get_by_role("heading", name="Regimento interno", level=1)).to_be_visible()
    expect(page.locator(".box").first).to_be_visible()
    assert violations(page) == []


def open_reading(page: Page, server: str, number: int) -> None:
    """The document that was read worst, at one of its pages."""
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]
    listed = page.request.get(f"{server}/api/collections/{one['collections'][0]}/documents").json()
    worst = max(listed["items"], key=lambda document: document["pages_to_check"])
    page.goto(f"{server}/#/documents/{worst['id']}?page={number}")
    expect(page.get_by_alt_text(f"Página {number} de")).to_be_visible()


def test_the_reading_report(looked_at: Page, server: str):
    page = looked_at
    for number in (3, 5):
        open_reading(page, server, number)
        assert violations(page) == [], number
    if page.get_by_role("button", name="Ver texto").is_visible():
        page.get_by_role("button", name="Ver texto").click()
        assert violations(page) == []
    page.get_by_text("Título, vigência e versões").click()
    page.get_by_role("button", name="Corrigir o texto").click()
    assert violations(page) == []
    for part in ("html", "main"):
        wide = f"(({part}) => {part}.scrollWidth > {part}.clientWidth)"
        assert page.evaluate(f"{wide}(document.querySelector('{part}'))") is False
    page.get_by_role("button", name="Ler de novo").click()
    assert violations(page) == []


def test_how_an_answer_was_found(looked_at: Page, server: str):
    page = looked_at
    page.goto(server)
    page.get_by_role("main").get_by_role("link", name="Secretaria da escola").click()
    page.get_by_label("Sua pergunta").fill("Até quando entrego os recibos?")
    page.keyboard.press("Enter")
    page.get_by_text("trechos consultados").click()
    page.get_by_text("Como foi encontrado").click()
    page.get_by_text("De que é feita esta chance").click()
    page.locator("summary", has_text="A conta").first.click()
    expect(page.get_by_role("table")).to_be_visible()
    assert violations(page) == []


def test_a_search_that_is_tried(looked_at: Page, server: str):
    page = looked_at
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    for query in ("prazo do art. 28 e o unicórnio", "nada", "fora do ar"):
        page.goto(f"{server}/#/assistants/{one}/bench?query={query}")
        page.reload()
        expect(page.locator("balcao-bench :is(h3, .problem)").first).to_be_visible()
        assert violations(page) == [], query


def test_the_widget(looked_at: Page, server: str):
    page = looked_at
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["public_id"]
    page.goto(f"{server}/w/{one}")
    expect(page.get_by_role("button", name="Li e entendi")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Li e entendi").click()
    page.get_by_label("Sua pergunta").fill("Até quando entrego os recibos?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copiar com fontes")).to_be_visible()
    page.get_by_role("note").focus()

    assert violations(page) == []


def test_nothing_is_wider_than_the_screen(looked_at: Page, server: str):
    page = looked_at
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    for tab in (
        "chat",
        "documents",
        "behaviour",
        "bench?query=prazo+do+art.+28",
        "share",
        "visitors",
        "look",
        "history",
    ):
        page.goto(f"{server}/#/assistants/{one}/{tab}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        settled(page)
        for part in ("html", "main"):
            wide = f"(({part}) => {part}.scrollWidth > {part}.clientWidth)"
            assert page.evaluate(f"{wide}(document.querySelector('{part}'))") is False, tab
