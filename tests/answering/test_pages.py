"""The page an answer stands on: its picture, and where the words are on it."""

import pytest

from tests.house import House
from tests.whole.paper import pdf, rule

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def document(house: House) -> dict:
    collection = house.assistant()["collections"][0]
    return house.upload(collection, pdf(3), "salas.pdf")


def test_a_page_is_drawn_once_and_kept(house: House, document: dict) -> None:
    address = f"/api/documents/{document['id']}/pages/2/image"

    first, again = house.client.get(address), house.client.get(address)

    assert first.content.startswith(PNG)
    assert again.content == first.content
    kept = [path for path in (house.settings.data / "pictures").rglob("*") if path.is_file()]
    assert len(kept) == 1


def test_the_words_of_a_citation_are_found_on_the_picture(house: House, document: dict) -> None:
    pages = house.client.get(f"/api/documents/{document['id']}/pages").json()["items"]
    start = pages[1]["start"] + pages[1]["text"].index(rule(2))

    found = house.client.get(
        f"/api/documents/{document['id']}/pages/2/boxes",
        params={"start": start, "end": start + len(rule(2))},
    ).json()

    (box,) = found["boxes"]
    assert 590 < found["width"] < 600
    assert 0.1 < box["x"] < 0.15, "an inch from the left"
    assert 0.1 < box["y"] < 0.16, "at the height of its line"
    assert 0.3 < box["width"] < 0.9
    assert 0 < box["height"] < 0.03


def test_words_that_are_not_on_the_page_have_no_box(house: House, document: dict) -> None:
    found = house.client.get(
        f"/api/documents/{document['id']}/pages/1/boxes", params={"start": 0, "end": 0}
    ).json()

    assert found["boxes"] == []


@pytest.mark.parametrize("page", [0, 4, 9999])
def test_a_page_that_is_not_there_has_no_picture(house: House, document: dict, page: int) -> None:
    sent = house.client.get(f"/api/documents/{document['id']}/pages/{page}/image")

    assert sent.status_code == 404


def test_offsets_out_of_the_page_do_no_harm(house: House, document: dict) -> None:
    for params in ({"start": 10**9, "end": 10**9}, {"start": 50, "end": 3}):
        sent = house.client.get(f"/api/documents/{document['id']}/pages/1/boxes", params=params)
        assert (sent.status_code, sent.json()["boxes"]) == (200, [])
    sent = house.client.get(
        f"/api/documents/{document['id']}/pages/1/boxes", params={"start": -1, "end": 3}
    )
    assert sent.status_code == 400
