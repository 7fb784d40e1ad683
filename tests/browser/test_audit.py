"""An auditor reads the record, checks its chain and takes it along; and sees nothing else."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import keep
from tests.browser.test_walk import set_up
from tests.static.test_accessibility import violations
from tests.whole.running import Running

pytestmark = pytest.mark.browser
PASSWORD = "quatro patos no lago"


@pytest.mark.guarantee("LGPD-08")
def test_an_auditor_reads_searches_checks_and_takes_along_and_sees_nothing_else(
    page: Page, appliance: Running
) -> None:
    set_up(page, appliance)
    aldo = {"name": "Aldo Reis", "email": "aldo@escola.example", "role": "auditor"}
    headers = {"Origin": appliance.address}
    made = page.request.post(
        f"{appliance.address}/api/people", data=aldo | {"password": PASSWORD}, headers=headers
    )
    assert made.status == 201
    page.get_by_role("button", name="Sair").click()
    page.get_by_label("E-mail").fill("aldo@escola.example")
    page.get_by_label("Senha").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()

    expect(page.get_by_role("heading", name="Auditoria", level=1)).to_be_visible()
    expect(page.get_by_text("A corrente está inteira")).to_be_visible()
    expect(page.get_by_text("Helena Prado criou a conta de Aldo Reis")).to_be_visible()
    assert violations(page) == []
    ways = page.get_by_role("navigation", name="Principal").get_by_role("link")
    expect(ways).to_have_text(["Auditoria"])

    page.get_by_label("Quem").fill("Helena")
    page.get_by_label("Ato", exact=True).select_option("person.create")
    page.get_by_role("button", name="Procurar").click()
    acts = page.get_by_role("main").get_by_role("list").get_by_role("listitem")
    expect(acts).to_have_count(1)
    acts.get_by_text("Detalhes").click()
    expect(acts).to_contain_text("auditor")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Linhas JSON").click()
    (line,) = taken.value.path().read_text().splitlines()
    assert '"act":"person.create"' in line
    assert '"name":"Helena Prado"' in line
    keep(page, "audit")

    page.goto(f"{appliance.address}/#/people")
    expect(page.get_by_text("Ela é para quem administra este servidor.")).to_be_visible()
    page.get_by_role("link", name="Ir para o início").click()
    expect(page.get_by_role("heading", name="Auditoria", level=1)).to_be_visible()
    expect(page.get_by_text("Aldo Reis levou uma cópia do registro")).to_be_visible()
    page.get_by_role("link", name="Aldo Reis").click()
    expect(page.get_by_label("Nome")).to_have_value("Aldo Reis")
