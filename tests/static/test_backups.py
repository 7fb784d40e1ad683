"""The page of backups: whether one was proven, those that there are, the routine, the way back."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.static import preview_backups
from tests.static.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.guarantee("INS-07")]

PHRASE = "seis palavras que ninguém adivinha"
EMPTY: dict[str, Any] = {
    "items": [], "next": None, "last_verified": None, "age_seconds": None, "state": "none",
    "problem": {"code": "doctor_backup_none", "detail": "Ainda não há backup verificado."},
    "job": None,
    "routine": preview_backups.routine() | {
        "passphrase": False, "days": [], "folder": "", "next_at": None, "beside_data": True,
        "place": "/var/lib/appliance/backups",
    },
}  # fmt: skip


@pytest.fixture
def backups(page: Page, server: str) -> Page:
    page.goto(f"{server}/#/backups")
    expect(page.get_by_role("heading", name="Rotina")).to_be_visible()
    return page


def answering(told: dict[str, Any]) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        if route.request.method == "GET":
            route.fulfill(json=told)
        else:
            route.fallback()

    return answer


def test_it_says_how_it_stands_when_the_next_is_due_and_where(backups: Page) -> None:
    now = backups.get_by_role("region", name="Como está")

    expect(now).to_contain_text("O último backup verificado é de 21 de nov. de 2026")
    expect(now).to_contain_text("O próximo: 25 de nov. de 2026")
    expect(now).to_contain_text("/mnt/nas/balcao")


def test_each_one_says_its_age_its_size_and_what_its_proof_found(backups: Page) -> None:
    rows = backups.get_by_role("region", name="O que há").get_by_role("row")

    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text("Ainda não verificado")
    expect(rows.nth(1)).to_contain_text("1,5 GB")
    expect(rows.nth(1)).to_contain_text("1.240 documentos")
    expect(rows.nth(2)).to_contain_text(preview_backups.DAMAGED)
    expect(rows.nth(3)).to_contain_text("por último em 21 de nov. de 2026")
    assert violations(backups) == []


def test_a_backup_ordered_is_seen_going_on_and_then_stands_on_the_list(backups: Page) -> None:
    backups.get_by_role("button", name="Fazer backup agora").click()

    expect(backups.get_by_role("status").filter(has_text="feito e verificado")).to_be_visible()
    expect(backups.get_by_role("region", name="O que há").get_by_role("row")).to_have_count(5)
    expect(backups.get_by_role("list", name="Em andamento")).to_have_count(0)
    expect(backups.get_by_role("button", name="Fazer backup agora")).to_be_enabled()


def test_a_proof_is_ordered_for_one_of_them(backups: Page) -> None:
    row = backups.get_by_role("row").filter(has_text=preview_backups.DAMAGED)
    row.get_by_role("button").click()

    expect(backups.get_by_role("status").filter(has_text="O backup está inteiro")).to_be_visible()
    expect(backups.get_by_text(preview_backups.DAMAGED)).to_have_count(0)


def test_one_that_waits_says_why_and_can_be_cancelled(page: Page, server: str) -> None:
    job = {
        "id": "j0900", "kind": "backup", "subject": "backups", "state": "queued", "done": 0,
        "total": 0, "unit": "", "created_at": preview_backups.NOW, "started_at": None,
        "ended_at": None, "problem": {"code": "backup_running", "detail": "Outro está em curso."},
    }  # fmt: skip
    page.route("**/api/backups", answering(EMPTY | {"job": job}))
    page.route("**/api/jobs/events*", lambda route: route.fulfill(status=204))
    page.goto(f"{server}/#/backups")

    going = page.get_by_role("list", name="Em andamento")
    expect(going).to_contain_text("Outro está em curso.")
    with page.expect_request("**/api/jobs/j0900/cancel"):
        going.get_by_role("button", name="Cancelar: Backup").click()


def test_without_a_passphrase_it_says_what_to_do_first(page: Page, server: str) -> None:
    page.route("**/api/backups", answering(EMPTY))
    page.goto(f"{server}/#/backups")

    expect(page.get_by_role("button", name="Fazer backup agora")).to_be_disabled()
    expect(page.get_by_text("Antes, salve uma senha abaixo.")).to_be_visible()
    expect(page.get_by_text("Nenhum backup ainda.")).to_be_visible()
    expect(page.get_by_text("Nenhum se faz sozinho")).to_be_visible()
    expect(page.get_by_text("não contra um disco morto")).to_be_visible()
    expect(page.get_by_text("appliance restore ARQUIVO --aside")).to_be_visible()
    assert violations(page) == []


def test_a_passphrase_is_kept_once_somebody_has_it_elsewhere(backups: Page) -> None:
    field = backups.get_by_label("Senha dos backups")
    field.fill(PHRASE)
    backups.get_by_role("button", name="Salvar").click()
    asked = backups.get_by_role("dialog")
    expect(asked).to_contain_text("nenhum backup abre sem ela")

    with backups.expect_request(lambda one: one.method == "PATCH") as sent:
        asked.get_by_role("button", name="Tenho a senha em outro lugar").click()

    assert sent.value.post_data_json == {"passphrase": PHRASE}
    expect(backups.get_by_text("Salvo.")).to_be_visible()
    expect(field).to_have_value("")


def test_only_what_was_changed_is_sent(backups: Page) -> None:
    backups.get_by_label("sábado").check()
    backups.get_by_label("segunda").uncheck()
    backups.get_by_label("Hora").fill("04:15")
    backups.get_by_label("Meses").fill("2")

    with backups.expect_request(lambda one: one.method == "PATCH") as sent:
        backups.get_by_role("button", name="Salvar").click()

    assert sent.value.post_data_json == {
        "days": ["wed", "fri", "sat"], "at": "04:15", "keep_months": 2,
    }  # fmt: skip
    expect(backups.get_by_text("Salvo.")).to_be_visible()


def test_a_folder_that_is_refused_keeps_what_was_typed(backups: Page) -> None:
    said = "O serviço não consegue gravar na pasta /srv/x (Permission denied)."
    backups.route(
        "**/api/backups",
        lambda route: route.fulfill(
            status=400 if route.request.method == "PATCH" else 200,
            content_type="application/problem+json",
            json={"code": "backup_folder_closed", "detail": said, "status": 400, "title": ""},
        ),
    )
    backups.trouble.clear()  # type: ignore[attr-defined]
    backups.get_by_label("Pasta").fill("/srv/x")
    backups.get_by_role("button", name="Salvar").click()

    expect(backups.get_by_role("alert")).to_have_text(said)
    expect(backups.get_by_label("Pasta")).to_have_value("/srv/x")
    assert len(backups.trouble) == 1  # type: ignore[attr-defined]
    backups.trouble.clear()  # type: ignore[attr-defined]


def test_a_rule_that_keeps_longer_than_was_promised_says_so(backups: Page) -> None:
    expect(backups.get_by_text("pode ficar 186 dias")).to_contain_text("depois de 90")


def test_the_way_back_is_the_command_with_the_last_verified_file(backups: Page) -> None:
    back = backups.get_by_role("region", name="O caminho de volta")

    expect(back).to_contain_text(f"appliance restore {preview_backups.listed()[2]['file']} --aside")
