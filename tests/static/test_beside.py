"""A file beside a conversation, as a reader lays it there, looks at it and takes it away."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser
DROP = """
  (place, name) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["Aluguel: R$ 2.750,00"], name, { type: "text/plain" }));
    const told = { bubbles: true, cancelable: true, dataTransfer: transfer };
    place.dispatchEvent(new DragEvent("dragover", told));
    place.dispatchEvent(new DragEvent("drop", told));
  }
"""


def enter(page: Page, server: str) -> None:
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]
    page.goto(f"{server}/#/assistants/{one['id']}/chat")
    expect(page.get_by_label("Sua pergunta")).to_be_visible()


def choose(page: Page, folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("Aluguel: R$ 2.750,00")
    page.get_by_label("Anexar arquivo").set_input_files([folder / name for name in names])


def test_it_is_chosen_read_and_said(page: Page, server: str, tmp_path: Path) -> None:
    enter(page, server)
    choose(page, tmp_path, "contrato_de_aluguel.txt")

    files = page.get_by_role("list", name="Arquivos desta conversa")
    expect(files.get_by_role("link", name="contrato de aluguel")).to_be_visible()
    expect(files).to_contain_text("4 páginas")
    expect(page.get_by_role("status").filter(has_text="foi lido e já vale")).to_have_count(1)
    expect(page.get_by_label("Sua pergunta")).to_be_focused()
    expect(page).to_have_url(re.compile("conversation="))
    assert violations(page) == []


def test_it_is_dropped_onto_the_conversation(page: Page, server: str) -> None:
    enter(page, server)
    page.locator("balcao-chat .thread").evaluate(DROP, "recibo.txt")

    files = page.get_by_role("list", name="Arquivos desta conversa")
    expect(files.get_by_role("link", name="recibo")).to_be_visible()


def test_one_that_is_refused_says_why_and_is_put_aside_the_others_stay(
    page: Page, server: str, tmp_path: Path
) -> None:
    enter(page, server)
    choose(page, tmp_path, "recibo.txt", "programa.exe")

    files = page.get_by_role("list", name="Arquivos desta conversa")
    expect(files.get_by_role("alert")).to_contain_text("não é um documento que eu saiba ler")
    expect(files.get_by_role("link", name="recibo")).to_be_visible()
    assert violations(page) == []
    files.get_by_role("button", name="programa.exe").press("Enter")
    expect(files.get_by_role("listitem")).to_have_count(1)
    expect(page.get_by_label("Anexar arquivo")).to_be_focused()
    page.trouble.clear()  # type: ignore[attr-defined]  # the browser notes the refusal, too


def test_one_that_cannot_be_read_says_so(page: Page, server: str, tmp_path: Path) -> None:
    enter(page, server)
    choose(page, tmp_path, "quebrado.txt")

    files = page.get_by_role("list", name="Arquivos desta conversa")
    expect(files).to_contain_text("O arquivo está danificado")
    expect(files.get_by_role("link")).to_have_count(0)


def test_it_is_taken_away_by_one_button(page: Page, server: str, tmp_path: Path) -> None:
    enter(page, server)
    choose(page, tmp_path, "recibo.txt")
    page.get_by_role("button", name="Remover recibo.txt da conversa").press("Enter")

    expect(page.get_by_role("list", name="Arquivos desta conversa")).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="foi removido")).to_have_count(1)
    expect(page.get_by_label("Anexar arquivo")).to_be_focused()


def test_another_conversation_shows_none_of_it_and_this_one_shows_it_again(
    page: Page, server: str, tmp_path: Path
) -> None:
    enter(page, server)
    choose(page, tmp_path, "recibo.txt")
    files = page.get_by_role("list", name="Arquivos desta conversa")
    expect(files.get_by_role("link", name="recibo")).to_be_visible()
    page.get_by_role("button", name="Nova conversa").click()
    expect(files).to_have_count(0)

    page.locator("summary", has_text="Conversas anteriores").click()
    page.get_by_role("button", name="recibo").first.click()
    expect(files.get_by_role("link", name="recibo")).to_be_visible()
