"""The retrieval bench in the console: under an answer, and on a tab of its own."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.static.test_walk import ask, open_chat

pytestmark = pytest.mark.browser
QUESTION = "Até quando entrego os recibos?"


def open_bench(page: Page, server: str, query: str = "") -> None:
    open_chat(page, server)
    page.get_by_role("link", name="Busca").click()
    if query:
        page.get_by_label("Pergunta ou palavras").fill(query)
        page.get_by_role("button", name="Procurar").click()


def section(page: Page, name: str) -> Locator:
    heading = page.get_by_role("heading", name=name, level=3)
    return page.locator("balcao-bench section").filter(has=heading)


def test_how_an_answer_was_found_is_folded_under_it_and_searched_once_opened(
    page: Page, server: str
):
    open_chat(page, server)
    ask(page, QUESTION)
    asked: list[str] = []
    page.on("request", lambda sent: "/bench" in sent.url and asked.append(sent.url))
    expect(page.get_by_text("Como foi encontrado")).to_be_visible()
    assert asked == []

    with page.expect_request("**/bench") as sent:
        page.get_by_text("Como foi encontrado").click()

    assert sent.value.post_data_json == {"query": QUESTION}
    expect(section(page, "Ordem final").get_by_role("listitem").first).to_be_visible()
    page.get_by_text("Como foi encontrado").click()
    page.get_by_text("Como foi encontrado").click()
    expect(section(page, "Ordem final")).to_be_visible()
    assert len(asked) == 1


def test_the_fused_list_says_why_a_passage_stands_where_it_does(page: Page, server: str):
    open_bench(page, server, QUESTION)
    first = section(page, "Ordem final").locator("ol > li").first

    expect(first.get_by_role("link", name="Regimento interno, p. 3")).to_be_visible()
    expect(first).to_contain_text("Palavras: 1º")
    expect(first).to_contain_text("Sentido: 1º")
    expect(first).to_contain_text("Código exato: art28")
    first.get_by_text("A conta").click()
    row = first.get_by_role("row", name="Melhor frase")
    expect(row).to_have_text(re.compile("Melhor frase\\s*1,00\\s*1,20\\s*0,08"))
    expect(first.get_by_role("row", name="Nota")).to_contain_text("0,90")


def test_the_bar_of_a_score_is_as_long_as_the_score(page: Page, server: str):
    open_bench(page, server, QUESTION)
    bar = section(page, "Ordem final").locator(".bar-of").first
    expect(bar).to_be_visible()

    pieces = [box["width"] for one in bar.locator("span").all() if (box := one.bounding_box())]
    whole = (bar.bounding_box() or {})["width"]
    assert len(pieces) == 9
    assert sum(pieces) / whole == pytest.approx(0.90, abs=0.02)


def test_each_engine_shows_its_own_list(page: Page, server: str):
    open_bench(page, server, QUESTION)
    alone = section(page, "Cada mecanismo sozinho")

    lists = alone.get_by_role("list")
    expect(lists).to_have_count(2)
    assert [one.get_by_role("listitem").count() for one in lists.all()] == [3, 4]
    expect(lists.first).to_contain_text("11,20")
    expect(lists.last).to_contain_text("0,71")


def test_words_in_no_document_say_so(page: Page, server: str):
    open_bench(page, server, "Há unicórnio na secretaria?")
    words = section(page, "Palavras da pergunta")

    expect(words.get_by_role("listitem").filter(has_text="unicórnio")).to_contain_text(
        "em nenhum documento"
    )
    expect(words.get_by_role("listitem").filter(has_text="secretaria")).not_to_contain_text(
        "nenhum"
    )
    expect(words).to_contain_text("Não contam: há.")


def test_the_gauge_says_what_each_strictness_would_have_decided(page: Page, server: str):
    open_bench(page, server, "Há piscina na secretaria?")
    levels = section(page, "Há resposta?").get_by_role("listitem")

    expect(section(page, "Há resposta?")).to_contain_text("16%")
    expect(levels).to_have_text(
        [
            re.compile("Prestativo: responderia\\s*a partir de 8%"),
            re.compile("Equilibrado: recusaria\\s*a partir de 20% · a deste assistente"),
            re.compile("Rigoroso: recusaria\\s*a partir de 40%"),
        ]
    )


def test_a_question_that_was_rewritten_shows_what_was_searched(page: Page, server: str):
    open_chat(page, server)
    ask(page, "E os recibos?")
    page.get_by_text("Como foi encontrado").click()

    expect(page.get_by_text("Procurado como")).to_contain_text("prazo dos recibos na secretaria")
    expect(section(page, "Ordem final")).to_be_visible()


def test_before_the_first_search_the_tab_says_what_to_do(page: Page, server: str):
    open_bench(page, server)
    page.get_by_role("button", name=QUESTION).click()

    expect(section(page, "Ordem final")).to_be_visible()
    expect(page.get_by_label("Pergunta ou palavras")).to_have_value(QUESTION)


def test_a_search_that_finds_nothing_says_where_to_look(page: Page, server: str):
    open_bench(page, server, "nada")

    expect(page.get_by_text("Confira se os documentos certos estão")).to_be_visible()
    expect(section(page, "Ordem final")).to_have_count(0)


def test_a_search_that_fails_shows_the_servers_sentence_and_can_be_tried_again(
    page: Page, server: str
):
    open_bench(page, server, "busca fora do ar")
    expect(page.get_by_role("alert")).to_have_text("A busca não respondeu. Tente de novo já.")
    page.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 503

    page.route("**/bench", lambda route: route.continue_(post_data='{"query": "recibos"}'))
    page.get_by_role("button", name="Tentar de novo").click()
    expect(section(page, "Ordem final")).to_be_visible()


def test_the_search_stands_in_the_address_and_survives_a_reload(page: Page, server: str):
    open_bench(page, server, QUESTION)
    expect(section(page, "Ordem final")).to_be_visible()
    page.reload()

    expect(section(page, "Ordem final")).to_be_visible()
    expect(page.get_by_label("Pergunta ou palavras")).to_have_value(QUESTION)


def test_a_passage_of_the_bench_opens_its_page_beside_the_chat(page: Page, server: str):
    open_chat(page, server)
    ask(page, QUESTION)
    page.get_by_text("Como foi encontrado").click()
    section(page, "Ordem final").get_by_role("link").first.click()

    pane = page.get_by_role("region", name="Página citada")
    expect(pane.get_by_alt_text("Página 3 de Regimento interno")).to_be_visible()


def test_a_passage_of_the_tab_opens_its_document(page: Page, server: str):
    open_bench(page, server, QUESTION)
    section(page, "Ordem final").get_by_role("link").first.click()

    expect(page).to_have_url(re.compile("/documents/.*page=3&start="))


def test_the_bench_is_opened_and_read_without_a_mouse(page: Page, server: str):
    open_bench(page, server)
    page.get_by_label("Pergunta ou palavras").focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(section(page, "Ordem final")).to_be_visible()
    sums = section(page, "Ordem final").get_by_text("A conta")
    sums.first.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("row", name="Melhor frase")).to_be_visible()


def test_those_who_may_not_change_an_assistant_do_not_see_it(page: Page, server: str):
    page.request.patch(f"{server}/api/people/p1", data={"role": "member"})
    open_chat(page, server)
    ask(page, QUESTION)
    expect(page.get_by_text("trechos consultados")).to_be_visible()

    assert page.get_by_text("Como foi encontrado").count() == 0
    assert page.get_by_role("link", name="Busca").count() == 0


def test_another_conversation_folds_the_bench_again(page: Page, server: str):
    open_chat(page, server)
    ask(page, QUESTION)
    page.get_by_text("Como foi encontrado").click()
    expect(section(page, "Ordem final")).to_be_visible()
    page.get_by_role("button", name="Nova conversa").click()
    ask(page, "Há piscina?")
    expect(page.get_by_text("Como foi encontrado")).to_be_visible()

    expect(section(page, "Ordem final")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "tab", "order"),
    [("English", "Search", "Final order"), ("Español", "Búsqueda", "Orden final")],
)
def test_the_bench_speaks_the_readers_language(
    page: Page, server: str, language: str, tab: str, order: str
):
    open_chat(page, server)
    page.get_by_label("Idioma").select_option(language)
    page.get_by_role("link", name=tab).click()
    page.get_by_role("button", name=QUESTION).click()

    expect(section(page, order).get_by_role("link").first).to_be_visible()


def test_what_a_document_says_stays_text_on_the_bench(page: Page, server: str):
    page.route("**/bench", _nasty)
    open_bench(page, server, "ataque")

    expect(section(page, "Ordem final")).to_contain_text("<img src=x onerror=")
    assert page.locator("balcao-bench img").count() == 0


def _nasty(route):
    nasty = "<img src=x onerror=fetch('/canary-xss')>"
    answer = route.fetch()
    report = answer.json()
    for one in report["fused"]:
        one["snippet"] = one["passage"]["document"]["title"] = nasty
        one["shares"][0]["signal"] = nasty
    route.fulfill(response=answer, json=report | {"query": nasty})
