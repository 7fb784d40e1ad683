"""The audit before the preview: sentences, search, pages of a list, the chain."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.static.browserless import STATIC
from tests.static.test_accessibility import violations
from tests.static.test_words import words

APPLIANCE = STATIC.parent / "appliance"


def written() -> Iterator[str]:
    """Every act that the appliance writes down, by the text of its modules."""
    for path in APPLIANCE.rglob("*.py"):
        for call in re.findall(
            r"(?:record|_audit|of_document)\((.{0,200}?)\)", path.read_text("utf-8"), re.DOTALL
        ):
            yield from re.findall(r'"([a-z_]+\.[a-z_]+)"', call)


def test_every_act_has_its_sentence():
    acts = set(written())

    assert {"key.create", "document.remove", "source.run", "person.remove"} <= acts
    assert sorted(acts - {key.removeprefix("act.") for key in words("pt")}) == []


@pytest.mark.browser
def test_acts_are_sentences_with_names_of_today(page: Page, server: str):
    page.goto(f"{server}/#/audit")
    acts = page.get_by_role("main").get_by_role("list").get_by_role("listitem")

    expect(acts).to_have_count(50)
    for number, said in enumerate(
        (
            "Helena Prado abriu a conversa de Ana Luz. Motivo: “Queixa da mãe, protocolo 12”",
            "Helena Prado desativou Ana Luz",
            "Helena Prado saiu",
            "Helena Prado excluiu a conta de …000009 (já sem nome)",
            "Helena Prado baixou o original de Regimento interno",
            "Helena Prado mudou as configurações, na seção E-mail",
            "Helena Prado fez “moon.land”: …",
        )
    ):
        expect(acts.nth(number).get_by_role("paragraph").first).to_have_text(said)


@pytest.mark.browser
def test_an_act_opens_to_all_that_was_written_down(page: Page, server: str):
    page.goto(f"{server}/#/audit")
    act = page.get_by_role("listitem").filter(has_text="moon.land")
    act.get_by_text("Detalhes").click()

    expect(act.get_by_role("definition").filter(has_text="sim")).to_be_visible()
    expect(act).to_contain_text(f"{54:064x}")
    assert violations(page) == []


@pytest.mark.browser
def test_the_list_goes_on_and_what_is_looked_for_stands_in_the_address(page: Page, server: str):
    page.goto(f"{server}/#/audit")
    acts = page.get_by_role("main").get_by_role("list").get_by_role("listitem")
    page.get_by_role("button", name="Mostrar mais antigos").click()
    expect(acts).to_have_count(60)

    page.get_by_label("Ato", exact=True).select_option("person.remove")
    page.get_by_label("De", exact=True).fill("2026-11-01")
    with page.expect_request(re.compile(r"/api/audit\?")) as asked:
        page.get_by_role("button", name="Procurar").click()
    expect(acts).to_have_count(1)
    assert "#/audit?act=person.remove&from=2026-11-01" in page.url
    assert re.search(r"from=2026-(10-31|11-01)T\d\d%3A00%3A00", asked.value.url)
    csv = page.get_by_role("link", name="Planilha (CSV)").get_attribute("href")
    assert csv
    assert "act=person.remove" in csv
    assert csv.endswith("format=csv")

    page.get_by_role("link", name="Limpar").click()
    expect(acts).to_have_count(50)


@pytest.mark.browser
def test_a_search_without_a_result_says_so(page: Page, server: str):
    page.goto(f"{server}/#/audit?q=nada")

    expect(page.get_by_text("Nenhum ato corresponde")).to_be_visible()
    expect(page.get_by_label("Palavras")).to_have_value("nada")


@pytest.mark.browser
def test_the_chain_is_told_in_a_sentence_and_checked_against_a_kept_point(page: Page, server: str):
    page.goto(f"{server}/#/audit")
    expect(page.get_by_text("A corrente está inteira: 60 atos")).to_be_visible()
    expect(page.get_by_text("2 atos tiveram nome ou detalhes apagados")).to_be_visible()

    page.get_by_text("Conferir com um ponto guardado").click()
    expect(page.get_by_text(f"60:{60:064x}")).to_be_visible()
    page.get_by_label("Um ponto guardado antes").fill(f"61:{60:064x}")
    page.get_by_role("button", name="Conferir de novo").click()
    expect(page.get_by_text("O fim da corrente sumiu: do ato 61")).to_be_visible()
    assert violations(page) == []

    page.get_by_label("Um ponto guardado antes").fill("que ponto?")
    page.get_by_role("button", name="Conferir de novo").click()
    expect(page.get_by_role("alert")).to_contain_text("não é um ponto")
    page.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 400


@pytest.mark.browser
def test_an_auditor_sees_the_audit_and_themselves(page: Page, server: str):
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.route("**/api/session", lambda route: route.fulfill(json={"person": {
        "id": "p2", "name": "Aldo", "email": "aldo@escola.example", "role": "auditor",
        "language": "pt"}}))  # fmt: skip
    for address in ("", "#/assistants"):
        page.goto(f"{server}/{address}")
        page.reload()
        expect(page.get_by_role("heading", name="Auditoria", level=1)).to_be_visible()
    for address in ("#/people", "#/settings"):
        page.goto(f"{server}/{address}")
        expect(page.get_by_text("Ela é para quem administra este servidor.")).to_be_visible()
    ways = page.get_by_role("navigation", name="Principal").get_by_role("link")
    expect(ways).to_have_text(["Auditoria"])
    page.get_by_role("link", name="Aldo").click()
    expect(page.get_by_role("heading", name="Seu perfil")).to_be_visible()

    assert [url for url in asked if "/api/assistants" in url] == []
