"""The second lock: were markup ever to get into a page, the browser would not run it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hostile import MARKUP, WAYS_OUT, Watched
from tests.browser.scripted import Served
from tests.fakes import ScriptedGenerator

pytestmark = pytest.mark.browser
INSERT = "all => document.body.insertAdjacentHTML('beforeend', all)"
CLOSED = {
    "img-src 'self' data: blob:", "form-action 'self'", "default-src 'self'",
    "object-src 'none'", "base-uri 'none'",
}  # fmt: skip


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """An appliance with an assistant that is open to its own address."""
    with Served(tmp_path / "data", ScriptedGenerator()) as opened:
        yield opened


def pages(served: Served) -> list[str]:
    """Every address that answers with a page."""
    one = served.assistant(origins=[served.address])
    return [
        "/", f"/w/{one['public_id']}", "/w/none", "/static/console/index.html",
        "/static/widget/index.html",
    ]  # fmt: skip


@pytest.mark.guarantee("SEC-12", "SEC-14")
def test_every_page_has_a_policy_that_runs_nothing_that_stands_in_it(served: Served) -> None:
    for address in pages(served):
        answer = served.client.get(address)
        assert answer.headers["content-type"].startswith("text/html"), address
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "*" not in policy
        assert {part.strip() for part in policy.split(";")} >= CLOSED, address


@pytest.mark.guarantee("SEC-12")
def test_the_browser_runs_none_of_it_even_inside_the_page(
    chromium: Browser, served: Served
) -> None:
    def inserted(*, bypass_csp: bool, address: str) -> tuple[Watched, Page]:
        watched = Watched(chromium, bypass_csp=bypass_csp)
        watched.page.goto(served.address + address)
        watched.page.evaluate(INSERT, "".join((*MARKUP, *WAYS_OUT)))
        watched.page.wait_for_load_state("networkidle")
        return watched, watched.page

    loose, page = inserted(bypass_csp=True, address="/static/console/index.html")
    assert page.evaluate("window.__xss") == 1, "the attack itself works"
    assert page.evaluate("window.__seen") != [], "and the watch sees it"
    assert any("/canary-xss" in one for one in loose.sent)
    assert any("canary.test" in one for one in loose.sent)

    for address in pages(served):
        held, page = inserted(bypass_csp=False, address=address)
        assert page.evaluate("window.__xss") is None, address
        assert [one for one in held.sent if "canary" in one] == [], address


def test_a_page_of_ours_works_under_its_policy(page: Page, served: Served) -> None:
    one = served.assistant(origins=[served.address])
    page.goto(f"{served.address}/w/{one['public_id']}")

    page.get_by_role("button", name="Li e entendi").click()
    expect(page.get_by_label("Sua pergunta")).to_be_visible()
