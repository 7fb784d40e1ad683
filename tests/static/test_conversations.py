"""Conversations before the preview: one's own, everybody's, and one that opens for a reason."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser
REASON = "Queixa da mãe, protocolo 12"


def read_anas(page: Page, server: str) -> None:
    """Ask for Ana's conversation: the dialog that wants a reason stands open."""
    page.goto(f"{server}/#/conversations/all")
    page.get_by_role("button", name=re.compile("Ler a conversa de Ana Luz")).click()
    expect(page.get_by_role("dialog", name="Por que ler esta conversa?")).to_be_visible()


def test_ones_own_lead_back_to_the_chat_and_can_be_deleted(page: Page, server: str):
    page.goto(f"{server}/#/conversations")
    expect(page.get_by_text("Você ainda não perguntou nada.")).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="Secretaria da escola").click()
    page.get_by_label("Sua pergunta").fill("Há piscina?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copiar com fontes")).to_be_visible()

    page.get_by_role("link", name="Conversas").click()
    row = page.get_by_role("row", name="Há piscina?")
    expect(row).to_contain_text("Secretaria da escola")
    assert violations(page) == []
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Há piscina?")).to_be_visible()

    page.get_by_role("link", name="Conversas").click()
    page.get_by_role("button", name="Excluir a conversa “Há piscina?”").click()
    page.get_by_role("dialog").get_by_role("button", name="Excluir").click()
    expect(page.get_by_text("Você ainda não perguntou nada.")).to_be_visible()


def test_everybodys_are_counted_and_found_by_whose_they_are(page: Page, server: str):
    page.goto(f"{server}/#/conversations/all")
    rows = page.get_by_role("row")
    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text("2 perguntas")
    expect(rows.nth(1)).to_contain_text("1 sem resposta · 1 não ajudou")
    expect(rows.nth(2)).to_contain_text("Visitante de um site")
    expect(rows.nth(3)).to_contain_text("Lia Prado")
    expect(rows.nth(3)).to_contain_text("atestado pelo site como 4711")

    page.get_by_label("De quem").fill("ana")
    page.get_by_role("button", name="Procurar").click()
    expect(page.get_by_text("Qual destas pessoas?")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("status").get_by_role("link", name="Ana Luz").click()
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="Mostrar todas").click()
    expect(rows).to_have_count(4)
    page.get_by_label("De quem").fill("ninguém")
    page.get_by_role("button", name="Procurar").click()
    expect(page.get_by_text("Ninguém tem esse nome")).to_be_visible()


def test_without_a_reason_nothing_opens(page: Page, server: str):
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    read_anas(page, server)
    assert violations(page) == []
    page.get_by_label("Motivo").fill("teste")
    page.get_by_role("button", name="Registrar e ler").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Não ler").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    read_anas(page, server)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert [url for url in asked if url.endswith("/open")] == []


def test_a_reason_opens_it_to_be_read_with_its_sources(page: Page, server: str):
    read_anas(page, server)
    page.get_by_label("Motivo").fill(REASON)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Conversa de Ana Luz")).to_be_focused()
    expect(page.get_by_text(f"“{REASON}”")).to_be_visible()
    expect(page.get_by_role("heading", name="Quais documentos a matrícula pede?")).to_be_visible()
    expect(page.get_by_text("Não ajudou · Incompleta")).to_be_visible()
    expect(page.get_by_role("button", name="Ajudou", exact=True)).to_have_count(0)
    assert violations(page) == []
    page.get_by_label(re.compile("^Fonte 1")).first.click()
    expect(page.get_by_role("region", name="Página citada")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Fechar a conversa").click()
    expect(page.get_by_role("row")).to_have_count(4)


def test_members_see_their_own_alone(page: Page, server: str):
    page.route("**/api/session", lambda route: route.fulfill(json={"person": {
        "id": "p2", "name": "Bia", "email": "bia@escola.example", "role": "member",
        "language": "pt"}}))  # fmt: skip
    page.goto(f"{server}/#/conversations/all")

    expect(page.get_by_text("Você ainda não perguntou nada.")).to_be_visible()
    expect(page.get_by_role("link", name="De todos")).to_have_count(0)
