"""The preview's reading report: how each page was read, what is settled about it, versions."""

import re
from typing import Any

from tests.static import preview_paper as paper
from tests.static.preview_house import NOW, House, Json, document, new_id
from tests.static.preview_server import Preview, route

LONG = "Processo digitalizado"  # the title of a document of 5,000 pages


def leaf(number: int) -> int:
    """Which of the four sheets of paper stands for a page."""
    return (number - 1) % len(paper.pages()) + 1


def furnish(house: House) -> None:
    """How the pages of the documents were read, and what looks like a version of what."""
    *_, shelf = house.collections
    long = document(shelf, LONG, pages=5000, pages_unreadable=2)
    house.documents[long["id"]] = long
    for one in house.documents.values():
        one |= {"in_force": True, "ocr": "auto", "versions": {"before": None, "after": None}}
        house.pages[one["id"]] = _read(one) if one["title"] != "Regimento interno" else {}
        recount(house, one)
    ready = [one for one in house.documents.values() if one["state"] == "ready"]
    house.proposals["v1"] = {
        "id": "v1", "similarity": 0.92, "state": "open", "created_at": NOW,
        "document": _name(ready[2]), "older": _name(ready[0]),
    }  # fmt: skip


def _read(one: Json) -> dict[int, Json]:
    """What differs from a page that was read well, by number."""
    if not one["pages_unreadable"]:
        return {}
    far = {4321: {"how": "ocr", "confidence": 0.41}} if one["pages"] > 4321 else {}
    return far | {
        3: {"how": "unreadable", "text": "", "notes": ["no_text"]},
        5: {"how": "ocr", "confidence": 0.62, "doubtful": [[0, 8], [28, 37]],
            "removed": ["Colégio Horizonte — 2019", "Página 5 de 14"],
            "notes": ["removed_header"]},
        6: {"how": "ocr", "confidence": 0.97},
        9: {"how": "unreadable", "text": "", "notes": ["too_heavy"]},
    }  # fmt: skip


def page(house: House, document: str, number: int, *, text: bool = True) -> Json:
    """A page of the report as the API gives it."""
    told: Json = {
        "number": number, "how": "digital", "confidence": None, "notes": [], "to_check": False,
        "text": paper.pages()[leaf(number) - 1], "start": paper.start_of(leaf(number)),
        "accepted": False, "corrected": None,
    }  # fmt: skip
    if number == 2 and not house.pages.get(document):
        told |= {"how": "ocr", "confidence": 0.94}
    told |= house.pages.get(document, {}).get(number, {})
    poor = told["how"] == "unreadable" or (told["confidence"] or 1) < 0.75
    told["to_check"] = poor and not told["accepted"] and not told["corrected"]
    if not text:
        del told["text"]
    return told


def numbers(house: House, document: str) -> range:
    pages = house.documents.get(document, {}).get("pages") or len(paper.pages())
    return range(1, pages + 1)


def worrying(house: House, document: str) -> list[int]:
    """The pages that need a look; only those that differ can."""
    found = sorted(house.pages.get(document, {}))
    return [number for number in found if page(house, document, number)["to_check"]]


def recount(house: House, one: Json) -> None:
    found = [page(house, one["id"], number) for number in worrying(house, one["id"])]
    one["pages_to_check"] = len(found)
    one["pages_unreadable"] = sum(each["how"] == "unreadable" for each in found)


def link(house: House, one: Json) -> None:
    """A new document, in its place before or after others."""
    former = house.documents.get(one["supersedes"] or "")
    one |= {"in_force": True, "ocr": "auto", "pages_to_check": 0}
    one["versions"] = {"before": _name(former) if former else None, "after": None}
    if former:
        former["versions"]["after"] = _name(one)
        former["in_force"] = False


def _name(one: Json) -> Json:
    return {"id": one["id"], "title": one["title"]}


@route("GET", "/api/documents/{}/report")
def report(self: Preview, one: str) -> None:
    read = [page(self.house, one, number, text=False) for number in numbers(self.house, one)]
    how = [each["how"] for each in read]
    kinds = {kind: how.count(kind) for kind in ("digital", "ocr", "unreadable")}
    self.json(
        kinds
        | {"pages": len(read), "to_check": sum(each["to_check"] for each in read),
           "accepted": sum(each["accepted"] for each in read),
           "corrected": sum(bool(each["corrected"]) for each in read), "confidence": 0.8}
    )  # fmt: skip


@route("GET", "/api/documents/{}/pages")
def pages(self: Preview, one: str) -> None:
    after, limit = int(self.query.get("cursor") or 0), int(self.query.get("limit") or 50)
    found = worrying(self.house, one) if "only" in self.query else numbers(self.house, one)
    shown = [number for number in found if number > after][: limit + 1]
    with_text = self.query.get("text") != "false"
    items = [page(self.house, one, number, text=with_text) for number in shown[:limit]]
    self.json({"items": items, "next": str(shown[limit - 1]) if len(shown) > limit else None})


@route("GET", "/api/documents/{}/pages/{}")
def one_page(self: Preview, one: str, number: str) -> None:
    self.json(page(self.house, one, int(number)))


@route("PATCH", "/api/documents/{}/pages/{}")
def settle(self: Preview, one: str, number: str) -> None:
    given, kept = self.body(), self.house.pages.setdefault(one, {}).setdefault(int(number), {})
    was = page(self.house, one, int(number))
    kept |= {"accepted": given.get("accepted", was["accepted"])}
    job = None
    if "text" in given:
        read = was["corrected"]["read"] if was["corrected"] else was["text"]
        back = given["text"] is None
        kept["text"] = read if back else given["text"]
        kept["corrected"] = None if back else {"by": "Helena Prado", "at": NOW, "read": read}
        kept["doubtful"] = []
        job = _job(self.house, one, "chunks")
    recount(self.house, self.house.documents[one])
    self.json(page(self.house, one, int(number)) | {"job": job})


@route("POST", "/api/documents/{}/read-again")
def again(self: Preview, one: str) -> None:
    self.house.wishes.append(self.body())
    self.json({"job": _job(self.house, one, "pages")}, 202)


def _job(house: House, subject: str, unit: str) -> Json:
    job: Json = {
        "id": new_id("j"), "kind": "ingest", "subject": subject, "state": "queued", "done": 0,
        "total": 4, "unit": unit, "problem": None, "created_at": NOW, "started_at": None,
        "ended_at": None,
    }  # fmt: skip
    house.jobs[job["id"]] = job
    return job


@route("PATCH", "/api/documents/{}")
def change(self: Preview, one: str) -> None:
    given, found = self.body(), self.house.documents[one]
    if (given.get("valid_from") or "") > (given.get("valid_to") or "9999"):
        detail = "A vigência termina antes de começar. Troque as datas ou deixe uma em branco."
        return self.problem(400, "dates_reversed", detail)
    found |= given
    found["in_force"] = not re.match("20[01]", found["valid_to"] or "")
    former = self.house.documents.get(found["supersedes"] or "")
    found["versions"] = {"before": _name(former) if former else None, "after": None}
    return self.json(found)


@route("GET", "/api/collections/{}/proposals")
def proposals(self: Preview, shelf: str) -> None:
    held: list[Any] = [
        one
        for one in self.house.proposals.values()
        if self.house.documents.get(one["document"]["id"], {}).get("collection") == shelf
    ]
    self.json({"items": held, "next": None})


@route("POST", "/api/proposals/{}/{}")
def decide(self: Preview, one: str, act: str) -> None:
    told = self.house.proposals.pop(one)
    if act == "accept":
        found = self.house.documents[told["document"]["id"]]
        found["supersedes"] = told["older"]["id"]
        link(self.house, found)
    self.json(told | {"state": f"{act}ed"})
