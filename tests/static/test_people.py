"""People before the preview: groups with an invitation, sessions ended, who is deactivated; and
a letter to try the mail server."""

import pytest
from playwright.sync_api import Page, expect

from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser


def test_an_invitation_goes_with_groups(page: Page, server: str):
    named = {"name": "Professores", "members": []}
    group = page.request.post(f"{server}/api/groups", data=named).json()
    page.goto(f"{server}/#/people")
    page.get_by_text("Convidar alguém").click()
    page.get_by_role("textbox", name="E-mail").fill("bia@escola.example")
    page.get_by_label("Professores").check()
    with page.expect_request(lambda one: one.method == "POST") as sent:
        page.get_by_role("button", name="Fazer o convite").click()

    assert sent.value.post_data_json == {
        "email": "bia@escola.example", "role": "member", "groups": [group["id"]],
    }  # fmt: skip
    expect(page.get_by_text("/#/invitation/abc")).to_be_visible()
    assert violations(page) == []


def test_somebodys_sessions_end_from_their_row_once_that_was_confirmed(page: Page, server: str):
    page.goto(f"{server}/#/people")
    page.get_by_role("button", name="Encerrar sessões de Ana Luz").click()
    with page.expect_request(lambda one: one.method == "DELETE") as sent:
        page.get_by_role("dialog").get_by_role("button", name="Encerrar sessões").click()

    assert sent.value.url.endswith("/sessions")
    expect(page.get_by_text("Ana Luz saiu de todos os lugares.")).to_be_visible()


def test_who_is_deactivated_is_seen(page: Page, server: str):
    page.goto(f"{server}/#/people")
    away = page.get_by_role("row", name="Anabela Reis")

    expect(away.get_by_text("desativada", exact=True)).to_be_visible()
    expect(away.get_by_role("button", name="Reativar Anabela Reis")).to_be_visible()
    expect(away.get_by_role("button", name="Encerrar")).to_have_count(0)


def test_a_letter_tries_the_mail_server(page: Page, server: str):
    page.goto(f"{server}/#/settings")
    sheet = page.get_by_role("region", name="E-mail", exact=True)
    sheet.get_by_role("button", name="Testar conexão").click()

    expect(sheet.get_by_text("aceita para helena@escola.example")).to_be_visible()


@pytest.mark.parametrize(
    ("address", "heading"),
    [("invitation/abc", "Colégio Aurora"), ("reset/abc", "Escolha"), ("forgot", "Esqueceu")],
)
def test_the_pages_before_the_door_are_for_everybody(
    page: Page, fresh_server: str, address: str, heading: str
):
    page.route("**/api/setup", lambda route: route.fulfill(json={"needed": False}))
    page.goto(f"{fresh_server}/#/{address}")
    expect(page.get_by_role("heading", name=heading)).to_be_visible()

    assert violations(page) == []
