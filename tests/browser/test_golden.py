"""Golden questions turn red after a bad document, by themselves, and green after its removal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import keep
from tests.browser.scripted import Served
from tests.fakes import ScriptedGenerator
from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser
QUESTION = "Qual é a multa por atraso na devolução de livros?"
DEARER = """# Aviso

A multa por atraso na devolução de livros é de R$ 9,00 por dia.
A multa por atraso na devolução de livros: R$ 9,00.
"""


@contextmanager
def working(house: Served) -> Iterator[None]:
    """The house's worker, at work beside its door as in ``appliance serve``."""
    worker = house.parts.worker()
    consumer = worker.start()
    try:
        yield
    finally:
        assert worker.stop(consumer)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_bad_document_turns_the_light_red_and_its_removal_green(
    page: Page, tmp_path: Path, width: int
) -> None:
    with Served(tmp_path / "data", ScriptedGenerator()) as house:
        made = house.assistant("Biblioteca", mode="quote")
        house.upload(made["collections"][0])
        house.let_in(page)
        page.set_viewport_size({"width": width, "height": 844})
        with working(house):
            page.goto(f"{house.address}/#/assistants/{made['id']}")
            page.get_by_role("link", name="Qualidade").click()
            page.get_by_role("button", name="Acrescentar pergunta").click()
            page.get_by_label("Pergunta", exact=True).fill(QUESTION)
            page.get_by_label("Documento", exact=True).fill("regimento.md")
            page.get_by_label("Frases que precisam aparecer").fill("R$ 1,50")
            page.get_by_role("button", name="Guardar", exact=True).click()
            expect(page.get_by_text("Passou: 1")).to_be_visible()
            assert violations(page) == []

            page.get_by_role("link", name="Documentos").click()
            paper = {"name": "aviso.md", "mimeType": "text/markdown", "buffer": DEARER.encode()}
            page.locator("input[type=file]").first.set_input_files(paper)  # type: ignore[arg-type]
            row = page.get_by_role("row", name="Aviso")
            expect(row).to_contain_text("Pronto")
            page.get_by_role("link", name="Qualidade").click()

            expect(page.get_by_text("1 de 1 não passou")).to_be_visible()
            expect(page.get_by_text("1 documento novo: “Aviso”")).to_be_visible()
            expect(page.get_by_text("Falta na resposta: “R$ 1,50”")).to_be_visible()
            expect(page.get_by_text("Passava na vez anterior.")).to_be_visible()
            assert violations(page) == []
            keep(page, f"golden-red-{width}")
            page.set_viewport_size({"width": width, "height": 844})

            page.get_by_role("link", name="Documentos").click()
            page.get_by_role("button", name="Excluir Aviso").click()
            page.get_by_role("dialog").get_by_role("button", name="Excluir").click()
            expect(page.get_by_role("row", name="Aviso")).to_have_count(0)
            page.get_by_role("link", name="Qualidade").click()

            expect(page.get_by_text("1 documento saiu: “Aviso”")).to_be_visible()
            expect(page.get_by_text("Passou: 1")).to_be_visible()
            keep(page, f"golden-green-{width}")
            page.goto("about:blank")  # its streams end before the house does
