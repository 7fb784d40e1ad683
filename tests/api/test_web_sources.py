"""Pages and sites over HTTP: an editor adds them, where the administrator said they may be."""

from pathlib import Path

import pytest

from appliance.settings import Settings
from tests.house import House

APPROVED = "http://intranet.lan http://10.1.2.3/wiki"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=str(tmp_path / "data"), source_sites=APPROVED)


@pytest.fixture
def collection(house: House) -> str:
    made = house.client.post("/api/collections", json={"name": "Intranet"})
    return str(made.json()["id"])


@pytest.mark.parametrize("kind", ["page", "site"])
def test_a_site_within_what_was_approved_can_be_a_source(
    house: House, collection: str, kind: str
) -> None:
    body = {"kind": kind, "address": "http://Intranet.lan/rh/?utm_source=x#topo"}

    made = house.client.post(f"/api/collections/{collection}/sources", json=body)

    assert made.status_code == 201, made.text
    assert made.json()["address"] == "http://intranet.lan/rh/"


@pytest.mark.guarantee("SEC-08")
@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8080/", "http://localhost/", "http://[::1]/", "http://2130706433/",
        "http://0177.0.0.1/", "http://127.1/", "http://169.254.169.254/", "http://other.lan/",
        "http://intranet.lan@127.0.0.1/", "http://intranet.lan\\@127.0.0.1/", "file:///etc/passwd",
        "http://10.1.2.3/", "http://10.1.2.3/wiki/../x", "https://intranet.lan/",
    ],
)  # fmt: skip
def test_sec_08_another_address_is_refused_with_a_reason(
    house: House, collection: str, address: str
) -> None:
    body = {"kind": "site", "address": address}

    refused = house.client.post(f"/api/collections/{collection}/sources", json=body)

    assert refused.status_code in (400, 403)
    assert refused.json()["code"] in ("site_not_approved", "bad_address")
    assert refused.json()["detail"]
    assert house.client.get(f"/api/collections/{collection}/sources").json()["items"] == []
