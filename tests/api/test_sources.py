"""Sources over HTTP: a folder is named, looked at, brought in, held, confirmed and left."""

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from appliance.settings import Settings
from tests.house import House


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=str(tmp_path / "data"), source_folders=str(tmp_path / "mnt"))


@pytest.fixture
def share(tmp_path: Path) -> Path:
    share = tmp_path / "mnt" / "secretaria"
    share.mkdir(parents=True)
    return share


@pytest.fixture
def collection(house: House) -> str:
    made = house.client.post("/api/collections", json={"name": "Secretaria"})
    return str(made.json()["id"])


def write(path: Path, text: str) -> None:
    path.write_text(text)
    os.utime(path, (time.time() - 3600, time.time() - 3600))


def add(house: House, collection: str, share: Path, **fields: Any) -> dict[str, Any]:
    body = {"kind": "folder", "path": str(share)} | fields
    made = house.client.post(f"/api/collections/{collection}/sources", json=body)
    assert made.status_code == 201, made.text
    return dict(made.json())


def run(house: House, source: str, **fields: Any) -> dict[str, Any]:
    """Order a run and do it, with the reading that follows; the run as it is then."""
    sent = house.client.post(f"/api/sources/{source}/run", json=fields)
    assert sent.status_code == 202, sent.text
    house.work()
    house.work()
    return read(house, sent)["run"]


def read(house: House, sent: Any) -> dict[str, Any]:
    return dict(house.client.get(sent.headers["location"]).json())


def titles(house: House, collection: str) -> list[str]:
    found = house.client.get(f"/api/collections/{collection}/documents").json()["items"]
    return sorted(one["title"] for one in found)


def test_a_new_source_says_what_it_is_and_reads_nothing_yet(
    house: House, collection: str, share: Path
) -> None:
    write(share / "ata.txt", "Ata.")

    made = add(house, collection, share, schedule="daily 03:00", exclude=["rascunhos"])

    assert made["collection"] == collection
    assert (made["kind"], made["path"], made["address"]) == ("folder", str(share), None)
    assert (made["schedule"], made["exclude"]) == ("daily 03:00", ["rascunhos"])
    assert (made["state"], made["entries"], made["last_run"]) == ("new", 0, None)
    assert made["due_at"] > made["created_at"]
    house.work()
    assert titles(house, collection) == []


def test_what_a_source_brought_is_found(house: House, share: Path) -> None:
    assistant = house.assistant()
    (collection,) = assistant["collections"]
    write(share / "Biblioteca.md", "# Biblioteca\n\nA multa por atraso é de R$ 1,50 por dia.\n")
    source = add(house, collection, share)

    done = run(house, source["id"])

    assert (done["state"], done["added"]) == ("done", 1)
    answer = house.ask(assistant["id"], "Qual é a multa por atraso?")
    assert answer["citations"][0]["document"]["title"] == "Biblioteca"


def test_what_a_source_lost_is_found_no_more_and_after_restoring_again(
    house: House, share: Path
) -> None:
    assistant = house.assistant()
    (collection,) = assistant["collections"]
    write(share / "Biblioteca.md", "# Biblioteca\n\nA multa por atraso é de R$ 1,50 por dia.\n")
    write(share / "Uniforme.md", "# Uniforme\n\nO uniforme é azul.\n")
    source = add(house, collection, share)
    run(house, source["id"])
    (share / "Biblioteca.md").unlink()
    run(house, source["id"])

    query = {"query": "Qual é a multa por atraso?"}
    found = house.client.post(f"/api/assistants/{assistant['id']}/search", json=query).json()
    assert "Biblioteca" not in str(found["passages"])
    (lost,) = house.client.get(f"/api/collections/{collection}/trash").json()["items"]
    assert (lost["title"], lost["reason"], lost["origin"]) == ("Biblioteca", "missing", str(share))
    assert lost["restorable_until"] > lost["trashed_at"]

    sent = house.client.post(f"/api/documents/{lost['id']}/restore")
    assert sent.status_code == 202
    assert sent.json()["document"]["id"] == lost["id"]
    house.work()

    answer = house.ask(assistant["id"], "Qual é a multa por atraso?")
    assert answer["citations"][0]["document"] == {"id": lost["id"], "title": "Biblioteca"}
    assert house.client.get(f"/api/collections/{collection}/trash").json()["items"] == []


def test_a_changed_file_is_answered_from_its_old_version_until_the_new_one_is_read(
    house: House, share: Path
) -> None:
    assistant = house.assistant()
    (collection,) = assistant["collections"]
    write(share / "Tabela.md", "# Tabela\n\nA mensalidade é de R$ 900.\n")
    source = add(house, collection, share)
    run(house, source["id"])
    write(share / "Tabela.md", "# Tabela\n\nA mensalidade passou a ser de R$ 950.\n")

    house.client.post(f"/api/sources/{source['id']}/run", json={})
    house.work()  # the sync, and not yet the reading
    assert "900" in house.ask(assistant["id"], "Qual é a mensalidade?")["answer"]
    house.work()

    assert "950" in house.ask(assistant["id"], "Qual é a mensalidade?")["answer"]
    assert titles(house, collection) == ["Tabela"]


def test_a_dry_run_tells_and_does_nothing(house: House, collection: str, share: Path) -> None:
    write(share / "ata.txt", "Ata.")
    source = add(house, collection, share)

    sent = house.client.post(f"/api/sources/{source['id']}/run", json={"dry_run": True})
    house.work()

    told = read(house, sent)
    assert (told["run"]["state"], told["run"]["dry_run"], told["run"]["added"]) == ("done", True, 1)
    assert told["log"]["items"] == [
        {"act": "add", "key": "ata.txt", "name": "ata.txt", "former": None, "document": None,
         "planned": True, "problem": None}
    ]  # fmt: skip
    assert titles(house, collection) == []
    shown = house.client.get(f"/api/sources/{source['id']}").json()
    assert shown["state"] == "new"


def test_a_log_is_told_page_by_page_and_by_what_was_done(
    house: House, collection: str, share: Path
) -> None:
    for number in range(5):
        write(share / f"ata-{number}.txt", f"Ata {number}.")
    write(share / "programa.exe", "MZ\x00\x01")
    source = add(house, collection, share)
    house.client.post(f"/api/sources/{source['id']}/run", json={})
    house.work()
    (last,) = house.client.get(f"/api/sources/{source['id']}/runs").json()["items"]
    address = f"/api/sources/{source['id']}/runs/{last['id']}"

    page = house.client.get(address, params={"limit": 4}).json()["log"]
    rest = house.client.get(address, params={"limit": 4, "cursor": page["next"]}).json()["log"]
    failed = house.client.get(address, params={"act": "fail"}).json()["log"]["items"]

    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (4, 2, None)
    (line,) = failed
    assert line["key"] == "programa.exe"
    assert "programa.exe" in line["problem"]["detail"]


def test_a_held_run_is_confirmed_by_a_person(house: House, collection: str, share: Path) -> None:
    write(share / "ata.txt", "Ata.")
    source = add(house, collection, share)
    run(house, source["id"])
    shutil.rmtree(share)
    held = run(house, source["id"])

    assert held["state"] == "held"
    assert str(share) in held["problem"]["detail"]
    assert titles(house, collection) == ["Ata"]
    assert house.client.get(f"/api/sources/{source['id']}").json()["state"] == "held"

    sent = house.client.post(f"/api/sources/{source['id']}/confirm")
    assert sent.status_code == 202
    house.work()

    assert read(house, sent)["run"]["removed"] == 1
    assert titles(house, collection) == []


def test_a_held_run_is_rejected_by_a_person(house: House, collection: str, share: Path) -> None:
    write(share / "ata.txt", "Ata.")
    source = add(house, collection, share)
    run(house, source["id"])
    shutil.rmtree(share)
    run(house, source["id"])

    rejected = house.client.post(f"/api/sources/{source['id']}/reject")

    assert (rejected.status_code, rejected.json()["state"]) == (200, "rejected")
    assert house.client.post(f"/api/sources/{source['id']}/confirm").status_code == 409
    assert titles(house, collection) == ["Ata"]


def test_a_source_is_changed_field_by_field(house: House, collection: str, share: Path) -> None:
    source = add(house, collection, share, include=["*.pdf"])

    changed = house.client.patch(
        f"/api/sources/{source['id']}", json={"schedule": "weekly mon 07:30", "exclude": ["x"]}
    ).json()

    assert (changed["schedule"], changed["include"], changed["exclude"]) == (
        "weekly mon 07:30",
        ["*.pdf"],
        ["x"],
    )
    assert changed["due_at"] is not None


@pytest.mark.parametrize(("fate", "left"), [("keep", ["Ata"]), ("remove", []), (None, ["Ata"])])
def test_a_removed_source_leaves_its_documents_or_takes_them_along(
    house: House, collection: str, share: Path, fate: str | None, left: list[str]
) -> None:
    write(share / "ata.txt", "Ata.")
    source = add(house, collection, share)
    run(house, source["id"])

    params = {"documents": fate} if fate else {}
    gone = house.client.delete(f"/api/sources/{source['id']}", params=params)

    assert gone.status_code == 204
    assert titles(house, collection) == left
    assert house.client.get(f"/api/collections/{collection}/sources").json()["items"] == []


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"path": "/etc"}, 403, "source_folder_not_open"),
        ({"path": "share"}, 400, "source_folder_not_whole"),
        ({"path": None}, 400, "source_needs_place"),
        ({"address": "https://escola.example/"}, 400, "source_needs_place"),
        ({"schedule": "yearly"}, 400, "source_bad_schedule"),
        ({"schedule": "manual\n"}, 400, "source_bad_schedule"),
        ({"depth": -1}, 400, "bad_request"),
        ({"colour": "red"}, 400, "unknown_field"),
    ],
)
def test_what_cannot_be_a_source_is_refused_with_its_reason(
    house: House, collection: str, share: Path, fields: dict[str, Any], status: int, code: str
) -> None:
    body = {"kind": "folder", "path": str(share)} | fields

    sent = house.client.post(f"/api/collections/{collection}/sources", json=body)

    assert (sent.status_code, sent.json()["code"]) == (status, code)


def test_the_same_folder_twice_is_refused(house: House, collection: str, share: Path) -> None:
    add(house, collection, share)

    body = {"kind": "folder", "path": f"{share}/../secretaria"}
    sent = house.client.post(f"/api/collections/{collection}/sources", json=body)

    assert (sent.status_code, sent.json()["code"]) == (409, "source_exists")


def test_a_run_is_refused_while_another_is_under_way(
    house: House, collection: str, share: Path
) -> None:
    source = add(house, collection, share)
    first = house.client.post(f"/api/sources/{source['id']}/run")

    second = house.client.post(f"/api/sources/{source['id']}/run", json={})

    assert (first.status_code, second.status_code) == (202, 409)
    assert second.json()["code"] == "source_already_running"
    shown = house.client.get(f"/api/sources/{source['id']}").json()
    assert (shown["state"], shown["job"]["id"]) == ("queued", first.json()["job"]["id"])


def test_editors_see_folders_and_only_administrators_look_after_them(
    house: House, collection: str, share: Path
) -> None:
    source = add(house, collection, share)
    address = f"/api/sources/{source['id']}"
    folder = {"kind": "folder", "path": str(share)}
    with house.as_a("editor") as client:
        assert client.get(address).status_code == 200
        refused = [
            client.post(f"/api/collections/{collection}/sources", json=folder),
            client.patch(address, json={"schedule": "hourly"}),
            client.post(f"{address}/run", json={}),
            client.post(f"{address}/confirm"),
            client.post(f"{address}/reject"),
            client.delete(address),
        ]
    with house.as_a("member") as client:
        refused += [client.get(address), client.get("/api/sources")]

    assert [sent.status_code for sent in refused] == [403] * len(refused)


def test_every_act_on_a_source_is_written_down(house: House, collection: str, share: Path) -> None:
    source = add(house, collection, share)
    run(house, source["id"])
    house.client.patch(f"/api/sources/{source['id']}", json={"schedule": "hourly"})
    house.client.delete(f"/api/sources/{source['id']}")

    acts = [(one["act"], one["subject"]) for one in house.client.get("/api/audit").json()["items"]]

    wanted = ("source.remove", "source.change", "source.run", "source.create")
    assert acts[:4] == [(act, source["id"]) for act in wanted]


def test_the_job_of_a_run_can_be_watched_and_cancelled(
    house: House, collection: str, share: Path
) -> None:
    source = add(house, collection, share)
    job = house.client.post(f"/api/sources/{source['id']}/run", json={}).json()["job"]

    assert house.client.get(f"/api/jobs/{job['id']}").json()["kind"] == "sync"
    assert house.client.post(f"/api/jobs/{job['id']}/cancel").json()["state"] == "cancelled"
    (last,) = house.client.get(f"/api/sources/{source['id']}/runs").json()["items"]
    assert last["state"] == "cancelled"


def test_a_source_whose_first_run_was_cancelled_is_not_up_to_date(
    house: House, collection: str, share: Path
) -> None:
    write(share / "ata.txt", "Ata.")
    source = add(house, collection, share)
    sent = house.client.post(f"/api/sources/{source['id']}/run")

    house.client.post(f"/api/jobs/{sent.json()['job']['id']}/cancel")

    stands = house.client.get(f"/api/sources/{source['id']}").json()
    assert (stands["state"], stands["last_run"]["state"]) == ("new", "cancelled")
    run(house, source["id"])
    assert house.client.get(f"/api/sources/{source['id']}").json()["state"] == "idle"


def test_all_sources_are_one_list(house: House, collection: str, share: Path) -> None:
    (share / "a").mkdir()
    first, second = add(house, collection, share), add(house, collection, share / "a")

    page = house.client.get("/api/sources", params={"limit": 1}).json()
    rest = house.client.get("/api/sources", params={"cursor": page["next"]}).json()

    assert [one["id"] for one in page["items"] + rest["items"]] == [first["id"], second["id"]]
