"""From signing in to the line for a site: few clicks, files or an address, what to paste where."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

COUNT = (
    "window.clicks = 0; addEventListener('click', (e) => { window.clicks += e.detail > 0; }, true)"
)
RULES = {"name": "Regimento.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 rules"}


def named(page: Page, server: str) -> None:
    """A new assistant, at its documents."""
    page.goto(f"{server}/#/assistants/new")
    page.get_by_label("Nome", exact=True).fill("Biblioteca")
    page.get_by_role("button", name="Continuar").click()
    expect(page.get_by_role("heading", name="O que Biblioteca vai ler?")).to_be_visible()


def test_from_signing_in_to_the_embed_code_in_twelve_clicks_and_two_minutes(
    page: Page, server: str
):
    page.add_init_script(COUNT)
    page.goto(server)
    page.get_by_role("button", name="Sair").click()
    page.reload()
    began = time.monotonic()

    page.get_by_label("E-mail").click()
    page.keyboard.type("helena@escola.example")
    page.keyboard.press("Tab")
    page.keyboard.type("uma frase bem comprida")
    page.get_by_role("button", name="Entrar").click()
    page.get_by_role("link", name="Criar assistente").click()
    page.get_by_label("Nome", exact=True).click()
    page.keyboard.type("Biblioteca")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_text("Escolher arquivos").evaluate("() => { window.clicks += 1 }")
    page.get_by_label("Escolher arquivos").set_input_files([RULES])
    expect(page.get_by_role("row", name="Regimento")).to_contain_text("Pronto")
    page.get_by_role("link", name="Continuar").click()
    page.get_by_label("Sua pergunta").click()
    for question in ("Até quando entrego os recibos?", "Há piscina?", "Qual a frequência?"):
        page.keyboard.type(question)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=question)).to_be_visible()
        expect(page.get_by_role("button", name="Perguntar", exact=True)).to_be_visible()
    page.get_by_role("button", name="Copiar o código").click()
    expect(page.get_by_text("<script src=")).to_be_visible()

    assert page.evaluate("window.clicks") <= 12
    assert time.monotonic() - began < 120


def test_an_address_is_read_instead_of_a_file(page: Page, server: str):
    named(page, server)

    page.get_by_label("Ou um endereço na web").fill("escola.example/regimento")
    page.get_by_role("button", name="Ler o endereço").click()

    expect(page.get_by_text("Está sendo lido; aparece na lista")).to_be_visible()
    made = page.request.get(f"{server}/api/sources").json()["items"]
    assert any(one["address"] == "https://escola.example/regimento" for one in made)


def test_the_line_is_told_for_every_page_for_wordpress_and_for_sharepoint(page: Page, server: str):
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]
    page.goto(f"{server}/#/assistants/{one['id']}/share")

    expect(page.get_by_text("<script src=")).to_be_visible()
    page.get_by_text("WordPress", exact=True).click()
    expect(page.get_by_text("bloco “HTML personalizado”")).to_be_visible()
    page.get_by_text("SharePoint", exact=True).click()
    frame = page.get_by_text("<iframe src=").inner_text()
    assert re.fullmatch(
        rf'<iframe src="{server}/w/{one["public_id"]}\?embed" title="Secretaria da escola"'
        r' width="400" height="640"></iframe>',
        frame,
    )


def test_a_frame_without_the_loader_asks_for_a_session_of_its_own(page: Page, server: str):
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]
    page.goto(f"{server}/host")
    page.evaluate(
        """(address) => { const frame = document.createElement("iframe"); frame.src = address;
        document.body.append(frame); }""",
        f"{server}/w/{one['public_id']}?embed",
    )

    chat = page.frame_locator("iframe").first
    expect(chat.get_by_role("button", name="Li e entendi")).to_be_attached()


def test_a_thousand_assistants_are_searched_and_paged(page: Page, server: str):
    for number in range(1, 998):
        page.request.post(f"{server}/api/assistants", data={"name": f"Turma {number}"})
    page.goto(f"{server}/#/assistants")

    cards = page.get_by_role("main").get_by_role("listitem")
    expect(cards).to_have_count(60)
    page.get_by_role("button", name="Mostrar mais").click()
    expect(cards).to_have_count(120)
    page.get_by_label("Procurar assistente").fill("MATRICULA secretária")
    expect(page.get_by_text("1 assistente", exact=True)).to_be_visible()
    expect(cards).to_have_count(1)
    page.get_by_label("Procurar assistente").fill("turma 99")
    expect(page.get_by_text("17 assistentes", exact=True)).to_be_visible()
