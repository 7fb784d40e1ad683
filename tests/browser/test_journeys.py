"""The first week in a school, in each language, at the widths of a desk and of a phone, and once
by keyboard alone: setting up, fifty files of which three are no good, an answer checked and taken
along, a gap closed.

By role and label alone, before the appliance as it is started: real embedder, quoting.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import keep
from tests.browser.hands import Keyboard
from tests.browser.languages import LOCALES, Speaker
from tests.browser.seats import BY_KEYBOARD, EVERY, Desk, named
from tests.browser.test_walk import PASSWORD, SAMPLES
from tests.index.reading.bundles import open_document
from tests.static.conftest import watched
from tests.static.test_accessibility import violations
from tests.whole.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
QUESTION = "Qual é a multa por atraso na devolução de um livro da biblioteca?"
UNKNOWN = "A piscina da escola abre quando?"
SAID = "De terça a sábado, das 8h às 18h."
BAD = {
    "programa.pdf": b"MZ\x90\x00\x03" + bytes(400),
    "vazio.txt": b"",
    "rasgado.pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog",
}


def office(folder: Path) -> list[Path]:
    """Forty-seven files of an office, in ten formats, and the three of ``BAD``."""
    said = "A turma {0} tem aula de música às {1}h na sala {0}."
    lines = [said.format(number, 8 + number % 9) for number in range(44)]
    for number, line in enumerate(lines):
        ending = ("md", "txt", "html", "csv", "json", "rtf", "eml")[number % 7]
        text = {
            "html": f"<!doctype html><title>Turma {number}</title><p>{line}</p>",
            "csv": f"turma;hora;sala\n{number};{8 + number % 9};{number}\n",
            "json": f'{{"turma": {number}, "aula": "{line}"}}',
            "rtf": r"{\rtf1\ansi " + line.encode("ascii", "ignore").decode() + "}",
            "eml": f"From: a@escola.example\nTo: b@escola.example\nSubject: Turma {number}\n"
            f"Content-Type: text/plain; charset=utf-8\n\n{line}\n",
        }.get(ending, line)
        (folder / f"turma-{number:02}.{ending}").write_text(text, "utf-8")
    paper = docx.Document()
    paper.add_paragraph("O calendário da escola começa em fevereiro.")
    paper.save(str(folder / "calendario.docx"))
    open_document(folder / "cardapio.odt", "<text:p>Na quarta há feijoada.</text:p>")
    (folder / "regimento-escolar.pdf").write_bytes((SAMPLES / "regimento-escolar.pdf").read_bytes())
    for name, content in BAD.items():
        (folder / name).write_bytes(content)
    return sorted(folder.iterdir())


@pytest.fixture(params=[*EVERY, BY_KEYBOARD], ids=lambda one: "-".join(map(named, one)))
def desk(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Desk]:
    """A desk, beside no house yet."""
    language, width, hands = request.param
    with watched(chromium, LOCALES[language], width) as page:
        yield Desk(page, Speaker(language), width, hands(page))
        page.goto("about:blank")  # its streams end before the house does


def test_the_first_week(appliance: Running, desk: Desk, tmp_path: Path) -> None:
    set_up(desk, appliance)
    (folder := tmp_path / "office").mkdir()
    fifty(desk, office(folder))
    checked_and_taken_along(desk, tmp_path)
    a_gap_is_closed(desk)
    desk.unfold()
    desk.hands.press(desk.page.get_by_role("button", name=desk.say("Sair")))
    expect(desk.page.get_by_role("heading", name=desk.say("Entrar", of="door"))).to_be_visible()


def set_up(desk: Desk, appliance: Running) -> None:
    page, say, hands = desk.page, desk.say, desk.hands
    code = appliance.command("setup-code").split()[-1]
    hands.open(appliance.address)
    hands.write(page.get_by_label(say("Código de instalação")), code)
    hands.write(page.get_by_label(say("Organização")), "Colégio Aurora")
    hands.write(page.get_by_label(say("Seu nome")), "Helena Prado")
    hands.write(page.get_by_label(say("E-mail", of="door")), "helena@escola.example")
    hands.write(page.get_by_label(say("Senha")), PASSWORD)
    hands.press(page.get_by_role("button", name=say("Começar")))
    expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{say.language}"))
    hands.press(page.get_by_role("link", name=say("Criar assistente")))
    hands.write(page.get_by_label(say("Nome"), exact=True), "Secretaria")
    hands.press(page.get_by_role("button", name=say("Continuar", of="wizard")))


def fifty(desk: Desk, files: list[Path]) -> None:
    """Forty-seven are read; each of the others says why it is not, and keeps nobody waiting."""
    page, say, hands = desk.page, desk.say, desk.hands
    assert len(files) == 50
    hands.attach(say("Escolher arquivos"), files)
    ready = page.get_by_role("row").filter(has_text=say("Pronto"))
    expect(ready).to_have_count(47, timeout=240_000)
    for name in BAD:
        expect(page.get_by_role("row").filter(has_text=name)).not_to_contain_text(say("Pronto"))
    assert violations(page) == []
    keep(page, f"week-{say.language}-fifty")
    page.set_viewport_size({"width": desk.width, "height": 800})
    hands.press(page.get_by_role("link", name=say("Continuar", of="wizard")))
    hands.press(page.get_by_role("link", name=say("Concluir")))
    expect(page.get_by_role("link", name=say("Compartilhar", of="tab"))).to_be_visible()
    page.trouble.clear()  # type: ignore[attr-defined]  # the browser reports what was refused


def ask(desk: Desk, question: str) -> None:
    page, say, hands = desk.page, desk.say, desk.hands
    hands.write(page.get_by_label(say("Sua pergunta")), question)
    hands.press(page.get_by_role("button", name=say("Perguntar"), exact=True))
    exchange = page.get_by_role("article").filter(has_text=question).last
    expect(exchange.get_by_role("button", name=say("Copiar com fontes"))).to_be_visible()


def checked_and_taken_along(desk: Desk, folder: Path) -> None:
    """The cited page opens beside the answer, and Escape leads back to where one was."""
    page, say, hands = desk.page, desk.say, desk.hands
    ask(desk, QUESTION)
    source = page.get_by_role("link", name=re.compile(r"1: Regimento escolar, .*p(ág)?\. 7")).first
    hands.press(source)
    pane = page.get_by_role("region", name=say("Página citada"))
    expect(pane.get_by_role("img").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(pane).to_have_count(0)
    if isinstance(hands, Keyboard):
        expect(source).to_be_focused()
    hands.press(page.locator("summary").filter(has_text=exactly(say("Exportar", of="talks"))))
    with page.expect_download() as taken:
        hands.press(page.get_by_role("link", name=say("Word (.docx), com notas de rodapé")))
    file = folder / taken.value.suggested_filename
    taken.value.save_as(file)
    assert QUESTION in [one.text for one in docx.Document(str(file)).paragraphs]


def exactly(phrase: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(phrase)}$")


def a_gap_is_closed(desk: Desk) -> None:
    page, say, hands = desk.page, desk.say, desk.hands
    ask(desk, UNKNOWN)
    desk.way("Lacunas")
    group = page.get_by_role("list", name=say("Lacunas", of="gaps")).get_by_role("listitem").first
    hands.press(group.get_by_role("button", name=UNKNOWN))
    hands.press(group.get_by_role("button", name=say("Escrever a resposta")))
    hands.write(group.get_by_label(say("Resposta exata", of="gaps")), SAID)
    hands.press(group.get_by_role("button", name=say("Aprovar resposta", of="gaps")))
    expect(group).to_contain_text(say("Respondida. Quem perguntar de novo recebe esta resposta."))
    assert violations(page) == []

    desk.way("Assistentes")
    main = page.get_by_role("main")
    hands.press(main.get_by_role("link", name="Secretaria", exact=True))
    ask(desk, UNKNOWN)
    expect(page.get_by_role("log").get_by_text(SAID)).to_be_visible()
    expect(page.get_by_text(say("Resposta aprovada pela equipe."))).to_be_visible()
