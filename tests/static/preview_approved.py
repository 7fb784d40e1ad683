"""The approved answers of the pretend appliance: a short list that can be changed."""

from tests.static.preview_house import NOW, Json, new_id
from tests.static.preview_server import Preview, route

FEES = "A segunda via do diploma custa R$ 45,00 e fica pronta em dez dias úteis."


def one(questions: list[str], text: str, **fields: object) -> Json:
    base = {"id": new_id("r"), "assistant": "", "cited": None, "active": True, "hits": 0}
    base |= {"last_hit_at": None, "created_at": NOW, "updated_at": NOW}
    return base | {"questions": questions, "text": text} | fields


def kept(self: Preview, assistant: str) -> list[Json]:
    rules = self.house.rules()
    fresh = [
        one(
            ["Quanto custa a segunda via do diploma?", "Perdi o diploma, e agora?"], FEES,
            hits=12, last_hit_at=NOW,
            cited={"document": {"id": rules["id"], "title": rules["title"]}, "page": 3,
                   "quote": ""},
        ),
        one(["A escola abre no sábado?"], "Não. De segunda a sexta.\nFérias: só a secretaria.",
            active=False),
    ]  # fmt: skip
    return self.house.approved.setdefault(assistant, fresh)


def cited(self: Preview, given: Json) -> Json | None:
    document = self.house.documents.get(given.get("document") or "")
    if document is None:
        return None
    named = {"id": document["id"], "title": document["title"]}
    return {"document": named, "page": given.get("page"), "quote": given.get("quote", "")}


@route("GET", "/api/assistants/{}/approved-answers")
def index(self: Preview, assistant: str) -> None:
    words = self.query.get("words", "").lower()
    found = [each for each in kept(self, assistant) if words in str(each).lower()]
    self.json({"items": found, "next": None})


@route("POST", "/api/assistants/{}/approved-answers")
def create(self: Preview, assistant: str) -> None:
    given = self.body()
    here = kept(self, assistant)
    if any(set(given["questions"]) & set(each["questions"]) for each in here):
        return self.problem(409, "question_approved", "Essa pergunta já tem uma resposta.")
    made = one(given["questions"], given["text"], cited=cited(self, given))
    here.insert(0, made)
    return self.json(made, 201)


@route("POST", "/api/assistants/{}/approved-answers/import")
def bring(self: Preview, assistant: str) -> None:
    lines = self.body()["csv"].splitlines()[1:]
    kept(self, assistant).extend(one([line.split(",")[0]], line.split(",")[1]) for line in lines)
    self.json({"added": len(lines), "changed": 0})


@route("PATCH", "/api/assistants/{}/approved-answers/{}")
def change(self: Preview, assistant: str, which: str) -> None:
    found = next(each for each in kept(self, assistant) if each["id"] == which)
    given = self.body()
    found |= {name: given[name] for name in ("questions", "text", "active") if name in given}
    if "document" in given:
        found["cited"] = cited(self, given)
    self.json(found)


@route("DELETE", "/api/assistants/{}/approved-answers/{}")
def remove(self: Preview, assistant: str, which: str) -> None:
    kept(self, assistant)[:] = [each for each in kept(self, assistant) if each["id"] != which]
    self.send(b"", "text/plain", 204)
