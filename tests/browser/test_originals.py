"""An original in a real browser is a file on the disk, whoever made it (SEC-07)."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.hostile import Watched
from tests.browser.scripted import Served
from tests.fakes import ScriptedGenerator

pytestmark = [pytest.mark.browser, pytest.mark.guarantee("SEC-07")]

RUNS = "<script>window.__xss = 1; fetch('/canary-xss')</script>"
XHTML = "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>Olá.</p>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="fetch(\'/canary-xss\')">'
FILES = {
    "pagina.html": f"<!doctype html><title>Olá</title><p>Olá, mundo.</p>{RUNS}",
    "pagina.xhtml": f"{XHTML}{RUNS}</body></html>",
    "desenho.txt": f"{SVG}{RUNS}</svg>",
    "notas.md": f"# Olá\n\n<img src=x onerror=\"fetch('/canary-xss')\">{RUNS}\n",
}


def download(page: Page, address: str) -> Path:
    """What the browser makes of an address that somebody follows: a file."""
    with page.expect_download() as coming:
        page.evaluate("address => { window.location = address }", address)
    return Path(coming.value.path())


def test_no_original_is_shown_or_run_however_one_gets_to_it(
    chromium: Browser, tmp_path: Path
) -> None:
    with Served(tmp_path / "data", ScriptedGenerator()) as served:
        collection = served.assistant()["collections"][0]
        watched = Watched(chromium)
        page = watched.page
        served.let_in(page)
        page.goto(f"{served.address}/")
        kept = 0
        for name, content in FILES.items():
            sent = served.send(collection, content, name)
            if sent.status_code != 202:
                continue  # it is not what its name says, or of no kind that is read
            kept += 1
            there = f"/api/documents/{sent.json()['documents'][0]['id']}/original"

            assert download(page, there).read_bytes() == content.encode()
            assert framed(page, there).read_bytes() == content.encode()
            assert [failed(page, kind, there) for kind in ("img", "script")] == ["error"] * 2
            assert [one.evaluate("window.__xss") for one in page.frames] == [None] * len(
                page.frames
            )

        assert [one for one in watched.requests if "canary" in one] == []
        assert watched.foreign(served.address) == []
        assert kept >= 2


def framed(page: Page, address: str) -> Path:
    """What the browser makes of it inside a page: a file again."""
    with page.expect_download() as coming:
        page.evaluate(
            """address => {
                const one = document.createElement("iframe")
                one.src = address
                document.body.append(one)
            }""",
            address,
        )
    return Path(coming.value.path())


def failed(page: Page, kind: str, address: str) -> str:
    """How it ends as a picture or a script of a page."""
    ended = page.evaluate(
        """([kind, address]) => new Promise((done) => {
            const one = document.createElement(kind)
            one.onload = one.onerror = (event) => done(event.type)
            one.src = address
            document.body.append(one)
        })""",
        [kind, address],
    )
    return str(ended)
