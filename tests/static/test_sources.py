"""Sources in the console: how each stands in plain words, dry runs, decisions, the trash."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.static.conftest import KNOWN
from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser


def open_sources(page: Page, server: str) -> None:
    page.goto(f"{server}/#/sources")
    expect(page.get_by_role("heading", name="Fontes", level=1)).to_be_visible()


def open_source(page: Page, server: str, name: str) -> None:
    open_sources(page, server)
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def test_each_source_says_how_it_stands_and_what_its_last_update_did(page: Page, server: str):
    open_sources(page, server)
    row = page.get_by_role("row", name="/mnt/secretaria")

    expect(row).to_contain_text("Em dia")
    expect(row).to_contain_text("2 novos, 1 alterado, 1 renomeado, 1 com problema")
    expect(row).to_contain_text("Todo dia às 03:00")
    failed = page.get_by_role("row", name="/mnt/rh")
    expect(failed).to_contain_text("Não foi atualizada")
    expect(failed).to_contain_text("talvez o compartilhamento não esteja montado")


def test_a_source_that_waits_for_a_decision_leads_to_it(page: Page, server: str):
    open_sources(page, server)
    page.get_by_role("link", name="Decidir sobre /mnt/arquivo").click()

    expect(page.get_by_role("heading", name="Nada foi removido. O que fazer?")).to_be_visible()
    expect(page.get_by_role("row", name="2019/Ata 01.pdf")).to_contain_text("Sairia")


def test_a_held_update_is_confirmed_with_what_will_be_lost_in_view(page: Page, server: str):
    open_source(page, server, "/mnt/arquivo/Atas e pautas das reuniões")
    page.get_by_role("button", name="Está certo: remover 48").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("48 documentos saem da busca e vão para a lixeira")
    with page.expect_request("**/confirm"):
        dialog.get_by_role("button", name="Está certo: remover 48").click()

    expect(page.get_by_text("Em dia")).to_be_visible()


def test_a_held_update_is_rejected_without_a_question(page: Page, server: str):
    open_source(page, server, "/mnt/arquivo/Atas e pautas das reuniões")
    with page.expect_request("**/reject"):
        page.get_by_role("button", name="Não remover nada").click()

    expect(page.get_by_role("row", name="não confirmada: 48 sairiam")).to_be_visible()


def test_a_dry_run_shows_the_list_of_what_would_happen(page: Page, server: str):
    open_sources(page, server)
    page.get_by_role("button", name="Simular a atualização de /mnt/secretaria").click()

    heading = re.compile("O que aconteceria: simulação de")
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    page.get_by_role("button", name="12 viriam").click()
    expect(page.get_by_role("row", name="2026/Calendário letivo.pdf")).to_contain_text("Viria")
    expect(page.get_by_role("row", name="Tabela de mensalidades.xlsx")).to_have_count(0)


def test_a_source_at_work_says_how_far_it_is_and_can_be_stopped(page: Page, server: str):
    open_sources(page, server)
    row = page.get_by_role("row", name="/mnt/financeiro")
    expect(row).to_contain_text("96 de 240 itens")
    expect(page.get_by_role("progressbar")).to_have_accessible_name("Progresso de /mnt/financeiro")
    page.get_by_role("button", name="Cancelar a atualização de /mnt/financeiro").click()

    expect(row).to_contain_text("Em dia")
    expect(row).to_contain_text("cancelada")


def test_why_an_update_failed_is_read_once(page: Page, server: str):
    open_source(page, server, "/mnt/rh")

    expect(page.get_by_role("heading", name="O que aconteceu em")).to_be_visible()
    expect(page.get_by_text("talvez o compartilhamento não esteja montado")).to_have_count(1)


def test_while_a_decision_waits_nothing_else_is_offered_first(page: Page, server: str):
    open_source(page, server, "/mnt/arquivo/Atas e pautas das reuniões")
    expect(page.locator(".decision")).to_be_visible()
    expect(page.locator("button.primary")).to_have_count(0)

    page.get_by_role("button", name="Não remover nada").click()
    expect(page.locator("button.primary")).to_have_text("Atualizar agora")


def test_a_log_says_why_something_was_not_read(page: Page, server: str):
    open_source(page, server, "/mnt/secretaria")
    row = page.get_by_role("row", name="Direção")

    expect(row).to_contain_text("Com problema")
    expect(row).to_contain_text("Sem permissão para ler")
    expect(page.get_by_role("row", name="Regimento interno 2026")).to_contain_text("Era Regimento/")


def test_a_source_is_added_with_its_schedule(page: Page, server: str):
    open_sources(page, server)
    page.get_by_role("button", name="Adicionar fonte").click()
    expect(page.get_by_label("Caminho da pasta")).to_be_focused()
    page.get_by_label("Caminho da pasta").fill("/mnt/atas")
    page.get_by_role("combobox", name="Atualizar").select_option("weekly")
    page.get_by_role("combobox", name="Dia da semana").select_option("fri")
    page.get_by_label("Hora", exact=True).fill("18:30")
    page.get_by_text("O que trazer").click()
    page.get_by_label("Menos estes").fill("rascunhos\n\n*.bak")
    with page.expect_request("**/sources") as sent:
        page.get_by_role("button", name="Salvar").click()

    assert sent.value.post_data_json == {
        "kind": "folder", "path": "/mnt/atas", "schedule": "weekly fri 18:30", "include": [],
        "exclude": ["rascunhos", "*.bak"],
    }  # fmt: skip
    expect(page.get_by_text("Ainda não lida")).to_be_visible()


def test_a_site_says_how_far_it_is_followed(page: Page, server: str):
    open_sources(page, server)
    page.get_by_role("button", name="Adicionar fonte").click()
    page.get_by_label("Site", exact=True).check()
    page.get_by_label("Endereço").fill("https://escola.example/")
    page.get_by_role("combobox", name="Atualizar").select_option("manual")
    page.get_by_text("O que trazer").click()
    page.get_by_label("Passos a partir").fill("2")
    with page.expect_request("**/sources") as sent:
        page.get_by_role("button", name="Salvar").click()

    told = sent.value.post_data_json
    assert (told["kind"], told["address"]) == ("site", "https://escola.example/")
    assert (told["schedule"], told["depth"], told["pages"]) == ("manual", 2, 500)


def test_a_folder_that_is_not_open_says_so_and_the_form_stays(page: Page, server: str):
    open_sources(page, server)
    page.get_by_role("button", name="Adicionar fonte").click()
    page.get_by_label("Caminho da pasta").fill("/etc")
    page.get_by_role("button", name="Salvar").click()

    expect(page.get_by_role("alert")).to_contain_text("source_folders")
    expect(page.get_by_label("Caminho da pasta")).to_have_value("/etc")
    page.trouble.clear()  # type: ignore[attr-defined]  # the browser tells of the 403


def test_a_source_is_changed_where_it_stands(page: Page, server: str):
    open_source(page, server, "/mnt/secretaria")
    page.get_by_role("button", name="Mudar").click()
    page.get_by_role("combobox", name="Atualizar").select_option("hourly")
    page.get_by_role("button", name="Salvar").click()

    expect(page.get_by_text("A cada hora")).to_be_visible()


def test_a_source_leaves_with_its_documents_only_after_a_question(page: Page, server: str):
    open_source(page, server, "/mnt/secretaria")
    page.get_by_role("button", name="Excluir com os documentos").click()
    with page.expect_request(re.compile("documents=remove")):
        page.get_by_role("dialog").get_by_role("button", name="Excluir com os documentos").click()

    expect(page.get_by_role("heading", name="Fontes", level=1)).to_be_visible()
    expect(page.get_by_role("row", name="/mnt/secretaria")).to_have_count(0)


def test_a_document_in_the_trash_is_restored(page: Page, server: str):
    page.goto(f"{server}/#/trash")
    row = page.get_by_role("row", name="Comunicado de férias")
    expect(row).to_contain_text("Sumiu de /mnt/secretaria")
    expect(row).to_contain_text("até 31 de out. de 2026")
    page.get_by_role("button", name="Restaurar Comunicado de férias").click()

    expect(page.get_by_role("status")).to_contain_text("“Comunicado de férias” voltou")
    expect(row).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_held_source_and_the_form_are_accessible_and_fit_the_screen(
    chromium: Browser, server: str, width: int, scheme: str
):
    context = chromium.new_context(
        locale="pt-BR", viewport={"width": width, "height": 844}, color_scheme=scheme,
        reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    page.add_init_script(KNOWN)
    open_source(page, server, "/mnt/arquivo/Atas e pautas das reuniões")
    expect(page.get_by_role("row", name="2019/Ata 01.pdf")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.querySelector('main').scrollWidth") <= width
    page.get_by_role("button", name="Mudar").click()
    page.get_by_text("O que trazer").click()
    expect(page.get_by_label("Menos estes")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.querySelector('main').scrollWidth") <= width
    context.close()
