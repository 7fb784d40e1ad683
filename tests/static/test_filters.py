"""Conversations found by filters that stand in the address, so that a link and "back" keep them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.static.test_accessibility import looked_at, violations

__all__ = ["looked_at"]
pytestmark = pytest.mark.browser
NONE = "Nenhuma conversa com estes filtros."


def everybodys(page: Page, server: str, query: str = "") -> None:
    page.goto(f"{server}/#/conversations/all{query}")
    expect(page.get_by_label("Avaliação")).to_be_visible()


def ask(page: Page, server: str, question: str) -> None:
    page.goto(f"{server}/#/assistants")
    page.get_by_role("main").get_by_role("link", name="Secretaria da escola").click()
    page.get_by_label("Sua pergunta").fill(question)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copiar com fontes")).to_be_visible()


def test_filters_stand_in_the_address_and_back_takes_them_away(page: Page, server: str):
    everybodys(page, server)
    rows = page.get_by_role("row")
    expect(rows).to_have_count(4)
    page.get_by_label("Resposta").select_option("Sem resposta nos documentos")
    page.get_by_role("button", name="Procurar").click()
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("Ana Luz")
    expect(page).to_have_url(re.compile(r"#/conversations/all\?outcome=refused$"))

    page.get_by_label("Avaliação").select_option("Ajudou")
    page.get_by_role("button", name="Procurar").click()
    expect(page.get_by_text(NONE)).to_be_visible()
    page.go_back()
    expect(rows).to_have_count(2)
    expect(page.get_by_label("Avaliação")).to_have_value("")
    expect(page.get_by_label("Resposta")).to_have_value("refused")
    page.go_back()
    expect(rows).to_have_count(4)
    expect(page.get_by_label("Resposta")).to_have_value("")


def test_a_link_with_filters_opens_with_them(page: Page, server: str):
    asked: list[str] = []
    page.on("request", lambda one: "/conversations/others" in one.url and asked.append(one.url))
    everybodys(page, server, "?thumb=good&from=2026-05-01&to=2026-05-31")
    expect(page.get_by_role("row")).to_have_count(2)

    expect(page.get_by_label("Avaliação")).to_have_value("good")
    expect(page.get_by_label("Última pergunta desde")).to_have_value("2026-05-01")
    expect(page.get_by_label("Até", exact=True)).to_have_value("2026-05-31")
    # Days are the reader's own, and the last one is included.
    assert re.search(r"from=2026-(04-30|05-01)T.*to=2026-(05-31|06-01)T", asked[-1])


def test_more_goes_on_with_the_same_filters(page: Page, server: str):
    everybodys(page, server, "?from=2026-05-01")
    rows = page.get_by_role("row")
    expect(rows).to_have_count(3)
    with page.expect_request(lambda one: "cursor=2" in one.url) as asked:
        page.get_by_role("button", name="Mostrar mais").click()

    assert "from=2026-" in asked.value.url
    expect(rows).to_have_count(4)
    expect(page.get_by_role("button", name="Mostrar mais")).to_have_count(0)


def test_where_nothing_is_found_one_button_clears_the_filters(page: Page, server: str):
    everybodys(page, server, "?thumb=good&outcome=refused")
    expect(page.get_by_text(NONE)).to_be_visible()
    page.get_by_role("button", name="Limpar os filtros").click()

    expect(page.get_by_role("row")).to_have_count(4)
    expect(page.get_by_label("Avaliação")).to_have_value("")
    assert page.url.endswith("#/conversations/all")


def test_whose_and_the_filters_are_kept_together(page: Page, server: str):
    everybodys(page, server, "?outcome=refused")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_label("De quem").fill("ana")
    page.get_by_role("button", name="Procurar").click()
    page.get_by_role("status").get_by_role("link", name="Ana Luz").click()

    expect(page).to_have_url(re.compile(r"all\?owner=person%3A\w+&outcome=refused$"))
    expect(page.get_by_role("row")).to_have_count(2)


def test_words_are_looked_for_in_ones_own_alone(page: Page, server: str):
    everybodys(page, server, "?q=multa")
    expect(page.get_by_label("Palavras da pergunta")).to_have_count(0)
    expect(page.get_by_text("Palavras não se procuram aqui")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(4)

    ask(page, server, "Há piscina?")
    page.get_by_role("navigation").get_by_role("link", name="Conversas").click()
    expect(page.get_by_role("row", name="Há piscina?")).to_be_visible()
    page.get_by_label("Palavras da pergunta").fill("multa")
    page.keyboard.press("Enter")
    expect(page.get_by_text(NONE)).to_be_visible()
    expect(page).to_have_url(re.compile(r"#/conversations\?q=multa$"))
    page.get_by_role("button", name="Limpar os filtros").click()
    expect(page.get_by_role("row", name="Há piscina?")).to_be_visible()
    page.get_by_label("Palavras da pergunta").fill("piscina")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="Há piscina?")).to_be_visible()


def test_what_the_server_refuses_is_said_and_the_form_stays(page: Page, server: str):
    page.route("**/api/conversations/others*", lambda route: route.fulfill(
        status=400, content_type="application/problem+json",
        json={"code": "bad_moment", "detail": "“ontem” não é uma data."}))  # fmt: skip
    everybodys(page, server, "?from=ontem")

    expect(page.get_by_role("alert")).to_have_text("“ontem” não é uma data.")
    expect(page.get_by_role("row")).to_have_count(0)
    page.trouble.clear()  # type: ignore[attr-defined]  -- the browser tells of the 400


def test_axe_finds_nothing_with_filters_and_without_a_find(looked_at: Page, server: str):
    page = looked_at
    everybodys(page, server, "?outcome=refused")
    expect(page.get_by_role("row")).to_have_count(2)
    assert violations(page) == []
    everybodys(page, server, "?outcome=refused&thumb=good")
    expect(page.get_by_text(NONE)).to_be_visible()
    assert violations(page) == []
    ask(page, server, "Há piscina?")
    page.goto(f"{server}/#/conversations")
    expect(page.get_by_label("Palavras da pergunta")).to_be_visible()
    assert violations(page) == []
