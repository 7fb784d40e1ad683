"""Versions, copies and files of assistants over HTTP."""

import json

import pytest

from appliance import bundles, signatures
from tests.house import House


def versions(house: House, one: str) -> list[dict]:
    return house.client.get(f"/api/assistants/{one}/versions").json()["items"]


def test_every_change_is_a_version_that_can_be_undone(house: House) -> None:
    made = house.assistant(greeting="Bom dia!")
    path = f"/api/assistants/{made['id']}"
    house.client.patch(path, json={"greeting": "Boa noite!", "look": {"position": "left"}})

    newest, first = versions(house, made["id"])
    back = house.client.post(f"{path}/versions/1/restore").json()

    assert (newest["by"], first["by"]) == ("Ana Prado", "Ana Prado")
    assert [one["field"] for one in newest["changes"]] == ["greeting", "look.position"]
    assert (back["greeting"], back["look"]["position"]) == ("Bom dia!", "right")
    assert versions(house, made["id"])[0] | {"created_at": ""} == {
        "number": 3, "created_at": "", "by": "Ana Prado", "act": "restored",
        "changes": [
            {"field": "greeting", "before": "Boa noite!", "after": "Bom dia!"},
            {"field": "look.position", "before": "left", "after": "right"},
        ],
    }  # fmt: skip


def test_versions_come_in_pages(house: House) -> None:
    made = house.assistant()
    path = f"/api/assistants/{made['id']}"
    for name in "ABC":
        house.client.patch(path, json={"name": name})

    first = house.client.get(f"{path}/versions?limit=3").json()
    rest = house.client.get(f"{path}/versions?limit=3&cursor={first['next']}").json()

    assert [one["number"] for one in (*first["items"], *rest["items"])] == [4, 3, 2, 1]
    assert rest["next"] is None


@pytest.mark.parametrize("number", ["9", "0", "9" * 30])
def test_a_version_that_never_was_is_not_found(house: House, number: str) -> None:
    made = house.assistant()

    sent = house.client.post(f"/api/assistants/{made['id']}/versions/{number}/restore")

    assert sent.status_code == 404


def test_an_editor_goes_back_without_choosing_an_engine(house: House) -> None:
    engine = house.client.post(
        "/api/engines",
        json={"name": "Da casa", "kind": "site", "addresses": ["http://127.0.0.1:9"], "model": "m"},
    ).json()
    made = house.assistant(greeting="Bom dia!", engine=engine.get("id"))
    path = f"/api/assistants/{made['id']}"
    house.client.patch(path, json={"engine": None, "greeting": "Oi"})

    with house.as_a("editor") as editor:
        back = editor.post(f"{path}/versions/1/restore")

    assert back.status_code == 200, back.text
    assert (back.json()["greeting"], back.json()["engine"]) == ("Bom dia!", None)


def test_a_copy_stands_beside_its_original(house: House) -> None:
    made = house.assistant("Secretaria", greeting="Oi", origins=["https://escola.example"])

    copy = house.client.post(f"/api/assistants/{made['id']}/duplicate").json()
    named = house.client.post(f"/api/assistants/{made['id']}/duplicate", json={"name": "B"}).json()

    assert (copy["name"], copy["greeting"]) == ("Secretaria (cópia)", "Oi")
    assert (copy["origins"], copy["collections"]) == ([], made["collections"])
    assert named["name"] == "B"
    assert [one["act"] for one in versions(house, copy["id"])] == ["made"]


def test_a_name_as_long_as_may_be_has_a_copy(house: House) -> None:
    made = house.assistant("N" * 120)

    copy = house.client.post(f"/api/assistants/{made['id']}/duplicate")

    assert copy.status_code == 201


def exported(house: House, **fields: object) -> tuple[dict, str]:
    made = house.assistant("Secretaria", **fields)
    house.logo(made["id"])
    sent = house.client.get(f"/api/assistants/{made['id']}/export")
    assert 'filename="secretaria.balcao.json"' in sent.headers["content-disposition"]
    return made, sent.text


def test_an_exported_assistant_is_taken_in_again(house: House) -> None:
    made, file = exported(house, greeting="Olá", origins=["https://escola.example"])

    again = house.client.post("/api/assistants/import", json={"file": file})

    assert again.status_code == 201, again.text
    taken = again.json()
    assert (taken["name"], taken["greeting"], taken["origins"]) == ("Secretaria", "Olá", [])
    assert taken["collections"] != made["collections"]
    assert taken["look"]["logo"]


def test_a_file_of_another_house_is_taken_in_once_its_fingerprint_is_confirmed(
    house: House,
) -> None:
    contents = json.loads(exported(house)[1])["assistant"] | {"made_by": "Escola B"}
    file = signatures.signed_file(
        "assistant", contents, signatures.new_seed(), purpose=bundles.PURPOSE
    )

    refused = house.client.post("/api/assistants/import", json={"file": file})
    confirmed = json.loads(file)["signature"]["fingerprint"]
    taken = house.client.post("/api/assistants/import", json={"file": file, "confirmed": confirmed})

    assert (refused.status_code, refused.json()["code"]) == (409, "bundle_unknown_signer")
    assert confirmed in refused.json()["detail"]
    assert "Escola B" in refused.json()["detail"]
    assert taken.status_code == 201


def test_a_changed_file_is_refused_and_leaves_nothing(house: House) -> None:
    _, file = exported(house, greeting="Olá")

    sent = house.client.post("/api/assistants/import", json={"file": file.replace("Olá", "Oba")})

    assert (sent.status_code, sent.json()["code"]) == (422, "bundle_changed")
    assert len(house.client.get("/api/assistants").json()["items"]) == 1
    assert len(house.client.get("/api/collections").json()["items"]) == 1


def test_an_editor_is_the_editor_of_what_they_take_in(house: House) -> None:
    _, file = exported(house)

    with house.as_a("editor") as editor:
        taken = editor.post("/api/assistants/import", json={"file": file}).json()
        changed = editor.patch(f"/api/assistants/{taken['id']}", json={"greeting": "Oi"})

    assert changed.status_code == 200


def test_each_of_it_stands_in_the_record(house: House) -> None:
    made, file = exported(house)
    house.client.post(f"/api/assistants/{made['id']}/duplicate")
    house.client.post("/api/assistants/import", json={"file": file})
    house.client.post(f"/api/assistants/{made['id']}/versions/1/restore")

    acts = [one["act"] for one in house.client.get("/api/audit?limit=4").json()["items"]]

    assert acts == [
        "assistant.restore", "assistant.import", "assistant.duplicate", "assistant.export",
    ]  # fmt: skip
