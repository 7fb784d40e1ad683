"""The gap inbox of the pretend appliance: two groups, of which the first can be closed."""

from tests.static.preview_house import NOW, Json, new_id
from tests.static.preview_server import Preview, route

POOL = "A escola tem piscina?"
PHRASES = (POOL, "Quando abre a piscina da escola?")
SAID = "Não encontrei isso nos documentos que posso ler."


def fresh(self: Preview) -> list[Json]:
    """As it is when somebody looks first."""
    if not self.house.gaps:
        assistant = next(iter(self.house.assistants), "")
        nothing = {"answer": None, "document": None, "undoable": False, "first_asked_at": NOW}
        for question, questions, askers, disliked in ((POOL, 14, 9, 0), ("Há ônibus?", 3, 3, 1)):
            self.house.gaps.append(
                {"id": new_id("g"), "assistant": assistant, "state": "open", "question": question,
                 "questions": questions, "askers": askers, "refused": questions - disliked,
                 "disliked": disliked, "last_asked_at": NOW, "former": None} | nothing
            )  # fmt: skip
    return self.house.gaps


def one(self: Preview, which: str) -> Json:
    return next(each for each in fresh(self) if each["id"] == which)


def moved(found: Json, state: str, **more: object) -> Json:
    found |= {"former": found["state"], "state": state, "undoable": True} | more
    return found


@route("GET", "/api/gaps")
def index(self: Preview) -> None:
    wanted, assistant = self.query.get("state", ""), self.query.get("assistant", "")
    found = [
        each
        for each in fresh(self)
        if wanted in ("", each["state"]) and assistant in ("", each["assistant"])
    ]
    self.json({"items": found, "next": None})


@route("GET", "/api/gaps/{}")
def show(self: Preview, which: str) -> None:
    found = one(self, which)
    phrases = PHRASES if found["question"] == POOL else (found["question"],)
    examples = [
        {"message": new_id("m"), "question": phrase, "asked_at": NOW, "state": "refused",
         "said": SAID, "reason": ""}
        for phrase in phrases
    ]  # fmt: skip
    self.json({"gap": found, "examples": examples})


@route("PATCH", "/api/gaps/{}")
def settle(self: Preview, which: str) -> None:
    given = self.body()
    document = {"document": given["document"]} if "document" in given else {}
    self.json(moved(one(self, which), given["state"], **document))


@route("POST", "/api/gaps/{}/answer")
def answer(self: Preview, which: str) -> None:
    given = self.body()
    found = moved(one(self, which), "answered", answer="r1")
    self.json({"gap": found, "approved": {"id": "r1"} | given}, 201)


@route("POST", "/api/gaps/{}/undo")
def undo(self: Preview, which: str) -> None:
    found = one(self, which)
    if found["former"] is None:
        return self.problem(409, "gap_not_undoable", "Não há o que desfazer.")
    found |= {"state": found["former"], "former": None, "undoable": False, "answer": None}
    return self.json(found)


@route("POST", "/api/gaps/{}/again")
def again(self: Preview, which: str) -> None:
    found = one(self, which)
    with self.house.lock:
        after = self.house.answer(found["question"], None)
    before = {"message": "m1", "question": found["question"], "asked_at": NOW}
    before |= {"state": "refused", "said": SAID, "reason": ""}
    self.json({"question": found["question"], "before": before, "after": after})
