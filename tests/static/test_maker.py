"""The assistant maker in a browser: versions, copies, files."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.pictures import picture

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
    page.get_by_role("button", name="Voltar a esta: versão 3").click()
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

    expect(
        page.get_by_role("heading", name="Secretaria da escola (cópia)", level=1)
    ).to_be_visible()
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


def staged(page: Page) -> tuple[FrameLocator, FrameLocator]:
    """The page that stands for a site, and the chat on it."""
    site = page.frame_locator("iframe[title='Prévia do chat no site']")
    return site, site.frame_locator("iframe")


def test_the_preview_is_the_widget_itself_and_follows_every_field(page: Page, server: str):
    one = opened(page, server, "look")
    site, chat = staged(page)
    expect(chat.get_by_role("button", name="Há piscina?")).to_have_count(0)

    page.get_by_label("Saudação").fill("Bem-vindos!")
    page.get_by_label("Perguntas sugeridas").fill("Há piscina?\nQuando abre?")
    page.get_by_label("Contato").fill("Portaria")
    page.get_by_label("Aviso").fill("Isto não é um parecer.")
    page.get_by_label("Texto do botão").fill("Pergunte aqui")
    page.get_by_label("Lugar").select_option("left")

    expect(chat.get_by_text("Bem-vindos!")).to_be_visible()
    expect(chat.get_by_role("button", name="Há piscina?")).to_be_visible()
    expect(chat.get_by_text("Isto não é um parecer.")).to_be_visible()
    expect(chat.get_by_text("Fale com: Portaria")).to_be_visible()
    launcher = site.get_by_role("button", name="Pergunte aqui Fechar conversa")
    expect(launcher).to_have_text("Pergunte aqui")
    assert launcher.evaluate("one => one.getBoundingClientRect().left") == 20
    assert page.request.get(f"{server}/api/assistants/{one}").json()["greeting"] != "Bem-vindos!"

    page.get_by_role("button", name="Salvar aparência").click()
    expect(page.get_by_role("status").first).to_have_text(re.compile("Salvo"))
    kept = page.request.get(f"{server}/api/assistants/{one}").json()
    assert kept["suggestions"] == ["Há piscina?", "Quando abre?"]
    assert (kept["look"]["position"], kept["look"]["label"]) == ("left", "Pergunte aqui")
    assert kept["look"]["disclaimer"] == "Isto não é um parecer."


def test_the_preview_takes_no_focus_from_the_form(page: Page, server: str):
    opened(page, server, "look")
    site, _ = staged(page)

    page.get_by_label("Texto do botão").press_sequentially("Oi")

    expect(site.get_by_role("button", name="Oi Fechar conversa")).to_be_visible()
    expect(page.get_by_label("Texto do botão")).to_be_focused()
    expect(page.get_by_label("Texto do botão")).to_have_value("Oi")


def test_another_language_says_its_own_words_and_the_rest_as_the_first(page: Page, server: str):
    opened(page, server, "look")
    page.get_by_label("Idioma dos textos").select_option("en")
    _, chat = staged(page)
    page.get_by_label("Saudação").fill("Welcome!")

    expect(chat.get_by_text("Welcome!")).to_be_visible()
    expect(chat.get_by_role("button", name="Qual é a frequência mínima?")).to_be_visible()
    expect(chat.get_by_label("Your question")).to_be_visible()
    page.get_by_label("Idioma dos textos").select_option("pt")
    expect(page.get_by_label("Saudação")).to_have_value(re.compile("^Olá! Sou a secretaria"))


def test_the_preview_is_light_and_dark_wide_and_narrow(page: Page, server: str):
    opened(page, server, "look")
    site, chat = staged(page)
    ground = "getComputedStyle(document.body).backgroundColor"

    page.get_by_role("button", name="Escuro").click()
    expect(chat.locator("body")).to_have_css("background-color", "rgb(27, 28, 32)")
    page.get_by_role("button", name="Claro").click()
    expect(chat.locator("body")).to_have_css("background-color", "rgb(251, 250, 246)")
    assert page.evaluate(ground) == "rgb(241, 239, 233)"
    page.get_by_role("button", name="Celular").click()
    expect(site.get_by_role("button", name="Fechar conversa")).to_have_count(0)


@pytest.mark.parametrize(
    ("colour", "said"),
    [("#ffee00", "17,5:1"), ("#777777", "4,7:1"), ("#000000", "21:1")],
)
def test_the_contrast_of_a_colour_is_told(page: Page, server: str, colour: str, said: str):
    opened(page, server, "look")

    page.get_by_label("Cor").fill(colour)

    expect(page.get_by_text(f"Contraste de {said}")).to_be_visible()


def test_a_logo_is_sent_shown_and_taken_off(page: Page, server: str, tmp_path: Path):
    file = tmp_path / "logo.png"
    file.write_bytes(picture(40, 40))
    opened(page, server, "look")
    site, chat = staged(page)

    page.get_by_label("Escolher imagem").set_input_files(file)
    expect(page.get_by_role("img", name="Logotipo")).to_be_visible()
    expect(chat.locator("header img")).to_be_visible()
    page.get_by_label("Ícone").select_option("logo")
    expect(site.get_by_role("button").locator("img")).to_be_visible()
    page.get_by_role("button", name="Remover").click()
    expect(site.get_by_role("button").locator("svg")).to_be_visible()
    expect(chat.locator("header img")).to_have_count(0)


def test_an_svg_is_refused_with_a_sentence(page: Page, server: str, tmp_path: Path):
    file = tmp_path / "logo.svg"
    file.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    opened(page, server, "look")

    page.get_by_label("Escolher imagem").set_input_files(file)

    expect(page.get_by_role("alert")).to_contain_text("SVG")
    page.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 422


def test_the_preview_obeys_nobody_but_this_server(page: Page, server: str):
    """A page that frames it from elsewhere, or a message from one beside it, changes nothing."""
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]
    page.goto(f"{server}/w/{one['public_id']}?preview")
    page.get_by_role("button", name="Li e entendi").wait_for()
    page.evaluate(
        """postMessage({type: "balcao:session", token: "", assistant: {name: "Impostor"}}, "*")"""
    )

    expect(page.get_by_role("heading", level=1)).to_have_text(one["name"])
