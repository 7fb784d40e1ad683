"""Backups ordered over HTTP, and the passphrase that is kept for them."""

from pathlib import Path
from typing import Any

import pytest

from appliance import audit, backups, options, resealing
from appliance.api.options import SECTIONS
from appliance.archive import opening
from appliance.jobs import ledger
from appliance.records import LANGUAGES, Language, timestamp
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


def test_what_is_set_is_told_with_what_follows_from_it(house: House) -> None:
    set_to(house, passphrase=PASSPHRASE)

    told = set_to(house, days=["fri", "mon", "fri"], at="03:15", keep_months=6).json()

    assert (told["days"], told["at"]) == (["mon", "fri"], "03:15")
    assert (told["promised_days"], told["kept_days"], told["backup_days"]) == (5, 186, 90)
    assert told["place"] == str(house.settings.data / "backups")
    assert told["beside_data"] is True
    assert told["next_at"] > timestamp()
    assert told == house.client.get("/api/backups").json()["routine"]


def test_days_need_a_passphrase_that_is_kept(house: House) -> None:
    answer = set_to(house, days=["mon"])
    assert (answer.status_code, answer.json()["code"]) == (400, "backup_days_without_passphrase")

    set_to(house, days=["mon"], passphrase=PASSPHRASE)
    assert set_to(house, passphrase="").status_code == 400
    assert set_to(house, passphrase="", days=[]).status_code == 200


def test_a_folder_is_chosen_and_the_next_backup_goes_there(house: House, tmp_path: Path) -> None:
    place = tmp_path / "out"
    place.mkdir()
    set_to(house, passphrase=PASSPHRASE, folder=str(place))

    house.client.post("/api/backups")
    house.work()

    (made,) = backups.every(house.settings.data)
    assert Path(made.file).parent == place
    assert made.verified_at


def test_a_folder_that_cannot_be_one_is_refused_and_the_former_stays(house: House) -> None:
    answer = set_to(house, folder=str(house.settings.data), at="04:00")

    assert (answer.status_code, answer.json()["code"]) == (400, "backup_folder_inside")
    assert told(house)["routine"]["at"] == "02:30"


@pytest.mark.parametrize(
    "wrong", [{"at": "25:00"}, {"days": ["funday"]}, {"keep_days": 0}, {"keep_weeks": -1}]
)
def test_values_that_are_none_are_refused(house: House, wrong: dict[str, Any]) -> None:
    assert set_to(house, **wrong).status_code == 400


def test_older_ones_go_after_the_proof_and_the_record_says_which(house: House) -> None:
    set_to(house, passphrase=PASSPHRASE, keep_days=1, keep_weeks=0, keep_months=0)
    for _ in range(2):
        house.client.post("/api/backups")
        house.work()

    (left,) = backups.every(house.settings.data)
    assert [one.name for one in (house.settings.data / "backups").glob("*.balcao")] == [
        Path(left.file).name
    ]
    removed = audit.newest(house.parts.database, audit.wanted(act="backup.remove"), limit=9)
    assert len(removed) == 1
    assert removed[0].subject != left.id


def test_if_the_proof_fails_nothing_is_removed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_to(house, passphrase=PASSPHRASE, keep_days=1, keep_weeks=0, keep_months=0)
    house.client.post("/api/backups")
    house.work()
    monkeypatch.setattr(opening.references, "otherwise", lambda *_, **__: [1])
    house.client.post("/api/backups")
    house.work()

    assert len(backups.every(house.settings.data)) == 2
    assert told(house)["state"] == "verified"
