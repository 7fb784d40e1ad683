"""How light, quick and steady the faces are: what the first load of the console weighs and how soon
it can be used, what the widget weighs, and what moves on the screen while an answer is written.

    python -m benchmarks.faces

The appliance is a real one with a library in it; only its two models are pretend, and the one
that writes says a piece every 40 ms, as a small model on two cores does. Printed as JSON.
``shift`` is the sum of the browser's own ``layout-shift`` entries (0.1 is what is called good):
``asked`` of those in the half second after the question was sent, which nobody blames on the
page, ``writing`` of all later ones, and what moved.
"""

import gzip
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from appliance.models import Prompt
from benchmarks.screens import QUESTION, Furnished, opened, settled
from tests.browser.scripted import Served
from tests.fakes import ScriptedGenerator
from tests.static.conftest import CHROMIUM, FLAGS

PIECE_SECONDS = 0.04
SAID = (
    "A multa por atraso na devolução de livros é de R$ 1,50 por dia. "
    "Cada aluno pode levar três livros por quinze dias. "
    "A secretaria atende de segunda a sexta, das 7h30 às 17h. "
    "Os recibos devem ser entregues ao financeiro até o dia 5 de cada mês. "
    "O uso do uniforme é obrigatório em todas as aulas."
)
LIMITS_KB = {
    "console": 150,
    "widget": 40,
    "loader": 3,
}  # gzip; the console without a viewer of files
RUNS = 7
WATCH = """() => { window.moved = []; new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.moved.push({
    value: one.value, asked: one.hadRecentInput,
    what: one.sources.map(({ node }) => node?.closest?.("[class]")?.className || node?.nodeName) });
}).observe({ type: "layout-shift", buffered: false }); }"""


def slowly(prompt: Prompt) -> Iterator[str]:
    """An answer of five sentences, a piece at a time."""
    for at in range(0, len(SAID), 5):
        time.sleep(PIECE_SECONDS)
        yield SAID[at : at + 5]


def loads(
    browser: Browser, house: Served, address: str, wanted: str, *, runs: int = RUNS
) -> dict[str, Any]:
    """What a first visit weighs (gzip of each file, KB), and when ``wanted`` stands (ms)."""
    files: dict[str, int] = {}
    times = []
    for run in range(runs):
        page = opened(browser, house, 1280, "light")
        if not run:
            page.on("response", lambda answer: weigh(answer, files))
        page.goto(f"{house.address}{address}")
        page.locator(wanted).first.wait_for()
        times.append(page.evaluate("performance.now()"))
        page.wait_for_load_state("networkidle")
        page.context.close()
    return {
        "files": len(files),
        "kb_gzip": round(sum(files.values()) / 1024, 1),
        "interactive_ms": round(statistics.median(times)),
        "interactive_worst_ms": round(max(times)),
    }


def weigh(answer: Any, files: dict[str, int]) -> None:
    """Note what a file of the faces weighs."""
    if "/api/" not in answer.url:
        files[answer.url] = len(gzip.compress(answer.body(), 6))


def shifts(page: Page) -> dict[str, Any]:
    """Ask, and add up what moves until the answer is whole."""
    page.locator("balcao-composer textarea").fill(QUESTION)
    page.evaluate(WATCH)
    page.keyboard.press("Enter")
    page.locator("balcao-answer .actions").last.wait_for()
    page.wait_for_load_state("networkidle")
    moved = page.evaluate("window.moved")
    what = sorted({str(one) for each in moved if not each["asked"] for one in each["what"]})
    return {
        "asked": round(sum(each["value"] for each in moved if each["asked"]), 4),
        "writing": round(sum(each["value"] for each in moved if not each["asked"]), 4),
        "what": what,
    }


def shift(browser: Browser, house: Served, ids: dict[str, str], width: int) -> dict[str, Any]:
    """What moves while two answers are written, one below the other, and one in the widget."""
    page = opened(browser, house, width, "light")
    page.goto(f"{house.address}/#/assistants/{ids['assistant']}/chat")
    settled(page)
    told = {"first": shifts(page), "second": shifts(page)}
    page.goto(f"{house.address}/w/{ids['public']}")
    settled(page)
    page.locator(".notice button").click()
    told["widget"] = shifts(page)
    page.context.close()
    return told


def main() -> None:
    """Measure and print."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Furnished(Path(folder) / "data", ScriptedGenerator(slowly)) as house,
        sync_playwright() as playwright,
    ):
        ids = house.furnish()
        house.client.patch(f"/api/assistants/{ids['assistant']}", json={"mode": "generate"})
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        loader = len(gzip.compress(house.client.get("/widget.js").content, 6))
        figures = {
            "limits_kb_gzip": LIMITS_KB,
            "console": loads(browser, house, "/#/assistants", "main h1"),
            "widget": loads(browser, house, f"/w/{ids['public']}", ".notice button"),
            "loader_kb_gzip": round(loader / 1024, 1),
            "shift": {width: shift(browser, house, ids, width) for width in (1280, 390)},
        }
        browser.close()
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
