"""Several at once: chosen by their boxes, done in one act, told row by row, and undone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser
HELD = {
    "type": "about:blank", "title": "on_hold", "status": 409, "code": "on_hold",
    "detail": "Está sob guarda legal. Levante a guarda antes.", "request_id": "r1",
}  # fmt: skip


def box(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Escolher {name}", exact=True)


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


@pytest.fixture
def shelf(page: Page, server: str) -> Page:
    """The documents of the school: the regulations first, six of them."""
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    page.goto(f"{server}/#/assistants/{one}/documents")
    expect(box(page, "Regimento interno")).to_be_visible()
    return page


def names(page: Page) -> list[str]:
    """The documents in the order of their rows."""
    return [
        label.removeprefix("Escolher ")
        for one in page.get_by_role("rowgroup").last.get_by_role("checkbox").all()
        if (label := one.get_attribute("aria-label"))
    ]


def test_chosen_documents_go_to_the_trash_and_come_back(shelf: Page) -> None:
    first, second, *rest = names(shelf)
    box(shelf, first).check()
    box(shelf, second).check()
    bar = shelf.get_by_role("region", name="Escolhidos")
    expect(bar).to_contain_text("2 escolhidos")
    assert violations(shelf) == []
    bar.get_by_role("button", name="Mover para a lixeira").click()

    expect(bar).to_contain_text("2 documentos estão na lixeira")
    expect(row(shelf, first)).to_have_count(0)
    assert names(shelf) == rest
    assert violations(shelf) == []
    bar.get_by_role("button", name="Desfazer").click()

    expect(bar).to_contain_text("2 documentos voltaram")
    expect(row(shelf, first)).to_be_visible()
    expect(row(shelf, second)).to_be_visible()
    expect(bar.get_by_role("button", name="Desfazer")).to_have_count(0)


def test_shift_chooses_all_between_two_by_mouse_and_by_keyboard(shelf: Page) -> None:
    first, _, third, *_ = names(shelf)
    box(shelf, first).click()
    box(shelf, third).click(modifiers=["Shift"])
    bar = shelf.get_by_role("region", name="Escolhidos")
    expect(bar).to_contain_text("3 escolhidos")
    box(shelf, first).press("Shift+Space")
    expect(bar.get_by_role("button", name="Mover para a lixeira")).to_have_count(0)

    box(shelf, third).press("Space")
    expect(bar).to_contain_text("1 escolhido")
    box(shelf, first).press("Shift+Space")
    expect(bar).to_contain_text("3 escolhidos")


def test_all_are_chosen_and_none(shelf: Page) -> None:
    every = shelf.get_by_role("checkbox", name="Escolher todos")
    count = len(names(shelf))
    box(shelf, names(shelf)[0]).check()
    assert every.evaluate("one => one.indeterminate") is True

    every.click()
    bar = shelf.get_by_role("region", name="Escolhidos")
    expect(bar).to_contain_text(f"{count} escolhidos")
    expect(every).to_be_checked()
    bar.get_by_role("button", name="Não escolher nenhum").click()
    expect(every).not_to_be_checked()
    assert every.evaluate("one => one.indeterminate") is False


def test_what_could_not_be_done_is_said_row_by_row_and_the_rest_is_done(shelf: Page) -> None:
    first, second, *_ = names(shelf)
    held = row(shelf, first).get_by_role("link").first.get_attribute("href") or ""
    refused = f"**/api/documents/{held.rpartition('/')[2]}?trash=true"
    shelf.route(refused, lambda asked: asked.fulfill(status=409, json=HELD))
    box(shelf, first).check()
    box(shelf, second).check()
    bar = shelf.get_by_role("region", name="Escolhidos")
    bar.get_by_role("button", name="Mover para a lixeira").click()

    expect(bar.get_by_role("alert")).to_contain_text(f"Com um não deu certo: {first}: Está sob")
    expect(bar).to_contain_text("1 documento está na lixeira")
    expect(row(shelf, first)).to_be_visible()
    expect(row(shelf, second)).to_have_count(0)
    assert violations(shelf) == []
    shelf.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 409


def test_chosen_documents_are_read_again(shelf: Page) -> None:
    first, second, *_ = names(shelf)
    box(shelf, first).check()
    box(shelf, second).check()
    with shelf.expect_response("**/read-again"):
        shelf.get_by_role("button", name="Ler de novo", exact=True).first.click()

    bar = shelf.get_by_role("region", name="Escolhidos")
    expect(bar).to_contain_text("2 documentos serão lidos de novo.")
    expect(bar.get_by_role("button")).to_have_count(0)  # there is nothing to undo in that


def test_the_trash_gives_several_back(page: Page, server: str) -> None:
    page.goto(f"{server}/#/trash")
    page.get_by_role("checkbox", name="Escolher todos").check()
    page.get_by_role("region", name="Escolhidos").get_by_role("button", name="Restaurar").click()

    expect(page.get_by_text("2 documentos voltaram e serão lidos de novo.")).to_be_visible()
    expect(page.get_by_text("A lixeira está vazia.")).to_be_visible()


def test_several_gaps_are_dismissed_and_opened_again(page: Page, server: str) -> None:
    page.goto(f"{server}/#/gaps")
    box(page, "A escola tem piscina?").click()
    box(page, "Há ônibus?").click(modifiers=["Shift"])
    bar = page.get_by_role("region", name="Escolhidos")
    bar.get_by_role("button", name="Dispensar").click()

    expect(bar).to_contain_text("2 lacunas foram dispensadas.")
    groups = page.get_by_role("list", name="Lacunas").get_by_role("listitem")
    expect(groups.filter(has_text="Dispensadas")).to_have_count(2)
    assert violations(page) == []
    bar.get_by_role("button", name="Desfazer").click()

    expect(bar).to_contain_text("Desfeito com 2.")
    expect(groups.filter(has_text="Dispensadas")).to_have_count(0)


@pytest.mark.parametrize("place", ["gaps", "trash", "documents"])
def test_the_boxes_fit_a_phone(page: Page, server: str, place: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["id"]
    page.goto(
        f"{server}/#/assistants/{one}/documents" if place == "documents" else f"{server}/#/{place}"
    )
    first = page.get_by_role("checkbox", name="Escolher").last
    first.check()

    expect(page.get_by_role("region", name="Escolhidos")).to_contain_text("1 escolhido")
    size = first.bounding_box()
    assert size
    assert min(size["width"], size["height"]) >= 24
    wide = "(main => main.scrollWidth > main.clientWidth)(document.querySelector('main'))"
    assert page.evaluate(wide) is False
    assert violations(page) == []
