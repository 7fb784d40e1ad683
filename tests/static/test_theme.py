"""The console light or dark by choice, for this browser, whatever the computer says."""

import pytest
from playwright.sync_api import Page, expect

from tests.static.test_accessibility import violations
from tests.static.test_palette import entered, option, summoned

pytestmark = pytest.mark.browser
PAPER = {"light": "rgb(251, 250, 246)", "dark": "rgb(27, 28, 32)"}


def wears(page: Page, scheme: str) -> None:
    expect(page.get_by_role("main")).to_have_css("background-color", PAPER[scheme])


def test_what_is_chosen_in_the_profile_stays_and_can_be_taken_back(page: Page, server: str):
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    entered(page, server, "profile", "Seu perfil")
    wears(page, "light")
    page.get_by_label("Aparência").select_option("Escura")
    wears(page, "dark")
    assert violations(page) == []
    page.reload()
    wears(page, "dark")
    expect(page.get_by_label("Aparência")).to_have_value("dark")

    page.get_by_label("Aparência").select_option("A do computador")
    wears(page, "light")
    page.emulate_media(color_scheme="dark")
    wears(page, "dark")


def test_the_palette_changes_it_and_offers_what_is_not_worn(page: Page, server: str):
    page.emulate_media(color_scheme="dark")
    entered(page, server)
    summoned(page).fill("aparencia")
    expect(option(page, "Aparência: a do computador")).to_have_count(0)
    option(page, "Aparência: clara").click()
    wears(page, "light")
    summoned(page).fill("aparencia")
    expect(option(page, "Aparência: clara")).to_have_count(0)
    option(page, "Aparência: a do computador").click()
    wears(page, "dark")
