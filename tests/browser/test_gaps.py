"""A gap is corrected so that the same question is answered: by an answer that is written, by a
document that is attached; in the widths of a desk and of a phone, and by keyboard alone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import keep
from tests.browser.scripted import Served
from tests.fakes import ScriptedGenerator
from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser
QUESTION = "A piscina da escola abre quando?"
POOL = "# Piscina\n\nA piscina da escola abre de terça a sábado, das 8h às 18h.\n"
SAID = "De terça a sábado, das 8h às 18h."


def ask(page: Page, house: Served, assistant: str) -> None:
    page.goto(f"{house.address}/#/assistants/{assistant}/chat")
    page.get_by_label("Sua pergunta").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("Copiar")).last).to_be_visible()


def opened(page: Page) -> Locator:
    """The first group of the inbox, opened by keyboard."""
    group = page.get_by_role("list", name="Lacunas").get_by_role("listitem").first
    group.get_by_role("button", name=QUESTION).press("Enter")
    expect(group.get_by_role("list", name="Perguntas deste grupo")).to_be_visible()
    return group


@pytest.mark.parametrize("width", [1280, 390])
def test_a_gap_is_answered_and_the_same_question_gets_the_answer(
    page: Page, tmp_path: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    with Served(tmp_path / "data", ScriptedGenerator()) as house:
        made = house.assistant(mode="quote")
        house.upload(made["collections"][0])
        house.let_in(page)
        ask(page, house, made["id"])
        expect(page.get_by_text("Resposta aprovada pela equipe.")).to_have_count(0)

        page.goto(f"{house.address}/#/gaps")
        group = opened(page)
        group.get_by_role("button", name="Escrever a resposta").press("Enter")
        group.get_by_label("Resposta exata").press_sequentially(SAID)
        assert violations(page) == []
        group.get_by_role("button", name="Aprovar resposta").press("Enter")
        expect(group).to_contain_text("Respondida.")
        group.get_by_role("button", name="Perguntar de novo").press("Enter")
        expect(group.get_by_role("region", name="Antes e agora")).to_contain_text(SAID)
        group.get_by_role("button", name="Marcar como avisada").press("Enter")
        expect(group).to_contain_text("Marcada como avisada.")
        assert violations(page) == []
        keep(page, f"gap-answered-{width}")

        ask(page, house, made["id"])
        expect(page.get_by_role("log").get_by_text(SAID)).to_be_visible()
        expect(page.get_by_text("Resposta aprovada pela equipe.")).to_be_visible()
        page.wait_for_load_state("networkidle")


def test_a_document_that_is_attached_closes_the_gap(page: Page, tmp_path: Path) -> None:
    with Served(tmp_path / "data", ScriptedGenerator()) as house:
        made = house.assistant(mode="quote")
        house.upload(made["collections"][0])
        house.let_in(page)
        ask(page, house, made["id"])

        page.goto(f"{house.address}/#/assistants/{made['id']}/gaps")
        group = opened(page)
        file = {"name": "piscina.md", "mimeType": "text/markdown", "buffer": POOL.encode()}
        with page.expect_response("**/documents"):
            group.get_by_label("Anexar documento").set_input_files(file)  # type: ignore[arg-type]
        house.work()
        expect(group).to_contain_text("piscina.md foi lido.")
        group.get_by_role("button", name="Perguntar de novo").click()
        both = group.get_by_role("region", name="Antes e agora")
        expect(both).to_contain_text("terça a sábado")

        ask(page, house, made["id"])
        expect(page.get_by_text("terça a sábado").first).to_be_visible()
        page.wait_for_load_state("networkidle")
