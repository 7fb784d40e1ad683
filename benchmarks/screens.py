"""Every page and state of the console and the widget as a picture, at both widths and in both
themes; and how much the first load weighs and how soon it can be used.

    python -m benchmarks.screens [--only NAME] [--out FOLDER]

The pictures (``assistants-1280-light.png`` …) go to ``benchmarks/screens/``, which is not
committed: they are to be looked at. The appliance is a real one with a library in it; only its
two models are pretend. The figures are printed as JSON.
"""

import argparse
import gzip
import json
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.scripted import Served
from tests.browser.test_screens import screens
from tests.fakes import ScriptedGenerator
from tests.static.conftest import CHROMIUM, FLAGS

OUT = Path(__file__).parent / "screens"
LOOKS = [(width, theme) for width in (1280, 390) for theme in ("light", "dark")]
QUESTION = "Qual é a multa por atraso na devolução de livros?"
LIMIT_KB = 150  # gzip, without the page viewer
RUNS = 7


class Furnished(Served):
    """A school's appliance: three assistants, documents, people, groups, keys, conversations."""

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
        me = self.client.get("/api/session").json()["person"]["id"]
        for name in ("Professores", "Direção"):
            self.client.post("/api/groups", json={"name": name, "members": [me]})
        self.client.post("/api/keys", json={"name": "Site da escola", "scopes": ["ask"]})
        with self.as_a("member"):
            self.ask(made["id"], QUESTION)
        told = self.ask(made["id"], QUESTION)
        self.ask(made["id"], "Há piscina?")
        return {
            "assistant": made["id"], "document": document["id"], "public": made["public_id"],
            "conversation": told["conversation"], "source": "none",
        }  # fmt: skip


def states(ids: dict[str, str]) -> Iterator[tuple[str, str, Callable[[Page], None]]]:
    """Each state: what it is called, its address, and what is done there first."""
    for file, addresses in screens().items():
        for address in addresses:
            tab = address.rpartition("/")[2] if file == "assistant" else ""
            yield f"{file}{tab and f'-{tab}'}", f"/{address.format_map(ids)}", settled
    chat = f"/#/assistants/{ids['assistant']}/chat?conversation={ids['conversation']}"
    yield "answer", chat, settled
    yield "answer-export", chat, exporting
    yield "answer-source", chat, sourced
    yield "answer-refused", f"/#/assistants/{ids['assistant']}/chat", refused
    yield "conversations-all", "/#/conversations/all", settled
    yield "widget-notice", f"/w/{ids['public']}", settled
    yield "widget-answer", f"/w/{ids['public']}", visited


def settled(page: Page) -> None:
    """Wait until nothing more is fetched."""
    page.locator("main :is(h1, h2, .problem, form)").first.wait_for()
    page.wait_for_load_state("networkidle")


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
        for name, address, prepare in states(ids):
            if only not in name:
                continue
            page.goto("about:blank")
            page.goto(f"{house.address}{address}")
            prepare(page)
            page.screenshot(path=out / f"{name}-{width}-{theme}.png")
            taken += 1
        page.context.close()
    return taken


def first_load(browser: Browser, house: Served) -> dict[str, Any]:
    """What the first page weighs (gzip of each file), and when its heading stands (ms)."""
    files: dict[str, int] = {}

    def seen(response: Any) -> None:
        if "/static/" in response.url or response.url.endswith("/"):
            files[response.url] = len(gzip.compress(response.body(), 6))

    times = []
    for run in range(RUNS):
        page = opened(browser, house, 1280, "light")
        if not run:
            page.on("response", seen)
        page.goto(f"{house.address}/#/assistants")
        page.locator("main h1").wait_for()
        times.append(page.evaluate("performance.now()"))
        page.wait_for_load_state("networkidle")
        page.context.close()
    return {
        "files": len(files),
        "kb_gzip": round(sum(files.values()) / 1024, 1),
        "limit_kb_gzip": LIMIT_KB,
        "interactive_ms": round(statistics.median(times)),
        "interactive_worst_ms": round(max(times)),
    }


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
        figures = first_load(browser, house)
        figures["pictures"] = shoot(browser, house, ids, given.out, given.only)
        browser.close()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
