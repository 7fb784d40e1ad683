"""Every screen of the console, in a house where whatever has a name has a hostile one."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.hostile import NASTY, Watched, shown, squeezed
from tests.browser.scripted import Served
from tests.fakes import ScriptedGenerator
from tests.house import HANDBOOK
from tests.whole.running import eventually

pytestmark = pytest.mark.browser
ROUTES = (Path(__file__).parents[2] / "static/console/routes.js").read_text("utf-8")
# In a folder's or a file's name, which hold no slash.
FILE = NASTY.replace("/canary-xss", "1")
ENGINE = "http://127.0.0.1:9"
SAID = """() => document.querySelector("main").innerText + [...document.querySelectorAll(
  "main input, main textarea")].map((field) => field.value).join(" ")"""
TABS = re.findall(r"/\^assistants\\/\[\^/\]\+\(\\/\(([\w|]+)\)", ROUTES)[0].split("|")
# What a screen with an id in its address is called by; each has to show the name.
SCREENS = {
    "assistants": ["#/assistants"],
    "wizard": ["#/assistants/new"],
    "assistant": ["#/assistants/{assistant}/" + tab for tab in TABS],
    "collection": ["#/collections/{collection}"],
    "document": ["#/documents/{document}"],
    "source": ["#/sources/{source}"],
    "invitation": ["#/invitation/gone"],
    "reset": ["#/reset/gone"],
    "settings": ["#/settings"],
}
OUTSIDE = {"setup", "sign-in"}  # nobody is signed in there
# Hold a name that a person gives, beside those of the ways to other pages.
NAMED = {
    "assistants",
    "assistant",
    "collection",
    "document",
    "keys",
    "source",
    "sources",
    "trash",
    "models",
}


def screens() -> dict[str, list[str]]:
    """The addresses of every page that the console knows: a new page is looked at unasked."""
    files = set(re.findall(r'file: "([\w-]+)"', ROUTES)) - OUTSIDE
    plain = dict(re.findall(r'\[/\^([\w-]+)(?:\(.*\)\?)?\$/, \{ tag: .*? file: "([\w-]+)"', ROUTES))
    found = SCREENS | {file: [f"#/{address}"] for address, file in plain.items()}
    assert sorted(files - found.keys()) == [], "which address shows this page?"
    return {file: found[file] for file in sorted(files)}


class Hostile(Served):
    """A house where everything is called ``NASTY``; ``ids`` fill in the addresses."""

    def __init__(self, data: Path, folders: Path) -> None:
        self.folder = folders / FILE
        self.folder.mkdir(parents=True)
        super().__init__(data, ScriptedGenerator(), source_folders=str(folders), open_hosts=ENGINE)
        self.ids: dict[str, str] = {}

    def __enter__(self) -> "Hostile":
        super().__enter__()
        me = self.client.get("/api/session").json()["person"]["id"]
        self.act("PATCH", f"/api/people/{me}", name=NASTY)
        self.act("POST", "/api/groups", name=NASTY, members=[me])
        self.act("POST", "/api/keys", name=NASTY, scopes=["ask"])
        self.act("POST", "/api/engines", name=NASTY, kind="site", model="x",
                 addresses=[f"{ENGINE}/v1"])  # fmt: skip
        made = self.assistant(
            NASTY, greeting=NASTY, suggestions=[NASTY], contact=NASTY, instructions=NASTY,
            refusal=NASTY,
            mode="quote", origins=[self.address],
        )  # fmt: skip
        collection = made["collections"][0]
        kept = self.upload(collection, f"# {NASTY}\n\n{HANDBOOK}", f"{FILE}.md")
        self.act("PATCH", f"/api/documents/{kept['id']}", title=NASTY)
        page = f"<title>{NASTY}</title><h1>{NASTY}</h1><p>{HANDBOOK} {NASTY}"
        escaped = page.replace('">', "&quot;&gt;").replace("<img", "&lt;img")
        gone = self.upload(collection, escaped.replace("p 1,50", "p 1,60"), f"{FILE}.html")
        assert "<img src=x" in gone["title"]
        self.act("DELETE", f"/api/documents/{gone['id']}")
        trashed = self.source(collection, "antiga")
        source = self.source(collection, FILE)
        self.act("DELETE", f"/api/sources/{trashed['id']}?documents=remove")
        self.ids = {"assistant": made["id"], "collection": collection, "document": kept["id"],
                    "source": source["id"], "public": made["public_id"]}  # fmt: skip
        return self

    def source(self, collection: str, name: str) -> dict[str, Any]:
        """A folder whose one document was read."""
        folder = self.folder.with_name(name)
        folder.mkdir(exist_ok=True)
        file = folder / f"{FILE}.md"
        file.write_text(f"# {NASTY}\n\n{HANDBOOK} Da pasta {name}.")
        os.utime(file, (time.time() - 3600, time.time() - 3600))  # one just written is waited for
        made = self.act("POST", f"/api/collections/{collection}/sources", kind="folder",
                        path=str(folder))  # fmt: skip
        self.act("POST", f"/api/sources/{made['id']}/run")
        self.work()
        return made

    def act(self, method: str, route: str, /, **fields: Any) -> dict[str, Any]:
        """One request that has to be taken."""
        sent = self.client.request(method, route, json=fields or None)
        assert sent.is_success, sent.text
        return dict(sent.json()) if sent.content else {}


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Hostile]:
    """The hostile house, with its door open."""
    with Hostile(tmp_path / "data", tmp_path / "folders") as opened:
        yield opened


@pytest.mark.guarantee("SEC-13", "ZE-06")
def test_every_screen_shows_names_as_they_were_written_and_asks_nobody_else(
    chromium: Browser, hostile: Hostile
) -> None:
    watched = Watched(chromium)
    page = watched.page
    hostile.let_in(page)
    page.goto(hostile.address)
    for file, addresses in screens().items():
        for address in addresses:
            page.goto(f"{hostile.address}/{address.format_map(hostile.ids)}")
            expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()
            page.wait_for_load_state("networkidle")
            if file in NAMED:
                expect(page.locator(f"main > page-{file}")).to_be_attached()
                eventually(lambda: named(watched), f"{address} shows no name")
            watched.assert_harmless(hostile.address)


@pytest.mark.guarantee("SEC-13", "ZE-06")
def test_a_page_that_is_cited_and_a_passage_show_what_stands_in_them(
    chromium: Browser, hostile: Hostile
) -> None:
    watched = Watched(chromium)
    page = watched.page
    hostile.let_in(page)
    page.goto(f"{hostile.address}/#/assistants/{hostile.ids['assistant']}/chat")
    expect(page.get_by_role("button", name=NASTY)).to_be_visible()
    page.get_by_label("Sua pergunta").fill("Qual é a multa por atraso na devolução de livros?")
    page.get_by_role("button", name="Perguntar", exact=True).click()
    page.get_by_role("link", name=f"Fonte 1: {NASTY}").first.click()
    pane = page.get_by_role("region", name="Página citada")
    expect(pane).to_contain_text("multa por atraso")

    expect(pane).to_contain_text(NASTY)
    assert page.title().startswith(NASTY)
    watched.assert_harmless(hostile.address)


@pytest.mark.guarantee("SEC-13", "ZE-06")
def test_the_widget_shows_names_as_they_were_written_and_asks_only_its_server(
    chromium: Browser, hostile: Hostile
) -> None:
    watched = Watched(chromium)
    page = watched.page
    page.goto(f"{hostile.address}/w/{hostile.ids['public']}")
    expect(page.get_by_role("region", name="Antes de perguntar")).to_contain_text(NASTY)
    page.get_by_role("button", name="Li e entendi").click()
    expect(page.get_by_role("button", name=NASTY)).to_be_visible()
    page.get_by_role("button", name=NASTY).click()  # a suggestion is asked
    expect(page.get_by_role("heading", name=NASTY)).to_have_count(2)
    page.get_by_label("Sua pergunta").fill("Qual é a multa por atraso na devolução de livros?")
    page.get_by_role("button", name="Perguntar", exact=True).click()
    expect(page.get_by_role("link", name=f"Fonte 1: {NASTY}").first).to_be_visible()

    assert shown(page).count(squeezed(NASTY)) > 3
    assert page.title() == NASTY
    watched.assert_harmless(hostile.address)


def named(watched: Watched) -> bool:
    """Whether the page itself, beside the ways to others, shows a hostile name as it is."""
    said = squeezed(watched.page.evaluate(SAID))
    return squeezed(NASTY) in said or squeezed(FILE) in said
