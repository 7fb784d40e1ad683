"""The tab of approved answers: write one, switch it off, take it back; and how it reads."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser
FIRST = "Quanto custa a segunda via do diploma?"


@pytest.fixture
def tab(page: Page, server: str) -> Page:
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    page.goto(f"{server}/#/assistants/{one}/approved")
    expect(page.get_by_role("heading", name=FIRST)).to_be_visible()
    return page


def test_an_editor_sees_what_is_said_how_often_and_from_where(tab: Page) -> None:
    expect(tab.get_by_text("R$ 45,00 e fica pronta")).to_be_visible()
    expect(
        tab.get_by_text(re.compile("Dada 12 vezes, a última em .* cita Regimento interno, p. 3"))
    ).to_be_visible()
    expect(tab.get_by_text("E mais 1 pergunta: Perdi o diploma, e agora?")).to_be_visible()


def test_a_new_answer_is_written_and_stands_first(tab: Page) -> None:
    tab.get_by_role("button", name="Nova resposta").click()
    expect(tab.get_by_label("Perguntas, uma por linha")).to_be_focused()
    tab.get_by_label("Perguntas, uma por linha").fill("Há estacionamento?\nOnde paro o carro?")
    tab.get_by_label("Resposta exata").fill("Sim, na rua lateral.")
    assert violations(tab) == []
    with tab.expect_request("**/approved-answers") as sent:
        tab.get_by_role("button", name="Aprovar resposta").click()

    assert sent.value.post_data_json == {
        "questions": ["Há estacionamento?", "Onde paro o carro?"],
        "text": "Sim, na rua lateral.", "document": None, "page": None, "quote": "",
    }  # fmt: skip
    expect(tab.get_by_role("status")).to_contain_text("Aprovada. Vale para a próxima pergunta.")
    listed = tab.get_by_role("list", name="Respostas aprovadas").get_by_role("listitem")
    expect(listed.first).to_contain_text("Há estacionamento?")


def test_a_refusal_is_told_and_nothing_typed_is_lost(tab: Page) -> None:
    tab.get_by_role("button", name="Nova resposta").click()
    tab.get_by_label("Perguntas, uma por linha").fill(FIRST)
    tab.get_by_label("Resposta exata").fill("Outra.")
    tab.get_by_role("button", name="Aprovar resposta").click()

    expect(tab.get_by_role("alert")).to_have_text("Essa pergunta já tem uma resposta.")
    expect(tab.get_by_label("Resposta exata")).to_have_value("Outra.")
    tab.trouble.clear()  # type: ignore[attr-defined]  # the browser reports the 409


def test_an_answer_is_changed_with_its_page(tab: Page) -> None:
    tab.get_by_role("button", name=f"Mudar: {FIRST}").click()
    expect(tab.get_by_label("Página", exact=True)).to_have_value("3")
    tab.get_by_label("Página", exact=True).fill("2")
    with tab.expect_request("**/approved-answers/*") as sent:
        tab.get_by_role("button", name="Aprovar resposta").click()

    assert sent.value.method == "PATCH"
    assert sent.value.post_data_json["page"] == 2
    expect(tab.get_by_text("cita Regimento interno, p. 2")).to_be_visible()


def test_one_is_switched_off_and_on_by_keyboard(tab: Page) -> None:
    use = tab.get_by_role("checkbox", name=f"Em uso: {FIRST}")
    use.focus()
    tab.keyboard.press("Space")

    expect(tab.get_by_role("status")).to_contain_text("Desligada.")
    expect(use).not_to_be_checked()


def test_a_removed_one_comes_back(tab: Page) -> None:
    tab.get_by_role("button", name=f"Excluir: {FIRST}").click()
    expect(tab.get_by_role("heading", name=FIRST)).to_have_count(0)

    tab.get_by_role("button", name="Desfazer").click()

    expect(tab.get_by_role("heading", name=FIRST)).to_be_visible()
    expect(tab.get_by_role("button", name="Desfazer")).to_have_count(0)


def test_answers_are_found_by_their_words(tab: Page) -> None:
    tab.get_by_role("searchbox", name="Procurar nas respostas").fill("sábado")
    tab.keyboard.press("Enter")

    expect(
        tab.get_by_role("list", name="Respostas aprovadas").get_by_role("listitem")
    ).to_have_count(1)
    tab.get_by_role("searchbox", name="Procurar nas respostas").fill("piscina")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("Nenhuma resposta aprovada tem essas palavras.")).to_be_visible()


def test_a_sheet_is_brought_in(tab: Page) -> None:
    file = {"name": "r.csv", "mimeType": "text/csv", "buffer": b"questions,answer\nOi?,Oi.\n"}
    tab.get_by_label("Importar planilha (CSV)").set_input_files(file)  # type: ignore[arg-type]

    expect(tab.get_by_role("status")).to_contain_text("1 acrescentadas, 0 mudadas.")
    expect(tab.get_by_role("heading", name="Oi?")).to_be_visible()


def chat(page: Page, server: str, question: str) -> None:
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    page.goto(f"{server}/#/assistants/{one}/chat")
    page.get_by_label("Sua pergunta").fill(question)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copiar com fontes")).to_be_visible()


def test_an_approved_answer_says_that_people_approved_it(page: Page, server: str) -> None:
    chat(page, server, FIRST)

    expect(page.get_by_text("Resposta aprovada pela equipe.")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize(
    ("said", "label", "next_"),
    [
        ("Olá!", "Você pode perguntar", "Qual é a frequência mínima?"),
        ("Quanto custa o certificado?", "Você quis dizer", FIRST),
    ],
)
def test_a_question_that_is_offered_is_asked_by_one_press(
    page: Page, server: str, said: str, label: str, next_: str
) -> None:
    chat(page, server, said)
    offers = page.get_by_role("list", name=label)
    assert violations(page) == []

    offers.get_by_role("button", name=next_).press("Enter")

    expect(page.get_by_role("heading", name=next_, level=2)).to_be_visible()
