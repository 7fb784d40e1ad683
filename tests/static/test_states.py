"""Every page where there is nothing to show, a thousand rows, a refusal, no answer yet: axe-core
finds nothing, nothing is wider than the screen, a refusal is told under the page's name, and so is
that one waits."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.static import states
from tests.static.test_accessibility import PAGES, settled, violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
TAB = "Secretaria da escola"
# The list of the frame, and whatever a page asks beside its own, may be missing unsaid.
ASIDE = ("/assistants", "/session", "/setup", "/system")
# Whatever needs no answer to be of use: forms, the chat, what is tried.
AT_ONCE = {"assistants/new", "subjects", "second-factor", "chat", "behaviour", "bench", "look"}
WIDER = """() => ["html", "main"].filter((name) => {
  const part = document.querySelector(name); return part.scrollWidth > part.clientWidth; })"""


@pytest.fixture
def seen(request: pytest.FixtureRequest, chromium: Browser, server: str) -> Iterator[Page]:
    width, scheme = request.param
    context = chromium.new_context(
        locale="pt-BR", viewport={"width": width, "height": 844}, color_scheme=scheme,
        reduced_motion="reduce",
    )  # fmt: skip
    yield (page := context.new_page())
    page.unroute_all(behavior="ignoreErrors")
    context.close()


def walk(page: Page, server: str) -> Iterator[str]:
    """Every page, opened."""
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    for name, heading in PAGES.items():
        page.goto("about:blank")
        address = f"assistants/{one}/{name}" if heading == TAB else name
        page.goto(f"{server}/#/{address}")
        expect(page.get_by_role("main").locator("> *").first).to_be_attached()
        assert "sign-in" not in page.url, "nobody is known here: this is the door"
        yield name


@pytest.mark.parametrize("seen", [(1280, "light")], indirect=True, ids=["1280-light"])
def test_a_page_with_nothing_to_show(seen: Page, server: str) -> None:
    states.empty(seen)
    for name in walk(seen, server):
        settled(seen)
        expect(seen.get_by_role("heading", level=1)).to_be_visible()
        expect(seen.locator("main .lead").first, name).to_be_visible()  # what it is for
        assert violations(seen) == [], name


@pytest.mark.parametrize("seen", [(390, "light")], indirect=True, ids=["390-light"])
def test_a_page_with_a_thousand_rows_is_no_wider_than_a_telephone(seen: Page, server: str) -> None:
    states.many(seen)
    for name in walk(seen, server):
        settled(seen)
        assert seen.evaluate(WIDER) == [], name


@pytest.mark.parametrize("seen", [(390, "dark")], indirect=True, ids=["390-dark"])
def test_a_page_that_is_refused_says_so(seen: Page, server: str) -> None:
    told = states.refused(seen)
    for name in walk(seen, server):
        settled(seen)
        # The chat does without the list of earlier ones.
        if name != "chat" and [one for one in told if not one.partition("?")[0].endswith(ASIDE)]:
            expect(seen.get_by_text(states.DETAIL).first, name).to_be_visible()
        expect(seen.get_by_role("heading", level=1), name).to_be_visible()
        expect(seen.locator(".pulse"), name).to_have_count(0)
        assert violations(seen) == [], name
        told.clear()


@pytest.mark.parametrize("seen", [(1280, "dark")], indirect=True, ids=["1280-dark"])
def test_a_page_that_waits(seen: Page, server: str) -> None:
    states.waiting(seen)
    for name in walk(seen, server):
        if name not in AT_ONCE:
            expect(
                seen.get_by_role("main").get_by_text(re.compile("…$")).first, name
            ).to_be_visible()
        assert violations(seen) == [], name
