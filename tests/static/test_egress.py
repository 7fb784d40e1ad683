"""The page of the network exit: what may be contacted, what was, the self-test and its report."""

import pytest
from playwright.sync_api import Page, expect

from tests.static import preview_egress

pytestmark = [pytest.mark.browser, pytest.mark.guarantee("ZE-10")]


@pytest.fixture
def exit_page(page: Page, server: str) -> Page:
    page.goto(f"{server}/#/egress")
    expect(page.get_by_role("heading", name="Saída de rede", exact=True)).to_be_visible()
    return page


def test_what_was_contacted_stands_with_how_often_and_when(exit_page: Page) -> None:
    row = exit_page.get_by_role("row", name="http://intranet.escola.lan Páginas")

    expect(row).to_contain_text("1.240 pedidos")
    expect(row).to_contain_text("3 retidos antes de sair")
    expect(row).to_contain_text("23 de nov. de 2026")
    expect(row).to_contain_text("Permitido")


def test_what_nothing_permits_stands_out(exit_page: Page) -> None:
    expect(exit_page.get_by_text("1 destino foi contatado e não está")).to_be_visible()
    row = exit_page.get_by_role("row", name="https://antigo.escola.example:8443")
    expect(row.locator(".light.failed")).to_have_text("Não permitido")

    kept = exit_page.get_by_role("row", name="https://rastreador.example")
    expect(kept).to_contain_text("Não permitido; nada foi enviado")


def test_what_may_be_contacted_says_what_opens_it(exit_page: Page) -> None:
    row = exit_page.get_by_role("row", name="http://intranet.escola.lan/secretaria")

    expect(row).to_contain_text("Páginas e sites que são fontes")
    expect(row).to_contain_text("source_sites")


def test_a_name_server_on_the_public_network_is_marked(exit_page: Page) -> None:
    expect(exit_page.get_by_text("1.1.1.1 · na rede pública")).to_be_visible()
    expect(exit_page.get_by_text("10.0.0.53 · na rede local")).to_be_visible()


def test_the_self_test_is_run_and_its_report_can_be_taken_along(exit_page: Page) -> None:
    expect(exit_page.get_by_text("Ainda não foi feito.")).to_be_visible()
    expect(exit_page.get_by_role("link", name="Baixar o relatório assinado")).to_have_count(0)

    exit_page.get_by_role("button", name="Rodar o autoteste").click()

    expect(exit_page.get_by_text("O autoteste está rodando…")).to_be_visible()
    expect(exit_page.get_by_text("Passou em 23 de nov. de 2026")).to_be_visible()
    expect(exit_page.get_by_text("Sem rota para lugar nenhum")).to_be_visible()
    report = exit_page.get_by_role("link", name="Baixar o relatório assinado")
    expect(report).to_have_attribute("href", "/api/egress/reports/r0001")
    expect(exit_page.get_by_role("button", name="Rodar o autoteste")).to_be_enabled()


def test_the_key_that_signs_is_shown(exit_page: Page) -> None:
    expect(exit_page.get_by_text(preview_egress.KEY)).to_be_visible()


def test_why_it_did_not_pass_is_said_with_what_was_tried(page: Page, server: str) -> None:
    failed = preview_egress.SHEET | {"test": preview_egress.tested(passed=False), "job": None}
    page.route("**/api/egress", lambda route: route.fulfill(json=failed))
    page.goto(f"{server}/#/egress")

    expect(page.get_by_text("Não passou em")).to_be_visible()
    expect(page.get_by_text(preview_egress.TRIED)).to_be_visible()
    expect(page.get_by_text("Tentou: 192.0.2.1:443")).to_be_visible()
    expect(page.get_by_text("instale strace para ver tudo")).to_be_visible()
