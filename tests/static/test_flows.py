"""Flows are switched on and edited without code; a conversation is handed over and taken care of."""

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
        tab.get_by_role("button", name="Guardar fluxos").press("Enter")

    hours = sent.value.post_data_json["hours"]
    assert hours["week"][0] == ["08:00-12:00", "13:00-17:00"]
    assert hours["week"][5] == ["09:00-11:00"]
    assert hours["closed"] == ["2026-12-25", "2027-01-01"]
    expect(tab.get_by_role("status")).to_have_text("Guardado. Vale para a próxima pergunta.")


def test_a_flow_is_switched_off(tab: Page) -> None:
    tab.get_by_label("Oferecer uma pessoa").uncheck()
    with tab.expect_request("**/flows") as sent:
        tab.get_by_role("button", name="Guardar fluxos").click()

    assert sent.value.post_data_json["person"]["on"] is False


def test_a_bad_time_is_refused_and_nothing_typed_is_lost(tab: Page) -> None:
    tab.get_by_label("domingo").fill("25:00-26:00")
    tab.get_by_role("button", name="Guardar fluxos").click()

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
