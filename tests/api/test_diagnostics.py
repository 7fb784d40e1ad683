"""The diagnostics bundle over HTTP: listed before it is saved, about nobody, and on record."""

import io
import zipfile

import pytest

from tests.house import HANDBOOK, House

pytestmark = pytest.mark.guarantee("INS-12")

QUESTION = "Qual é a multa por atraso na devolução de livros?"


def test_what_is_listed_is_what_is_saved(house: House) -> None:
    listed = house.client.get("/api/diagnostics").json()
    saved = house.client.get("/api/diagnostics/bundle")

    assert saved.status_code == 200
    assert saved.headers["content-type"] == "application/zip"
    assert saved.headers["cache-control"] == "no-store"
    assert "balcao-diagnostics-" in saved.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(saved.content)) as bundle:
        names = bundle.namelist()
        assert "balcao_requests_total" in bundle.read("metrics.txt").decode()
        first = bundle.read("README.txt").decode()
    assert names == ["README.txt", *(one["name"] for one in listed["items"])]
    assert listed["next"] is None
    assert all(one["said"] in first for one in listed["items"])
    sizes = {one["name"]: one["bytes"] for one in listed["items"]}
    assert all(size > 0 for name, size in sizes.items() if name != "log.jsonl")


def test_a_house_at_work_leaves_nobody_in_it(house: House) -> None:
    made = house.assistant("Assistente Sigilosa")
    house.upload(made["collections"][0], name="regimento-zorzal.md")
    house.ask(made["id"], QUESTION)
    key = house.client.post("/api/keys", json={"name": "robô-da-ana", "scopes": ["ask"]}).json()

    saved = house.client.get("/api/diagnostics/bundle").content

    with zipfile.ZipFile(io.BytesIO(saved)) as bundle:
        text = " ".join(bundle.read(name).decode() for name in bundle.namelist()).lower()
    lines = [line.lower() for line in HANDBOOK.splitlines() if len(line) > 20]
    for word in (
        "sigilosa", "zorzal", "multa", "ana prado", "ana@escola", "robô", key["secret"].lower(),
        made["id"].lower(), made["collections"][0].lower(), *lines,
    ):  # fmt: skip
        assert word not in text
    assert house.settings.data_dir.lower() not in text


def test_saving_it_is_on_record_and_listing_it_is_not(house: House) -> None:
    house.client.get("/api/diagnostics")
    assert house.client.get("/api/audit?act=diagnostics.save").json()["items"] == []

    house.client.get("/api/diagnostics/bundle")

    (row,) = house.client.get("/api/audit?act=diagnostics.save").json()["items"]
    assert row["subject"].startswith("balcao-diagnostics-")
    assert row["details"]["bytes"] > 1000


@pytest.mark.parametrize("path", ["/api/diagnostics", "/api/diagnostics/bundle"])
def test_it_is_for_administrators_and_keys_of_their_scope(house: House, path: str) -> None:
    with house.as_a("editor") as editor:
        assert editor.get(path).status_code == 403
    with house.as_nobody() as nobody:
        assert nobody.get(path).status_code == 401
    with house.with_key(scopes=["admin"]) as program:
        assert program.get(path).status_code == 200
