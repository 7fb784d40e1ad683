"""What a reader does with an answer, in the console and in the widget: ask again, stop, say what
was missing, find a person; and nothing jumps while it is written."""

from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.static.conftest import KNOWN
from tests.static.preview import serving
from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser
QUESTION = "Até quando entrego os recibos?"
SHIFTS = """
  window.shifted = [];
  new PerformanceObserver((list) => list.getEntries().forEach((one) => {
    if (!one.hadRecentInput) window.shifted.push(one.value);
  })).observe({ type: "layout-shift", buffered: true });
"""


def enter(page: Page, server: str, place: str) -> None:
    """Stand before the field, in the console or in the widget."""
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]
    if place == "console":
        page.goto(f"{server}/#/assistants/{one['id']}/chat")
    else:
        page.goto(f"{server}/w/{one['public_id']}")
        page.get_by_role("button", name="Li e entendi").click()
    expect(page.get_by_label("Sua pergunta")).to_be_visible()


def ask(page: Page, question: str = QUESTION) -> None:
    page.get_by_label("Sua pergunta").fill(question)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("place", ["console", "widget"])
def test_the_same_question_is_asked_again_below(page: Page, server: str, place: str):
    enter(page, server, place)
    ask(page)
    again = page.get_by_role("button", name="Perguntar de novo")
    expect(again).to_have_attribute("aria-disabled", "false")
    with page.expect_request("**/regenerate") as sent:
        again.press("Enter")
    expect(page.get_by_role("button", name="Copiar com fontes")).to_have_count(2)

    assert sent.value.method == "POST"
    expect(page.get_by_role("heading", name=QUESTION)).to_have_count(2)
    assert violations(page) == []


@pytest.mark.parametrize("place", ["console", "widget"])
def test_what_was_missing_is_said_with_a_reason(page: Page, server: str, place: str):
    enter(page, server, place)
    ask(page)
    page.get_by_role("button", name="Não ajudou").click()
    page.get_by_role("group", name="O que faltou?").get_by_role("button", name="Incompleta").click()

    expect(page.get_by_role("status").filter(has_text="Obrigado")).to_be_visible()
    expect(page.get_by_role("button", name="Não ajudou")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("place", ["console", "widget"])
def test_a_refusal_and_the_foot_name_a_person_to_ask(page: Page, server: str, place: str):
    enter(page, server, place)
    ask(page, "Há piscina?")

    expect(page.get_by_text("Fale com: Secretaria, (11) 5555-0199")).to_have_count(2)


@pytest.fixture
def slow(request: pytest.FixtureRequest):
    """A server whose answers take seconds."""
    with serving(pace=0.15) as address:
        yield address


@pytest.mark.parametrize("place", ["console", "widget"])
def test_a_stopped_answer_keeps_its_words_and_can_be_asked_again(page: Page, slow: str, place: str):
    page.add_init_script(KNOWN)
    enter(page, slow, place)
    ask(page)
    expect(page.locator(".written")).to_be_visible()
    page.get_by_role("button", name="Parar").click()
    expect(page.get_by_text("Você parou a resposta aqui.")).to_be_visible()
    assert page.locator(".written").inner_text()
    page.get_by_role("button", name="Perguntar de novo").click()

    expect(page.get_by_role("heading", name=QUESTION)).to_have_count(2)
    page.get_by_role("button", name="Parar").click()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("place", ["console", "widget"])
def test_nothing_jumps_while_an_answer_is_written(
    chromium: Browser, slow: str, place: str, width: int
):
    context = chromium.new_context(locale="pt-BR", viewport={"width": width, "height": 844})
    page = context.new_page()
    page.add_init_script(KNOWN)
    enter(page, slow, place)
    page.wait_for_load_state("networkidle")
    page.evaluate(f"() => {{ {SHIFTS} }}")
    ask(page, f"{QUESTION} (com fila)")
    expect(page.get_by_role("button", name="Copiar com fontes")).to_be_visible(timeout=30_000)
    shifted = page.evaluate("() => window.shifted.reduce((sum, one) => sum + one, 0)")
    context.close()

    assert shifted < 0.03  # a number that comes after its sentence moves the words behind it


@pytest.mark.parametrize("place", ["console", "widget"])
def test_on_a_telephone_no_action_lies_over_another(page: Page, server: str, place: str):
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, server, place)
    ask(page)
    actions = page.locator(".actions").get_by_role("button")
    expect(actions).to_have_count(4)
    boxes = actions.evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().toJSON())")

    assert all(one["right"] <= other["left"] for one, other in pairwise(boxes))
    assert all(one["width"] >= 24 and one["height"] >= 24 for one in boxes)
    assert boxes[-1]["right"] <= 390
