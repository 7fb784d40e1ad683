"""The data subject's desk of the pretend appliance: Joaquim stands everywhere, and is erased for
good while somebody listens."""

from tests.static import preview_jobs
from tests.static.preview_house import NOW, Json
from tests.static.preview_people import ANA
from tests.static.preview_server import Preview, route

SHORTEST = 10
HELD = "nobody-may"  # a document under a legal hold
FORGET = "2027-02-21T09:00:00.000Z"


def listed(items: list[Json]) -> Json:
    return {"items": items, "next": None}


def mention(self: Preview, title: str, page: int | None, line: str) -> Json:
    known = {one["title"]: one for one in self.house.documents.values()}
    one = known.get(title, {"id": HELD, "collection": "c0"})
    return {"document": one["id"], "title": title, "collection": one["collection"], "page": page,
            "line": line}  # fmt: skip


def findings(self: Preview) -> Json:
    school = next(iter(self.house.assistants))
    account = {"id": ANA, "name": "Joaquim Sá de Souza", "email": "joaquim@escola.example",
               "role": "member", "active": True, "created_at": NOW, "conversations": 2,
               "sessions": 1, "keys": 0}  # fmt: skip
    talk = {"id": "t1", "assistant": school, "owner": f"person:{ANA}", "own": True, "messages": 0,
            "created_at": NOW}  # fmt: skip
    other = talk | {"id": "t2", "owner": "visitor:v1", "own": False, "messages": 2}
    act = {"id": 7, "at": NOW, "act": "person.change", "subject": ANA, "by": False}
    return {
        "accounts": [account],
        "invitations": [
            {"id": "i1", "name": "", "email": "joaquim@casa.example", "created_at": NOW}
        ],
        "visitors": [{"id": "v1", "assistant": school, "expires_at": NOW}],
        "conversations": [talk, other],
        "documents": [
            mention(self, "Regimento interno", 3,
                    "O autor, Joaquim Sá de Souza, CPF 123.456.789-09"),
            mention(self, "Regimento interno", 4, ""),
            mention(self, "Petição 12/2026", None, "Petição de Joaquim Sá de Souza"),
        ],
        "approved": [
            {"id": "r1", "assistant": school, "line": "Assina hoje: Joaquim Sá de Souza."}
        ],
        "golden": [{"id": "g1", "assistant": school, "line": "Quem é Joaquim Sá de Souza?"}],
        "audit": [act, act | {"id": 6, "act": "session.begin", "by": True}],
        "cut": ["documents"],
    }  # fmt: skip


def unexplained(self: Preview, given: Json) -> bool:
    if len(given["reason"]) >= SHORTEST:
        return False
    self.problem(403, "desk_reason_needed", "Procurar os dados de alguém pede um motivo.")
    return True


@route("POST", "/api/subjects/search")
def search(self: Preview) -> None:
    given = self.body()
    if unexplained(self, given):
        return None
    if not (given["name"] or given["cpf"] or given["email"]):
        return self.problem(400, "nobody_sought", "Diga quem procurar: nome, CPF ou e-mail.")
    found = findings(self)
    return self.json(found if "ninguém" not in given["name"] else {place: [] for place in found})


@route("POST", "/api/subjects/export")
def export(self: Preview) -> None:
    self.send(b'{"person": {}}', "application/json")


def erasure(one: str, *, done: bool, **fields: str) -> Json:
    removed = {"accounts": 1, "conversations": 2, "messages": 9, "index_entries": 18,
               "vectors": 18, "files": 1, "moons": 3}  # fmt: skip
    return {"id": one, "kind": "person", "subject": ANA, "reason": "Pedido do titular, nº 77",
            "asked_by": "person:p1", "asked_at": NOW, "done_at": NOW if done else None,
            "removed": removed | ({"vector_files": 1} if done else {}),
            "backups_forget_at": FORGET if done else None} | fields  # fmt: skip


@route("GET", "/api/subjects/erasures")
def erasures(self: Preview) -> None:
    self.json(listed([erasure(one, done=True) for one in self.house.erased]))


@route("POST", "/api/subjects/erasures")
def erase(self: Preview) -> None:
    given = self.body()
    if given["subject"] == HELD:
        detail = "Nada foi excluído: a guarda legal “Processo 12” o impede."
        return self.problem(409, "on_hold", detail)
    one = f"e{len(self.house.erased) + 1}"
    self.house.erased[one] = 0
    return self.json({"erasure": erasure(one, done=False, **given), "job": {}}, 202)


@route("GET", "/api/subjects/erasures/{}")
def receipt(self: Preview, one: str) -> None:
    if one not in self.house.erased:
        return self.problem(404, "not_found", "Não há nada neste endereço. Volte à lista.")
    return self.json(erasure(one, done=self.house.erased[one] > 1))


def _moved(self: Preview) -> preview_jobs.Told:
    """The traces are gone the second time somebody listens."""
    for one in self.house.erased:
        self.house.erased[one] += 1
        state = {"state": "succeeded", "ended_at": NOW} if self.house.erased[one] > 1 else {}
        yield "job", preview_jobs.old(0, "erase", "running", id=f"j{one}", subject=one) | state


preview_jobs.MOVERS.append(_moved)


@route("GET", "/api/holds")
def holds(self: Preview) -> None:
    self.json(listed(list(self.house.holds.values())))


@route("POST", "/api/holds")
def place(self: Preview) -> None:
    given = self.body()
    one = f"h{len(self.house.holds) + 1}"
    held = self.house.collections.get(given["subject"], {"name": "Joaquim Sá de Souza"})
    title = "" if given["kind"] == "conversation" else held["name"]
    self.house.holds[one] = given | {"id": one, "title": title, "placed_by": "person:p1",
                                     "placed_at": NOW}  # fmt: skip
    self.json(self.house.holds[one], 201)


@route("DELETE", "/api/holds/{}")
def release(self: Preview, one: str) -> None:
    if not self.query.get("reason"):
        return self.problem(400, "hold_without_words", "Sua liberação também precisa de um motivo.")
    del self.house.holds[one]
    return self.send(b"", "text/plain", 204)


def lots(self: Preview) -> Json:
    school, due = next(iter(self.house.assistants)), self.house.due
    empty = {"assistant": "", "due": 0, "total": 12, "ran_at": NOW, "removed": 0, "waits": None}
    found = [
        empty | {"name": "conversations", "days": 90, "due": due, "total": 1204,
                 "waits": "many" if due else None},
        empty | {"name": f"conversations:{school}", "days": 0, "assistant": school},
        empty | {"name": "audit", "days": 1825, "ran_at": None},
        empty | {"name": "log", "days": 30, "removed": 41},
        empty | {"name": "addresses", "days": 7},
        empty | {"name": "trash", "days": 30},
    ]  # fmt: skip
    return {"lots": found, "due": due, "waits": bool(due)}


@route("GET", "/api/retention")
def retention(self: Preview) -> None:
    self.json(lots(self))


@route("POST", "/api/retention/run")
def run(self: Preview) -> None:
    confirmed = self.body().get("confirmed")
    if confirmed == self.house.due:
        self.house.due = 0
    self.json(lots(self))


@route("GET", "/api/processing")
def processing(self: Preview) -> None:
    def activity(kind: str, days: int | None, *recipients: str, **fields: object) -> Json:
        return {"kind": kind, "name": "", "purpose": "Dar acesso ao console", "basis": "contract",
                "subjects": "Quem tem conta aqui", "data": "Nome, e-mail, papel", "days": days,
                "recipients": list(recipients), "open_to_visitors": False} | fields  # fmt: skip

    house = {"controller": "Colégio Aurora Ltda.", "officer": "", "purpose": "", "risks": ""}
    self.json({
        "record": {
            "house": house, "missing": ["officer", "purpose"],
            "activities": [
                activity("accounts", None),
                activity("assistant", 90, name="Secretaria da escola", open_to_visitors=True),
                activity("mail", None, "correio.escola.lan"),
            ],
        },
        "annex": {
            "language_model": "", "embedder": "multilingual-e5-small", "holds": 1, "groups": 2,
            "address": "http://balcao.escola.lan", "destinations": ["https://huggingface.co"],
            "people": {"admin": 1, "member": 41}, "second_factor": "optional",
            "periods": {"conversations": 90, "audit": 1825, "log": 30},
            "risks": ["no_second_factor", "not_encrypted"],
        },
    })  # fmt: skip
