"""The other engines in the console: how each stands, the form, and the choice of an assistant."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
LEAVES = "saem deste prédio"


def open_models(page: Page, server: str) -> None:
    page.goto(f"{server}/#/models")
    expect(page.get_by_role("heading", name="Outros motores")).to_be_visible()


def open_behaviour(page: Page, server: str) -> None:
    page.goto(server)
    page.get_by_role("main").get_by_role("link", name="Secretaria da escola").click()
    page.get_by_role("link", name="Comportamento").click()


def test_each_address_of_an_engine_says_how_it_is_and_why(page: Page, server: str):
    open_models(page, server)
    row = page.get_by_role("row", name="Sala dos servidores")

    first, second = row.get_by_role("listitem").nth(0), row.get_by_role("listitem").nth(1)
    expect(first).to_contain_text("Responde")
    expect(first).to_contain_text("http://10.0.0.5:8000")
    expect(second).to_contain_text("Não responde")
    expect(second).to_contain_text("Nada responde em http://10.0.0.6:8000")
    expect(row.get_by_text("saem do prédio")).to_have_count(0)


def test_an_engine_outside_is_marked_and_one_that_is_not_opened_says_so(page: Page, server: str):
    open_models(page, server)
    outside = page.get_by_role("row", name="Mistral na nuvem")
    closed = page.get_by_role("row", name="Reserva")

    expect(outside).to_contain_text("Perguntas e trechos saem do prédio")
    expect(closed).to_contain_text("Não pode ser usado")
    expect(closed).to_contain_text("open_hosts")


def test_trying_an_engine_says_how_soon_it_writes(page: Page, server: str):
    open_models(page, server)
    row = page.get_by_role("row", name="Mistral na nuvem")
    expect(row).to_contain_text("Ainda não consultado")
    page.get_by_role("button", name="Testar Mistral na nuvem").click()

    expect(row.get_by_role("status")).to_have_text("Escreve: primeira palavra em 0,8 s")
    expect(row).not_to_contain_text("Ainda não consultado")


def test_trying_an_engine_says_why_it_does_not_write(page: Page, server: str):
    open_models(page, server)
    row = page.get_by_role("row", name="Sala dos servidores")
    page.get_by_role("button", name="Testar Sala dos servidores").click()

    expect(row.get_by_role("status")).to_contain_text("Não escreve")
    expect(row.get_by_role("status")).to_contain_text("recusou o pedido com o status 404")


def test_what_may_not_be_used_is_not_tried(page: Page, server: str):
    open_models(page, server)

    expect(page.get_by_role("button", name="Testar Reserva")).to_be_disabled()


def test_an_engine_of_the_network_is_added_changed_and_removed(page: Page, server: str):
    open_models(page, server)
    page.get_by_role("button", name="Adicionar motor").click()
    expect(page.get_by_label("Tipo")).to_be_focused()
    expect(page.get_by_text(LEAVES)).to_have_count(0)
    page.get_by_label("Nome", exact=True).fill("Laboratório")
    page.get_by_label("Modelo", exact=True).fill("qwen3-8b")
    page.get_by_label("Endereços").fill("http://10.0.0.5:8000\n\nhttp://10.0.0.6:8000")
    with page.expect_request("**/api/engines") as sent:
        page.get_by_role("button", name="Salvar").click()

    assert sent.value.post_data_json == {
        "kind": "site", "name": "Laboratório", "model": "qwen3-8b", "context": 8192,
        "addresses": ["http://10.0.0.5:8000", "http://10.0.0.6:8000"],
    }  # fmt: skip
    row = page.get_by_role("row", name="Laboratório")
    expect(row).to_contain_text("Ainda não consultado")

    page.get_by_role("button", name="Editar Laboratório").click()
    expect(page.get_by_label("Nome", exact=True)).to_be_focused()
    page.get_by_label("Modelo", exact=True).fill("qwen3-14b")
    page.get_by_role("button", name="Salvar").click()
    expect(row).to_contain_text("qwen3-14b")

    page.get_by_role("button", name="Excluir Laboratório").click()
    page.get_by_role("dialog").get_by_role("button", name="Excluir").click()
    expect(row).to_have_count(0)


def test_the_form_warns_of_a_provider_outside_and_shows_the_server_s_refusal(
    page: Page, server: str
):
    open_models(page, server)
    page.get_by_role("button", name="Adicionar motor").click()
    page.get_by_label("Tipo").select_option("Anthropic")
    expect(page.get_by_text(LEAVES)).to_be_visible()
    page.get_by_label("Nome", exact=True).fill("Nuvem")
    page.get_by_label("Modelo", exact=True).fill("claude")
    page.get_by_label("Chave de API").fill("sk-1")
    page.get_by_role("button", name="Salvar").click()

    refusal = page.locator("balcao-engines").get_by_role("alert")
    expect(refusal).to_contain_text("não pode contatar https://api.anthropic.com")
    expect(page.get_by_label("Nome", exact=True)).to_have_value("Nuvem")
    page.get_by_role("button", name="Cancelar").click()
    expect(page.get_by_label("Nome", exact=True)).to_have_count(0)
    page.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 403


def test_a_key_is_never_shown_and_stays_when_it_is_left_empty(page: Page, server: str):
    open_models(page, server)
    page.get_by_role("button", name="Editar Mistral na nuvem").click()
    key = page.get_by_label("Chave de API")
    expect(key).to_have_value("")
    expect(key).to_have_attribute("type", "password")
    expect(key).to_have_accessible_description(re.compile("em branco, continua a mesma"))
    with page.expect_request("**/api/engines/*") as sent:
        page.get_by_role("button", name="Salvar").click()

    assert "key" not in sent.value.post_data_json


def test_one_engine_is_edited_at_a_time(page: Page, server: str):
    """What was typed for one, a key perhaps, is not left in the form of another."""
    open_models(page, server)
    page.get_by_role("button", name="Editar Mistral na nuvem").click()

    expect(page.get_by_role("button", name="Editar Reserva")).to_be_disabled()
    expect(page.get_by_role("button", name="Adicionar motor")).to_have_count(0)


def test_an_assistant_s_engine_is_chosen_with_the_warning_that_it_leaves(page: Page, server: str):
    open_behaviour(page, server)
    chosen = page.get_by_label("Quem escreve")
    expect(chosen.locator("option:checked")).to_have_text("Este servidor")
    expect(page.get_by_text(LEAVES)).to_have_count(0)
    chosen.select_option("Mistral na nuvem (fora do prédio)")
    expect(page.get_by_text(LEAVES)).to_be_visible()
    with page.expect_request("**/api/assistants/*") as sent:
        page.get_by_role("button", name="Salvar").click()
    assert sent.value.post_data_json["engine"]

    page.get_by_role("link", name="Conversa", exact=True).click()
    expect(page.get_by_text("enviados a um provedor fora deste prédio")).to_be_visible()
    page.get_by_role("link", name="Assistentes").first.click()
    expect(page.get_by_text("sai do prédio")).to_be_visible()


def test_an_engine_of_the_network_is_chosen_without_a_warning(page: Page, server: str):
    open_behaviour(page, server)
    page.get_by_label("Quem escreve").select_option("Sala dos servidores")

    expect(page.get_by_text(LEAVES)).to_have_count(0)


def test_who_is_no_administrator_does_not_say_which_engine_writes(page: Page, server: str):
    page.request.patch(f"{server}/api/people/p1", data={"role": "editor"})
    open_behaviour(page, server)
    expect(page.get_by_label("Contato")).to_be_visible()
    with page.expect_request("**/api/assistants/*") as sent:
        page.get_by_role("button", name="Salvar").click()

    assert "engine" not in sent.value.post_data_json
    expect(page.get_by_label("Quem escreve")).to_have_count(0)
