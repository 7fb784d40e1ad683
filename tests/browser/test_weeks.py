"""Three errands of a house in use, in each language, at the widths of a desk and of a phone, and
once by keyboard alone: a new assistant on a site, golden questions that tell of a bad document,
a manager's week. By role and label alone."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import keep
from tests.browser.hands import Mouse
from tests.browser.seats import BY_KEYBOARD, EVERY, PASSWORD, Seat, address_of, named
from tests.house import HANDBOOK
from tests.static.test_accessibility import violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.parametrize(
        "seat", [*EVERY, BY_KEYBOARD], indirect=True, ids=lambda one: "-".join(map(named, one))
    ),
]
KNOWN_ANSWER = "Qual é a multa por atraso na devolução de livros?"
UNKNOWN = "A piscina da escola abre quando?"
SAID = "De terça a sábado, das 8h às 18h."
DEARER = """# Aviso

A multa por atraso na devolução de livros é de R$ 9,00 por dia.
A multa por atraso na devolução de livros: R$ 9,00.
"""
GREEN = "Passou: {count} | Todas as {count} passaram"
RED = "{failed} de {count} não passou | {failed} de {count} não passaram"
ADDED = "{count} documento novo: {names} | {count} documentos novos: {names}"
MOST_CLICKS, MOST_SECONDS = 12, 120


def test_an_assistant_is_made_in_few_clicks(seat: Seat, tmp_path: Path) -> None:
    page, say, hands = seat.page, seat.say, seat.hands
    (paper := tmp_path / "regimento.md").write_text(HANDBOOK, "utf-8")
    began = time.monotonic()
    hands.open(seat.house.address)
    hands.write(page.get_by_label(say("E-mail", of="door")), address_of(say.language))
    hands.write(page.get_by_label(say("Senha")), PASSWORD)
    hands.press(page.get_by_role("button", name=say("Entrar", of="door.enter")))
    hands.press(page.get_by_role("link", name=say("Criar assistente")))
    hands.write(page.get_by_label(say("Nome", of="assistant"), exact=True), "Secretaria")
    hands.press(page.get_by_role("button", name=say("Continuar", of="wizard")))
    hands.attach(say("Escolher arquivos"), paper)
    expect(page.get_by_role("row", name="regimento")).to_contain_text(say("Pronto"))
    hands.press(page.get_by_role("link", name=say("Continuar", of="wizard")))
    hands.write(page.get_by_label(say("Sua pergunta")), KNOWN_ANSWER)
    hands.press(page.get_by_role("button", name=say("Perguntar"), exact=True))
    expect(page.get_by_role("log").get_by_text("R$ 1,50").first).to_be_visible()
    hands.press(page.get_by_role("button", name=say("Copiar o código"), exact=True))

    expect(page.get_by_role("button", name=say("Copiado", of="copy"), exact=True)).to_be_visible()
    expect(page.get_by_text("<script src=")).to_contain_text("data-assistant=")
    assert time.monotonic() - began < MOST_SECONDS
    if isinstance(hands, Mouse):
        assert 6 < hands.clicks <= MOST_CLICKS
    assert violations(page) == []


def test_a_bad_document_turns_the_light_red_and_its_removal_green(
    seat: Seat, tmp_path: Path
) -> None:
    page, say, hands = seat.page, seat.say, seat.hands
    (paper := tmp_path / "aviso.md").write_text(DEARER, "utf-8")
    made = seat.house.assistant("Biblioteca", mode="quote")
    seat.house.upload(made["collections"][0])
    seat.sit()
    hands.open(f"{seat.house.address}/#/assistants/{made['id']}")
    seat.tab("Qualidade")
    hands.press(page.get_by_role("button", name=say("Acrescentar pergunta")))
    hands.write(page.get_by_label(say("Pergunta", of="golden"), exact=True), KNOWN_ANSWER)
    document = page.get_by_label(say("Documento", of="golden"), exact=True)
    hands.write(document, "regimento.md")
    hands.write(page.get_by_label(say("Frases que precisam aparecer")), "R$ 1,50")
    hands.press(page.get_by_role("button", name=say("Salvar", of="golden"), exact=True))
    expect(page.get_by_text(one(say(GREEN)))).to_be_visible()

    seat.tab("Documentos")
    hands.attach(say("Escolher arquivos"), paper)
    row = page.get_by_role("row", name="Aviso")
    expect(row).to_contain_text(say("Pronto"))
    seat.tab("Qualidade")
    red = one(say(RED), failed=1)
    expect(page.get_by_text(red)).to_be_visible()
    added = one(say(ADDED), names="“Aviso”")
    expect(page.get_by_text(added)).to_be_visible()
    expect(page.get_by_text(say("Passava na vez anterior."))).to_be_visible()
    missing = say("Falta na resposta: {phrases}").format(phrases="“R$ 1,50”")
    expect(page.get_by_text(missing)).to_be_visible()
    assert violations(page) == []

    seat.tab("Documentos")
    hands.press(page.get_by_role("button", name=say("Excluir {title}").format(title="Aviso")))
    sure = page.get_by_role("dialog")
    hands.press(sure.get_by_role("button", name=say("Excluir", of="documents")))
    expect(row).to_have_count(0)
    seat.tab("Qualidade")
    expect(page.get_by_text(one(say(GREEN)))).to_be_visible()
    keep(page, f"golden-green-{say.language}-{seat.width}-{named(type(hands))}")


def one(phrase: str, **facts: object) -> str:
    """A phrase as it is said of a single thing."""
    return phrase.split(" | ")[0].format(count=1, **facts)


def test_a_managers_week(seat: Seat) -> None:
    page, say, hands = seat.page, seat.say, seat.hands
    name = f"Portaria {say.language} {seat.width} {named(type(hands))}"
    made = seat.house.assistant(name, mode="quote")
    seat.house.upload(made["collections"][0])
    seat.house.ask(made["id"], KNOWN_ANSWER)
    seat.house.ask(made["id"], UNKNOWN)
    seat.sit()

    hands.open(f"{seat.house.address}/#/assistants")
    seat.way("Painel")
    hands.choose(page.get_by_label(say("Assistente", of="usage"), exact=True), name)
    total = page.get_by_label(say("No período"))
    expect(total).to_contain_text("50")  # percent were answered

    seat.way("Conversas")
    hands.press(page.get_by_role("link", name=say("De todos")))
    hands.choose(page.get_by_label(say("Assistente", of="talks"), exact=True), name)
    refused = say("Sem resposta nos documentos")
    hands.choose(page.get_by_label(say("Resposta", of="talks"), exact=True), refused)
    hands.press(page.get_by_role("button", name=say("Procurar", of="talks"), exact=True))
    found = page.get_by_role("row", name=name)
    expect(found).to_have_count(1)
    hands.press(found.get_by_role("button"))
    hands.write(page.get_by_label(say("Motivo", of="talks")), "Revisão semanal das respostas")
    hands.press(page.get_by_role("button", name=say("Registrar e ler")))
    expect(page.get_by_role("heading", name=UNKNOWN)).to_be_visible()
    hands.press(page.get_by_role("button", name=say("Fechar a conversa")))

    seat.way("Lacunas")
    hands.choose(page.get_by_label(say("Assistente", of="gaps"), exact=True), name)
    group = page.get_by_role("list", name=say("Lacunas", of="gaps")).get_by_role("listitem").first
    hands.press(group.get_by_role("button", name=UNKNOWN))
    hands.press(group.get_by_role("button", name=say("Escrever a resposta")))
    hands.write(group.get_by_label(say("Resposta exata", of="gaps")), SAID)
    hands.press(group.get_by_role("button", name=say("Aprovar resposta", of="gaps")))
    answered = say("Respondida. Quem perguntar de novo recebe esta resposta.")
    expect(group).to_contain_text(answered)
    assert violations(page) == []

    seat.way("Assistentes")
    hands.press(main_link(seat, name))
    seat.tab("Aprovadas")
    expect(page.get_by_role("main").get_by_text(SAID)).to_be_visible()
    assert seat.house.ask(made["id"], UNKNOWN)["answer"] == SAID
    keep(page, f"manager-{say.language}-{seat.width}-{named(type(hands))}")


def main_link(seat: Seat, name: str) -> Locator:
    """The card of an assistant."""
    return seat.page.get_by_role("main").get_by_role("link", name=name, exact=True)
