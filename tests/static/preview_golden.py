"""Golden questions of the pretend appliance: two that passed, one that a document spoilt."""

from typing import Any

from tests.static.preview_house import NOW, Json, new_id
from tests.static.preview_server import Preview, route

FIELDS: Json = {"document": "", "page": None, "phrases": [], "must_refuse": False}
SOUND: Json = {
    "state": "answered", "rank": 1, "passages": 6, "page_hit": None, "phrases_found": [],
    "phrases_missing": [], "failing": [], "passed": True, "took_ms": 41.0, "passed_before": True,
}  # fmt: skip
CHANGES = [
    {"kind": "documents_added", "names": ["Aviso de junho"], "count": 1},
    {"kind": "settings", "names": ["strictness"], "count": 1},
    {"kind": "model", "names": ["", "Mistral 7B"], "count": 1},
]


def question(assistant: str, text: str, **fields: Any) -> Json:
    made = {"id": new_id("g"), "assistant": assistant, "question": text, "created_at": NOW}
    return made | {"changed_at": NOW} | FIELDS | fields


def kept(self: Preview, assistant: str) -> Json:
    """What is kept of an assistant: the second one has none."""
    if assistant not in self.house.golden:
        first = next(iter(self.house.assistants)) == assistant
        asked = [
            question(assistant, "Até quando entrego os recibos?", document="Regimento interno",
                     page=3, phrases=["dia 5"]),
            question(assistant, "Qual é a frequência mínima?", phrases=["75%"]),
            question(assistant, "Há piscina?", must_refuse=True),
        ] if first else []  # fmt: skip
        self.house.golden[assistant] = {"questions": asked, "runs": [run(asked)] if first else []}
    found: Json = self.house.golden[assistant]
    return found


def run(asked: list[Json]) -> Json:
    results = [SOUND | {"question": one["id"], "text": one["question"]} for one in asked]
    if asked:
        results[0] |= {"passed": False, "failing": ["phrase_missing"], "rank": 2,
                       "phrases_missing": ["dia 5"]}  # fmt: skip
    failed = sum(not one["passed"] for one in results)
    return {"id": new_id("r"), "changes": CHANGES, "results": results, "failed": failed,
            "passed": len(results) - failed, "started_at": NOW, "ended_at": NOW}  # fmt: skip


@route("GET", "/api/golden")
def index(self: Preview) -> None:
    self.json({"items": kept(self, self.query["assistant"])["questions"], "next": None})


@route("GET", "/api/golden/lights")
def lights(self: Preview) -> None:
    live = {one["subject"] for one in self.house.jobs.values() if not one["ended_at"]}
    items = []
    for number, (one, assistant) in enumerate(self.house.assistants.items()):
        here = kept(self, one)
        failed = here["runs"][0]["failed"] if here["runs"] else 0
        colour = "none" if not here["questions"] else "red" if failed else "green"
        items.append({"assistant": one, "name": assistant["name"], "colour": colour,
                      "questions": len(here["questions"]), "passed": 0, "failed": failed,
                      "run": None, "ended_at": None, "asking": one in live,
                      "asked_this_week": 0 if number else 214})  # fmt: skip
    self.json({"items": items, "next": None})


@route("GET", "/api/golden/runs")
def runs(self: Preview) -> None:
    self.json({"items": kept(self, self.query["assistant"])["runs"][:1], "next": None})


@route("POST", "/api/golden")
def create(self: Preview) -> None:
    given = self.body()
    here = kept(self, given["assistant"])
    if given["question"] in [one["question"] for one in here["questions"]]:
        return self.problem(409, "golden_known", "Este assistente já tem esta pergunta.")
    made = question(given.pop("assistant"), given.pop("question"), **given)
    here["questions"].append(made)
    return self.json(made, 201)


@route("POST", "/api/golden/runs")
def order(self: Preview) -> None:
    assistant = self.body()["assistant"]
    here = kept(self, assistant)
    job = {"id": new_id("j"), "kind": "golden", "subject": assistant, "state": "queued", "done": 0,
           "total": 4, "unit": "questions", "problem": None, "created_at": NOW, "started_at": None,
           "ended_at": None}  # fmt: skip
    self.house.jobs[job["id"]] = job
    fresh = run(here["questions"])
    for one in fresh["results"]:
        one |= {"passed": True, "failing": [], "phrases_missing": []}
    fresh["results"][0]["passed_before"] = False
    changes = [{"kind": "documents_removed", "names": ["Aviso de junho"], "count": 1}]
    fresh |= {"changes": changes, "failed": 0, "passed": len(fresh["results"])}
    here["runs"].insert(0, fresh)
    self.json({"job": job}, 202)


@route("PATCH", "/api/golden/{}")
def change(self: Preview, one: str) -> None:
    found = next(
        each
        for here in self.house.golden.values()
        for each in here["questions"]
        if each["id"] == one
    )
    found |= self.body()
    self.json(found)


@route("DELETE", "/api/golden/{}")
def remove(self: Preview, one: str) -> None:
    for here in self.house.golden.values():
        here["questions"] = [each for each in here["questions"] if each["id"] != one]
    self.send(b"", "text/plain", 204)


@route("GET", "/api/golden/export")
def export(self: Preview) -> None:
    self.send(b"\xef\xbb\xbfquestion\r\n", "text/csv")


@route("POST", "/api/golden/import")
def bring(self: Preview) -> None:
    given = self.body()
    if "question" not in given["csv"]:
        return self.problem(400, "golden_no_column", "O arquivo não tem a coluna “question”.")
    return self.json({"added": given["csv"].count("\n") - 1, "changed": 0})
