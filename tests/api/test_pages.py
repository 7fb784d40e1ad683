"""The console, its files and the health of the house."""

import pytest

from tests.house import House


def test_the_console_is_served_to_anybody_and_framed_by_nobody(house: House) -> None:
    with house.as_nobody() as client:
        console = client.get("/")

    assert console.status_code == 200
    assert console.headers["content-type"].startswith("text/html")
    assert "frame-ancestors 'none'" in console.headers["content-security-policy"]
    assert "unsafe" not in console.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/static/console/console.js", "/static/shared/tokens.css", "/static/shared/sse.js"]
)
def test_what_the_console_loads_is_there_and_asked_for_afresh(house: House, path: str) -> None:
    sent = house.client.get(path)

    assert sent.status_code == 200
    assert "no-cache" in sent.headers["cache-control"]
    assert sent.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/../appliance/app.py",
        "/static/..%2fappliance%2fapp.py",
        "/static/nothing.js",
        "/nowhere",
    ],
)
def test_what_is_not_in_the_folder_is_not_there(house: House, path: str) -> None:
    sent = house.client.get(path)

    assert (sent.status_code, sent.json()["code"]) == (404, "not_found")


def test_health_needs_no_password(house: House) -> None:
    with house.as_nobody() as client:
        assert client.get("/health/live").json() == {"status": "ok"}
        assert client.get("/health/ready").json() == {"status": "ok"}


def test_the_status_page_says_what_runs(house: House) -> None:
    told = house.client.get("/api/system").json()

    assert told["version"]
    assert told["address"] == "http://127.0.0.1:8080"
    assert told["language_model"] is None, "no runner, no model"
    assert told["parts"] == []
    assert told["disk"]["free_bytes"] > 0


def test_the_status_page_is_for_people_who_are_signed_in(house: House) -> None:
    with house.as_nobody() as client:
        assert client.get("/api/system").status_code == 401


def test_an_unknown_address_of_the_api_answers_in_the_browsers_language(house: House) -> None:
    with house.as_nobody() as client:
        sent = client.get("/api/nowhere", headers={"accept-language": "es-AR,es;q=0.9"})

    assert sent.status_code == 404
    assert "dirección" in sent.json()["detail"]
