"""The flows of the pretend appliance, and one conversation that was handed over."""

from tests.static.preview_house import NOW, Json, new_id
from tests.static.preview_server import Preview, route

MORNING = ["08:00-12:00", "13:00-17:00"]


def kept(self: Preview, assistant: str) -> Json:
    week = [*([MORNING] * 5), [], []]
    hours = {"on": True, "week": week, "closed": ["2026-12-25"], "note": ""}
    return self.house.flows.setdefault(
        assistant, {"hours": hours, "person": {"on": True, "said": ""}}
    )


@route("GET", "/api/assistants/{}/flows")
def shown(self: Preview, assistant: str) -> None:
    self.json(kept(self, assistant))


@route("PATCH", "/api/assistants/{}/flows")
def changed(self: Preview, assistant: str) -> None:
    here, given = kept(self, assistant), self.body()
    if any(span >= "24" for day in given["hours"]["week"] for span in day):
        return self.problem(400, "bad_span", "Esse horário não serve.")
    here |= given
    return self.json(here)


@route("POST", "/api/conversations/{}/handover")
def hand_over(self: Preview, conversation: str) -> None:
    given = self.body()
    self.house.handovers.append(
        {"id": new_id("h"), "assistant": next(iter(self.house.assistants)), "state": "open",
         "conversation": conversation, "title": "Quero falar com uma pessoa",
         "created_at": NOW, "done_at": None} | given
    )  # fmt: skip
    self.json({"said": "Sua conversa foi entregue à equipe."}, 201)


def fresh(self: Preview) -> list[Json]:
    if not self.house.handovers:
        self.house.handovers.append(
            {"id": new_id("h"), "assistant": next(iter(self.house.assistants), ""),
             "conversation": "t1", "title": "Há piscina?", "state": "open",
             "reach_by": "ramal 12", "note": "É para a turma da tarde.", "created_at": NOW,
             "done_at": None}
        )  # fmt: skip
    return self.house.handovers


@route("GET", "/api/handovers")
def index(self: Preview) -> None:
    wanted = self.query.get("state", "open")
    self.json({"items": [one for one in fresh(self) if one["state"] == wanted], "next": None})


@route("GET", "/api/handovers/{}")
def read(self: Preview, which: str) -> None:
    found = next(one for one in fresh(self) if one["id"] == which)
    with self.house.lock:
        answer = self.house.answer(found["title"], None)
    message = {"id": answer["message"], "question": found["title"], "state": answer["state"],
               "answer": answer, "created_at": NOW, "withheld": False, "feedback": None}  # fmt: skip
    self.json(found | {"messages": [message]})


@route("PATCH", "/api/handovers/{}")
def settle(self: Preview, which: str) -> None:
    found = next(one for one in fresh(self) if one["id"] == which)
    found["state"] = self.body()["state"]
    self.json(found)
