"""What an answer stands on, before the real appliance: marked, doubted, and laid open."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import keep
from tests.browser.scripted import Served
from tests.browser.test_walk import QUESTION, ask, make_assistant, set_up
from tests.fakes import ScriptedGenerator
from tests.whole.running import Running

pytestmark = pytest.mark.browser
FINE = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."
FALSE = "A multa por atraso na devolução de livros é de R$ 9,00 por dia."


def test_the_cited_sentence_is_marked_and_the_search_is_laid_open(
    page: Page, appliance: Running
) -> None:
    set_up(page, appliance)
    make_assistant(page)
    page.get_by_role("link", name="Concluir").click()
    expect(page.get_by_role("link", name="Busca")).to_be_visible()
    ask(page)
    page.get_by_text("trechos consultados").click(timeout=30_000)

    marked = page.get_by_label("Trechos encontrados").locator("mark").first
    expect(marked).to_be_visible()
    quoted = page.get_by_label("Fontes").locator("q").first.inner_text()
    assert " ".join(marked.inner_text().split()) in " ".join(quoted.split())
    keep(page, "proof-1-marked")

    page.get_by_text("trechos consultados").click()
    page.get_by_text("Como foi encontrado").click()
    order = page.get_by_role("heading", name="Ordem final").locator("..")
    first = order.locator("ol > li").first
    expect(first.get_by_role("link", name=re.compile("Regimento escolar.*p. 7"))).to_be_visible()
    expect(first).to_contain_text("Palavras: 1º")
    first.locator("summary").click()
    expect(first.get_by_role("row", name="Nota")).to_be_visible()
    assert parts_of(first.get_by_role("row").all_inner_texts()) == pytest.approx(0, abs=0.03)
    keep(page, "proof-2-bench")

    page.get_by_role("link", name="Busca").click()
    page.get_by_label("Pergunta ou palavras").fill(f"{QUESTION} Unicórnios?")
    page.get_by_role("button", name="Procurar").click()
    words = page.get_by_role("heading", name="Palavras da pergunta").locator("..")
    expect(words.get_by_role("listitem").filter(has_text="unicórnios")).to_contain_text(
        "em nenhum documento"
    )
    keep(page, "proof-3-tried")
    page.goto("about:blank")  # its streams end before the house does


def parts_of(rows: list[str]) -> float:
    """What is left of a score when the parts in its table are taken away."""
    figures = [float(row.split()[-1].replace(",", ".")) for row in rows[1:]]
    return figures[-1] - sum(figures[:-1])


@pytest.fixture
def liar(tmp_path: Path) -> Iterator[Served]:
    """An appliance whose model says one true sentence and one with a number of its own."""
    with Served(tmp_path / "data", ScriptedGenerator(lambda _: f"{FINE} {FALSE}")) as served:
        made = served.assistant(strictness="helpful")
        served.upload(made["collections"][0])
        yield served


def test_a_sentence_that_the_documents_do_not_hold_is_marked_and_says_why(
    page: Page, liar: Served
) -> None:
    liar.let_in(page)
    page.goto(liar.address)
    page.get_by_role("main").get_by_role("link", name="Secretaria").click()
    ask(page, "Qual é a multa por atraso na devolução de livros?")

    doubted = page.get_by_role("note")
    expect(doubted).to_have_count(1)
    expect(doubted).to_contain_text(FALSE)
    expect(doubted).to_contain_text("não confirmado nos documentos")
    expect(page.locator("[aria-live=polite]")).to_contain_text("não confirmado nos documentos")
    doubted.focus()
    doubt = doubted.get_by_text("não confirmado nos documentos")
    assert (doubt.bounding_box() or {})["width"] > 100
    keep(page, "proof-4-doubt")

    page.get_by_text("consultados").click()
    marked = page.get_by_label("Trechos encontrados").locator("mark")
    expect(marked).to_have_count(1)
    expect(marked).to_have_text(FINE)
