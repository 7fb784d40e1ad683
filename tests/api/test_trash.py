"""A person moves documents to the trash and takes them out of it."""

from email.message import EmailMessage

from tests.house import House

QUESTION = "Qual é a multa por atraso na devolução de livros?"


def test_a_document_in_the_trash_is_in_no_answer_and_comes_back_with_its_name(
    house: House,
) -> None:
    made = house.assistant(mode="quote")
    (shelf,) = made["collections"]
    document = house.upload(shelf)
    kept = house.file_count()

    sent = house.client.delete(f"/api/documents/{document['id']}?trash=true")

    assert sent.status_code == 204
    assert house.client.get(f"/api/documents/{document['id']}").status_code == 404
    assert house.ask(made["id"], QUESTION)["state"] == "refused"
    (lies,) = house.client.get(f"/api/collections/{shelf}/trash").json()["items"]
    assert (lies["id"], lies["reason"], lies["origin"]) == (document["id"], "removed", "")
    assert house.file_count() == kept

    back = house.client.post(f"/api/documents/{document['id']}/restore")
    assert back.json()["document"]["title"] == document["title"]
    house.work()
    answer = house.ask(made["id"], QUESTION)
    assert answer["citations"][0]["document"]["id"] == document["id"]


def test_moving_to_the_trash_is_told_to_the_audit(house: House) -> None:
    (shelf,) = house.assistant()["collections"]
    document = house.upload(shelf)
    house.client.delete(f"/api/documents/{document['id']}?trash=true")

    newest = house.client.get("/api/audit?limit=1").json()["items"][0]
    assert (newest["act"], newest["subject"]) == ("document.discard", document["id"])


def test_the_trash_and_erasing_for_good_are_two_wishes(house: House) -> None:
    (shelf,) = house.assistant()["collections"]
    document = house.upload(shelf)

    sent = house.client.delete(f"/api/documents/{document['id']}?trash=true&erase=true")

    assert (sent.status_code, sent.json()["code"]) == (400, "bad_request")
    assert house.client.get(f"/api/documents/{document['id']}").status_code == 200


def test_a_document_under_a_legal_hold_stays_where_it_is(house: House) -> None:
    (shelf,) = house.assistant()["collections"]
    document = house.upload(shelf)
    hold = {"name": "Ação 7", "reason": "Ofício do juízo"}
    house.client.post(
        "/api/holds", json=hold | {"kind": "document", "subject": document["id"]}
    ).raise_for_status()

    sent = house.client.delete(f"/api/documents/{document['id']}?trash=true")

    assert (sent.status_code, sent.json()["code"]) == (409, "on_hold")
    assert house.client.get(f"/api/collections/{shelf}/trash").json()["items"] == []


def test_what_a_message_carries_goes_with_it_and_comes_back_with_it(house: House) -> None:
    (shelf,) = house.assistant()["collections"]
    message = EmailMessage()
    message["Subject"] = "Preços"
    message.set_content("Segue a tabela.")
    message.add_attachment("A segunda via custa R$ 45,00.", filename="tabela.txt")
    sent = house.send(shelf, message.as_bytes(), "pedido.eml").json()["documents"][0]
    house.work()  # the message
    house.work()  # what it carries

    house.client.delete(f"/api/documents/{sent['id']}?trash=true")
    assert names(house, shelf) == []
    house.client.post(f"/api/documents/{sent['id']}/restore")
    house.work()
    house.work()

    assert names(house, shelf) == ["pedido.eml", "tabela.txt"]


def names(house: House, shelf: str) -> list[str]:
    listed = house.client.get(f"/api/collections/{shelf}/documents").json()["items"]
    return sorted(one["file_name"] for one in listed)
