"""The dashboard: the figures, a bar a day and its table, the days and the assistant chosen."""

import re
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.static.browserless import STATIC, node_needed, run
from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser
CHART = "Perguntas por dia"


def today() -> date:
    """The day on the clock of the browser, which runs on this machine."""
    return datetime.now().astimezone().date()


@pytest.fixture
def dashboard(page: Page, server: str) -> Page:
    page.goto(f"{server}/#/dashboard")
    expect(page.get_by_role("heading", name=CHART)).to_be_visible()
    return page


def tile(page: Page, name: str) -> Locator:
    return page.locator(".tiles > div").filter(has=page.get_by_text(name, exact=True))


def test_the_figures_of_a_week_stand_first(dashboard: Page) -> None:
    """Three assistants of the preview: 3 times 18 questions a working day, 6 at weekends."""
    expect(tile(dashboard, "Perguntas")).to_contain_text("306")
    expect(tile(dashboard, "Respondidas")).to_contain_text("67%")
    expect(tile(dashboard, "Ajudou · não ajudou")).to_contain_text("102 · 51")
    expect(tile(dashboard, "Até o primeiro trecho")).to_contain_text(
        re.compile("14 ms.*95% em até")
    )
    expect(tile(dashboard, "Até a primeira palavra")).to_contain_text("830 ms")
    expect(tile(dashboard, "Tokens escritos")).to_contain_text("24.480")


def test_a_chart_has_a_bar_for_each_day_and_says_the_same_as_a_table(dashboard: Page) -> None:
    chart = dashboard.get_by_role("img", name=re.compile(f"{CHART}: 7 dias, no máximo 54"))
    expect(chart).to_be_visible()
    expect(chart.locator("rect.answered")).to_have_count(7)

    dashboard.get_by_text(f"{CHART}, em tabela").click()

    table = dashboard.get_by_role("table", name=CHART)
    expect(table.get_by_role("row")).to_have_count(8)
    weekday = next(day for n in range(7) if (day := today() - timedelta(days=n)).weekday() < 5)
    row = table.get_by_role("row", name=re.compile(rf"^{weekday.day} de .*36 9 9$"))
    expect(row).to_be_visible()
    assert violations(dashboard) == []


def test_a_month_a_day_and_days_of_one_s_own_are_shown(dashboard: Page) -> None:
    dashboard.get_by_role("button", name="30 dias").click()
    expect(dashboard.get_by_role("img", name=re.compile(f"{CHART}: 30 dias"))).to_be_visible()

    dashboard.get_by_role("button", name="Hoje").click()
    expect(dashboard.get_by_role("img", name=re.compile(f"{CHART}: 1 dia,"))).to_be_visible()
    expect(dashboard.get_by_label("De", exact=True)).to_have_value(today().isoformat())

    dashboard.get_by_label("De", exact=True).fill("2026-03-01")
    dashboard.get_by_label("até", exact=True).fill("2026-03-10")
    dashboard.get_by_role("button", name="Mostrar").click()
    expect(dashboard.get_by_role("img", name=re.compile(f"{CHART}: 10 dias"))).to_be_visible()
    expect(dashboard.get_by_role("button", name="Hoje")).to_have_attribute("aria-pressed", "false")


def test_one_assistant_is_shown_alone_and_the_file_is_of_what_is_shown(dashboard: Page) -> None:
    expect(dashboard.get_by_role("region", name="Por assistente")).to_contain_text("Contratos")

    dashboard.get_by_label("Assistente", exact=True).select_option("Contratos")

    expect(tile(dashboard, "Perguntas")).to_contain_text("102")
    expect(dashboard.get_by_role("region", name="Por assistente")).to_have_count(0)
    link = dashboard.get_by_role("link", name="Baixar CSV")
    assert re.search(r"from=[\d-]+&to=[\d-]+&assistant=\w+$", link.get_attribute("href") or "")
    with dashboard.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == "usage.csv"


def test_days_without_a_question_say_so(dashboard: Page) -> None:
    dashboard.get_by_label("De", exact=True).fill("2026-01-01")
    dashboard.get_by_label("até", exact=True).fill("2026-01-31")
    dashboard.get_by_role("button", name="Mostrar").click()

    expect(dashboard.get_by_text("Nenhuma pergunta nestes dias.")).to_be_visible()
    expect(dashboard.get_by_role("link", name="Ver os assistentes")).to_be_visible()
    assert violations(dashboard) == []


def test_days_that_cannot_be_are_refused_and_what_was_shown_stays(dashboard: Page) -> None:
    dashboard.get_by_label("De", exact=True).fill("2026-03-10")
    dashboard.get_by_label("até", exact=True).fill("2026-03-01")
    dashboard.get_by_role("button", name="Mostrar").click()

    expect(dashboard.get_by_role("alert")).to_contain_text("Os dias vão de um anterior")
    expect(tile(dashboard, "Perguntas")).to_contain_text("306")
    dashboard.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 400


def test_a_refusal_leads_to_the_gaps(dashboard: Page) -> None:
    dashboard.get_by_role("link", name="Ver as lacunas").click()

    expect(dashboard.get_by_role("heading", name="Lacunas", level=1)).to_be_visible()


@node_needed
def test_the_scale_is_a_round_number_that_nothing_is_above() -> None:
    script = f"""
        const {{ top }} = await import("{STATIC}/console/usage/saying.js");
        give([0, 1, 4, 5, 54, 100, 101, 999].map(top));
    """
    assert run(script) == [4, 4, 4, 6, 60, 100, 200, 1000]


@node_needed
def test_the_last_days_end_today_and_a_month_has_its_own_length() -> None:
    script = f"""
        const {{ lately }} = await import("{STATIC}/console/usage/saying.js");
        give([1, 7, 30].map((days) => lately(days, new Date(2026, 2, 3, 23, 59))));
    """
    assert run(script) == [
        {"from": first, "to": "2026-03-03"} for first in ("2026-03-03", "2026-02-25", "2026-02-02")
    ]
