"""Who may do what, in the console: groups, for whom an assistant is, from where a key opens,
and what whoever may not change something is not shown."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def assistant(page: Page, server: str) -> dict[str, Any]:
    found: dict[str, Any] = page.request.get(f"{server}/api/assistants").json()["items"][0]
    return found


def group(page: Page, server: str, name: str, *members: str) -> None:
    page.request.post(f"{server}/api/groups", data={"name": name, "members": members})


def test_a_group_is_made_changed_and_removed(page: Page, server: str) -> None:
    page.goto(f"{server}/#/groups")
    expect(page.get_by_text("Ainda não há grupos.")).to_be_visible()
    page.get_by_text("Novo grupo").click()
    page.get_by_label("Nome do grupo").first.fill("Direção")
    page.get_by_label("Bia Conceição").first.check()
    page.get_by_role("button", name="Criar grupo").click()

    shown = page.get_by_text("Direção · 1 pessoa")
    expect(shown).to_be_visible()
    expect(page.get_by_label("Caio Nunes")).to_have_count(1)  # a group that is shut lists nobody
    shown.click()
    opened = page.get_by_role("group").filter(
        has=page.get_by_role("button", name="Excluir Direção")
    )
    expect(opened.get_by_label("Bia Conceição").last).to_be_checked()
    page.get_by_label("Caio Nunes").last.check()
    page.get_by_role("button", name="Salvar").click()
    expect(page.get_by_text("Direção · 2 pessoas")).to_be_visible()

    page.get_by_text("Direção · 2 pessoas").click()
    page.get_by_role("button", name="Excluir Direção").click()
    page.get_by_role("dialog").get_by_role("button", name="Excluir").click()
    expect(page.get_by_text("Ainda não há grupos.")).to_be_visible()


def test_an_administrator_says_for_whom_an_assistant_is_and_who_changes_it(
    page: Page, server: str, assistant: dict[str, Any]
) -> None:
    group(page, server, "Direção", "p3")
    page.goto(f"{server}/#/assistants/{assistant['id']}/share")
    expect(page.get_by_label("Todos na intranet")).to_be_checked()
    expect(page.get_by_label("Direção")).to_have_count(0)
    page.get_by_label("Grupos", exact=True).check()
    page.get_by_role("checkbox", name="Direção").check()
    page.get_by_label("Bia Conceição").check()

    with page.expect_request(lambda one: one.method == "PATCH") as sent:
        page.get_by_role("button", name="Salvar").click()

    (made,) = page.request.get(f"{server}/api/groups").json()["items"]
    assert sent.value.post_data_json == {
        "access": "groups", "groups": [made["id"]], "editors": ["p2"],
    }  # fmt: skip
    expect(page.get_by_text("Salvo: vale a partir de agora.")).to_be_visible()


def test_a_key_is_made_for_networks_and_tells_from_where_it_was_used(
    page: Page, server: str
) -> None:
    page.goto(f"{server}/#/keys")
    page.get_by_label("Nome da chave").fill("Portal")
    page.get_by_label("Redes de onde pode ser usada").fill("10.0.0.0/8\n192.168.1.20")

    with page.expect_request(lambda one: one.method == "POST") as sent:
        page.get_by_role("button", name="Criar chave").click()

    assert sent.value.post_data_json["addresses"] == ["10.0.0.0/8", "192.168.1.20"]
    expect(page.get_by_text("só de 10.0.0.0/8, 192.168.1.20")).to_be_visible()

    used = {"last_used_at": "2026-11-23T09:00:00.000Z", "last_used_from": "10.1.2.3"}
    altered(page, "**/api/keys*", used)
    page.reload()
    expect(page.get_by_text("de 10.1.2.3")).to_be_visible()


def test_originals_are_kept_to_those_who_look_after_the_collection(
    page: Page, server: str, assistant: dict[str, Any]
) -> None:
    page.goto(f"{server}/#/assistants/{assistant['id']}/documents")

    with page.expect_request(lambda one: one.method == "PATCH") as sent:
        page.get_by_label("Só quem cuida desta coleção baixa").first.check()

    assert sent.value.post_data_json == {"originals": "editors"}


def test_an_editor_of_other_assistants_sees_no_way_to_change_this_one(
    page: Page, server: str, assistant: dict[str, Any]
) -> None:
    page.request.patch(f"{server}/api/people/p1", data={"role": "editor"})
    altered(page, f"**/api/assistants/{assistant['id']}", {"editable": False})
    altered(page, "**/api/collections/*", {"editable": False})
    page.goto(f"{server}/#/assistants/{assistant['id']}/documents")

    tabs = page.get_by_role("navigation", name="Partes do assistente").get_by_role("link")
    expect(page.get_by_role("table")).to_be_visible()
    assert tabs.all_inner_texts() == ["Conversa", "Documentos", "Compartilhar"]
    expect(page.get_by_role("button", name="Excluir")).to_have_count(0)
    expect(page.get_by_label("Só quem cuida desta coleção baixa")).to_have_count(0)
    page.goto(f"{server}/#/assistants/{assistant['id']}/share")
    expect(page.get_by_role("heading", name="Link direto")).to_be_visible()
    expect(page.get_by_role("heading", name="Para quem é")).to_have_count(0)


def test_who_may_not_download_an_original_finds_no_link_to_it(page: Page, server: str) -> None:
    one = page.request.get(f"{server}/api/collections").json()["items"][0]["id"]
    document = page.request.get(f"{server}/api/collections/{one}/documents").json()["items"][0]
    page.goto(f"{server}/#/documents/{document['id']}")
    expect(page.get_by_role("link", name="Original")).to_be_visible()

    altered(page, f"**/api/documents/{document['id']}", {"downloadable": False, "editable": False})
    page.reload()

    expect(page.get_by_role("heading", name=document["title"])).to_be_visible()
    expect(page.get_by_role("link", name="Original")).to_have_count(0)
    expect(page.get_by_role("button", name="Ler de novo")).to_have_count(0)


def altered(page: Page, address: str, fields: dict[str, Any]) -> None:
    """Let what the server tells of a thing, or of each in a list, have these fields too."""

    def told(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        body = (
            body | {"items": [one | fields for one in body["items"]]}
            if "items" in body
            else body | fields
        )
        route.fulfill(response=answer, body=json.dumps(body))

    page.route(address, told)
