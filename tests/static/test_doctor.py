"""Server health as administrators see it."""

import pytest
from playwright.sync_api import Page, expect

from appliance.doctor.checks import CHECKS
from appliance.records import LANGUAGES
from tests.static import preview_doctor
from tests.static.test_words import words


def test_what_does_not_work_stands_first_and_what_is_well_is_folded(
    page: Page, server: str
) -> None:
    page.goto(f"{server}/#/doctor")

    expect(page.get_by_role("heading", level=2)).to_have_text(
        ["Não funciona", "Merece atenção", "Pacote de diagnóstico"]
    )
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


@pytest.mark.guarantee("INS-12")
def test_a_bundle_is_listed_before_it_can_be_saved(page: Page, server: str) -> None:
    page.goto(f"{server}/#/doctor")
    part = page.get_by_role("region", name="Pacote de diagnóstico")
    look = part.get_by_role("button", name="Ver o que ele contém")
    expect(look).to_be_enabled()
    expect(part.get_by_role("link")).to_have_count(0)

    look.click()

    expect(part.get_by_role("listitem")).to_have_count(len(preview_doctor.FILES))
    for one in preview_doctor.FILES:
        expect(part.get_by_role("listitem").filter(has_text=str(one["name"]))).to_contain_text(
            str(one["said"])
        )
    save = part.get_by_role("link", name="Salvar o pacote")
    expect(save).to_have_attribute("href", "/api/diagnostics/bundle")
    expect(save).to_have_attribute("download", "")


def test_a_bundle_that_cannot_be_listed_says_so_and_gives_no_link(page: Page, server: str) -> None:
    problem = {"code": "internal", "detail": "Algo deu errado neste servidor.", "status": 500}
    page.route("**/api/diagnostics", lambda route: route.fulfill(status=500, json=problem))
    page.goto(f"{server}/#/doctor")
    part = page.get_by_role("region", name="Pacote de diagnóstico")

    part.get_by_role("button", name="Ver o que ele contém").click()

    expect(page.get_by_text("Algo deu errado neste servidor.")).to_be_visible()
    expect(part.get_by_role("link")).to_have_count(0)
    expect(part.get_by_role("button", name="Ver o que ele contém")).to_be_enabled()
    page.trouble.clear()  # type: ignore[attr-defined]  # the browser told of the failure, too


def test_every_check_has_a_name_in_three_languages() -> None:
    for language in LANGUAGES:
        known = words(language)
        assert {f"doctor.check.{name}" for name, _ in CHECKS} <= known.keys()
