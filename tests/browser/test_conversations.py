"""Another person's conversation is opened for a reason; the reason stands in the audit; what
an attacker wrote into it stays words."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import keep
from tests.browser.hostile import NASTY
from tests.browser.scripted import Served
from tests.fakes import ScriptedGenerator
from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser
QUESTION = "Qual é a multa por atraso na devolução de livros?"
REASON = "Queixa da mãe, protocolo 12"


@pytest.mark.guarantee("LGPD-08", "SEC-13")
def test_a_conversation_of_another_opens_for_a_reason_that_the_audit_keeps(
    page: Page, tmp_path: Path
) -> None:
    with Served(tmp_path / "data", ScriptedGenerator()) as house:
        made = house.assistant(mode="quote")
        house.upload(made["collections"][0])
        with house.as_a("member"):
            told = house.ask(made["id"], QUESTION)
            house.ask(made["id"], NASTY, conversation=told["conversation"])
        house.let_in(page)
        page.goto(f"{house.address}/#/conversations")
        expect(page.get_by_text("Você ainda não perguntou nada.")).to_be_visible()
        page.get_by_role("link", name="De todos").click()
        row = page.get_by_role("row", name="Bia")
        expect(row).to_contain_text("2 perguntas")
        expect(page.get_by_role("main")).not_to_contain_text("multa")
        page.get_by_role("button", name=re.compile("Ler a conversa de Bia")).click()
        page.get_by_label("Motivo").fill(REASON)
        page.get_by_role("button", name="Registrar e ler").click()

        expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
        expect(page.get_by_role("heading", name=NASTY)).to_be_visible()
        expect(page.get_by_text("R$ 1,50 por dia").first).to_be_visible()
        assert violations(page) == []
        page.get_by_role("link", name=re.compile("^Fonte 1")).first.click()
        expect(page.get_by_role("region", name="Página citada")).to_contain_text("Biblioteca")
        page.keyboard.press("Escape")
        keep(page, "conversation-opened")
        page.get_by_role("link", name="Auditoria").click()

        told = f"Ana Prado abriu a conversa de Bia. Motivo: “{REASON}”"
        expect(page.get_by_text(told)).to_be_visible()
        page.wait_for_load_state("networkidle")


def test_ones_own_conversation_is_gone_for_good_once_deleted(page: Page, tmp_path: Path) -> None:
    with Served(tmp_path / "data", ScriptedGenerator()) as house:
        made = house.assistant(mode="quote")
        house.ask(made["id"], "Há piscina?")
        house.let_in(page)
        page.goto(f"{house.address}/#/conversations")
        expect(page.get_by_role("row", name="Há piscina?")).to_contain_text("Secretaria")
        keep(page, "conversations")
        page.get_by_role("button", name="Excluir a conversa “Há piscina?”").click()
        page.get_by_role("dialog").get_by_role("button", name="Excluir").click()

        expect(page.get_by_text("Você ainda não perguntou nada.")).to_be_visible()
        assert house.client.get("/api/conversations").json()["items"] == []
        page.wait_for_load_state("networkidle")
