"""The jobs of the house: in words, as they move, cancelled and tried again; one stream for all."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.static.test_accessibility import violations

pytestmark = pytest.mark.browser


@pytest.fixture
def jobs(page: Page, server: str) -> Page:
    page.goto(f"{server}/#/jobs")
    expect(page.get_by_role("list", name="Tarefas")).to_be_visible()
    return page


def row(page: Page, words: str) -> Locator:
    rows = page.get_by_role("list", name="Tarefas").get_by_role("listitem")
    return rows.filter(has_text=words)


def test_each_job_says_what_it_does_how_far_it_is_and_why_it_failed(jobs: Page) -> None:
    expect(row(jobs, "Regimento interno")).to_contain_text(
        re.compile("Leitura do documento.*concluída · 12 de 12 páginas", re.DOTALL)
    )
    expect(row(jobs, "Índice novo")).to_contain_text("1.200 de 4.800 trechos")
    expect(row(jobs, "qwen3-4b")).to_contain_text("de 491,4 MB")
    expect(row(jobs, "https://escola.example/")).to_contain_text("12 arquivos")
    expect(row(jobs, "Contrato de 2019")).to_contain_text("protegido por senha")
    expect(row(jobs, "Ata do conselho")).to_contain_text("na fila")
    expect(row(jobs, "Índice novo").get_by_role("progressbar")).to_have_attribute("max", "4800")


def test_a_job_is_cancelled_and_one_that_failed_goes_back_to_the_line(jobs: Page) -> None:
    jobs.get_by_role("button", name="Cancelar: Atualização da fonte").click()
    expect(row(jobs, "https://escola.example/")).to_contain_text("cancelada")
    expect(jobs.get_by_text("Cancelamento pedido: Atualização da fonte")).to_be_visible()

    jobs.get_by_role("button", name="Tentar de novo: Leitura do documento Contrato").click()
    expect(row(jobs, "Contrato de 2019")).to_contain_text("na fila")
    expect(row(jobs, "Contrato de 2019")).not_to_contain_text("senha")
    expect(jobs.get_by_text("De volta à fila: Leitura do documento Contrato")).to_be_visible()
    assert violations(jobs) == []


def test_the_list_is_of_one_state_and_says_when_there_is_none(jobs: Page) -> None:
    jobs.get_by_role("button", name="Com problema").click()
    expect(jobs.get_by_role("button", name="Com problema")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(jobs.get_by_role("list", name="Tarefas").get_by_role("listitem")).to_have_count(1)

    jobs.get_by_role("button", name="Tentar de novo").click()
    expect(row(jobs, "Contrato de 2019")).to_contain_text("na fila")
    jobs.get_by_role("button", name="Canceladas").click()
    expect(row(jobs, "qwen3-4b")).to_be_visible()
    jobs.get_by_role("button", name="Com problema").click()
    expect(jobs.get_by_text("Nenhuma tarefa teve problema.")).to_be_visible()


def test_a_refusal_stands_on_the_page_and_takes_nothing_away(jobs: Page) -> None:
    jobs.route("**/cancel", lambda route: route.fulfill(
        status=409, content_type="application/problem+json",
        body='{"code": "job_not_ended", "detail": "A tarefa acabou de terminar."}'))  # fmt: skip

    jobs.get_by_role("button", name="Cancelar: Atualização da fonte").click()

    expect(jobs.get_by_role("alert")).to_have_text("A tarefa acabou de terminar.")
    expect(row(jobs, "https://escola.example/")).to_contain_text("em andamento")
    jobs.trouble.clear()  # type: ignore[attr-defined]  # the refusal, of which a browser tells as well


def test_what_somebody_begins_appears_and_moves_by_itself(jobs: Page, server: str) -> None:
    one = jobs.request.get(f"{server}/api/assistants").json()["items"][0]

    jobs.request.post(f"{server}/api/golden/runs", data={"assistant": one["id"]})

    expect(row(jobs, "Perguntas de prova")).to_contain_text("concluída", timeout=15_000)


def test_the_stream_is_opened_again_from_where_it_was_when_it_is_refused(
    page: Page, server: str
) -> None:
    asked: list[str] = []

    def answer(route) -> None:
        asked.append(route.request.url)
        if len(asked) == 2:
            return route.fulfill(status=429, body="{}")
        told = 'retry: 50\nid: 2026-01-01T00:00:00Z\nevent: jobs\ndata: {"items": []}\n\n'
        return route.fulfill(status=200, content_type="text/event-stream", body=told)

    page.route("**/api/jobs/events?*", answer)
    with page.expect_request(lambda _: len(asked) > 2, timeout=15_000):
        page.goto(f"{server}/#/jobs")

    assert "after=2026-01-01" in asked[2]
    page.trouble.clear()  # type: ignore[attr-defined]  # the refusal, of which a browser tells as well


def test_many_documents_take_one_connection(page: Page, server: str) -> None:
    """A browser has six to a server."""
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/events" in one.url else None)
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]
    page.goto(f"{server}/#/assistants/{one['id']}/documents")
    expect(page.get_by_role("row", name="Regimento interno")).to_be_visible()
    files = [
        {"name": f"nota-{n}.txt", "mimeType": "text/plain", "buffer": f"Nota {n}.".encode()}
        for n in range(12)
    ]

    page.locator('input[type="file"]').first.set_input_files(files)

    for n in (0, 11):
        expect(page.get_by_role("row", name=f"nota-{n}")).to_contain_text("Pronto", timeout=20_000)
    assert {url.partition("?")[0] for url in asked} == {f"{server}/api/jobs/events"}


@pytest.mark.guarantee("REL-10")
def test_work_that_stands_still_is_said_above_the_list(page: Page, server: str) -> None:
    why = "O processamento está parado: o que foi enviado espera, e nada se perde."
    told = {"version": "0", "address": "", "language_model": None, "work": {"reason": why}}
    page.route("**/api/system", lambda route: route.fulfill(json=told))
    page.goto(f"{server}/#/jobs")

    expect(page.get_by_role("status").filter(has_text=why)).to_be_visible()
    assert violations(page) == []
    page.goto(f"{server}/#/")
    expect(page.get_by_role("status").filter(has_text=why)).to_be_visible()
