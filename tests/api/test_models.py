"""Models over HTTP: administrators see, fetch, import and remove them; nobody else does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance import audit, outgoing
from appliance.jobs import pull
from appliance.models import catalogue
from appliance.settings import Settings
from tests.fakes import WordEmbedder
from tests.hosting import Site, site
from tests.house import House
from tests.models.runners import PROBE

NAME = "qwen2.5-0.5b-instruct"
ENTRY = catalogue.find(NAME)
PATH = "/Qwen/Qwen2.5-0.5B-Instruct-GGUF/resolve/main/qwen2.5-0.5b-instruct-q4_k_m.gguf"
IN_USE = "mistral-7b-instruct-v0.3"


@pytest.fixture
def host() -> Iterator[Site]:
    with site() as opened:
        opened.files[PATH] = PROBE.read_bytes()
        yield opened


@pytest.fixture
def house(settings: Settings, host: Site, tmp_path: Path) -> Iterator[House]:
    (tmp_path / "stick").mkdir()
    chosen = msgspec.structs.replace(
        settings,
        model_mirrors=host.origin,
        import_folder=str(tmp_path / "stick"),
        language_model=IN_USE,
    )
    with House(chosen, embedder=WordEmbedder()) as opened:
        yield opened


def model(house: House, name: str = NAME) -> dict[str, Any]:
    return dict(house.client.get(f"/api/models/{name}").json())


def test_the_list_says_what_each_model_is_and_needs(house, host) -> None:
    answer = house.client.get("/api/models").json()
    models = {one["name"]: one for one in answer["items"]}

    assert models[NAME] == {
        "name": NAME,
        "kind": "language",
        "description": ENTRY.description["pt"],
        "licence": "Apache-2.0",
        "languages": ["en", "pt", "es"],
        "context": 8192,
        "ram_mb": 1200,
        "fits": True,
        "state": "absent",
        "size": 0,
        "fetched": 0,
        "sha256": "",
        "imported_at": None,
        "in_use": False,
        "hosts": [host.origin],
        "brought": False,
        "upload": None,
        "measured": None,
        "outlook": None,
        "job": None,
    }
    assert models["minilm"]["state"] == "installed"
    assert [name for name, one in models.items() if one["in_use"]] == ["minilm", IN_USE]
    assert "copyist" not in models
    assert answer["machine"]["total_mb"] > 0
    assert answer["import_folder"] == house.settings.import_folder


def test_a_model_is_pulled_by_a_job(house) -> None:
    answer = house.client.post(f"/api/models/{NAME}/pull")
    job = answer.json()["job"]

    assert answer.status_code == 202
    assert answer.headers["location"] == f"/api/jobs/{job['id']}"
    assert (job["kind"], job["subject"], job["state"]) == ("pull", NAME, "queued")
    assert model(house)["job"]["id"] == job["id"]

    house.work()

    assert house.client.get(f"/api/jobs/{job['id']}").json()["state"] == "succeeded"
    found = model(house)
    assert (found["state"], found["size"], found["job"]) == ("ready", PROBE.stat().st_size, None)
    assert len(found["sha256"]) == 64
    assert [one.purpose for one in outgoing.entries(house.parts.database)] == ["pull"]


def test_a_pull_that_failed_says_why_in_the_readers_language(house, host) -> None:
    host.statuses = [404]
    house.client.post(f"/api/models/{NAME}/pull")
    house.work()

    problem = model(house)["job"]["problem"]

    assert problem["code"] == "source_refuses"
    assert "não entrega o arquivo" in problem["detail"]


def test_a_second_pull_of_the_same_model_is_refused(house) -> None:
    house.client.post(f"/api/models/{NAME}/pull")
    again = house.client.post(f"/api/models/{NAME}/pull")

    assert (again.status_code, again.json()["code"]) == (409, "pull_already_running")


def test_a_model_without_a_source_is_refused_before_there_is_a_job(house) -> None:
    answer = house.client.post("/api/models/bge-m3/pull")

    assert (answer.status_code, answer.json()["code"]) == (422, "model_only_imported")
    assert house.client.get("/api/jobs").json()["items"] == []


def test_a_model_that_the_catalogue_does_not_know_is_not_there(house) -> None:
    for method, path in [
        ("GET", "/api/models/gpt-17"),
        ("POST", "/api/models/gpt-17/pull"),
        ("DELETE", "/api/models/gpt-17"),
    ]:
        assert house.client.request(method, path).status_code == 404


def test_a_model_is_imported_from_the_import_folder(house) -> None:
    missing = house.client.post("/api/models/import", json={"name": NAME})
    assert (missing.status_code, missing.json()["code"]) == (404, "model_not_brought")
    assert ENTRY.file in missing.json()["detail"]

    (Path(house.settings.import_folder) / ENTRY.file).write_bytes(PROBE.read_bytes())
    assert model(house)["brought"]
    answer = house.client.post("/api/models/import", json={"name": NAME})
    house.work()

    assert answer.status_code == 202
    assert model(house)["state"] == "ready"


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "qwen2.5-0.5b-instruct/../x"])
def test_an_import_takes_names_of_the_catalogue_and_no_paths(house, name) -> None:
    assert house.client.post("/api/models/import", json={"name": name}).status_code == 404


def test_a_model_is_removed(house) -> None:
    house.client.post(f"/api/models/{NAME}/pull")
    busy = house.client.delete(f"/api/models/{NAME}")
    house.work()

    assert (busy.status_code, busy.json()["code"]) == (409, "pull_already_running")
    assert house.client.delete(f"/api/models/{NAME}").status_code == 204
    assert model(house)["state"] == "absent"
    assert house.client.delete(f"/api/models/{NAME}").status_code == 404


def test_what_is_in_use_or_part_of_the_installation_is_not_removed(house) -> None:
    used = house.client.delete(f"/api/models/{IN_USE}")
    built_in = house.client.delete("/api/models/minilm")

    assert (used.status_code, used.json()["code"]) == (409, "model_in_use")
    assert (built_in.status_code, built_in.json()["code"]) == (400, "model_built_in")


def test_each_change_leaves_a_row_in_the_audit(house) -> None:
    house.client.post(f"/api/models/{NAME}/pull")
    house.work()
    house.client.delete(f"/api/models/{NAME}")

    acts = [(row.act, row.subject) for row in audit.newest(house.parts.database, limit=10)]

    assert acts[:2] == [("model.remove", NAME), ("model.pull", NAME)]


def test_a_model_whose_record_is_damaged_says_so(house) -> None:
    house.client.post(f"/api/models/{NAME}/pull")
    house.work()
    (pull.folder_of(house.settings) / (ENTRY.file + ".json")).write_text("{")

    assert model(house)["state"] == "damaged"


@pytest.mark.parametrize("role", ["member", "editor", "auditor"])
def test_models_are_for_administrators(house, role) -> None:
    with house.as_a(role) as client:
        for method, path in [
            ("GET", "/api/models"),
            ("GET", f"/api/models/{NAME}"),
            ("POST", f"/api/models/{NAME}/pull"),
            ("POST", "/api/models/import"),
            ("DELETE", f"/api/models/{NAME}"),
        ]:
            body = {"json": {"name": NAME}} if path.endswith("import") else {}
            assert client.request(method, path, **body).status_code == 403
