"""The data subject's desk before the preview: found, handed over, erased with a receipt; holds,
periods, and the record of processing."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser
REASON = "Pedido do titular, nº 77"
PERSON = "Joaquim Sá de Souza"


def look_for(page: Page, server: str, name: str = PERSON) -> None:
    page.goto(f"{server}/#/subjects")
    page.get_by_label("Nome").fill(name)
    page.get_by_label("Motivo").fill(REASON)
    page.get_by_role("main").get_by_role("button", name="Procurar").click()


def test_whoever_is_found_stands_under_each_place_with_page_and_line(page: Page, server: str):
    look_for(page, server)

    expect(page.get_by_text("12 lugares citam esta pessoa.")).to_be_visible()
    accounts = page.get_by_role("region", name="Contas")
    expect(accounts).to_contain_text("joaquim@escola.example")
    expect(accounts).to_contain_text("2 conversas · 1 sessão · 0 chaves")
    documents = page.get_by_role("region", name="Documentos")
    expect(documents).to_contain_text("3 lugares")
    expect(documents).to_contain_text("só os primeiros 3 são mostrados")
    expect(
        documents.get_by_text("O autor, Joaquim Sá de Souza, CPF 123.456.789-09")
    ).to_be_visible()
    expect(documents.get_by_role("link", name="p. 3")).to_have_attribute(
        "href", re.compile("page=3$")
    )
    talks = page.get_by_role("region", name="Conversas")
    expect(talks).to_contain_text("De um visitante de um site · 2 mensagens citam a pessoa")
    taught = page.get_by_role("region", name="Perguntas de referência")
    expect(taught).to_contain_text("Quem é Joaquim Sá de Souza?")
    link = taught.get_by_role(
        "link", name="Abrir em Secretaria da escola: Quem é Joaquim Sá de Souza?"
    )
    expect(link).to_have_attribute("href", re.compile("#/assistants/[^/]+/quality$"))
    expect(page.get_by_role("region", name="Respostas aprovadas")).to_contain_text("Assina hoje")
    visitors = page.get_by_role("region", name="Visitantes identificados")
    expect(
        visitors.get_by_role("button", name="Apagar: Visitante de Secretaria da escola")
    ).to_be_visible()
    assert violations(page) == []


def test_nobody_found_says_where_was_looked(page: Page, server: str):
    look_for(page, server, "ninguém")

    expect(page.get_by_text("Nada encontrado em contas, convites, conversas")).to_be_visible()
    expect(page.get_by_role("button", name="Exportar JSON")).to_have_count(0)


def test_without_a_name_or_a_reason_nothing_is_looked_for(page: Page, server: str):
    page.on("console", lambda _: page.trouble.clear())  # type: ignore[attr-defined]
    page.goto(f"{server}/#/subjects")
    page.get_by_label("Motivo").fill(REASON)
    page.get_by_role("main").get_by_role("button", name="Procurar").click()
    expect(page.get_by_role("alert")).to_have_text("Diga quem procurar: nome, CPF ou e-mail.")

    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url))
    page.get_by_label("Motivo").fill("teste")
    page.get_by_role("main").get_by_role("button", name="Procurar").click()
    expect(page.get_by_label("Motivo")).to_be_focused()
    assert sent == []


@pytest.mark.parametrize("form", ["json", "docx"])
def test_the_statement_is_taken_along_as_a_file(page: Page, server: str, form: str):
    look_for(page, server)
    with page.expect_download() as taken:
        page.get_by_role("button", name=f"Exportar {form.upper()}").click()

    assert taken.value.suggested_filename == f"titular.{form}"


def test_an_erasure_asks_why_and_ends_in_a_receipt(page: Page, server: str):
    look_for(page, server)
    page.get_by_role("button", name=f"Apagar: {PERSON}").click()
    dialog = page.get_by_role("dialog", name="Apagar esta pessoa para sempre?")
    expect(dialog.get_by_label("Motivo")).to_have_value(REASON)
    assert violations(page) == []
    dialog.get_by_role("button", name="Deixar como está").click()
    expect(page.get_by_role("region", name="Contas")).to_contain_text(PERSON)

    page.get_by_role("button", name=f"Apagar: {PERSON}").click()
    page.get_by_role("dialog").get_by_role("button", name="Apagar").click()

    receipt = page.get_by_role("region", name="Recibo: Uma pessoa")
    expect(receipt).to_contain_text("Os vestígios nos arquivos estão sendo retirados")
    expect(receipt).to_contain_text("Apagado até o último vestígio")
    for line in ("Linhas do banco contas 1", "Índice trechos indexados 18",
                 "Vetores arquivos de vetores refeitos 1", "Arquivos arquivos originais 1",
                 "Linhas do banco moons 3"):  # fmt: skip
        expect(receipt.get_by_role("row", name=line)).to_be_visible()
    expect(receipt).to_contain_text("deixa de existir em 21 de fev. de 2027")
    assert violations(page) == []
    page.get_by_role("link", name="Todos os recibos").click()
    expect(page.get_by_role("row", name="Uma pessoa")).to_contain_text("Helena Prado")
    page.get_by_role("link", name="Procurar").click()
    expect(page.get_by_role("region", name="Contas")).to_contain_text("0 lugares")


def test_what_is_on_hold_stays_and_says_by_which(page: Page, server: str):
    page.on("console", lambda _: page.trouble.clear())  # type: ignore[attr-defined]
    look_for(page, server)
    page.get_by_role("button", name="Apagar: Petição 12/2026").click()
    page.get_by_role("dialog").get_by_role("button", name="Apagar").click()

    expect(page.get_by_role("alert")).to_contain_text("a guarda legal “Processo 12” o impede")
    expect(page.get_by_role("region", name="Documentos")).to_contain_text("Petição 12/2026")


def test_a_hold_is_put_on_what_was_found_and_ended_for_a_reason(page: Page, server: str):
    look_for(page, server)
    page.get_by_role("button", name=f"Pôr sob guarda: {PERSON}").click()
    dialog = page.get_by_role("dialog", name="Pôr sob guarda legal")
    dialog.get_by_label("Para quê").fill("Processo 12")
    dialog.get_by_role("button", name="Pôr sob guarda").click()
    expect(page.get_by_role("status")).to_contain_text("está sob a guarda “Processo 12”")
    page.get_by_role("link", name="Ver as guardas").click()
    row = page.get_by_role("row", name="Processo 12")
    expect(row).to_contain_text(PERSON)
    expect(row).to_contain_text("Helena Prado")
    assert violations(page) == []

    row.get_by_role("button", name="Encerrar a guarda").click()
    page.get_by_role("dialog").get_by_label("Motivo").fill("Acordo homologado")
    page.get_by_role("dialog").get_by_role("button", name="Encerrar").click()
    expect(page.get_by_text("A guarda “Processo 12” está encerrada.")).to_be_visible()
    expect(page.get_by_text("Nenhuma guarda legal vale agora")).to_be_visible()


def test_a_hold_is_put_on_a_collection(page: Page, server: str):
    page.goto(f"{server}/#/subjects/holds")
    page.get_by_text("Nova guarda legal").click()
    page.get_by_label("O que fica guardado").select_option("Contratos")
    page.get_by_label("Para quê").fill("Processo 13")
    page.get_by_label("Motivo").fill("Ordem do juízo")
    page.get_by_role("button", name="Pôr sob guarda").click()

    expect(page.get_by_role("row", name="Processo 13")).to_contain_text("ContratosColeção")


def test_what_waits_goes_once_it_is_confirmed_by_its_number(page: Page, server: str):
    page.goto(f"{server}/#/subjects/retention")
    row = page.get_by_role("row", name=re.compile("^Conversas 90"))
    expect(row).to_contain_text("341 de 1.204")
    expect(row).to_contain_text("Espera: muito iria de uma vez")
    expect(page.get_by_role("row", name="Conversas de Secretaria da escola")).to_contain_text(
        "uma hora"
    )
    page.get_by_role("button", name="Confirmar e excluir 341").click()
    expect(page.get_by_role("dialog")).to_contain_text("Conversas: 341.")
    assert violations(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Excluir").click()

    expect(page.get_by_text("341 excluídos.")).to_be_visible()
    expect(page.get_by_text("Nada venceu.")).to_be_visible()
    expect(row).to_contain_text("0 de 1.204")


def test_the_record_says_what_is_missing_and_both_can_be_taken_along(page: Page, server: str):
    page.goto(f"{server}/#/subjects/processing")
    record = page.get_by_role("region", name="Registro das operações de tratamento")
    expect(record).to_contain_text("Falta dizer: Encarregado e Finalidade.")
    record.get_by_text("Cartas por e-mail").click()
    expect(record).to_contain_text("correio.escola.lan")
    annex = page.get_by_role("region", name="Anexo técnico do relatório de impacto")
    expect(annex).to_contain_text("A verificação em duas etapas é opcional.")
    for part, one in (("record", record), ("annex", annex)):
        expect(one.get_by_role("link", name="Baixar DOCX")).to_have_attribute(
            "href", f"/api/processing/document?part={part}"
        )
    assert violations(page) == []
