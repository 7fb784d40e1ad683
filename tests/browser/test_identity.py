"""Who the visitor is, and who must sign in, in a real browser (SEC-33)."""

import json
import time
from html import escape
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from appliance import accounts, vouching
from appliance.signin import password
from tests.browser.scripted import Served
from tests.browser.test_frames import change_sites, loose, served, site

__all__ = ["loose", "served"]

pytestmark = pytest.mark.browser

WORD = "três gatos na janela"


def embedding(served: Served, public: str, text: str = "", signature: str = "") -> str:
    return (
        f'<!doctype html><title>Escola</title><link rel="icon" href="data:,"><h1>Escola</h1>'
        f'<script src="{served.address}/widget.js" data-assistant="{public}"'
        f' data-identity="{escape(text)}" data-signature="{signature}"></script>'
    )


@pytest.fixture
def made(served: Served) -> dict[str, Any]:
    return served.assistant(greeting="Bom dia!")


def test_a_conversation_bears_the_name_that_the_site_vouches_for(
    served: Served, made: dict[str, Any], loose: Page
) -> None:
    served.upload(made["collections"][0])
    path = f"/api/assistants/{made['id']}/visitors"
    secret = served.client.post(f"{path}/identity").json()["secret"]
    served.client.patch(path, json={"identity_required": True})
    text = json.dumps({"id": "4711", "name": 'Ana "Nina" <b>Souza', "expires": time.time() + 600})
    signed = embedding(served, made["public_id"], text, vouching.signature(text, secret))
    with site(signed) as listed:
        change_sites(served, made, listed)
        loose.goto(listed)
        loose.get_by_role("button", name="Abrir conversa: Secretaria").click()
        chat = loose.frame_locator("iframe")
        chat.get_by_role("button", name="Li e entendi").click()
        chat.get_by_label("Sua pergunta").fill("Qual é a multa por atraso?")
        chat.get_by_role("button", name="Perguntar", exact=True).click()
        expect(chat.get_by_role("button", name="Copiar com fontes")).to_be_visible()

    served.let_in(loose)
    loose.goto(f"{served.address}/#/conversations/all")
    row = loose.get_by_role("row", name='Ana "Nina" <b>Souza')
    expect(row).to_contain_text("atestado pelo site como 4711")


def test_whom_no_site_vouches_for_reads_what_to_do_and_never_an_empty_frame(
    served: Served, made: dict[str, Any], loose: Page
) -> None:
    path = f"/api/assistants/{made['id']}/visitors"
    served.client.post(f"{path}/identity")
    served.client.patch(path, json={"identity_required": True})
    with site(embedding(served, made["public_id"])) as listed:
        change_sites(served, made, listed)
        loose.goto(listed)
        loose.get_by_role("button", name="Abrir conversa").click()
        chat = loose.frame_locator("iframe")

        expect(chat.get_by_role("alert")).to_contain_text("só atende quem esta página conhece")
        expect(chat.get_by_label("Sua pergunta")).to_have_count(0)


@pytest.mark.guarantee("SEC-33")
@pytest.mark.parametrize("way", ["framed", "direct"])
def test_an_assistant_for_people_who_sign_in_says_so_and_opens_the_console(
    served: Served, made: dict[str, Any], loose: Page, way: str
) -> None:
    with served.parts.database.write() as db:
        accounts.create(
            db, name="Bia", email="bia@escola.example", password_hash=password.hashed(WORD),
            role="member",
        )  # fmt: skip
    path = f"/api/assistants/{made['id']}"
    served.client.patch(path, json={"access": "signed_in"})
    with site(embedding(served, made["public_id"])) as listed:
        change_sites(served, made, listed)
        chat: Any = loose
        if way == "framed":
            loose.goto(listed)
            loose.get_by_role("button", name="Abrir conversa").click()
            chat = loose.frame_locator("iframe")
        else:
            loose.goto(f"{served.address}/w/{made['public_id']}")
        expect(chat.get_by_role("alert")).to_contain_text("só para quem entra")
        with loose.context.expect_page() as opened:
            chat.get_by_role("link", name="Entrar no Balcão").click()

        console = opened.value
        console.get_by_label("E-mail").fill("bia@escola.example")
        console.get_by_label("Senha").fill(WORD)
        console.get_by_role("button", name="Entrar").click()
        expect(console.get_by_role("heading", name="Secretaria")).to_be_visible()
        expect(console.get_by_text("Bom dia!")).to_be_visible()


@pytest.mark.guarantee("SEC-33")
def test_only_a_site_that_is_listed_learns_that_such_an_assistant_is_there(
    served: Served, made: dict[str, Any]
) -> None:
    served.client.patch(f"/api/assistants/{made['id']}", json={"access": "signed_in"})
    change_sites(served, made, "https://escola.example")
    path = f"/api/widget/{made['public_id']}/session"
    with served.as_nobody() as client:
        told = client.post(path, headers={"origin": "https://escola.example"})
        other = client.post(path, headers={"origin": "https://mal.example"})

    assert (told.status_code, told.json()["code"]) == (403, "sign_in_first")
    assert told.headers["access-control-allow-origin"] == "https://escola.example"
    assert other.status_code == 404
    assert "access-control-allow-origin" not in other.headers


def test_nothing_of_these_pages_is_in_the_data_folder(served: Served, tmp_path: Path) -> None:
    """A secret lies there sealed, and nowhere as it was told."""
    made = served.assistant()
    path = f"/api/assistants/{made['id']}/visitors/identity"
    secret = served.client.post(path).json()["secret"]

    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert files
    assert [file.name for file in files if secret.encode() in file.read_bytes()] == []
