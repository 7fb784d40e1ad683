"""The gap inbox: what was asked in vain, opened, answered, asked again, undone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser
POOL = "A escola tem piscina?"


@pytest.fixture
def inbox(page: Page, server: str) -> Page:
    page.goto(f"{server}/#/gaps")
    expect(page.get_by_role("button", name=POOL)).to_be_visible()
    return page


def opened(inbox: Page) -> Locator:
    inbox.get_by_role("button", name=POOL).press("Enter")
    expect(inbox.get_by_role("list", name="Perguntas deste grupo")).to_be_visible()
    return inbox.get_by_role("list", name="Lacunas").get_by_role("listitem").first


def test_groups_tell_how_often_and_by_how_many_and_not_by_whom(inbox: Page) -> None:
    first = inbox.get_by_role("list", name="Lacunas").get_by_role("listitem").first

    expect(first).to_contain_text("14×")
    expect(first).to_contain_text(re.compile("Secretaria da escola · 9 pessoas · 14 sem resposta"))


def test_an_opened_group_tells_what_was_asked_and_said(inbox: Page) -> None:
    group = opened(inbox)

    expect(group.get_by_text("Quando abre a piscina da escola?")).to_be_visible()
    expect(group.get_by_text("Sem resposta: Não encontrei isso").first).to_be_visible()
    assert violations(inbox) == []


def test_an_answer_is_written_and_undone(inbox: Page) -> None:
    group = opened(inbox)
    group.get_by_role("button", name="Escrever a resposta").click()
    expect(group.get_by_label("Resposta exata")).to_be_focused()
    expect(group.get_by_label("Perguntas, uma por linha")).to_have_value(
        f"{POOL}\nQuando abre a piscina da escola?"
    )
    assert violations(inbox) == []
    group.get_by_label("Resposta exata").fill("Não tem.")
    with inbox.expect_request("**/answer") as sent:
        group.get_by_role("button", name="Aprovar resposta").click()

    assert sent.value.post_data_json == {
        "text": "Não tem.", "questions": [POOL, "Quando abre a piscina da escola?"],
    }  # fmt: skip
    expect(group).to_contain_text("Respondida. Quem perguntar de novo recebe esta resposta.")
    group.get_by_role("button", name="Desfazer").click()
    expect(group).to_contain_text("Desfeito.")
    expect(group.get_by_role("button", name="Escrever a resposta")).to_be_visible()


def test_asked_again_before_and_now_stand_together(inbox: Page) -> None:
    group = opened(inbox)
    group.get_by_role("button", name="Perguntar de novo").click()

    both = group.get_by_role("region", name="Antes e agora")
    expect(both).to_contain_text("Agora, ainda sem resposta")
    assert violations(inbox) == []


def test_a_document_is_attached_and_closes_the_gap(inbox: Page) -> None:
    group = opened(inbox)
    file = {"name": "piscina.md", "mimeType": "text/markdown", "buffer": b"# Piscina\n\nAbre.\n"}
    with inbox.expect_request(re.compile("/api/gaps/[^/]+$")) as sent:
        group.get_by_label("Anexar documento").set_input_files(file)  # type: ignore[arg-type]

    assert sent.value.post_data_json["state"] == "answered"
    assert sent.value.post_data_json["document"]
    expect(group).to_contain_text("piscina.md foi lido. Pergunte de novo para conferir.")


def test_a_dismissed_group_is_found_under_its_state(inbox: Page) -> None:
    group = opened(inbox)
    group.get_by_role("button", name="Dispensar").click()
    expect(group).to_contain_text("Dispensada.")

    inbox.get_by_role("button", name="Dispensadas").click()
    expect(inbox.get_by_role("button", name=POOL)).to_be_visible()
    inbox.get_by_role("button", name="Avisadas").click()
    expect(inbox.get_by_text("Ninguém foi avisado ainda.")).to_be_visible()


def test_the_tab_of_an_assistant_has_its_own_gaps(page: Page, server: str) -> None:
    first, second, *_ = page.request.get(f"{server}/api/assistants").json()["items"]
    page.goto(f"{server}/#/assistants/{first['id']}/gaps")
    expect(page.get_by_role("button", name=POOL)).to_be_visible()
    assert violations(page) == []

    page.goto(f"{server}/#/assistants/{second['id']}/gaps")
    expect(page.get_by_text("Nenhuma lacuna aberta")).to_be_visible()
