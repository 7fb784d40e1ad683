"""What sources and the trash refuse is said in the reader's language, with what to do."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from appliance.errors import sentence
from appliance.records import Language
from tests.api.test_sources import add, collection, run, settings, share, write
from tests.house import House

__all__ = ["collection", "settings", "share"]

LANGUAGES: tuple[Language, ...] = ("pt", "en", "es")


def in_each_language(house: House, ask: Callable[[], Any]) -> dict[str, str]:
    """The sentence of the answer, which is the same refusal for every reader."""
    said = {}
    for language in LANGUAGES:
        with house.parts.database.write() as db:
            db.run("update people set language = :language", {"language": language})
        said[language] = str(ask()["detail"])
    assert len(set(said.values())) == len(LANGUAGES), said
    return said


@pytest.mark.parametrize(
    ("fields", "code", "facts"),
    [
        ({"path": "/etc"}, "source_folder_not_open", {"path": "/etc"}),
        ({"path": "atas"}, "source_folder_not_whole", {"path": "atas"}),
        ({"path": None}, "source_needs_place", {}),
        ({"schedule": "nunca"}, "source_bad_schedule", {"schedule": "nunca"}),
        ({"kind": "site", "path": None, "address": "http://10.0.0.1/"}, "site_not_approved",
         {"address": "http://10.0.0.1/"}),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_a_source_is_refused_in_the_readers_language(
    house: House,
    collection: str,
    share: Path,
    fields: dict[str, Any],
    code: str,
    facts: dict[str, str],
) -> None:
    body = {"kind": "folder", "path": str(share)} | fields
    said = in_each_language(
        house, lambda: house.client.post(f"/api/collections/{collection}/sources", json=body).json()
    )

    assert said == {language: sentence(code, facts, language) for language in LANGUAGES}


def test_a_decision_on_nothing_and_a_second_run_are_refused_in_the_readers_language(
    house: House, collection: str, share: Path
) -> None:
    source = add(house, collection, share)["id"]

    def asked(act: str) -> dict[str, str]:
        return in_each_language(
            house, lambda: house.client.post(f"/api/sources/{source}/{act}").json()
        )

    assert asked("confirm")["en"].startswith("No update of this source waits for a decision.")
    assert asked("reject")["pt"].startswith("Nenhuma atualização desta fonte espera uma decisão.")
    house.client.post(f"/api/sources/{source}/run")
    assert asked("run")["es"].startswith("Esta fuente ya se está actualizando.")


def test_why_a_run_is_held_is_said_in_the_readers_language(
    house: House, collection: str, share: Path
) -> None:
    write(share / "ata.txt", "Ata.")
    source = add(house, collection, share)["id"]
    run(house, source)
    shutil.rmtree(share)
    held = run(house, source)

    said = in_each_language(
        house,
        lambda: house.client.get(f"/api/sources/{source}/runs/{held['id']}").json()["run"][
            "problem"
        ],
    )

    assert held["state"] == "held"
    assert all(str(share) in sentence for sentence in said.values())


def test_why_a_file_was_not_taken_is_said_in_the_readers_language(
    house: House, collection: str, share: Path
) -> None:
    write(share / "vazia.txt", "")
    source = add(house, collection, share)["id"]
    done = run(house, source)

    def line() -> Any:
        found = house.client.get(f"/api/sources/{source}/runs/{done['id']}").json()
        return found["log"]["items"][0]["problem"]

    in_each_language(house, line)
    assert line()["code"] == "empty_file"


def test_a_document_that_cannot_be_restored_names_its_twin_in_the_readers_language(
    house: House, collection: str, share: Path
) -> None:
    write(share / "ata.txt", "Ata da reunião de março.")
    write(share / "outra.txt", "Outra ata.")
    source = add(house, collection, share)["id"]
    run(house, source)
    (share / "ata.txt").unlink()
    run(house, source)
    (gone,) = house.client.get(f"/api/collections/{collection}/trash").json()["items"]
    house.upload(collection, "Ata da reunião de março.", "enviada.txt")

    said = in_each_language(
        house, lambda: house.client.post(f"/api/documents/{gone['id']}/restore").json()
    )

    assert all("“Enviada”" in sentence for sentence in said.values())


def test_what_is_not_there_is_not_there_in_any_language(house: House) -> None:
    for address in ("sources/none", "sources/none/runs", "sources/none/runs/none"):
        in_each_language(house, lambda address=address: house.client.get(f"/api/{address}").json())
    sent = house.client.post("/api/documents/none/restore")
    assert (sent.status_code, sent.json()["code"]) == (404, "not_found")
