"""The assistant maker in a browser: versions, copies, files."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def opened(page: Page, server: str, tab: str) -> str:
    """The first assistant's id, its tab open."""
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]
    page.goto(f"{server}/#/assistants/{one['id']}/{tab}")
    expect(page.get_by_role("heading", name=one["name"], level=1)).to_be_visible()
    return str(one["id"])


def test_the_history_says_who_changed_what(page: Page, server: str):
    opened(page, server, "history")

    newest = page.get_by_role("listitem").filter(has_text="Versão 3")
    expect(newest.get_by_role("heading", name="Helena Prado mudou")).to_be_visible()
    for told in (
        "Saudação", "Saudação (English)", "Motor",
        "Outro motor", "Lugar do botão", "À esquerda", "Español",
    ):  # fmt: skip
        expect(newest.get_by_text(told, exact=True).first).to_be_visible()
    expect(newest.get_by_text("Até quando entrego?")).to_be_visible()
    expect(newest.get_by_text("Em vigor")).to_be_visible()
    expect(page.get_by_text("Alguém que já não está na lista voltou")).to_be_visible()


def test_the_last_change_is_undone_and_so_is_the_undoing(page: Page, server: str):
    one = opened(page, server, "history")

    page.get_by_role("button", name="Desfazer a última mudança").click()
    expect(page.get_by_role("status")).to_have_text("Tudo está como na versão 2.")
    page.get_by_role("button", name="Voltar à versão 3").click()
    expect(page.get_by_role("status")).to_have_text("Tudo está como na versão 3.")

    kept = page.request.get(f"{server}/api/assistants/{one}").json()
    assert kept["greeting"] == "Olá! Versão 3."


def test_earlier_versions_come_when_asked_for(page: Page, server: str):
    opened(page, server, "history")
    expect(page.get_by_text("Versão 1")).to_have_count(0)

    page.get_by_role("button", name="Mostrar anteriores").click()

    expect(page.get_by_role("heading", name="Helena Prado criou o assistente")).to_be_visible()
    expect(page.get_by_role("button", name="Mostrar anteriores")).to_have_count(0)


def test_a_copy_is_opened_where_it_is_changed(page: Page, server: str):
    opened(page, server, "history")

    page.get_by_role("button", name="Duplicar").click()

    expect(page.get_by_role("heading", name="Secretaria da escola (cópia)", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile("/behaviour$"))


def exported(page: Page, server: str, folder: Path) -> Path:
    opened(page, server, "history")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Exportar").click()
    assert taken.value.suggested_filename == "secretaria.balcao.json"
    file = folder / "assistente.json"
    taken.value.save_as(file)
    return file


def test_a_file_of_another_house_is_taken_in_only_after_a_yes(
    page: Page, server: str, tmp_path: Path
):
    file = exported(page, server, tmp_path)
    assert json.loads(file.read_text())["assistant"]["settings"]["name"] == "Secretaria da escola"
    page.goto(f"{server}/#/assistants")
    page.get_by_label("Importar").set_input_files(file)

    asking = page.get_by_role("dialog", name="Assinado por outra instalação")
    expect(asking).to_contain_text("1234 abcd")
    asking.get_by_role("button", name="Agora não").click()
    expect(page.get_by_role("heading", name="Assistentes", level=1)).to_be_visible()
    page.get_by_label("Importar").set_input_files(file)
    asking.get_by_role("button", name="Comparei e confio").click()

    expect(page.get_by_role("heading", name="Secretaria da escola", level=1)).to_be_visible()
    page.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 409


def test_something_else_is_refused_with_a_sentence(page: Page, server: str, tmp_path: Path):
    file = tmp_path / "foto.json"
    file.write_text("não é nada")
    page.goto(f"{server}/#/assistants")

    page.get_by_label("Importar").set_input_files(file)

    expect(page.get_by_role("alert")).to_have_text("Este arquivo não é um assistente.")
    page.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 422
