"""Server health as administrators see it."""

from playwright.sync_api import Page, expect

from appliance.doctor.checks import CHECKS
from appliance.records import LANGUAGES
from tests.static import preview_doctor
from tests.static.test_words import words


def test_what_does_not_work_stands_first_and_what_is_well_is_folded(
    page: Page, server: str
) -> None:
    page.goto(f"{server}/#/doctor")

    expect(page.get_by_role("heading", level=2)).to_have_text(["Não funciona", "Merece atenção"])
    expect(page.get_by_text(preview_doctor.FULL)).to_be_visible()
    expect(page.get_by_text("O banco de dados está inteiro.")).not_to_be_visible()
    page.get_by_text("Em ordem (2)").click()
    expect(page.get_by_text("O banco de dados está inteiro.")).to_be_visible()


def test_looking_again_asks_again_and_all_well_says_so(page: Page, server: str) -> None:
    page.goto(f"{server}/#/doctor")
    expect(page.get_by_text(preview_doctor.FULL)).to_be_visible()
    well = [one for one in preview_doctor.FOUND if one["state"] == "ok"]
    page.route("**/api/doctor", lambda route: route.fulfill(json={"items": well, "next": None}))

    page.get_by_role("button", name="Examinar de novo").click()

    expect(page.get_by_role("status")).to_have_text("Tudo em ordem.")
    expect(page.get_by_text(preview_doctor.FULL)).not_to_be_visible()


def test_every_check_has_a_name_in_three_languages() -> None:
    for language in LANGUAGES:
        known = words(language)
        assert {f"doctor.check.{name}" for name, _ in CHECKS} <= known.keys()
