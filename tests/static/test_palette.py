"""The palette: anywhere by typing part of a name, with the keyboard or without."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.static.browserless import STATIC, node_needed, run
from tests.static.test_accessibility import looked_at, violations

__all__ = ["looked_at"]

WHO = {"id": "p2", "name": "Bia", "email": "bia@escola.example", "language": "pt"}
BUTTON = "Buscar ou ir para…"
LABEL = "Página, assistente, documento, pessoa ou ação"


def summoned(page: Page) -> Locator:
    """The field of the palette, by its keys."""
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name=LABEL)
    expect(field).to_be_focused()
    return field


def entered(page: Page, server: str, address: str = "keys", heading: str = "Chaves") -> None:
    page.goto(f"{server}/#/{address}")
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()


def option(page: Page, name: str) -> Locator:
    return page.get_by_role("option", name=name)


def act_as(page: Page, role: str) -> None:
    page.route("**/api/session", lambda route: route.fulfill(json={"person": WHO | {"role": role}}))


def test_every_page_with_an_address_of_its_own_has_a_way():
    """A new page is found by its name, or it does not land."""
    routes = (STATIC / "console/routes.js").read_text("utf-8")
    lines = [line for line in routes.splitlines() if "tag:" in line and "open: true" not in line]
    pages = set(re.findall(r'file: "([\w-]+)"', "\n".join(lines)))
    ways = re.findall(r'file: "([\w-]+)", word: "[\w.-]+", drawing: \w+, letter: "(\w)"',
                      (STATIC / "console/ways.js").read_text("utf-8"))  # fmt: skip

    # These need an id, or an act leads there.
    assert pages - {"assistant", "collection", "document", "source", "wizard"} == {
        file for file, _ in ways
    }
    letters = [letter for _, letter in ways]
    assert len(letters) == len(set(letters)), "a letter leads to one page"


@node_needed
@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("Configurações", "racoes", "Configu[rações]"),
        ("Ata de março", "MAR ata", "[Ata] de [mar]ço"),
        ("ação", "aca", "[açã]o"),
        ("ac\u0327a\u0303o", "aca", "[ac\u0327a\u0303]o"),
        ("Saída de rede", "", "Saída de rede"),
        ("Regras", "livros", "Regras"),
    ],
)
def test_what_was_typed_stands_out_in_a_name_accents_or_not(name: str, typed: str, shown: str):
    asked = f"{json.dumps(name)}, {json.dumps(typed)}"
    cut = run(f'give((await import("{STATIC}/console/palette/typed.js")).pieces({asked}));')

    assert "".join(f"[{text}]" if typed else text for text, typed in cut) == shown


@pytest.mark.browser
def test_a_page_is_reached_by_typing_part_of_its_name(page: Page, server: str):
    entered(page, server)
    summoned(page).press_sequentially("configuracoes")
    expect(option(page, "Configurações")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Configurações", level=1)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("main")).to_be_focused()


@pytest.mark.browser
def test_arrows_walk_the_list_and_escape_gives_the_focus_back(page: Page, server: str):
    entered(page, server)
    button = page.get_by_role("button", name=BUTTON)
    button.focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("combobox", name=LABEL)
    expect(field).to_be_focused()
    options = page.get_by_role("dialog").get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")

    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(options.last).to_be_in_viewport()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")

    expect(button).to_be_focused()
    assert page.url.endswith("#/keys")


@pytest.mark.browser
def test_assistants_documents_and_people_are_found_by_name(page: Page, server: str):
    entered(page, server)
    summoned(page).fill("regi")
    expect(page.get_by_role("group", name="Documentos")).to_contain_text("Regimento interno")
    expect(page.get_by_role("group", name="Coleções")).to_contain_text("Regimentos")
    option(page, "Regimento interno").click()
    expect(page.get_by_role("heading", name="Regimento interno", level=1)).to_be_visible()

    summoned(page).fill("secretaria")
    expect(page.get_by_role("group", name="Assistentes")).to_contain_text("Secretaria da escola")
    page.get_by_role("group", name="Assistentes").get_by_role("option").first.click()
    expect(page.get_by_role("heading", name="Secretaria da escola", level=1)).to_be_visible()

    summoned(page).fill("conceicao")
    page.get_by_role("group", name="Pessoas").get_by_role("option").click()
    expect(page.get_by_label("Procurar por nome ou e-mail")).to_have_value("bia@escola.example")
    expect(page.get_by_role("main").get_by_role("row", name="Bia Conceição")).to_be_visible()
    expect(page.get_by_role("row", name="Caio Nunes")).to_have_count(0)


@pytest.mark.browser
def test_a_collection_leads_to_its_own_documents_whoever_reads_them(page: Page, server: str):
    entered(page, server)
    summoned(page).fill("reg")
    option(page, "Regimentos").click()
    expect(page.get_by_role("heading", name="Secretaria da escola", level=1)).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Lida por")).to_contain_text("Secretaria da escola")
    expect(page.get_by_role("row", name="Regimento interno")).to_be_visible()
    assert violations(page) == []

    summoned(page).fill("regras sem")
    option(page, "Regras sem assistente").click()
    expect(page.get_by_role("heading", name="Regras sem assistente")).to_be_visible()
    expect(page.get_by_text("Nenhum assistente lê esta coleção")).to_be_visible()


@pytest.mark.browser
def test_what_comes_in_later_moves_no_choice(page: Page, server: str):
    """Enter opens what one saw chosen, however long the server took."""
    held: list[Route] = []
    page.route("**/api/search/everywhere*", lambda route: held.append(route))
    entered(page, server)
    with page.expect_request("**/api/search/everywhere*"):
        summoned(page).fill("assistente")
    new = option(page, "Novo assistente")
    expect(new).to_be_visible()
    while new.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    found = {"kind": "assistant", "id": "a1", "name": "Assistente 1", "within": ""}
    held[0].fulfill(json={"items": [found | {"assistant": None}], "next": None})

    expect(option(page, "Assistente 1")).to_be_visible()
    expect(new).to_have_attribute("aria-selected", "true")


@pytest.mark.browser
def test_what_the_server_refuses_is_said_and_the_pages_stay(page: Page, server: str):
    page.route("**/api/search/everywhere*", lambda route: route.abort())
    entered(page, server)
    summoned(page).fill("pessoas")

    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("servidor")
    expect(option(page, "Pessoas")).to_be_visible()
    page.trouble.clear()  # type: ignore[attr-defined]  -- the browser tells of the request


@pytest.mark.browser
def test_acts_are_done_from_anywhere(page: Page, server: str):
    entered(page, server)
    summoned(page).fill("enviar")
    option(page, "Enviar documentos").click()
    expect(page).to_have_url(re.compile(r"#/assistants/[^/]+/documents$"))
    summoned(page).fill("novo assistente")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Novo assistente", level=1)).to_be_visible()
    summoned(page).fill("english")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Search or go to…")).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Page, assistant, document, person or action").fill("end the")
    page.get_by_role("option", name="End the session").click()

    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.browser
def test_it_offers_nobody_a_page_that_is_not_for_them(page: Page, server: str):
    act_as(page, "member")
    entered(page, server, "conversations", "Conversas")
    summoned(page)
    pages = page.get_by_role("group", name="Páginas").get_by_role("option")

    expect(pages).to_have_text([re.compile(one) for one in (
        "Assistentes", "Conversas", "Seu perfil", "Verificação em duas etapas")])  # fmt: skip
    expect(option(page, "Novo assistente")).to_have_count(0)
    expect(option(page, "Enviar documentos")).to_have_count(0)


@pytest.mark.browser
def test_an_auditor_is_offered_the_record_and_asks_the_server_nothing(page: Page, server: str):
    act_as(page, "auditor")
    asked: list[str] = []
    page.on("request", lambda one: "everywhere" in one.url and asked.append(one.url))
    entered(page, server, "audit", "Auditoria")
    summoned(page).fill("secretaria")

    expect(page.get_by_text("Nada aqui se chama “secretaria”.")).to_be_visible()
    page.get_by_role("combobox", name=LABEL).fill("audit")
    expect(option(page, "Auditoria")).to_be_visible()
    assert asked == []


@pytest.mark.browser
def test_it_waits_for_another_dialog_and_opens_once(page: Page, server: str):
    entered(page, server)
    summoned(page)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_have_count(1)
    page.get_by_role("button", name="Fechar", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.browser
def test_it_opens_while_something_is_typed_into_a_field(page: Page, server: str):
    entered(page, server, "people", "Pessoas")
    search = page.get_by_label("Procurar por nome ou e-mail")
    search.fill("bia")
    summoned(page)
    page.keyboard.press("Escape")

    expect(search).to_be_focused()
    expect(search).to_have_value("bia")


@pytest.mark.browser
def test_axe_finds_nothing_in_it_wide_and_narrow(looked_at: Page, server: str):
    page = looked_at
    entered(page, server)
    page.get_by_role("button", name=BUTTON).click()
    field = page.get_by_role("combobox", name=LABEL)
    expect(field).to_be_focused()
    assert violations(page) == []
    field.fill("a")
    expect(page.get_by_role("group", name="Pessoas")).to_be_visible()
    assert violations(page) == []
    field.fill("zzz")
    expect(page.get_by_text("Nada aqui se chama “zzz”.")).to_be_visible()
    assert violations(page) == []
