"""A data subject's request, from the desk to the receipt: found, handed over, erased, gone."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.api.test_subjects import CANARY, PERSON, PETITION, REASON, files_with
from tests.browser.conftest import keep
from tests.browser.scripted import Served
from tests.fakes import ScriptedGenerator
from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser


@pytest.mark.guarantee("LGPD-02", "LGPD-03")
def test_somebody_is_found_handed_over_and_erased_with_a_receipt(
    page: Page, tmp_path: Path
) -> None:
    with Served(tmp_path / "data", ScriptedGenerator()) as house:
        made = house.assistant("Processos", mode="quote")
        house.upload(made["collections"][0], PETITION, "peticao.md")
        house.let_in(page)
        page.goto(f"{house.address}/#/assistants")
        page.get_by_role("link", name="LGPD").click()
        page.get_by_label("CPF").fill("123.456.789-09")
        page.get_by_label("Motivo").fill(REASON)
        page.get_by_role("main").get_by_role("button", name="Procurar").click()
        papers = page.get_by_role("region", name="Documentos")
        expect(papers.get_by_role("link", name="p. 1")).to_be_visible()
        expect(papers.get_by_text("O autor, Joaquim")).to_be_visible()
        keep(page, "subjects-found")
        with page.expect_download() as taken:
            page.get_by_role("button", name="Exportar JSON").click()
        told = json.loads(taken.value.path().read_text())
        assert told["documents"][0]["line"].startswith("O autor, Joaquim")

        papers.get_by_role("button", name=re.compile("^Apagar: ")).click()
        page.get_by_role("dialog").get_by_role("button", name="Apagar").click()
        receipt = page.get_by_role("region", name="Recibo: Um documento")
        expect(receipt).to_contain_text("Os vestígios nos arquivos estão sendo retirados")
        house.work()
        expect(receipt).to_contain_text("Apagado até o último vestígio")
        expect(receipt.get_by_role("row", name="Arquivos arquivos originais 1")).to_be_visible()
        expect(receipt).to_contain_text("Cópias de segurança: a última que ainda o contém")
        assert violations(page) == []
        keep(page, "subjects-receipt")
        assert files_with(house, CANARY) == []
        assert files_with(house, PERSON) == []

        page.get_by_role("link", name="Auditoria").click()
        expect(
            page.get_by_text(f"apagou os dados de uma pessoa. Motivo: “{REASON}”")
        ).to_be_visible()
        page.wait_for_load_state("networkidle")
