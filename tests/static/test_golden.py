"""Golden questions before the preview: the light, what changed, adding and removing."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser


def open_tab(page: Page, server: str, number: int = 0) -> None:
    one = page.request.get(f"{server}/api/assistants").json()["items"][number]["id"]
    page.goto(f"{server}/#/assistants/{one}/quality")
    expect(page.get_by_role("heading", name="Perguntas de referência", exact=True)).to_be_visible()


def test_the_light_says_what_failed_and_what_had_changed(page: Page, server: str):
    open_tab(page, server)

    expect(page.get_by_text("1 de 3 não passaram")).to_be_visible()
    expect(page.get_by_text("1 documento novo: “Aviso de junho”")).to_be_visible()
    expect(page.get_by_text("Configurações: rigor")).to_be_visible()
    expect(page.get_by_text("Modelo que escreve: nenhum → Mistral 7B")).to_be_visible()
    expect(page.get_by_text("1 pergunta deixou de passar.")).to_be_visible()
    row = page.get_by_role("row", name="Até quando entrego os recibos?")
    expect(row).to_contain_text("Falta na resposta: “dia 5”")
    expect(row).to_contain_text("Documento esperado: trecho 2 de 6")
    expect(row).to_contain_text("Regimento interno, página 3 · “dia 5”")
    expect(page.get_by_role("row").nth(1)).to_contain_text("recibos", use_inner_text=True)
    expect(page.get_by_role("row", name="Há piscina?")).to_contain_text("deve ser recusada")
    assert violations(page) == []


def test_asked_again_they_show_how_far_they_are_and_turn_green(page: Page, server: str):
    open_tab(page, server)
    page.get_by_role("button", name="Perguntar agora").click()

    expect(page.get_by_text("Todas as 3 passaram")).to_be_visible()
    expect(page.get_by_text("1 documento saiu: “Aviso de junho”")).to_be_visible()
    expect(page.get_by_text("1 pergunta voltou a passar.")).to_be_visible()
    assert violations(page) == []


def test_an_assistant_without_any_says_what_to_do_first(page: Page, server: str):
    open_tab(page, server, 1)

    expect(page.get_by_text("Comece por três perguntas")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)
    assert violations(page) == []
    page.get_by_role("button", name="Acrescentar pergunta").press("Enter")
    dialog = page.get_by_role("dialog", name="Acrescentar pergunta")
    dialog.get_by_label("Pergunta", exact=True).fill("Quem assina o contrato?")
    dialog.get_by_label("Frases que precisam aparecer").fill("a direção\n\n os pais ")
    assert violations(page) == []
    dialog.get_by_role("button", name="Salvar", exact=True).press("Enter")

    row = page.get_by_role("row", name="Quem assina o contrato?")
    expect(row).to_contain_text("“a direção” · “os pais”")
    expect(row).to_contain_text("Ainda não feita")
    expect(page.get_by_text("Ainda não foram feitas")).to_be_visible()


def test_a_question_that_must_be_refused_expects_nothing_else(page: Page, server: str):
    open_tab(page, server)
    page.get_by_role("button", name="Alterar a pergunta “Qual é a frequência mínima?”").click()
    dialog = page.get_by_role("dialog", name="Alterar pergunta")
    expect(dialog.get_by_label("Frases que precisam aparecer")).to_have_value("75%")
    dialog.get_by_label("Os documentos não respondem").check()
    expect(dialog.get_by_label("Documento", exact=True)).to_be_disabled()
    dialog.get_by_role("button", name="Salvar", exact=True).click()

    row = page.get_by_role("row", name="Qual é a frequência mínima?")
    expect(row).to_contain_text("deve ser recusada")
    expect(row).not_to_contain_text("75%")


def test_leaving_the_form_keeps_nothing_and_a_refusal_is_told(page: Page, server: str):
    open_tab(page, server)
    page.get_by_role("button", name="Acrescentar pergunta").click()
    page.get_by_role("dialog").get_by_role("button", name="Não salvar").click()
    expect(page.get_by_role("row")).to_have_count(4)
    page.route("**/api/golden", lambda one: one.fulfill(
        status=409, content_type="application/problem+json",
        json={"code": "golden_known",
              "detail": "Este assistente já tem esta pergunta."}))  # fmt: skip
    page.get_by_role("button", name="Acrescentar pergunta").click()
    page.get_by_label("Pergunta", exact=True).fill("Há piscina?")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_have_text("Este assistente já tem esta pergunta.")
    page.trouble.clear()  # type: ignore[attr-defined]  # the browser tells of every 409


def test_one_that_is_not_needed_goes_once_it_is_confirmed(page: Page, server: str):
    open_tab(page, server)
    page.get_by_role("button", name="Excluir a pergunta “Há piscina?”").click()
    page.get_by_role("dialog").get_by_role("button", name="Excluir").click()

    expect(page.get_by_role("row", name="Há piscina?")).to_have_count(0)
    expect(page.get_by_role("row")).to_have_count(3)


def test_a_table_comes_in_and_goes_out(page: Page, server: str):
    open_tab(page, server)
    csv = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"question\nA?\nB?\n"}
    page.get_by_label("Importar CSV").set_input_files(csv)  # type: ignore[arg-type]
    expect(page.get_by_text("2 acrescentadas, 0 alteradas.")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="Exportar CSV").click()
    assert re.fullmatch(r".+\.csv", download.value.suggested_filename)


def test_the_cards_tell_the_light_whether_it_is_asked_now_and_the_week_in_one_request(
    page: Page, server: str
) -> None:
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]
    told = page.request.get(f"{server}/api/golden/lights").json()
    told["items"][0]["asking"] = True
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url) if "/golden" in sent.url else None)
    page.route("**/golden/lights*", lambda route: route.fulfill(json=told), times=1)
    page.goto(f"{server}/#/assistants")
    card = page.get_by_role("main").get_by_role("listitem").filter(has_text=one["name"])
    expect(card).to_contain_text("Referência: sendo perguntadas agora")
    expect(card).to_contain_text("214 perguntas em 7 dias")
    assert len(asked) == 1
    assert violations(page) == []

    page.request.post(f"{server}/api/golden/runs", data={"assistant": one["id"]})  # and they end

    expect(card).to_contain_text("Referência: todas passam")
