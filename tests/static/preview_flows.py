"""The flows of the pretend appliance, a conversation that was handed over, a form filled in."""

from tests.static.preview_house import NOW, Json, new_id
from tests.static.preview_server import Preview, route

FORM = {
    "on": True, "title": "Pedir matrícula", "said": "", "words": ["Quero me matricular"],
    "thanks": "", "mail_to": "", "webhook": "",
    "fields": [
        {"label": "Nome", "kind": "text", "required": True, "hint": "", "choices": []},
        {"label": "CPF", "kind": "cpf", "required": False, "hint": "Do responsável.",
         "choices": []},
        {"label": "Turno", "kind": "choice", "required": True, "hint": "",
         "choices": ["Manhã", "Tarde"]},
    ],
}  # fmt: skip
MORNING = ["08:00-12:00", "13:00-17:00"]


def kept(self: Preview, assistant: str) -> Json:
    week = [*([MORNING] * 5), [], []]
    hours = {"on": True, "week": week, "closed": ["2026-12-25"], "note": ""}
    return self.house.flows.setdefault(
        assistant,
        {
            "hours": hours,
            "person": {"on": True, "said": ""},
            "form": FORM,
            "exam": {"on": False, "begins": "", "ends": "", "said": ""},
        },
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


@route("GET", "/api/assistants/{}/form-secret")
def signing(self: Preview, assistant: str) -> None:
    self.json({"made_at": self.house.hooks.get(assistant)})


@route("POST", "/api/assistants/{}/form-secret")
def sign_anew(self: Preview, assistant: str) -> None:
    self.house.hooks[assistant] = NOW
    self.json({"secret": "bh_so-desta-vez", "made_at": NOW}, 201)


@route("GET", "/api/conversations/{}/form")
def form(self: Preview, conversation: str) -> None:
    self.json({"title": FORM["title"], "fields": FORM["fields"], "sent": False})


@route("POST", "/api/conversations/{}/form")
def send(self: Preview, conversation: str) -> None:
    given = self.body()["values"]
    if given["CPF"] == "1":
        wrong = {"CPF": "Este CPF não existe. Confira os onze números."}
        return self.problem(
            400, "form_unfit", "Nada foi enviado ainda. Confira: CPF.", fields=wrong
        )
    return self.json({"said": "Recebemos o que você preencheu."}, 201)


def fresh(self: Preview) -> list[Json]:
    if not self.house.handovers:
        self.house.handovers.append(
            {"id": new_id("h"), "assistant": next(iter(self.house.assistants), ""),
             "conversation": "t1", "title": "Há piscina?", "state": "open",
             "reach_by": "ramal 12", "note": "É para a turma da tarde.", "created_at": NOW,
             "done_at": None, "form": ""}
        )  # fmt: skip
        filled = {"id": new_id("h"), "reach_by": "", "note": "", "form": "Pedir matrícula"}
        self.house.handovers.append(self.house.handovers[0] | filled)
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
               "answer": answer, "created_at": NOW, "withheld": False,
               "feedback": None}  # fmt: skip
    answers = [{"label": "Nome", "value": "Zuleica Prado"}] if found["form"] else []
    self.json(found | {"messages": [message], "answers": answers})


@route("PATCH", "/api/handovers/{}")
def settle(self: Preview, which: str) -> None:
    found = next(one for one in fresh(self) if one["id"] == which)
    found["state"] = self.body()["state"]
    self.json(found)
