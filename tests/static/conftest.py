"""A real browser before the preview: page errors and foreign requests fail a test."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.static.preview import serving

# Perhaps on a busy machine, and in tests/browser real passwords are hashed and real pages read.
expect.set_options(timeout=30_000)
OURS = ("http://127.0.0.1", "http://localhost", "blob:", "data:")
# A document under a sandbox has no storage, and its origin is "null".
KNOWN = "if (window.origin !== 'null') localStorage.setItem('balcao.known', 'yes')"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


# For a module, not the session: while Playwright runs, its event loop does, and tests of
# async code beside it could start none.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def server() -> Iterator[str]:
    """A furnished house with Helena signed in."""
    with serving() as address:
        yield address


@pytest.fixture(autouse=True)
def helena_was_here_before(request: pytest.FixtureRequest) -> None:
    """A furnished house is signed in, and its browser remembers that somebody did that.

    The house opens before the page and so closes after it: a page that still asks for
    something when its house has gone reports an error that is none of its own.
    """
    for name in {"server", "fresh_server"} & set(request.fixturenames):
        request.getfixturevalue(name)
    for name in {"page", "looked_at", "seen"} & set(request.fixturenames):
        if "server" in request.fixturenames:
            request.getfixturevalue(name).add_init_script(KNOWN)


@pytest.fixture
def fresh_server() -> Iterator[str]:
    """A house before its first day."""
    with serving(furnished=False) as address:
        yield address


@contextmanager
def watched(chromium: Browser, locale: str, width: int = 1280) -> Iterator[Page]:
    """A page in a language; what it must not do is collected, and checked at the end."""
    context = chromium.new_context(locale=locale, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.set_default_timeout(30_000)
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(f"page error: {error}"))
    page.on("console", lambda said: said.type == "error" and trouble.append(f"error: {said.text}"))
    page.on(
        "request",
        lambda asked: asked.url.startswith(OURS) or trouble.append(f"foreign request: {asked.url}"),
    )
    page.on("request", lambda asked: "canary" in asked.url and trouble.append(asked.url))
    page.trouble = trouble  # type: ignore[attr-defined]
    yield page
    context.close()
    assert trouble == []


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page that speaks Portuguese."""
    with watched(chromium, "pt-BR") as opened:
        yield opened
