"""The reading report and the lifetime of documents, in a real browser before the preview."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.static.preview_reading import LONG

pytestmark = pytest.mark.browser


def open_document(page: Page, server: str, title: str, number: int | None = None) -> None:
    """By its address, as a citation does."""
    found = {}
    for assistant in page.request.get(f"{server}/api/assistants").json()["items"]:
        (shelf,) = assistant["collections"]
        listed = page.request.get(f"{server}/api/collections/{shelf}/documents").json()
        found |= {one["title"]: one["id"] for one in listed["items"]}
    page.goto(f"{server}/#/documents/{found[title]}" + (f"?page={number}" if number else ""))
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


def open_shelf(page: Page, server: str) -> None:
    page.goto(server)
    page.get_by_role("main").get_by_role("link", name="Secretaria da escola").click()
    page.get_by_role("link", name="Documentos", exact=True).click()
    expect(page.get_by_role("row", name="Regimento interno")).to_be_visible()


def test_the_summary_says_how_the_pages_were_read(page: Page, server: str):
    open_document(page, server, "Ata do conselho 2019")

    report = page.get_by_role("region", name="O que foi lido")
    expect(report).to_contain_text("14 páginas: 10 digitais, 2 por OCR, 2 ilegíveis")


def test_pages_with_problems_come_first_and_the_order_can_be_the_papers(page: Page, server: str):
    open_document(page, server, "Ata do conselho 2019")
    numbers = page.get_by_role("region", name="O que foi lido").locator("li .number")
    expect(numbers).to_have_count(3 + 14)
    assert numbers.all_inner_texts()[:5] == ["3", "5", "9", "1", "2"]

    page.get_by_label("Páginas com problemas primeiro").uncheck()

    expect(numbers).to_have_count(14)


def test_the_picture_stands_beside_the_text_with_its_doubts_marked(page: Page, server: str):
    open_document(page, server, "Ata do conselho 2019", 5)

    view = page.get_by_role("region", name="Página")
    expect(view.get_by_alt_text("Página 5 de Ata do conselho 2019")).to_be_visible()
    expect(view.locator(".unsure").first).to_have_text("CAPÍTULO")
    expect(view).to_contain_text("OCR, leitura duvidosa (62%)")
    expect(view).to_contain_text("O OCR não teve certeza de 2 palavras")
    expect(view).to_contain_text("Um cabeçalho que se repete ficou fora do texto.")
    removed = view.get_by_text("Colégio Horizonte — 2019")
    expect(removed).to_be_hidden()
    view.get_by_text("2 linhas ficaram fora do texto").click()
    expect(removed).to_be_visible()


def test_a_document_without_paper_shows_its_text_on_a_phone_too(page: Page, server: str):
    page.set_viewport_size({"width": 390, "height": 844})
    open_document(page, server, "Calendário 2027")

    expect(page.get_by_text("A matrícula dos alunos novos é feita na secretaria")).to_be_visible()


def test_pages_are_turned_by_button_by_key_and_by_number(page: Page, server: str):
    open_document(page, server, "Ata do conselho 2019", 5)
    place = page.get_by_role("region", name="Página").locator(".turner .number")
    page.get_by_role("button", name="Próxima página").click()
    expect(place).to_have_text("Página 6 de 14")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(place).to_have_text("Página 4 de 14")

    page.get_by_label("Ir à página").fill("12")
    page.keyboard.press("Enter")

    expect(place).to_have_text("Página 12 de 14")
    assert page.url.endswith("page=12")


def test_keys_that_are_typed_turn_no_page(page: Page, server: str):
    open_document(page, server, "Ata do conselho 2019", 5)
    page.get_by_role("button", name="Corrigir o texto").click()
    page.get_by_label("Texto da página 5").press("ArrowRight")

    expect(page.locator(".turner .number")).to_have_text("Página 5 de 14")


def test_the_picture_is_enlarged_by_key_and_by_button(page: Page, server: str):
    open_document(page, server, "Ata do conselho 2019", 5)
    picture = page.get_by_alt_text("Página 5 de Ata do conselho 2019")
    before = (picture.bounding_box() or {})["width"]
    page.keyboard.press("+")
    page.get_by_role("button", name="Ampliar").click()
    expect(picture).to_be_visible()

    assert (picture.bounding_box() or {})["width"] == pytest.approx(2 * before, rel=0.05)
    page.keyboard.press("-")
    page.get_by_role("button", name="Reduzir").click()
    expect(page.get_by_role("button", name="Reduzir")).to_be_disabled()


def test_a_document_of_5000_pages_is_listed_a_hundred_at_a_time(page: Page, server: str):
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    open_document(page, server, LONG, 4321)

    report = page.get_by_role("region", name="O que foi lido")
    expect(report).to_contain_text("5.000 páginas")
    expect(report).to_contain_text("4.301–4.400")
    expect(report.locator("li")).to_have_count(4 + 100)
    report.get_by_role("button", name="As 100 páginas seguintes").click()
    expect(report).to_contain_text("4.401–4.500")
    listed = [url for url in asked if re.search("/pages\\?", url)]
    assert len(listed) == 3
    assert all("text=false" in url for url in listed)


def test_leafing_through_draws_no_picture_on_the_way(page: Page, server: str):
    open_document(page, server, LONG, 100)
    expect(page.get_by_alt_text(f"Página 100 de {LONG}")).to_be_visible()
    drawn: list[str] = []
    page.on("request", lambda sent: "/image" in sent.url and drawn.append(sent.url))
    for _ in range(8):
        page.keyboard.press("ArrowRight")

    expect(page.get_by_alt_text(f"Página 108 de {LONG}")).to_be_visible()
    assert len(drawn) <= 3


def test_a_page_that_is_accepted_needs_no_look_any_more_and_that_can_be_undone(
    page: Page, server: str
):
    open_document(page, server, "Ata do conselho 2019", 3)
    report = page.get_by_role("region", name="O que foi lido")
    page.get_by_role("button", name="É assim mesmo: nada a ler").click()
    expect(report).to_contain_text("Para conferir (2)")
    expect(report.get_by_role("link", name="3 Aceita")).to_be_visible()

    page.get_by_role("button", name="Desfazer").click()

    expect(report).to_contain_text("Para conferir (3)")


def test_a_corrected_page_says_who_and_when_and_keeps_what_was_read(page: Page, server: str):
    open_document(page, server, "Ata do conselho 2019", 5)
    page.get_by_role("button", name="Corrigir o texto").click()
    page.get_by_label("Texto da página 5").fill("Capítulo primeiro, da matrícula.")
    with page.expect_request(lambda sent: sent.method == "PATCH") as sent:
        page.get_by_role("button", name="Salvar").click()

    assert sent.value.post_data_json == {"text": "Capítulo primeiro, da matrícula."}
    view = page.get_by_role("region", name="Página")
    expect(view).to_contain_text("Corrigida por Helena Prado em 23 de nov. de 2026")
    expect(view.get_by_role("document")).to_have_text("Capítulo primeiro, da matrícula.")
    view.get_by_text("O que foi lido", exact=True).click()
    expect(view).to_contain_text("CAPÍTULO I. DA MATRÍCULA")
    page.get_by_role("button", name="Voltar ao que foi lido").click()
    expect(view.get_by_role("document")).to_contain_text("CAPÍTULO I. DA MATRÍCULA")


def test_a_document_is_read_again_as_somebody_wishes(page: Page, server: str):
    open_document(page, server, "Ata do conselho 2019", 5)
    page.get_by_role("button", name="Ler de novo").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reconhecimento de texto").select_option("Em todas as páginas")
    dialog.get_by_label("Idioma").select_option("Español")
    dialog.get_by_label("Páginas").select_option("Só as 3 páginas para conferir")
    with page.expect_request("**/read-again") as sent:
        dialog.get_by_role("button", name="Ler de novo").click()

    assert sent.value.post_data_json == {"ocr": "always", "language": "es", "pages": [3, 5, 9]}
    expect(page.get_by_role("button", name="Ler de novo")).to_be_visible()  # it has ended


def test_whoever_would_rather_not_reads_nothing_again(page: Page, server: str):
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    open_document(page, server, "Ata do conselho 2019")
    page.get_by_role("button", name="Ler de novo").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Ler de novo").click()
    page.get_by_role("button", name="Agora não").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert not [url for url in asked if url.endswith("/read-again")]


def test_a_new_file_takes_the_place_of_a_document(page: Page, server: str):
    open_document(page, server, "Ata do conselho 2019")
    file = {"name": "Ata_nova.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    page.get_by_label("Substituir…").set_input_files([file])

    expect(page.get_by_role("heading", name="Ata nova", level=1)).to_be_visible()
    page.get_by_role("link", name="Ata do conselho 2019").click()
    expect(page.get_by_role("heading", name="Ata do conselho 2019", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Este documento não está em vigor")
    expect(page.get_by_role("main")).to_contain_text("Substituído por Ata nova")


def test_dates_and_versions_are_edited_where_the_document_is(page: Page, server: str):
    open_document(page, server, "Regimento interno")
    page.get_by_text("Título, vigência e versões").click()
    page.get_by_label("Em vigor até").fill("2019-12-31")
    page.get_by_label("Substitui", exact=True).select_option("Calendário 2027")
    with page.expect_request(lambda sent: sent.method == "PATCH") as sent:
        page.get_by_role("button", name="Salvar").click()

    told = sent.value.post_data_json
    assert (told["valid_from"], told["valid_to"], told["title"]) == (
        None, "2019-12-31", "Regimento interno",
    )  # fmt: skip
    expect(page.get_by_text("Salvo.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Em vigor até 31 de dez. de 2019.")
    expect(page.get_by_role("link", name="Calendário 2027")).to_be_visible()


def test_dates_that_cannot_be_are_refused_in_the_servers_words(page: Page, server: str):
    open_document(page, server, "Regimento interno")
    page.get_by_text("Título, vigência e versões").click()
    page.get_by_label("Em vigor desde").fill("2020-01-01")
    page.get_by_label("Em vigor até").fill("2019-12-31")
    page.get_by_role("button", name="Salvar").click()

    expect(page.get_by_role("alert")).to_contain_text("termina antes de começar")
    page.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 400


def test_documents_that_need_a_look_are_marked_counted_and_filtered(page: Page, server: str):
    open_shelf(page, server)
    rows = page.get_by_role("row")
    expect(page.get_by_role("row", name="Ata do conselho")).to_contain_text("3 para conferir")

    page.get_by_label("Só os 2 documentos que pedem atenção").check()

    expect(rows).to_have_count(1 + 2)
    expect(page.get_by_role("row", name="Regimento interno")).to_have_count(0)


def test_a_new_version_is_proposed_and_accepted(page: Page, server: str):
    open_shelf(page, server)
    proposed = page.get_by_role("region", name="Uma versão nova?")
    expect(proposed).to_contain_text("Calendário 2027 parece uma versão nova de Regimento interno")
    expect(proposed).to_contain_text("92% do texto em comum")

    proposed.get_by_role("button", name="Sim, substitui: Calendário 2027").click()

    expect(proposed).to_have_count(0)
    expect(page.get_by_role("row", name="Regimento interno")).to_contain_text("fora de vigor")


def test_a_proposal_that_is_wrong_goes_away(page: Page, server: str):
    open_shelf(page, server)
    page.get_by_role("button", name="Não, são coisas diferentes: Calendário 2027").click()

    expect(page.get_by_role("region", name="Uma versão nova?")).to_have_count(0)
    expect(page.get_by_text("fora de vigor")).to_have_count(0)


def ask(page: Page, question: str) -> None:
    page.get_by_label("Sua pergunta").fill(question)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copiar com fontes")).to_be_visible()


def test_an_answer_says_what_its_reader_has_to_know(page: Page, server: str):
    page.goto(server)
    page.get_by_role("main").get_by_role("link", name="Secretaria da escola").click()
    ask(page, "O que diz a ata ?")

    answer = page.get_by_role("article")
    expect(answer).to_contain_text(
        "Perto destes trechos há páginas que não puderam ser lidas: Ata do conselho 2019, p. 3 e 9."
    )
    expect(answer).to_contain_text("que vale desde 1 de fev. de 2020")


def test_the_widget_says_it_too(page: Page, server: str):
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["public_id"]
    page.goto(f"{server}/w/{one}")
    page.get_by_role("button", name="Li e entendi").click()
    ask(page, "O que diz a ata ?")

    expect(page.get_by_role("article")).to_contain_text("páginas que não puderam ser lidas")


def test_a_question_can_be_about_a_day(page: Page, server: str):
    page.goto(server)
    page.get_by_role("main").get_by_role("link", name="Secretaria da escola").click()
    page.get_by_text("Em vigor hoje").click()
    page.get_by_label("Dia", exact=True).fill("2024-05-01")
    with page.expect_request("**/ask") as sent:
        ask(page, "Até quando entrego os recibos?")

    assert sent.value.post_data_json["as_of"] == "2024-05-01"
    expect(page.get_by_role("article")).to_contain_text("em vigor em 1 de mai. de 2024")
    page.get_by_text("Em vigor em 1 de mai. de 2024").first.click()
    page.get_by_role("button", name="Hoje").click()
    expect(page.get_by_text("Em vigor hoje")).to_be_visible()
