"""Pages that are not for somebody: the console lets in whom the API behind a page lets in, and
says so to everybody else."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.static.browserless import STATIC
from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser
TABLE = Path(__file__).parents[1] / "api" / "authorisation.csv"
ROLES = {"admin": "ADM", "editor": "ED", "member": "U1", "auditor": "auditor"}
# By the file of a page: its address, and the route without which it shows nothing.
BEHIND = {
    "api": ("api", "GET /api/keys"),
    "assistant": ("assistants/{id}", "GET /api/assistants"),
    "assistants": ("assistants", "GET /api/assistants"),
    "audit": ("audit", "GET /api/audit"),
    "backups": ("backups", "GET /api/backups"),
    "collection": ("collections/c0001", "GET /api/assistants"),
    "conversations": ("conversations", "GET /api/conversations"),
    "dashboard": ("dashboard", "GET /api/usage"),
    "document": ("documents/d1", "GET /api/assistants"),
    "doctor": ("doctor", "GET /api/doctor"),
    "egress": ("egress", "GET /api/egress"),
    "gaps": ("gaps", "GET /api/gaps"),
    "groups": ("groups", "GET /api/groups"),
    "handovers": ("handovers", "GET /api/handovers"),
    "jobs": ("jobs", "GET /api/jobs"),
    "keys": ("keys", "GET /api/keys"),
    "models": ("models", "GET /api/models"),
    "people": ("people", "GET /api/people"),
    "profile": ("profile", "GET /api/session"),
    "second-factor": ("second-factor", "GET /api/second-factor"),
    "settings": ("settings/mail", "GET /api/settings"),
    "source": ("sources/s1", "GET /api/sources"),
    "sources": ("sources", "GET /api/sources"),
    "subjects": ("subjects/holds", "GET /api/subjects/erasures"),
    "trash": ("trash", "GET /api/sources"),
    "wizard": ("assistants/new", "POST /api/assistants"),
}
CLOSED = "Esta página não é para a sua conta"


def signed_in(page: Page, role: str) -> None:
    person = {
        "id": "p2",
        "name": "Bia",
        "email": "bia@escola.example",
        "role": role,
        "language": "pt",
    }
    page.route("**/api/session", lambda route: route.fulfill(json={"person": person}))


def test_every_page_is_among_those_that_are_tried():
    routes = (STATIC / "console" / "routes.js").read_text("utf-8")
    files = set(re.findall(r'file: "([\w-]+)"(?!, open)', routes))

    assert files == set(BEHIND)


@pytest.mark.guarantee("SEC-20")
@pytest.mark.parametrize("role", ROLES)
def test_a_page_opens_for_whom_its_route_does_and_says_so_to_others(
    page: Page, server: str, role: str
):
    with TABLE.open() as file:
        allowed = {row["route"]: row[ROLES[role]] == "in" for row in csv.DictReader(file)}
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    signed_in(page, role)
    page.goto(f"{server}/#/profile")
    expect(page.get_by_role("heading", name="Seu perfil")).to_be_visible()
    shut = page.get_by_role("heading", name=CLOSED)
    for file, (address, route) in BEHIND.items():
        page.evaluate("(to) => { location.hash = to; }", f"#/{address}".replace("{id}", one))
        if file == "assistants" and not allowed[route]:
            expect(page.locator("main > page-audit")).to_be_attached()  # an auditor's first page
        elif allowed[route]:
            expect(page.locator(f"main > page-{file}")).to_be_attached()
        else:
            expect(page.locator("main > page-closed")).to_be_attached()
            expect(shut).to_be_visible()
    page.trouble.clear()  # type: ignore[attr-defined]  -- the preview has no such document or source


@pytest.mark.parametrize(("role", "home"), [("member", "Assistentes"), ("auditor", "Auditoria")])
def test_the_notice_says_whom_the_page_is_for_and_leads_home(
    page: Page, server: str, role: str, home: str
):
    signed_in(page, role)
    page.goto(f"{server}/#/keys")

    expect(page.get_by_text("Ela é para quem administra este servidor.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Ir para o início").click()
    expect(page.get_by_role("heading", name=home, level=1)).to_be_visible()


def test_a_part_of_an_assistant_that_is_not_for_somebody_says_so(page: Page, server: str):
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    signed_in(page, "member")
    page.goto(f"{server}/#/assistants/{one}/behaviour")

    expect(page.get_by_role("heading", name=CLOSED)).to_be_visible()
    expect(page.get_by_text("Ela é para quem cuida de assistentes.")).to_be_visible()
