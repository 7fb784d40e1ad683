"""The visitors tab of an assistant: sites, limits, and what was used of them today."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def tab(page: Page, server: str) -> Page:
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    page.goto(f"{server}/#/assistants/{one}/visitors")
    expect(page.get_by_role("heading", name="Limites e uso de hoje")).to_be_visible()
    return page


def test_an_editor_sees_what_was_used_of_the_day(tab: Page) -> None:
    expect(tab.get_by_text("412 de 2.000 perguntas hoje")).to_be_visible()
    expect(tab.get_by_text("57 visitantes")).to_be_visible()
    expect(tab.get_by_role("progressbar", name="Perguntas de visitantes hoje")).to_be_visible()


def test_a_limit_that_is_changed_is_sent_alone_and_kept(tab: Page) -> None:
    tab.get_by_label("Por dia").fill("500")
    with tab.expect_request("**/visitors") as sent:
        tab.get_by_role("button", name="Salvar limites").click()

    assert sent.value.post_data_json == {"limits": {"per_day": 500}}
    expect(tab.get_by_text("412 de 500 perguntas hoje")).to_be_visible()
    expect(tab.get_by_role("status").filter(has_text="Salvo.")).to_be_visible()


def test_sites_are_added_and_taken_away(tab: Page) -> None:
    tab.get_by_label("Endereço do site").fill("www.escola.br/contato")
    tab.get_by_role("button", name="Permitir site").click()
    expect(tab.get_by_text("https://www.escola.br")).to_be_visible()

    tab.get_by_role("button", name="Remover https://www.escola.br").click()
    expect(tab.get_by_text("https://www.escola.br")).to_have_count(0)


def test_a_changed_notice_is_a_new_version_that_is_listed(tab: Page) -> None:
    tab.get_by_label("Texto").fill("Outro texto.")
    with tab.expect_request("**/visitors") as sent:
        tab.get_by_role("button", name="Salvar aviso").click()

    assert sent.value.post_data_json == {"notice": {"text": "Outro texto."}}
    expect(tab.get_by_text("Em vigor: versão 2")).to_be_visible()
    tab.get_by_role("button", name="Ver as versões").click()
    expect(tab.get_by_role("row")).to_have_count(3)


def test_days_until_erased_are_sent_alone(tab: Page) -> None:
    tab.get_by_label("Dias até excluir").fill("")
    with tab.expect_request("**/visitors") as sent:
        tab.get_by_role("button", name="Salvar aviso").click()

    assert sent.value.post_data_json == {"keep_days": None}


def test_one_switch_says_that_minors_ask(tab: Page) -> None:
    with tab.expect_request("**/visitors") as sent:
        tab.get_by_label("Crianças e adolescentes perguntam a este assistente").check()

    assert sent.value.post_data_json == {"audience": "minors"}
    expect(tab.get_by_role("status").filter(has_text="Salvo.")).to_be_visible()


def test_a_secret_is_shown_once_and_replaced_only_when_that_is_meant(tab: Page) -> None:
    expect(tab.get_by_text("ninguém é identificado")).to_be_visible()
    expect(tab.get_by_label("Só atender visitantes que o site atesta")).to_have_count(0)

    tab.get_by_role("button", name="Criar segredo").click()
    expect(tab.get_by_text("bi_segredo")).to_be_visible()
    tab.reload()
    expect(tab.get_by_text("Há um segredo, feito em")).to_be_visible()
    expect(tab.get_by_text("bi_segredo")).to_have_count(0)

    tab.get_by_role("button", name="Trocar o segredo").click()
    tab.get_by_role("dialog").get_by_role("button", name="Manter").click()
    expect(tab.get_by_text("bi_segredo")).to_have_count(0)
    tab.get_by_role("button", name="Trocar o segredo").click()
    tab.get_by_role("dialog").get_by_role("button", name="Trocar o segredo").click()
    expect(tab.get_by_text("bi_segredo")).to_be_visible()


def test_one_switch_lets_only_known_visitors_in(tab: Page) -> None:
    tab.get_by_role("button", name="Criar segredo").click()
    with tab.expect_request(lambda one: one.method == "PATCH") as sent:
        tab.get_by_label("Só atender visitantes que o site atesta").check()

    assert sent.value.post_data_json == {"identity_required": True}
    expect(tab.get_by_role("status").filter(has_text="Salvo.")).to_be_visible()
