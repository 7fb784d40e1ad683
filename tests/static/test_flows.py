"""Flows are switched on and edited without code; a conversation is handed over and taken."""

import pytest
from playwright.sync_api import Page, expect

from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser


@pytest.fixture
def tab(page: Page, server: str) -> Page:
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    page.goto(f"{server}/#/assistants/{one}/flows")
    expect(page.get_by_role("heading", name="Horário de atendimento")).to_be_visible()
    return page


def test_the_week_is_edited_in_plain_words(tab: Page) -> None:
    expect(tab.get_by_label("segunda-feira")).to_have_value("08:00-12:00, 13:00-17:00")
    tab.get_by_label("sábado").fill("9:00 – 11:00".replace("9:00", "09:00"))
    tab.get_by_label("Dias fechados, um por linha").fill("2026-12-25\n2027-01-01")
    with tab.expect_request("**/flows") as sent:
        tab.get_by_role("button", name="Salvar fluxos").press("Enter")

    hours = sent.value.post_data_json["hours"]
    assert hours["week"][0] == ["08:00-12:00", "13:00-17:00"]
    assert hours["week"][5] == ["09:00-11:00"]
    assert hours["closed"] == ["2026-12-25", "2027-01-01"]
    expect(tab.get_by_role("status")).to_have_text("Salvo. Vale para a próxima pergunta.")


def test_a_form_is_written_field_by_field(tab: Page) -> None:
    expect(tab.get_by_label("Título")).to_have_value("Pedir matrícula")
    fields = tab.get_by_role("list", name="Campos do formulário")
    expect(fields.get_by_role("listitem")).to_have_count(3)
    tab.get_by_role("button", name="Mais um campo").press("Enter")
    fourth = fields.get_by_role("group", name="Campo 4")
    expect(fourth.get_by_label("Pergunta", exact=True)).to_be_focused()
    fourth.get_by_label("Pergunta", exact=True).fill("Série")
    fourth.get_by_label("Tipo").select_option("choice")
    fourth.get_by_label("Opções, uma por linha").fill("5º ano\n6º ano")
    fourth.get_by_role("button", name="Subir o campo 4").click()
    tab.get_by_role("button", name="Remover o campo 1").click()
    expect(fields.get_by_role("listitem")).to_have_count(3)
    assert violations(tab) == []

    with tab.expect_request("**/flows") as sent:
        tab.get_by_role("button", name="Salvar fluxos").click()

    form = sent.value.post_data_json["form"]
    assert (form["on"], form["title"], form["words"]) == (
        True, "Pedir matrícula", ["Quero me matricular"],
    )  # fmt: skip
    assert [one["label"] for one in form["fields"]] == ["CPF", "Série", "Turno"]
    assert form["fields"][1]["choices"] == ["5º ano", "6º ano"]
    assert [one["required"] for one in form["fields"]] == [False, False, True]


def test_a_form_is_sent_on_by_mail_and_signed(tab: Page) -> None:
    tab.get_by_label("Enviar também por e-mail para").fill("ana@escola.example")
    tab.get_by_label("Enviar também a um programa, neste endereço").fill("https://crm.lan/x")
    tab.get_by_role("button", name="Criar o segredo").press("Enter")
    expect(tab.get_by_text("bh_so-desta-vez")).to_be_visible()
    expect(tab.get_by_role("button", name="Trocar o segredo")).to_be_visible()
    assert violations(tab) == []
    with tab.expect_request("**/flows") as sent:
        tab.get_by_role("button", name="Salvar fluxos").click()

    form = sent.value.post_data_json["form"]
    assert (form["mail_to"], form["webhook"]) == ("ana@escola.example", "https://crm.lan/x")


def test_exam_time_has_a_beginning_and_an_end(tab: Page) -> None:
    tab.get_by_label("Recusar durante a prova").check()
    tab.get_by_label("Começa").fill("2026-12-01T08:00")
    tab.get_by_label("Termina").fill("2026-12-01T12:00")
    tab.get_by_label("O que dizer durante a prova").fill("Boa prova!")
    with tab.expect_request("**/flows") as sent:
        tab.get_by_role("button", name="Salvar fluxos").click()

    assert sent.value.post_data_json["exam"] == {
        "on": True, "begins": "2026-12-01T08:00", "ends": "2026-12-01T12:00", "said": "Boa prova!",
    }  # fmt: skip


def test_a_flow_is_switched_off(tab: Page) -> None:
    tab.get_by_label("Oferecer uma pessoa").uncheck()
    with tab.expect_request("**/flows") as sent:
        tab.get_by_role("button", name="Salvar fluxos").click()

    assert sent.value.post_data_json["person"]["on"] is False


def test_a_bad_time_is_refused_and_nothing_typed_is_lost(tab: Page) -> None:
    tab.get_by_label("domingo").fill("25:00-26:00")
    tab.get_by_role("button", name="Salvar fluxos").click()

    expect(tab.get_by_role("alert")).to_have_text("Esse horário não serve.")
    expect(tab.get_by_label("domingo")).to_have_value("25:00-26:00")
    tab.trouble.clear()  # type: ignore[attr-defined]  # the browser reports the 400


def test_a_conversation_is_handed_over_by_keyboard(page: Page, server: str) -> None:
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    page.goto(f"{server}/#/assistants/{one}/chat")
    page.get_by_label("Sua pergunta").fill("Quero falar com uma pessoa")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Falar com uma pessoa").press("Enter")
    expect(page.get_by_label("Como responder a você")).to_be_focused()
    assert violations(page) == []
    page.get_by_label("Como responder a você").fill("ramal 12")
    with page.expect_request("**/handover") as sent:
        page.get_by_role("button", name="Entregar a conversa").press("Enter")

    assert sent.value.post_data_json == {"reach_by": "ramal 12", "note": ""}
    expect(page.get_by_text("Sua conversa foi entregue à equipe.")).to_be_visible()


def test_a_form_is_filled_in_by_keyboard(page: Page, server: str) -> None:
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    page.goto(f"{server}/#/assistants/{one}/chat")
    page.get_by_label("Sua pergunta").fill("Pedir matrícula")
    page.keyboard.press("Enter")
    form = page.get_by_role("form", name="Pedir matrícula")
    form.get_by_label("Nome").fill("Zuleica Prado")
    form.get_by_label("CPF").fill("1")
    form.get_by_label("Turno").select_option("Manhã")
    form.get_by_role("button", name="Enviar").press("Enter")

    expect(form.get_by_role("alert")).to_have_text("Nada foi enviado ainda. Confira: CPF.")
    cpf = form.get_by_label("CPF")
    expect(cpf).to_be_focused()
    expect(cpf).to_have_accessible_description(
        "Do responsável. Este CPF não existe. Confira os onze números."
    )
    expect(form.get_by_label("Nome")).to_have_value("Zuleica Prado")
    assert violations(page) == []
    page.trouble.clear()  # type: ignore[attr-defined]  # the browser reports the 400

    cpf.fill("52998224725")
    with page.expect_request("**/form") as sent:
        page.keyboard.press("Enter")

    assert sent.value.post_data_json["values"] == {
        "Nome": "Zuleica Prado", "CPF": "52998224725", "Turno": "Manhã",
    }  # fmt: skip
    expect(page.get_by_text("Recebemos o que você preencheu.")).to_be_focused()


def test_what_was_filled_in_is_read_in_the_inbox(page: Page, server: str) -> None:
    page.goto(f"{server}/#/handovers")
    page.get_by_role("button", name="Ler a conversa “Pedir matrícula”").click()

    expect(page.get_by_role("definition")).to_have_text("Zuleica Prado")
    assert violations(page) == []


def test_the_team_reads_it_and_takes_care(page: Page, server: str) -> None:
    page.goto(f"{server}/#/handovers")
    expect(page.get_by_text("responder por: ramal 12")).to_be_visible()
    page.get_by_role("button", name="Ler a conversa “Há piscina?”").press("Enter")
    expect(page.get_by_text("Não encontrei isso nos documentos que posso ler.")).to_be_visible()
    assert violations(page) == []

    page.get_by_role("button", name="Marcar como atendida: “Há piscina?”").click()
    expect(page.get_by_role("button", name="Reabrir: “Há piscina?”")).to_be_visible()
    page.get_by_role("button", name="Atendidas").click()
    expect(page.get_by_role("list", name="Atendimento").get_by_role("strong")).to_have_text(
        ["Há piscina?"]
    )
    expect(page.get_by_role("heading", name="Há piscina?")).to_be_hidden()
