"""A model's file sent by a browser: begun, continued, refused, and imported."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from appliance import audit
from appliance.jobs import pull, upload
from appliance.models import catalogue, hardware
from appliance.models.hardware import Memory
from appliance.models.weights import import_file, sha256
from appliance.settings import Settings
from tests.fakes import WordEmbedder
from tests.house import House
from tests.models.runners import PROBE

NAME = "qwen2.5-0.5b-instruct"
ENTRY = catalogue.find(NAME)
CONTENT = PROBE.read_bytes()
OFFERED = {"file": "meu modelo.gguf", "size": len(CONTENT), "modified": 1_760_000_000_000}
BYTES = {"content-type": "application/octet-stream"}


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    with House(settings, embedder=WordEmbedder()) as opened:
        yield opened


def offer(house: House, **changed: Any) -> Any:
    return house.client.post(f"/api/models/{NAME}/upload", json=OFFERED | changed)


def send(house: House, offset: int, data: bytes, **headers: str) -> Any:
    return house.client.put(
        f"/api/models/{NAME}/upload?offset={offset}", content=data, headers=BYTES | headers
    )


def model(house: House) -> dict[str, Any]:
    return dict(house.client.get(f"/api/models/{NAME}").json())


def test_a_file_is_sent_in_pieces_and_imported_by_a_job(house: House) -> None:
    begun = offer(house)
    assert begun.status_code == 200
    assert begun.json()["upload"] == OFFERED | {
        "done": 0,
        "piece_bytes": upload.PIECE_BYTES,
        "overlap_bytes": upload.OVERLAP_BYTES,
    }

    first = send(house, 0, CONTENT[:9000])
    assert (first.status_code, first.json()["upload"]["done"]) == (200, 9000)
    seen = model(house)
    assert (seen["state"], seen["upload"]["done"]) == ("partial", 9000)

    last = send(house, 8000, CONTENT[8000:])
    job = last.json()["job"]
    assert (last.status_code, job["kind"], job["subject"]) == (202, "import", NAME)
    assert last.headers["location"] == f"/api/jobs/{job['id']}"
    house.work()

    found = model(house)
    assert (found["state"], found["sha256"]) == ("ready", sha256(PROBE))
    assert (found["upload"], found["job"]) == (None, None)
    assert house.client.get(f"/api/jobs/{job['id']}").json()["state"] == "succeeded"
    acts = [row.act for row in audit.newest(house.parts.database, limit=2)]
    assert acts == ["model.import", "model.upload"]


def test_an_interrupted_upload_says_how_far_it_is_and_goes_on(house: House) -> None:
    offer(house)
    send(house, 0, CONTENT[:9000])

    assert offer(house).json()["upload"]["done"] == 9000


def test_a_wrong_file_is_refused_in_the_readers_language(house: House) -> None:
    offer(house)
    answer = send(house, 0, b"%PDF-1.7 and more")

    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_gguf")
    assert "meu modelo.gguf não é um arquivo GGUF" in answer.json()["detail"]
    assert (model(house)["state"], model(house)["upload"]) == ("absent", None)


def test_a_file_that_has_no_room_is_refused_before_a_byte_comes(house: House) -> None:
    answer = offer(house, size=pull.MOST_BYTES)

    assert (answer.status_code, answer.json()["code"]) == (507, "no_space_for_model")


def test_a_wrong_checksum_is_refused_by_the_job(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(house)
    send(house, 0, CONTENT)
    stated = msgspec.structs.replace(ENTRY, sha256="1" * 64)
    monkeypatch.setattr(catalogue, "find", lambda name, kind=None: stated)
    house.work()

    found = model(house)
    assert (found["state"], found["upload"]) == ("absent", None)
    assert found["job"]["problem"]["code"] == "model_checksum"
    assert "soma de verificação" in found["job"]["problem"]["detail"]


def test_a_model_that_is_here_is_not_sent_again(house: House) -> None:
    import_file(PROBE, NAME, pull.folder_of(house.settings))
    answer = offer(house)

    assert (answer.status_code, answer.json()["code"]) == (409, "model_already_here")


def test_what_came_of_it_is_discarded_with_the_model(house: House) -> None:
    offer(house)
    send(house, 0, CONTENT[:9000])

    assert house.client.delete(f"/api/models/{NAME}").status_code == 204
    assert model(house)["state"] == "absent"
    assert send(house, 9000, CONTENT[9000:]).json()["code"] == "upload_not_begun"


@pytest.mark.parametrize("wrong", [{"size": 0}, {"size": "big"}, {"file": ""}, {"more": 1}])
def test_an_offer_says_what_the_file_is(house: House, wrong: dict[str, Any]) -> None:
    assert offer(house, **wrong).status_code == 400


def test_a_piece_is_bytes_and_nothing_else(house: House) -> None:
    offer(house)
    answer = send(house, 0, CONTENT, **{"content-type": "text/plain"})

    assert (answer.status_code, answer.json()["code"]) == (415, "unexpected_body")
    assert house.client.put(f"/api/models/{NAME}/upload", headers=BYTES).status_code == 400


@pytest.mark.parametrize("role", ["member", "editor", "auditor"])
def test_only_administrators_send_models_and_measure(house: House, role: Any) -> None:
    with house.as_a(role):
        assert offer(house).status_code == 403
        assert send(house, 0, CONTENT).status_code == 403
        assert house.client.post(f"/api/models/{NAME}/check").status_code == 403


def test_a_measurement_is_ordered_and_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "memory", lambda: Memory(total_mb=9000, available_mb=9000))
    missing = house.client.post(f"/api/models/{NAME}/check")
    assert (missing.status_code, missing.json()["code"]) == (409, "model_not_here")

    import_file(PROBE, NAME, pull.folder_of(house.settings))
    answer = house.client.post(f"/api/models/{NAME}/check")
    job = answer.json()["job"]

    assert (answer.status_code, job["kind"], job["state"]) == (202, "check", "queued")
    assert model(house)["job"]["id"] == job["id"]
    assert [row.act for row in audit.newest(house.parts.database, limit=1)] == ["model.check"]
    assert house.client.post(f"/api/jobs/{job['id']}/cancel").json()["state"] == "cancelled"
