"""A scan on its way in: read by OCR, found by what is printed on it, with its page."""

import io
from pathlib import Path

import pytest

from appliance import library
from tests.house import House
from tests.index.reading import pictures


@pytest.fixture
def scan(tmp_path: Path) -> bytes:
    """Three pages: digital text, a scan, and the scan's blank back side."""
    pages = (["Regulamento da biblioteca"], pictures.notice(skew=1.0), pictures.notice([]))
    return pictures.pdf_of(tmp_path / "scan.pdf", *pages).read_bytes()


def test_a_scan_becomes_ready_and_is_found_with_its_page(house: House, scan: bytes) -> None:
    assistant = house.assistant()
    document = house.upload(assistant["collections"][0], scan, "aviso.pdf")

    answer = house.ask(assistant["slug"], "Até quando será feita a matrícula?")

    assert (document["state"], document["pages"], document["pages_unreadable"]) == ("ready", 3, 0)
    assert "15 de março" in answer["answer"]
    assert {citation["page"] for citation in answer["citations"]} == {2}


def test_the_report_says_how_each_page_was_read_and_what_is_doubtful(
    house: House, scan: bytes
) -> None:
    document = house.upload(house.assistant()["collections"][0], scan, "aviso.pdf")

    pages = house.client.get(f"/api/documents/{document['id']}/pages").json()["items"]
    one = house.client.get(f"/api/documents/{document['id']}/pages/2").json()

    assert [(page["how"], page["notes"]) for page in pages] == [
        ("digital", []),
        ("ocr", ["no_text"]),
        ("digital", ["blank"]),
    ]
    assert 0.8 < one["confidence"] <= 1
    assert one["doubtful"] == pages[1]["doubtful"]
    assert "words" not in one


def test_a_quote_is_marked_where_it_stands_on_the_scan(house: House, scan: bytes) -> None:
    document = house.upload(house.assistant()["collections"][0], scan, "aviso.pdf")
    address = f"/api/documents/{document['id']}/pages/2"
    page = house.client.get(address).json()
    start = page["start"] + page["text"].index("Não há")

    found = house.client.get(
        f"{address}/boxes", params={"start": start, "end": start + len("Não há exceção")}
    ).json()

    assert (found["width"], found["height"]) == (320.0, 130.0)
    (box,) = found["boxes"]
    assert box["x"] == pytest.approx(30 / 320, abs=0.02)
    assert 0.26 < box["y"] < 0.32, "its capitals reach to 37 points from the top"
    assert box["width"] == pytest.approx(82 / 320, abs=0.03)


def test_a_photograph_of_a_page_is_read_shown_and_marked(house: House) -> None:
    picture = io.BytesIO()
    pictures.notice().save(picture, "JPEG", dpi=(200, 200), quality=90)
    document = house.upload(house.assistant()["collections"][0], picture.getvalue(), "foto.jpg")
    address = f"/api/documents/{document['id']}/pages/1"
    page = house.client.get(address).json()

    shown = house.client.get(f"{address}/image")
    found = house.client.get(f"{address}/boxes", params={"start": 0, "end": 11}).json()

    assert (document["state"], page["how"]) == ("ready", "ocr")
    assert shown.content.startswith(b"\x89PNG")
    assert found["width"] / found["height"] == pytest.approx(320 / 130, abs=0.02)
    assert len(found["boxes"]) == 1


def test_without_tesseract_a_scan_fails_and_says_what_to_install(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.index.reading.ocr.PROGRAM", "tesseract-of-nowhere")
    picture = io.BytesIO()
    pictures.notice().save(picture, "PNG")

    document = house.upload(house.assistant()["collections"][0], picture.getvalue(), "foto.png")

    assert document["state"] == "failed"
    assert document["problem"]["code"] == "no_ocr"
    assert "tesseract" in document["problem"]["detail"]


def test_a_scan_that_is_read_again_keeps_the_places_of_its_words(house: House, scan: bytes) -> None:
    document = house.upload(house.assistant()["collections"][0], scan, "aviso.pdf")
    before = library.words(house.parts.database, document["id"], 2)

    sent = house.client.post(f"/api/documents/{document['id']}/read-again")
    house.work()

    assert sent.status_code == 202
    assert len(before) > 15
    assert library.words(house.parts.database, document["id"], 2) == before
    assert library.words(house.parts.database, document["id"], 1) == ()
