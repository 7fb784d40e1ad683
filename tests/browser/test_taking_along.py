"""A reader's journey: ask, look at the cited page, take the conversation along with its sources."""

import re
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import keep
from tests.browser.scripted import Served
from tests.fakes import ScriptedGenerator
from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser
QUESTION = "Qual é a multa por atraso na devolução de livros?"
REASON = "Queixa da mãe, protocolo 12"


def footnotes(file: Path) -> str:
    """What the footnotes of a DOCX file say."""
    document = docx.Document(str(file))
    (part,) = (rel.target_part for rel in document.part.rels.values() if "footnotes" in rel.reltype)
    return str(part.blob.decode())


def test_ask_check_a_citation_and_export_to_docx_by_keyboard(page: Page, tmp_path: Path) -> None:
    with Served(tmp_path / "data", ScriptedGenerator()) as house:
        made = house.assistant(mode="quote")
        house.upload(made["collections"][0])
        house.let_in(page)
        page.goto(f"{house.address}/#/assistants/{made['id']}/chat")
        expect(page.get_by_text("Exportar")).to_have_count(0)  # nothing was asked
        page.get_by_label("Sua pergunta").fill(QUESTION)
        page.keyboard.press("Enter")
        source = page.get_by_role("link", name=re.compile("^Fonte 1")).first
        source.focus()
        page.keyboard.press("Enter")
        pane = page.get_by_role("region", name="Página citada")
        expect(pane.locator("mark")).to_have_text(re.compile("multa por atraso"))
        page.keyboard.press("Escape")
        expect(source).to_be_focused()

        page.locator("summary", has_text="Exportar").focus()
        page.keyboard.press("Enter")
        assert violations(page) == []
        keep(page, "export-menu")
        with page.expect_download() as taken:
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        file = tmp_path / taken.value.suggested_filename
        taken.value.save_as(file)

        assert file.suffix == ".docx"
        words = "\n".join(one.text for one in docx.Document(str(file)).paragraphs)
        assert QUESTION in words
        assert "R$ 1,50 por dia" in words
        assert "multa por atraso na devolução de livros" in footnotes(file)
        page.wait_for_load_state("networkidle")


def test_on_paper_there_is_the_conversation_whole_and_nothing_to_press(
    page: Page, tmp_path: Path
) -> None:
    with Served(tmp_path / "data", ScriptedGenerator()) as house:
        made = house.assistant(mode="quote")
        house.upload(made["collections"][0])
        told = house.ask(made["id"], QUESTION)
        house.let_in(page)
        page.goto(
            f"{house.address}/#/assistants/{made['id']}/chat?conversation={told['conversation']}"
        )
        expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
        page.evaluate(
            "() => { window.printed = 0; window.print = () => { window.printed += 1; }; }"
        )
        page.get_by_role("button", name="Imprimir").click()
        assert page.evaluate("window.printed") == 1

        page.emulate_media(media="print")
        expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
        expect(page.get_by_text("R$ 1,50 por dia").first).to_be_visible()
        expect(page.get_by_role("button")).to_have_count(0)
        expect(page.get_by_role("navigation")).to_have_count(0)
        clipped = """() => [...document.querySelectorAll('main, balcao-chat, .thread, q')].filter(
            (one) => one.scrollHeight > one.clientHeight + 1
                && getComputedStyle(one).overflowY !== 'visible').length"""
        assert page.evaluate(clipped) == 0
        keep(page, "print")
        page.wait_for_load_state("networkidle")


@pytest.mark.guarantee("LGPD-08")
def test_another_s_conversation_is_taken_along_for_the_reason_that_it_was_opened_for(
    page: Page, tmp_path: Path
) -> None:
    with Served(tmp_path / "data", ScriptedGenerator()) as house:
        made = house.assistant(mode="quote")
        house.upload(made["collections"][0])
        with house.as_a("member"):
            house.ask(made["id"], QUESTION)
        house.let_in(page)
        page.goto(f"{house.address}/#/conversations/all")
        page.get_by_role("button", name=re.compile("Ler a conversa de Bia")).click()
        page.get_by_label("Motivo").fill(REASON)
        page.get_by_role("button", name="Registrar e ler").click()
        page.get_by_text("Exportar", exact=True).click()
        assert violations(page) == []
        with page.expect_download() as taken:
            page.get_by_role("button", name=re.compile("^Word")).click()
        file = tmp_path / taken.value.suggested_filename
        taken.value.save_as(file)
        assert "multa por atraso" in footnotes(file)
        keep(page, "export-of-another")
        page.get_by_role("link", name="Auditoria").click()

        told = f"Ana Prado levou uma cópia da conversa de Bia. Motivo: “{REASON}”"
        expect(page.get_by_text(told)).to_be_visible()
        page.wait_for_load_state("networkidle")
