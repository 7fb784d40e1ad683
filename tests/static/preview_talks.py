"""Everybody's conversations of the pretend appliance, and one that opens for a reason."""

from tests.static.preview_house import NOW, Json
from tests.static.preview_people import ANA
from tests.static.preview_server import Preview, route

SHORTEST = 10
VISITOR = "visitor:v1"


def outline(self: Preview, one: str, owner: str, name: str, **counts: int) -> Json:
    nobody = dict.fromkeys(("refused", "good", "bad"), 0)
    return {"id": one, "assistant": next(iter(self.house.assistants)), "owner": owner,
            "name": name, "questions": 1, "created_at": NOW, "updated_at": NOW,
            **nobody, **counts}  # fmt: skip


@route("GET", "/api/conversations/others")
def others(self: Preview) -> None:
    found = [
        outline(self, "t1", f"person:{ANA}", "Ana Luz", questions=2, refused=1, bad=1),
        outline(self, "t2", VISITOR, "", good=1),
        outline(self, "t3", "visitor:v2", "Lia Prado") | {"asked_by": "4711"},
    ]
    owner = self.query.get("owner", "")
    found = [one for one in found if owner in ("", one["owner"])]
    for kind in {"refused", "good", "bad"} & set(self.query.values()):
        found = [one for one in found if one[kind]]
    page = int(self.query.get("cursor") or 0)
    rest = found[page + 2 :] if "from" in self.query else []
    shown = found[page : page + 2] if "from" in self.query else found
    self.json({"items": shown, "next": str(page + 2) if rest else None})


@route("POST", "/api/conversations/{}/open")
def read(self: Preview, one: str) -> None:
    if len(self.body()["reason"]) < SHORTEST:
        return self.problem(403, "reason_needed", "Diga por que quer ler esta conversa.")
    with self.house.lock:
        answers = [self.house.answer(words, one) for words in ("Quais documentos?", "Há piscina?")]
    self.house.conversations.pop(one)
    questions = ("Quais documentos a matrícula pede?", "Há piscina?")
    messages = [
        {"id": answer["message"], "question": question, "state": answer["state"],
         "answer": answer, "created_at": NOW, "withheld": False, "feedback": None}
        for question, answer in zip(questions, answers, strict=True)
    ]  # fmt: skip
    messages[1]["feedback"] = {"good": False, "reason": "incomplete", "comment": ""}
    return self.json(outline(self, one, f"person:{ANA}", "Ana Luz") | {"messages": messages})


@route("DELETE", "/api/conversations/{}")
def remove(self: Preview, one: str) -> None:
    self.house.conversations.pop(one)
    self.send(b"", "text/plain", 204)
