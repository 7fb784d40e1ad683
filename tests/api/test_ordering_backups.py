"""Backups ordered over HTTP, and the passphrase that is kept for them."""

from typing import Any

import pytest

from appliance import audit, backups, options, resealing
from appliance.api.options import SECTIONS
from appliance.jobs import ledger
from appliance.records import LANGUAGES, Language
from appliance.routine import PURPOSE, Routine
from tests.house import House

pytestmark = pytest.mark.guarantee("INS-07")

PASSPHRASE = "seis palavras que ninguém adivinha aqui"


def set_to(house: House, **changes: Any) -> Any:
    return house.client.patch("/api/backups", json=changes)


def told(house: House) -> dict[str, Any]:
    return dict(house.client.get("/api/backups").json())


def sealed(house: House) -> str:
    return options.read(house.parts.database, Routine).passphrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_passphrase_the_refusal_says_what_to_do(house: House, language: Language) -> None:
    (person,) = house.client.get("/api/people").json()["items"]
    house.client.patch(f"/api/people/{person['id']}", json={"language": language})

    answer = house.client.post("/api/backups")

    assert (answer.status_code, answer.json()["code"]) == (409, "backup_passphrase_not_kept")
    assert "appliance backup --keep-passphrase" in answer.json()["detail"]
    assert ledger.entries(house.parts.database) == []


def test_a_backup_ordered_is_a_job_and_ends_on_the_list_proven(house: House) -> None:
    set_to(house, passphrase=PASSPHRASE)

    answer = house.client.post("/api/backups")
    job = answer.json()["job"]
    going_on = told(house)["job"]
    house.work()
    after = told(house)

    assert answer.status_code == 202
    assert answer.headers["location"] == f"/api/jobs/{job['id']}"
    assert (job["kind"], job["state"]) == ("backup", "queued")
    assert going_on["id"] == job["id"]
    assert (after["job"], after["state"]) == (None, "verified")
    assert house.client.get(f"/api/jobs/{job['id']}").json()["state"] == "succeeded"


def test_a_job_of_it_is_cancelled_and_tried_again_like_any_other(house: House) -> None:
    set_to(house, passphrase=PASSPHRASE)
    job = house.client.post("/api/backups").json()["job"]

    cancelled = house.client.post(f"/api/jobs/{job['id']}/cancel")
    other = house.client.post("/api/backups").json()["job"]
    refused = house.client.post(f"/api/jobs/{job['id']}/retry")
    house.client.post(f"/api/jobs/{other['id']}/cancel")
    again = house.client.post(f"/api/jobs/{job['id']}/retry")
    house.work()

    assert cancelled.json()["state"] == "cancelled"
    assert (refused.status_code, refused.json()["code"]) == (409, "backup_under_way")
    assert again.status_code == 202
    assert told(house)["state"] == "verified"


def test_the_passphrase_goes_in_and_never_comes_out(house: House) -> None:
    answer = set_to(house, passphrase=PASSPHRASE)

    assert answer.json()["passphrase"] is True
    assert told(house)["routine"]["passphrase"] is True
    shown = answer.text + house.client.get("/api/backups").text
    assert PASSPHRASE not in shown
    assert sealed(house) not in shown
    kept = b"".join(one.read_bytes() for one in house.settings.data.rglob("*") if one.is_file())
    assert PASSPHRASE.encode() not in kept
    assert house.parts.vault.open(sealed(house), purpose=PURPOSE) == PASSPHRASE


def test_the_record_says_that_it_was_set_and_not_what(house: House) -> None:
    set_to(house, passphrase=PASSPHRASE)
    house.client.post("/api/backups")

    acts = audit.newest(house.parts.database, audit.wanted(act="backup"), limit=9)

    assert [one.act for one in acts] == ["backup.order", "backup.settings"]
    assert acts[1].details == {"fields": ["passphrase"]}


@pytest.mark.parametrize("phrase", ["a", "onze letras", "   onze letra   "])
def test_one_that_is_soon_guessed_is_refused_and_the_former_stays(
    house: House, phrase: str
) -> None:
    set_to(house, passphrase=PASSPHRASE)
    before = sealed(house)

    answer = set_to(house, passphrase=phrase)

    assert (answer.status_code, answer.json()["code"]) == (400, "backup_passphrase_short")
    assert "12" in answer.json()["detail"]
    assert sealed(house) == before


def test_one_with_a_line_break_is_refused(house: House) -> None:
    answer = set_to(house, passphrase="duas linhas\nque ninguém digita")

    assert answer.status_code == 400
    assert sealed(house) == ""


def test_an_empty_one_forgets_it(house: House) -> None:
    set_to(house, passphrase=PASSPHRASE)

    answer = set_to(house, passphrase="")

    assert answer.json()["passphrase"] is False
    assert house.client.post("/api/backups").status_code == 409


def test_what_is_not_a_setting_of_it_is_refused(house: House) -> None:
    assert set_to(house, pasword=PASSPHRASE).status_code == 400


def test_a_new_master_key_seals_it_anew(house: House) -> None:
    set_to(house, passphrase=PASSPHRASE)
    before = sealed(house)

    count = resealing.renew(house.parts.database, house.parts.vault, (*SECTIONS, Routine))

    assert count == 1
    assert sealed(house) != before
    assert house.parts.vault.open(sealed(house), purpose=PURPOSE) == PASSPHRASE


def test_one_that_is_not_on_the_list_cannot_be_proven(house: House) -> None:
    set_to(house, passphrase=PASSPHRASE)

    assert house.client.post("/api/backups/nope/verify").status_code == 404


def test_a_proof_is_a_job_too(house: House) -> None:
    set_to(house, passphrase=PASSPHRASE)
    house.client.post("/api/backups")
    house.work()
    (made,) = backups.every(house.settings.data)

    answer = house.client.post(f"/api/backups/{made.id}/verify")
    twice = house.client.post(f"/api/backups/{made.id}/verify")
    house.work()

    assert answer.json()["job"]["kind"] == "verify"
    assert twice.status_code == 409
    (again,) = backups.every(house.settings.data)
    assert str(again.verified_at) > str(made.verified_at)


def test_an_editor_orders_none_and_sees_none(house: House) -> None:
    set_to(house, passphrase=PASSPHRASE)
    house.client.post("/api/backups")
    with house.as_a("editor") as client:
        assert client.post("/api/backups").status_code == 403
        assert client.patch("/api/backups", json={"passphrase": ""}).status_code == 403
        assert client.get("/api/jobs").json()["items"] == []
