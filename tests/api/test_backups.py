"""The list of backups over HTTP: what was made, and the last one that was proven."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from appliance import backups
from appliance.archive import making, opening
from appliance.backups import Backup
from appliance.records import LANGUAGES, Language, Problem
from tests.house import House

pytestmark = pytest.mark.guarantee("INS-07")

PASSPHRASE = "seis palavras que ninguém adivinha aqui"


def known(house: House, name: str, *, days: int, proven: bool = True) -> Backup:
    """Write down a backup that was made so many days ago."""
    at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    made = Backup(
        id=name,
        file=f"/srv/backups/{name}.balcao",
        made_at=at,
        bytes=2048,
        documents=3,
        program="0.7.0",
        verified_at=at if proven else None,
    )
    backups.add(house.settings.data, made)
    return made


def told(house: House, **asked: Any) -> dict[str, Any]:
    answer = house.client.get("/api/backups", params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_house_without_backups_says_what_to_do(house: House) -> None:
    shown = told(house)

    assert (shown["items"], shown["next"]) == ([], None)
    assert (shown["last_verified"], shown["age_seconds"], shown["state"]) == (None, None, "none")
    assert "appliance backup" in shown["problem"]["detail"]
    assert not (house.settings.data / "backups").exists()  # asking makes nothing


def test_a_backup_counts_once_it_was_proven(house: House) -> None:
    made = making.make(house.settings, PASSPHRASE, backups.folder(house.settings.data))
    before = told(house)
    opening.verify(house.settings.data, house.settings.data / "backups" / made.file, PASSPHRASE)
    after = told(house)

    assert [one["id"] for one in before["items"]] == [made.id]
    assert before["items"][0]["verified_at"] is None
    assert (before["state"], before["last_verified"]) == ("none", None)
    assert after["items"][0]["bytes"] == made.bytes > 0
    assert after["last_verified"] == after["items"][0]
    assert (after["state"], after["problem"]) == ("verified", None)
    assert 0 <= after["age_seconds"] < 600


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_that_failed_says_why_and_the_one_before_it_counts(
    house: House, language: Language
) -> None:
    (person,) = house.client.get("/api/people").json()["items"]
    house.client.patch(f"/api/people/{person['id']}", json={"language": language})
    good = known(house, "b1", days=2)
    bad = known(house, "b2", days=1)
    backups.verified(house.settings.data, bad, Problem(code="backup_damaged"))

    shown = told(house)

    assert [one["id"] for one in shown["items"]] == ["b2", "b1"]
    word = {"pt": "danificad", "en": "damaged", "es": "dañad"}[language]
    assert word in shown["items"][0]["problem"]["detail"]
    assert shown["items"][1]["problem"] is None
    assert shown["last_verified"]["id"] == good.id
    assert shown["age_seconds"] == pytest.approx(2 * 86_400, abs=600)


@pytest.mark.parametrize(("days", "state"), [(7, "verified"), (8, "old")])
def test_from_the_eighth_day_on_the_last_proof_is_too_old(
    house: House, days: int, state: str
) -> None:
    known(house, "b1", days=days)
    known(house, "b2", days=0, proven=False)

    shown = told(house)

    assert (shown["state"], shown["last_verified"]["id"]) == (state, "b1")
    assert (shown["problem"] is None) == (state == "verified")


def test_the_list_says_the_same_as_status_and_metrics(house: House) -> None:
    known(house, "b1", days=3)

    shown = told(house)
    system = house.client.get("/api/system").json()["backup"]
    metrics = house.client.get("/metrics").text

    assert shown["last_verified"]["verified_at"] == system["verified_at"]
    (line,) = [
        one for one in metrics.splitlines() if one.startswith("balcao_backup_verified_age_seconds ")
    ]
    assert float(line.split()[-1]) == pytest.approx(shown["age_seconds"], abs=60)


def test_the_list_is_read_page_by_page(house: House) -> None:
    for days in range(5):
        known(house, f"b{9 - days}", days=days)

    pages, cursor = [], ""
    while cursor is not None:
        shown = told(house, limit=2, cursor=cursor)
        pages.append([one["id"] for one in shown["items"]])
        cursor = shown["next"]

    assert pages == [["b9", "b8"], ["b7", "b6"], ["b5"]]
    assert told(house, cursor="b6x")["items"][0]["id"] == "b6"  # one that is gone by now
