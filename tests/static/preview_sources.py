"""The sources of the pretend appliance: one up to date, one held, one at work, one that failed."""

from typing import Any

from tests.static.preview_house import NOW, House, Json, new_id
from tests.static.preview_server import Preview, route

GONE = (
    "Sumiram 48 de 212 itens, mais que um quinto. Nada foi removido: veja a lista e confirme se "
    "está certo."
)
AWAY = (
    "A pasta “/mnt/arquivo” não está lá; talvez o compartilhamento não esteja montado. Nada foi "
    "removido: monte-o e atualize de novo, ou confirme se ela acabou mesmo."
)
CLOSED = (
    "A pasta “/etc” não foi aberta às fontes. Quem administra o servidor pode acrescentá-la à "
    "configuração source_folders."
)
LOCKED = (
    "Sem permissão para ler. Dê ao usuário do Balcão o direito de leitura; o documento fica como "
    "estava."
)


def _problem(code: str, detail: str) -> Json:
    return {"code": code, "detail": detail}


def _run(state: str = "done", **fields: Any) -> Json:
    base = {
        "id": new_id("r"), "state": state, "dry_run": False, "confirmed": False, "added": 0,
        "changed": 0, "removed": 0, "renamed": 0, "unchanged": 0, "failed": 0, "problem": None,
        "created_at": NOW, "started_at": NOW, "ended_at": NOW,
    }  # fmt: skip
    return base | fields


def _source(path: str, collection: str, *runs: Json, kind: str = "folder", **fields: Any) -> Json:
    place = {"path": path, "address": None} if kind == "folder" else {"path": None, "address": path}
    base = {
        "id": new_id("f"), "collection": collection, "kind": kind, "schedule": "daily 03:00",
        "include": [], "exclude": [], "depth": 3, "pages": 500, "due_at": NOW, "state": "idle",
        "entries": 212, "created_at": NOW, "job": None, "runs": list(runs),
    }  # fmt: skip
    return base | place | fields


def _line(act: str, key: str, **fields: Any) -> Json:
    base = {"act": act, "key": key, "name": key.rsplit("/", 1)[-1], "former": None,
            "document": None, "planned": False, "problem": None}  # fmt: skip
    return base | fields


LOG = [
    _line("add", "2026/Ata da reunião do conselho de classe de março.docx"),
    _line("add", "2026/Calendário letivo.pdf"),
    _line("change", "Tabela de mensalidades.xlsx"),
    _line("rename", "Regimento/Regimento interno 2026.pdf", former="Regimento/regimento_v3.pdf"),
    _line("fail", "Direção", problem=_problem("source_no_permission", LOCKED)),
]


def furnish(house: House) -> None:
    """Give the house its sources and a trash."""
    (shelf, *_) = house.collections
    held = _run("held", removed=48, unchanged=164, problem=_problem("source_many_gone", GONE))
    done = _run(added=2, changed=1, renamed=1, failed=1, unchanged=207)
    job = {"id": new_id("j"), "kind": "sync", "state": "running", "done": 96, "total": 240,
           "unit": "files", "problem": None}  # fmt: skip
    sources = [
        _source("/mnt/secretaria", shelf, done, _run(added=208, failed=4)),
        _source("/mnt/arquivo/Atas e pautas das reuniões", shelf, held, done, state="held"),
        _source("https://www.escola.example/comunicados/", shelf, _run(added=31), kind="site",
                schedule="weekly mon 06:30", entries=31),
        _source("/mnt/rh", shelf, _run("failed", problem=_problem("source_folder_missing", AWAY)),
                state="failed", entries=0, schedule="hourly"),
        _source("/mnt/financeiro", shelf, _run("running", ended_at=None), state="running",
                entries=40, schedule="manual", due_at=None, job=job),
    ]  # fmt: skip
    house.sources = {one["id"]: one for one in sources}
    house.trash = {
        one["id"]: one
        for one in (
            {"id": new_id("d"), "collection": shelf, "title": title, "file_name": f"{title}.pdf",
             "reason": reason, "origin": "/mnt/secretaria", "trashed_at": NOW,
             "restorable_until": "2026-10-31T12:00:00.000Z"}
            for title, reason in (("Comunicado de férias", "missing"),
                                  ("Tabela de mensalidades 2025", "changed"))
        )
    }  # fmt: skip


def _shown(one: Json) -> Json:
    shown = {name: value for name, value in one.items() if name != "runs"}
    return shown | {"last_run": one["runs"][0] if one["runs"] else None}


@route("GET", "/api/sources")
def sources(self: Preview) -> None:
    self.json({"items": [_shown(one) for one in self.house.sources.values()], "next": None})


@route("POST", "/api/collections/{}/sources")
def create(self: Preview, shelf: str) -> None:
    given = self.body()
    if given.get("path") == "/etc":
        return self.problem(403, "source_folder_not_open", CLOSED)
    place = given.pop("path", None) or given.pop("address", None)
    made = _source(place, shelf, **given, state="new", entries=0)
    self.house.sources[made["id"]] = made
    return self.json(_shown(made), 201)


@route("GET", "/api/sources/{}")
def show(self: Preview, one: str) -> None:
    self.json(_shown(self.house.sources[one]))


@route("PATCH", "/api/sources/{}")
def change(self: Preview, one: str) -> None:
    self.house.sources[one] |= self.body()
    self.json(_shown(self.house.sources[one]))


@route("DELETE", "/api/sources/{}")
def remove(self: Preview, one: str) -> None:
    del self.house.sources[one]
    self.send(b"", "text/plain", 204)


@route("POST", "/api/sources/{}/run")
def order(self: Preview, one: str) -> None:
    source = self.house.sources[one]
    run = _run(added=12, changed=3, removed=1, dry_run=self.body().get("dry_run", False))
    source["runs"].insert(0, run)
    self.json({"run": run, "job": None}, 202)


@route("POST", "/api/sources/{}/confirm")
def confirm(self: Preview, one: str) -> None:
    source = self.house.sources[one]
    source["runs"][0] |= {"state": "done", "problem": None}
    source["state"] = "idle"
    self.json({"run": source["runs"][0], "job": None}, 202)


@route("POST", "/api/sources/{}/reject")
def reject(self: Preview, one: str) -> None:
    source = self.house.sources[one]
    source["runs"][0]["state"] = "rejected"
    source["state"] = "idle"
    self.json(source["runs"][0])


@route("GET", "/api/sources/{}/runs")
def runs(self: Preview, one: str) -> None:
    self.json({"items": self.house.sources[one]["runs"], "next": None})


@route("GET", "/api/sources/{}/runs/{}")
def log(self: Preview, one: str, which: str) -> None:
    run = next(run for run in self.house.sources[one]["runs"] if run["id"] == which)
    would = [_line("remove", f"2019/Ata {n:02}.pdf") for n in range(1, 13)]
    lines = {"held": would, "failed": []}.get(run["state"], LOG)
    lines = [line | {"planned": run["dry_run"] or run["state"] == "held"} for line in lines]
    act = self.query.get("act")
    found = [line for line in lines if act in (None, line["act"])]
    self.json({"run": run, "log": {"items": found, "next": None}})


def stop(house: House, job: str) -> None:
    """Whoever cancels the job of an update ends it."""
    for source in house.sources.values():
        if source["job"] and source["job"]["id"] == job:
            source |= {"job": None, "state": "idle"}
            source["runs"][0] |= {"state": "cancelled", "ended_at": NOW}


@route("GET", "/api/collections/{}/trash")
def trash(self: Preview, shelf: str) -> None:
    found = [one for one in self.house.trash.values() if one["collection"] == shelf]
    self.json({"items": found, "next": None})


@route("POST", "/api/documents/{}/restore")
def restore(self: Preview, one: str) -> None:
    back = self.house.trash.pop(one)
    if "state" in back:
        self.house.documents[one] = back
    self.json({"document": back, "job": None}, 202)
