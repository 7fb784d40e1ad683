"""Assistants and collections over HTTP."""

import pytest

from tests.house import House


def test_an_assistant_gets_a_collection_of_its_own_name(house: House) -> None:
    made = house.assistant("Secretaria")

    (collection,) = made["collections"]
    found = house.client.get(f"/api/collections/{collection}").json()
    assert (found["name"], found["documents"]) == ("Secretaria", 0)
    assert made["slug"] == "secretaria"
    assert made["language"] == "pt"


def test_an_assistant_may_read_a_collection_that_is_there(house: House) -> None:
    collection = house.client.post("/api/collections", json={"name": "Comum"}).json()["id"]

    made = house.assistant(collections=[collection])

    assert made["collections"] == [collection]


def test_a_change_changes_what_it_names(house: House) -> None:
    made = house.assistant(greeting="Bom dia!")

    changed = house.client.patch(
        f"/api/assistants/{made['id']}", json={"origins": ["https://escola.example"]}
    ).json()

    assert changed == made | {"origins": ["https://escola.example"]}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "bad_request"),
        ({"name": ""}, "bad_request"),
        ({"name": "A", "owner_id": "me"}, "unknown_field"),
        ({"name": "A", "accent": "red;}"}, "bad_request"),
        ({"name": "A", "mode": "magic"}, "bad_request"),
        ({"name": "A", "origins": ["javascript:alert(1)"]}, "bad_request"),
        ({"name": "A", "collections": ["nowhere"]}, "unknown_collection"),
    ],
)
def test_a_bad_assistant_is_refused_and_leaves_nothing(house: House, body, code) -> None:
    sent = house.client.post("/api/assistants", json=body)

    assert (sent.status_code, sent.json()["code"]) == (400, code)
    assert house.client.get("/api/assistants").json()["items"] == []
    assert house.client.get("/api/collections").json()["items"] == []


def test_a_removed_assistant_is_gone_and_its_documents_stay(house: House) -> None:
    made = house.assistant()
    house.upload(made["collections"][0])

    assert house.client.delete(f"/api/assistants/{made['id']}").status_code == 204
    assert house.client.get(f"/api/assistants/{made['id']}").status_code == 404
    kept = house.client.get(f"/api/collections/{made['collections'][0]}").json()
    assert kept["documents"] == 1


def test_a_key_sees_only_its_assistants_and_their_documents(house: House) -> None:
    mine, other = house.assistant("Minha"), house.assistant("Outra")
    document = house.upload(other["collections"][0])
    scopes = ["ask", "search", "documents:read"]

    with house.with_key(scopes=scopes, assistants=[mine["id"]]) as machine:
        listed = machine.get("/api/assistants").json()["items"]
        hidden = [
            machine.get(f"/api/assistants/{other['id']}"),
            machine.post(f"/api/assistants/{other['id']}/ask", json={"question": "Oi?"}),
            machine.post(f"/api/assistants/{other['id']}/search", json={"query": "multa"}),
            machine.get(f"/api/collections/{other['collections'][0]}/documents"),
            machine.get(f"/api/documents/{document['id']}"),
            machine.get(f"/api/documents/{document['id']}/pages"),
            machine.get(f"/api/documents/{document['id']}/original"),
        ]

    assert [one["id"] for one in listed] == [mine["id"]]
    assert "instructions" not in listed[0]
    assert {sent.status_code for sent in hidden} == {404}
    assert {sent.json()["code"] for sent in hidden} == {"not_found"}


def test_a_key_that_may_ask_may_not_write(house: House) -> None:
    made = house.assistant()

    with house.with_key(scopes=["ask"]) as machine:
        sent = [
            machine.post("/api/assistants", json={"name": "B"}),
            machine.delete(f"/api/assistants/{made['id']}"),
            machine.post(f"/api/collections/{made['collections'][0]}/texts", json={}),
        ]

    assert {one.status_code for one in sent} == {403}


def test_a_stranger_gets_nothing(house: House) -> None:
    made = house.assistant()

    with house.as_nobody() as nobody:
        sent = [
            nobody.get("/api/assistants"),
            nobody.get(f"/api/assistants/{made['id']}"),
            nobody.post(f"/api/assistants/{made['id']}/ask", json={"question": "Oi?"}),
        ]

    assert {one.status_code for one in sent} == {401}


def test_collections_are_made_renamed_listed_and_removed(house: House) -> None:
    made = house.client.post("/api/collections", json={"name": "Comum"}).json()
    address = f"/api/collections/{made['id']}"

    assert house.client.patch(address, json={"name": "Geral"}).json()["name"] == "Geral"
    listed = house.client.get("/api/collections").json()
    assert [one["name"] for one in listed["items"]] == ["Geral"]
    assert house.client.delete(address).status_code == 204
    assert house.client.get(address).status_code == 404


def test_a_long_list_is_given_a_page_at_a_time(house: House) -> None:
    made = [house.assistant(f"A{n}")["id"] for n in range(3)]

    first = house.client.get("/api/assistants", params={"limit": 2}).json()
    rest = house.client.get("/api/assistants", params={"cursor": first["next"]}).json()

    assert [one["id"] for one in first["items"] + rest["items"]] == made
    assert rest["next"] is None
