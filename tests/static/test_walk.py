"""The main walk: first day, an assistant in three steps, a question, its page, the way out."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def ask(page: Page, question: str) -> None:
    page.get_by_label("Sua pergunta").fill(question)
    page.get_by_role("button", name="Perguntar", exact=True).click()


def open_chat(page: Page, server: str) -> None:
    page.goto(server)
    page.get_by_role("main").get_by_role("link", name="Secretaria da escola").click()


def test_the_first_day_ends_with_an_assistant_on_a_site(page: Page, fresh_server: str):
    page.goto(fresh_server)
    page.get_by_label("Código de instalação").fill("1234-5678")
    page.get_by_label("Organização").fill("Escola Municipal")
    page.get_by_label("Seu nome").fill("Helena Prado")
    page.get_by_label("E-mail").fill("helena@escola.example")
    page.get_by_label("Senha").fill("uma frase bem comprida")
    page.get_by_role("button", name="Começar").click()

    expect(page.get_by_role("heading", name="Crie o primeiro assistente")).to_be_visible()
    page.get_by_role("link", name="Criar assistente").click()
    page.get_by_label("Nome", exact=True).fill("Secretaria")
    page.get_by_label("Acolhedor").check()
    expect(page.get_by_label("Instruções")).to_have_value(re.compile("gentileza"))
    page.get_by_role("button", name="Continuar").click()

    file = {"name": "Regimento.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 rules"}
    page.get_by_label("Escolher arquivos").set_input_files([file])
    row = page.get_by_role("row", name="Regimento")
    expect(row).to_contain_text("Pronto")
    expect(row).to_contain_text("4 páginas")
    page.get_by_role("link", name="Continuar").click()

    ask(page, "Até quando entrego os recibos?")
    expect(page.get_by_role("link", name="Fonte 1: Regimento, p. 3").first).to_be_visible()
    code = page.get_by_text("<script src=").inner_text()
    line = rf'<script src="{fresh_server}/widget\.js" data-assistant="\w+" async></script>'
    assert re.fullmatch(line, code)
    page.get_by_role("link", name="Concluir").click()
    expect(page.get_by_role("heading", name="Secretaria")).to_be_visible()

    page.get_by_role("button", name="Sair").click()
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()


def test_signing_in_with_a_wrong_password_says_what_to_do(page: Page, fresh_server: str):
    page.request.post(
        f"{fresh_server}/api/setup",
        data={"code": "1234-5678", "name": "H", "email": "h@e.example", "language": "pt"},
    )
    page.goto(fresh_server)
    page.get_by_label("E-mail").fill("h@e.example")
    page.get_by_label("Senha").fill("errada")
    page.get_by_role("button", name="Entrar").click()

    expect(page.get_by_role("alert")).to_contain_text("Tente de novo")
    # Chromium itself reports the 401 it was told.
    page.trouble.clear()  # type: ignore[attr-defined]


def test_a_citation_opens_its_page_with_the_lines_marked(page: Page, server: str):
    open_chat(page, server)
    ask(page, "Até quando entrego os recibos?")
    page.get_by_role("link", name="Fonte 1: Regimento interno, p. 3").first.click()

    pane = page.get_by_role("region", name="Página citada")
    expect(pane.get_by_alt_text("Página 3 de Regimento interno")).to_be_visible()
    assert pane.locator(".box").count() >= 2  # the sentence runs over two lines
    pane.get_by_role("button", name="Ver texto").click()
    expect(pane.locator("mark")).to_contain_text("até o dia")
    page.keyboard.press("Escape")
    expect(pane).to_be_hidden()
    expect(page.get_by_role("link", name="Fonte 1: Regimento interno, p. 3").first).to_be_focused()


def test_the_address_of_a_citation_opens_the_document_at_the_place(page: Page, server: str):
    open_chat(page, server)
    ask(page, "Até quando entrego os recibos?")
    page.get_by_role("link", name="Fonte 2: Regimento interno, p. 3").first.click()
    page.get_by_role("link", name="Abrir documento").click()

    expect(page).to_have_url(re.compile("/documents/.*page=3&start="))
    expect(page.get_by_role("heading", name="Regimento interno", level=1)).to_be_visible()
    expect(page.locator(".box").first).to_be_visible()


def test_a_reload_shows_the_conversation_again(page: Page, server: str):
    open_chat(page, server)
    ask(page, "Até quando entrego os recibos?")
    expect(page.get_by_label("Fontes")).to_be_visible()
    page.reload()

    expect(page.get_by_role("heading", name="Até quando entrego os recibos?")).to_be_visible()
    expect(page.get_by_label("Fontes")).to_be_visible()
    page.get_by_role("button", name="Nova conversa").click()
    expect(page.get_by_label("Fontes")).to_be_hidden()
    assert "conversation" not in page.url


def test_a_sentence_without_support_says_so_to_everybody(page: Page, server: str):
    open_chat(page, server)
    ask(page, "Até quando entrego os recibos?")

    doubt = "(não confirmado nos documentos: as palavras desta frase não estão no trecho"
    expect(page.get_by_role("note")).to_contain_text(doubt)
    expect(page.locator("[aria-live=polite]")).to_contain_text(doubt)


def test_a_doubt_is_read_by_mouse_and_by_key_and_put_away_by_escape(page: Page, server: str):
    open_chat(page, server)
    ask(page, "Quais documentos a matrícula pede?")
    sentence = page.get_by_role("note")
    doubt = sentence.get_by_text("o número desta frase não está no trecho mais próximo")
    small = {"width": 1, "height": 1}
    expect(page.get_by_role("button", name="Copiar com fontes")).to_be_visible()
    assert small.items() <= (doubt.bounding_box() or {}).items()

    sentence.hover()
    assert (doubt.bounding_box() or {})["width"] > 100
    page.mouse.move(0, 0)
    sentence.focus()
    assert (doubt.bounding_box() or {})["width"] > 100
    page.keyboard.press("Escape")
    expect(sentence).not_to_be_focused()
    assert small.items() <= (doubt.bounding_box() or {}).items()


def test_the_sentence_that_was_cited_is_marked_in_its_passage(page: Page, server: str):
    open_chat(page, server)
    ask(page, "Até quando entrego os recibos?")
    page.get_by_text("trechos consultados").click()

    passages = page.get_by_label("Trechos encontrados")
    marked = passages.get_by_role("listitem").first.locator("mark")
    assert [" ".join(text.split()) for text in marked.all_inner_texts()] == [
        "Os recibos e requerimentos devem ser entregues na secretaria até o dia 5 de cada mês.",
        "Pedidos entregues depois desse dia são analisados no mês seguinte.",
    ]
    assert passages.get_by_role("listitem").last.locator("mark").count() == 0


def test_a_source_is_named_by_its_place_in_the_law(page: Page, server: str):
    open_chat(page, server)
    ask(page, "Quais documentos a matrícula pede?")

    name = "Regimento interno, Art. 2º, p. 1"
    expect(page.get_by_role("link", name=f"Fonte 1: {name}").first).to_be_visible()
    page.get_by_text("trechos consultados").click()
    expect(page.get_by_label("Trechos encontrados")).to_contain_text(name)


def test_a_refusal_looks_like_an_answer_and_names_whom_to_ask(page: Page, server: str):
    open_chat(page, server)
    ask(page, "Há piscina?")

    expect(page.get_by_text("Fale com: Secretaria, (11) 5555-0199")).to_be_visible()
    expect(page.get_by_label("Trechos encontrados")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_stopping_keeps_what_was_written(page: Page, server: str):
    open_chat(page, server)
    ask(page, "Até quando entrego os recibos? fila")
    expect(page.locator(".written")).to_be_visible()
    page.get_by_role("button", name="Parar").click()

    expect(page.get_by_text("Você parou a resposta aqui.")).to_be_visible()
    expect(page.locator(".written")).to_contain_text("Os recibos")
    with page.expect_request("**/ask") as sent:
        ask(page, "E depois desse dia?")
    assert sent.value.post_data_json["conversation"] in page.url


def test_a_thumb_down_asks_why(page: Page, server: str):
    open_chat(page, server)
    ask(page, "Até quando entrego os recibos?")
    page.get_by_role("button", name="Não ajudou").click()
    with page.expect_request("**/feedback") as sent:
        page.get_by_role("button", name="Incompleta").click()

    assert sent.value.post_data_json == {"good": False, "reason": "incomplete"}
    expect(page.get_by_text("Obrigado.")).to_be_visible()


def test_a_file_that_is_refused_shows_the_servers_sentence(page: Page, server: str):
    open_chat(page, server)
    page.get_by_role("link", name="Documentos", exact=True).click()
    file = {"name": "jogo.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"}
    page.get_by_label("Escolher arquivos").set_input_files([file])

    expect(page.get_by_role("row", name="jogo.exe")).to_contain_text("Envie PDF, Word ou texto.")
    page.get_by_role("button", name="Dispensar jogo.exe").click()
    expect(page.get_by_role("row", name="jogo.exe")).to_have_count(0)
    page.trouble.clear()  # type: ignore[attr-defined]


def test_deleting_names_what_is_lost_and_escape_keeps_it(page: Page, server: str):
    open_chat(page, server)
    page.get_by_role("link", name="Documentos", exact=True).click()
    page.get_by_role("button", name="Excluir Regimento interno").click()
    expect(page.get_by_role("dialog")).to_contain_text("“Regimento interno” (4 páginas)")
    page.keyboard.press("Escape")
    expect(page.get_by_role("row", name="Regimento interno")).to_be_visible()

    page.get_by_role("button", name="Excluir Regimento interno").click()
    page.get_by_role("dialog").get_by_role("button", name="Excluir").click()
    expect(page.get_by_role("row", name="Regimento interno")).to_have_count(0)


def test_a_site_is_allowed_by_what_somebody_pastes(page: Page, server: str):
    open_chat(page, server)
    page.get_by_role("link", name="Visitantes").click()
    page.get_by_label("Endereço do site").fill("www.prefeitura.example/contato?x=1")
    page.get_by_role("button", name="Permitir site").click()
    expect(page.get_by_role("list", name="Sites permitidos")).to_contain_text(
        "https://www.prefeitura.example"
    )

    page.get_by_label("Endereço do site").fill("javascript:alert(1)")
    page.get_by_role("button", name="Permitir site").click()
    expect(page.get_by_role("alert")).to_contain_text("não parece o endereço de um site")


def test_behaviour_is_saved_and_said_so(page: Page, server: str):
    open_chat(page, server)
    page.get_by_role("link", name="Comportamento").click()
    page.get_by_label("Contato").fill("Dona Lúcia")
    page.get_by_role("button", name="Salvar").click()

    expect(page.get_by_text("Salvo.")).to_be_visible()


def test_each_strictness_says_what_it_does(page: Page, server: str):
    open_chat(page, server)
    page.get_by_role("link", name="Comportamento").click()
    strict = page.get_by_role("radio", name="Rigoroso")
    expect(page.get_by_role("radio", name="Equilibrado")).to_be_checked()
    expect(strict).to_have_accessible_description(
        "Recusa quando a evidência é fraca e retira da resposta as frases que os documentos "
        "não confirmam."
    )
    strict.check()
    with page.expect_request("**/api/assistants/*") as sent:
        page.get_by_role("button", name="Salvar").click()

    assert sent.value.post_data_json["strictness"] == "strict"
    expect(page.get_by_text("Salvo.")).to_be_visible()


def test_a_key_is_shown_once_and_can_be_revoked(page: Page, server: str):
    page.goto(f"{server}/#/keys")
    page.get_by_label("Nome da chave").fill("Robô")
    page.get_by_role("button", name="Criar chave").click()
    expect(page.get_by_text("bk_preview_shown_once")).to_be_visible()

    page.reload()
    expect(page.get_by_role("row", name="Robô")).to_be_visible()
    expect(page.get_by_text("bk_preview_shown_once")).to_have_count(0)
    page.get_by_role("button", name="Revogar Robô").click()
    page.get_by_role("dialog").get_by_role("button", name="Revogar").click()
    expect(page.get_by_role("row", name="Robô")).to_have_count(0)


def test_the_language_can_be_changed_and_stays(page: Page, server: str):
    page.goto(server)
    page.get_by_label("Idioma").select_option("Español")
    expect(page.get_by_role("heading", name="Asistentes")).to_be_visible()
    page.reload()

    expect(page.get_by_role("button", name="Salir")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "es"


def test_a_question_can_be_asked_without_a_mouse(page: Page, server: str):
    open_chat(page, server)
    page.get_by_label("Sua pergunta").focus()
    page.keyboard.type("Até quando")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("entrego os recibos?")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Até quando entrego os recibos?")).to_be_visible()
    expect(page.get_by_label("Sua pergunta")).to_be_focused()


def test_a_long_answer_leaves_its_question_in_sight(page: Page, server: str):
    page.set_viewport_size({"width": 1280, "height": 500})
    open_chat(page, server)
    for question in ("Até quando entrego os recibos?", "Há piscina?"):
        ask(page, question)
        expect(page.get_by_role("button", name="Copiar com fontes").last).to_be_visible()

    expect(page.get_by_role("heading", name="Há piscina?")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("heading", name="Até quando")).not_to_be_in_viewport()


def test_an_answer_that_ends_does_not_call_the_reader_back(page: Page, server: str):
    """The document's page is held up until the answer has ended behind the reader's back."""
    ended: list[str] = []
    page.on("requestfinished", lambda sent: "/ask" in sent.url and ended.append(sent.url))
    page.route(
        "**/pages/document.js", lambda route: (page.wait_for_timeout(1500), route.continue_())
    )
    open_chat(page, server)
    ask(page, "Até quando entrego os recibos?")
    page.get_by_role("link", name="Fonte 1: Regimento interno, p. 3").first.click()
    page.get_by_role("link", name="Abrir documento").click()

    expect(page.get_by_role("heading", name="Regimento interno", level=1)).to_be_visible()
    assert "#/documents/" in page.url
