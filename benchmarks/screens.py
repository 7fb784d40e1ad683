"""Every page and state of the console and the widget as a picture, at both widths and in both
themes. The states are those that the house is in, and each page with nothing to show, with a
thousand rows, refused and waiting.

    python -m benchmarks.screens [--only NAME] [--out FOLDER]

The pictures (``assistants-1280-light.png`` …) go to ``benchmarks/screens/``, which is not
committed: they are to be looked at. The appliance is a real one with a library in it; only its
two models are pretend. How many were taken is printed as JSON.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from appliance.models import Generator
from tests.browser.scripted import Served
from tests.browser.test_screens import screens
from tests.fakes import ScriptedGenerator
from tests.static import states as made
from tests.static.conftest import CHROMIUM, FLAGS

OUT = Path(__file__).parent / "screens"
SPECIAL = {"empty": made.empty, "many": made.many, "refused": made.refused, "waiting": made.waiting}
STRANGERS = ("forgot", "invitation", "reset")  # nobody is signed in there
LOOKS = [(width, theme) for width in (1280, 390) for theme in ("light", "dark")]
QUESTION = "Qual é a multa por atraso na devolução de livros?"


def nothing(page: Page) -> None:
    """Do nothing."""


@dataclass(frozen=True)
class State:
    """What it is called, its address, what is done before one goes there and once one is."""

    name: str
    address: str
    prepare: Callable[[Page], None]
    before: Callable[[Page], object] = nothing


class Furnished(Served):
    """A school's appliance: three assistants, documents, a source, people, groups, keys,
    conversations."""

    def __init__(self, data: Path, generator: Generator) -> None:
        self.folder = data.parent / "arquivo"
        self.folder.mkdir(parents=True)
        super().__init__(data, generator, source_folders=str(self.folder))

    def furnish(self) -> dict[str, str]:
        """Fill it; the ids that the pages' addresses need."""
        made = self.assistant(
            "Secretaria", mode="quote", greeting="Pergunte sobre matrícula, prazos e uniforme.",
            suggestions=["Quando abre a secretaria?", QUESTION], contact="secretaria@escola.org",
            origins=[self.address],
        )  # fmt: skip
        for name, accent in (("Biblioteca", "#7a2e2e"), ("Coordenação", "#2c6a45")):
            self.assistant(name, mode="quote", accent=accent)
        collection = made["collections"][0]
        document = self.upload(collection)
        self.upload(collection, "# Calendário\n\nAs aulas começam em 3 de fevereiro.", "ano.md")
        self.upload(collection, b"%PDF-1.4 nothing", "danificado.pdf")
        source = self.source(collection)
        me = self.client.get("/api/session").json()["person"]["id"]
        for name in ("Professores", "Direção"):
            self.client.post("/api/groups", json={"name": name, "members": [me]})
        self.client.post("/api/keys", json={"name": "Site da escola", "scopes": ["ask"]})
        with self.as_a("member"):
            self.ask(made["id"], QUESTION)
        told = self.ask(made["id"], QUESTION)
        self.ask(made["id"], "Há piscina?")
        return {
            "assistant": made["id"], "collection": collection, "document": document["id"],
            "public": made["public_id"], "conversation": told["conversation"], "source": source,
        }  # fmt: skip

    def source(self, collection: str) -> str:
        """The id of a folder of which two files were read."""
        for name, said in (("Ata de março", "A festa é em junho."), ("Cardápio", "Há feijoada.")):
            (file := self.folder / f"{name}.md").write_text(f"# {name}\n\n{said}", "utf-8")
            os.utime(file, (time.time() - 3600,) * 2)  # one just written is waited for
        form = {"kind": "folder", "path": str(self.folder)}
        made = self.client.post(f"/api/collections/{collection}/sources", json=form).json()
        self.client.post(f"/api/sources/{made['id']}/run")
        self.work()
        return str(made["id"])


def states(ids: dict[str, str]) -> Iterator[State]:
    """Each state: every page, then again as others find it, then what can be done on one."""
    pages = list(addresses(ids))
    for name, address in pages:
        before = stranger if name in STRANGERS else nothing
        yield State(name, address, settled, before)
    for name, address in pages:
        for kind, before in SPECIAL.items():
            yield State(f"{name}-{kind}", address, hurried, before)
    chat = f"/#/assistants/{ids['assistant']}/chat?conversation={ids['conversation']}"
    yield State("answer", chat, settled)
    yield State("answer-export", chat, exporting)
    yield State("answer-source", chat, sourced)
    yield State("answer-refused", f"/#/assistants/{ids['assistant']}/chat", refused)
    yield State("conversations-all", "/#/conversations/all", settled)
    yield State("document-delete", f"/#/assistants/{ids['assistant']}/documents", deleting)
    yield State("palette", "/#/keys", summoned)
    yield State("tour", "/#/assistants", shown_around)
    yield State("sign-in", "/#/sign-in", settled, stranger)
    yield State("setup", "/#/setup", settled, first)
    yield State("widget-notice", f"/w/{ids['public']}", settled)
    yield State("widget-answer", f"/w/{ids['public']}", visited)


def addresses(ids: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every page with what it is called and its address."""
    for file, found in screens().items():
        for address in found:
            tab = address.rpartition("/")[2] if file == "assistant" else ""
            yield f"{file}{tab and f'-{tab}'}", f"/{address.format_map(ids)}"


def stranger(page: Page) -> None:
    """Be nobody."""
    told = {"json": {"person": None}}
    page.route("**/api/session", lambda route: route.fulfill(**told))


def first(page: Page) -> None:
    """Be the first who comes."""
    stranger(page)
    page.route("**/api/setup", lambda route: route.fulfill(json={"needed": True}))


def settled(page: Page) -> None:
    """Wait until nothing more is fetched."""
    page.locator("main :is(h1, h2, .problem, form)").first.wait_for()
    page.wait_for_load_state("networkidle")


def hurried(page: Page) -> None:
    """Wait for what comes by itself, no longer than somebody looks."""
    page.locator("main > *").first.wait_for(state="attached")
    with suppress(PlaywrightTimeout):
        page.wait_for_load_state("networkidle", timeout=1500)


def summoned(page: Page) -> None:
    """Open the palette and look for something."""
    settled(page)
    page.keyboard.press("Control+k")
    page.locator("balcao-palette input").fill("re")
    page.locator("balcao-palette [role=group][aria-label=Documentos]").wait_for()


def deleting(page: Page) -> None:
    """Ask for a document to be taken away."""
    settled(page)
    page.get_by_role("button", name="Excluir ").first.click()
    page.get_by_role("dialog").wait_for()


def shown_around(page: Page) -> None:
    """Take the first round as far as its second page."""
    settled(page)
    page.get_by_role("button", name="Fazer a volta").click()
    page.get_by_role("button", name="Próxima").click()
    page.get_by_role("heading", name="Lacunas", level=1).wait_for()
    settled(page)


def exporting(page: Page) -> None:
    """Open the menu of forms."""
    settled(page)
    page.locator("summary", has_text="Exportar").click()


def sourced(page: Page) -> None:
    """Open the first source."""
    settled(page)
    page.locator(".footnotes a").first.click()
    page.locator("balcao-page mark, balcao-page .box").first.wait_for()


def refused(page: Page) -> None:
    """Ask what no document says."""
    settled(page)
    page.locator("balcao-composer textarea").fill("Qual é a capital da Mongólia?")
    page.keyboard.press("Enter")
    page.locator("balcao-answer .actions").first.wait_for()


def visited(page: Page) -> None:
    """Be a visitor who asks."""
    settled(page)
    page.locator(".notice button").click()
    page.locator("balcao-composer textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator("balcao-answer .actions").first.wait_for()


def opened(browser: Browser, house: Served, width: int, theme: str) -> Page:
    """A page of a browser in which the administrator is signed in."""
    context = browser.new_context(
        locale="pt-BR", viewport={"width": width, "height": 844}, color_scheme=theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    house.let_in(page)
    return page


def shoot(browser: Browser, house: Served, ids: dict[str, str], out: Path, only: str) -> int:
    """Take the pictures; how many there are."""
    out.mkdir(parents=True, exist_ok=True)
    taken = 0
    for width, theme in LOOKS:
        page = opened(browser, house, width, theme)
        for state in states(ids):
            if only not in state.name:
                continue
            page.goto("about:blank")
            state.before(page)
            page.goto(f"{house.address}{state.address}")
            state.prepare(page)
            page.screenshot(path=out / f"{state.name}-{width}-{theme}.png")
            page.unroute_all(behavior="ignoreErrors")
            taken += 1
        page.context.close()
    return taken


def main() -> None:
    """Take the pictures and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="states whose name holds this")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Furnished(Path(folder) / "data", ScriptedGenerator()) as house,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        ids = house.furnish()
        taken = shoot(browser, house, ids, given.out, given.only)
        browser.close()
    print(json.dumps({"pictures": taken}))


if __name__ == "__main__":
    main()
