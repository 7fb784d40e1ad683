"""An engine of the site's own network before the real appliance: added, tried, chosen, at work."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import keep
from tests.browser.scripted import Served
from tests.browser.test_walk import ask
from tests.elsewhere import Provider, provider
from tests.fakes import ScriptedGenerator

pytestmark = pytest.mark.browser
SAID = ("A multa", " por atraso", " na devolução de livros é de", " R$ 1,50 por dia.")


@pytest.fixture
def server() -> Iterator[Provider]:
    with provider() as opened:
        opened.says = SAID
        yield opened


@pytest.fixture
def house(tmp_path: Path, server: Provider) -> Iterator[Served]:
    """An appliance that may ask the server, and has a model of its own that says nothing."""
    nothing = ScriptedGenerator(lambda _: "")
    with Served(tmp_path / "data", nothing, open_hosts=server.origin) as served:
        made = served.assistant()
        served.upload(made["collections"][0])
        yield served


def add(page: Page, house: Served, server: Provider, kind: str, address: str) -> None:
    house.let_in(page)
    page.goto(f"{house.address}/#/models")
    page.get_by_role("button", name="Adicionar motor").click()
    page.get_by_label("Tipo").select_option(kind)
    page.get_by_label("Nome", exact=True).fill("Sala 2")
    page.get_by_label("Modelo", exact=True).fill("mistral-small")
    page.get_by_label("Endereços").fill(address)
    page.get_by_label("Chave de API").fill("sk-1")
    page.get_by_role("button", name="Salvar").click()
    page.get_by_role("button", name="Testar Sala 2").click()
    expect(page.get_by_role("row", name="Sala 2")).to_contain_text("Escreve: primeira palavra em")


def choose(page: Page, option: str) -> None:
    page.get_by_role("link", name="Secretaria").first.click()
    page.get_by_role("link", name="Comportamento").click()
    page.get_by_label("Quem escreve").select_option(option)
    page.get_by_role("button", name="Salvar").click()
    expect(page.get_by_text("Salvo.")).to_be_visible()
    page.get_by_role("link", name="Conversa", exact=True).click()


def test_an_engine_of_the_network_is_added_tried_chosen_and_writes(
    page: Page, house: Served, server: Provider
) -> None:
    add(page, house, server, "Servidor da rede", server.origin)
    expect(page.get_by_role("row", name="Sala 2")).to_contain_text("Responde")
    keep(page, "engines-1-tried")
    choose(page, "Sala 2")
    ask(page, "Quanto é a multa por atraso na devolução de livros?")

    expect(page.get_by_text("".join(SAID)).first).to_be_visible()
    expect(page.get_by_role("button", name="Copiar com fontes")).to_be_visible()
    expect(page.get_by_text("prédio")).to_have_count(0)


def test_an_answer_written_outside_says_so_before_and_after(
    page: Page, house: Served, server: Provider
) -> None:
    add(page, house, server, "OpenAI", f"{server.origin}/v1")
    choose(page, "Sala 2 (fora do prédio)")
    expect(page.get_by_text("enviados a um provedor fora deste prédio")).to_be_visible()
    ask(page, "Quanto é a multa por atraso na devolução de livros?")

    expect(page.get_by_text("a pergunta e os trechos saíram deste prédio")).to_be_visible()
    keep(page, "engines-2-left")
