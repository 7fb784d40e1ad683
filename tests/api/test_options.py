"""Administrators read and change the house's settings; a secret goes in and never comes out."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from appliance import options as kept
from appliance.api import options
from appliance.sections import Line, Secret, Section
from tests.fakes import WordEmbedder
from tests.house import House


class Post(Section, frozen=True):
    SECTION: ClassVar[str] = "post"

    host: Line = ""
    password: Secret = ""


@pytest.fixture
def house(settings, monkeypatch) -> Iterator[House]:
    monkeypatch.setattr(options, "SECTIONS", (*options.SECTIONS, Post))
    with House(settings, embedder=WordEmbedder()) as house:
        yield house


def post(house: House) -> dict[str, Any]:
    sections = house.client.get("/api/settings").json()["sections"]
    return dict(next(one for one in sections if one["name"] == "post"))


def test_every_section_tells_its_fields_and_how_they_stand(house: House) -> None:
    names = [one["name"] for one in house.client.get("/api/settings").json()["sections"]]

    assert names == [kind.SECTION for kind in options.SECTIONS]
    assert post(house)["values"] == {"host": "", "password": False}
    assert [(one["name"], one["shape"]) for one in post(house)["fields"]] == [
        ("host", "line"),
        ("password", "secret"),
    ]


def test_a_change_is_kept_and_audited_by_the_names_of_its_fields(house: House) -> None:
    told = house.client.patch("/api/settings/post", json={"host": "correio.example"})

    assert told.status_code == 200
    assert told.json() == post(house)
    assert post(house)["values"]["host"] == "correio.example"
    newest = house.client.get("/api/audit?limit=1").json()["items"][0]
    assert (newest["act"], newest["subject"]) == ("settings.change", "post")
    assert newest["details"] == {"fields": ["host"]}


def test_a_secret_is_sealed_and_only_said_to_be_there(house: House) -> None:
    told = house.client.patch("/api/settings/post", json={"password": "açaí-77"})

    assert told.json()["values"]["password"] is True
    assert "açaí" not in told.text + house.client.get("/api/settings").text
    section = kept.read(house.parts.database, Post)
    assert house.parts.vault.open(section.password, purpose="post.password") == "açaí-77"
    database = house.settings.data / "appliance.db"
    stored = database.read_bytes() + database.with_name("appliance.db-wal").read_bytes()
    assert "açaí-77".encode() not in stored


def test_a_secret_that_is_not_sent_stays_and_an_empty_one_is_forgotten(house: House) -> None:
    house.client.patch("/api/settings/post", json={"password": "açaí-77"})

    house.client.patch("/api/settings/post", json={"host": "correio.example"})
    assert post(house)["values"]["password"] is True

    house.client.patch("/api/settings/post", json={"password": ""})
    assert post(house)["values"]["password"] is False


@pytest.mark.parametrize("sent", [{"password": 7}, {"host": ["a"]}, {"nope": 1}])
def test_what_a_field_does_not_take_changes_nothing(house: House, sent: dict[str, Any]) -> None:
    before = post(house)

    told = house.client.patch("/api/settings/post", json=sent)

    assert told.status_code == 400
    assert next(iter(sent)) in told.json()["detail"]
    assert post(house) == before


def test_there_is_no_section_of_another_name(house: House) -> None:
    assert house.client.patch("/api/settings/nada", json={}).status_code == 404


def test_settings_are_for_administrators(house: House) -> None:
    with house.with_key(scopes=["documents:write"]) as client:
        assert client.get("/api/settings").status_code == 403
        assert client.patch("/api/settings/post", json={"host": "x"}).status_code == 403
