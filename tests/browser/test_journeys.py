"""The first week in a school, in each language, at the widths of a desk and of a phone: setting
up, fifty files of which three are no good, an answer checked and taken along, a gap closed.

By role and label alone, before the appliance as it is started: real embedder, quoting.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import keep
from tests.browser.languages import LOCALES, Speaker
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


@pytest.fixture(params=[1280, 390])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(params=LOCALES)
def say(request: pytest.FixtureRequest) -> Speaker:
    return Speaker(request.param)


@pytest.fixture
def visit(chromium: Browser, appliance: Running, say: Speaker, width: int) -> Iterator[Page]:
    with watched(chromium, LOCALES[say.language], width) as page:
        yield page
        page.goto("about:blank")  # its streams end before the house does


def test_the_first_week(
    visit: Page, appliance: Running, say: Speaker, width: int, tmp_path: Path
) -> None:
    set_up(visit, appliance, say)
    (folder := tmp_path / "office").mkdir()
    fifty(visit, say, office(folder))
    keep(visit, f"week-{say.language}-fifty")
    visit.set_viewport_size({"width": width, "height": 800})
    checked_and_taken_along(visit, say, tmp_path)
    a_gap_is_closed(visit, appliance, say)


def set_up(page: Page, appliance: Running, say: Speaker) -> None:
    page.goto(appliance.address)
    page.get_by_label(say("Código de instalação")).fill(appliance.command("setup-code").split()[-1])
    page.get_by_label(say("Organização")).fill("Colégio Aurora")
    page.get_by_label(say("Seu nome")).fill("Helena Prado")
    page.get_by_label(say("E-mail", of="door")).fill("helena@escola.example")
    page.get_by_label(say("Senha")).fill(PASSWORD)
    page.get_by_role("button", name=say("Começar")).click()
    expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{say.language}"))
    page.get_by_role("link", name=say("Criar assistente")).click()
    page.get_by_label(say("Nome"), exact=True).fill("Secretaria")
    page.get_by_role("button", name=say("Continuar", of="wizard")).click()


def fifty(page: Page, say: Speaker, files: list[Path]) -> None:
    """Forty-seven are read; each of the others says why it is not, and keeps nobody waiting."""
    assert len(files) == 50
    page.get_by_label(say("Escolher arquivos")).set_input_files(files)
    ready = page.get_by_role("row").filter(has_text=say("Pronto"))
    expect(ready).to_have_count(47, timeout=240_000)
    for name in BAD:
        expect(page.get_by_role("row").filter(has_text=name)).not_to_contain_text(say("Pronto"))
    assert violations(page) == []
    page.get_by_role("link", name=say("Continuar", of="wizard")).click()
    page.get_by_role("link", name=say("Concluir")).click()
    expect(page.get_by_role("link", name=say("Compartilhar", of="tab"))).to_be_visible()
    page.trouble.clear()  # type: ignore[attr-defined]  # the browser reports what was refused


def ask(page: Page, say: Speaker, question: str) -> None:
    page.get_by_label(say("Sua pergunta")).fill(question)
    page.get_by_role("button", name=say("Perguntar"), exact=True).click()
    exchange = page.get_by_role("article").filter(has_text=question).last
    expect(exchange.get_by_role("button", name=say("Copiar com fontes"))).to_be_visible()


def checked_and_taken_along(page: Page, say: Speaker, folder: Path) -> None:
    ask(page, say, QUESTION)
    page.get_by_role("link", name=re.compile(r"1: Regimento escolar, .*p(ág)?\. 7")).first.click()
    pane = page.get_by_role("region", name=say("Página citada"))
    expect(pane.get_by_role("img").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("summary", has_text=say("Exportar", of="talks")).click()
    with page.expect_download() as taken:
        page.get_by_role("link", name=say("Word (.docx), com notas de rodapé")).click()
    file = folder / taken.value.suggested_filename
    taken.value.save_as(file)
    assert QUESTION in [one.text for one in docx.Document(str(file)).paragraphs]


def a_gap_is_closed(page: Page, appliance: Running, say: Speaker) -> None:
    ask(page, say, UNKNOWN)
    page.goto(f"{appliance.address}/#/gaps")
    group = page.get_by_role("list", name=say("Lacunas")).get_by_role("listitem").first
    group.get_by_role("button", name=UNKNOWN).click()
    group.get_by_role("button", name=say("Escrever a resposta")).click()
    group.get_by_label(say("Resposta exata")).fill(SAID)
    group.get_by_role("button", name=say("Aprovar resposta")).click()
    expect(group).to_contain_text(say("Respondida. Quem perguntar de novo recebe esta resposta."))
    assert violations(page) == []

    page.go_back()
    ask(page, say, UNKNOWN)
    expect(page.get_by_role("log").get_by_text(SAID)).to_be_visible()
    expect(page.get_by_text(say("Resposta aprovada pela equipe."))).to_be_visible()
