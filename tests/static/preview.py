"""A pretend appliance that serves the faces: ``python -m tests.static.preview``.

For looking at the console and the widget without an engine, and for the tests
that drive them. It streams with CRLF and cuts its bytes at odd places, as the
real server does, and it sends the same Content-Security-Policy.
"""

import argparse
import contextlib
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

from tests.static import (
    preview_api,  # noqa: F401 - declares its routes
    preview_approved,  # noqa: F401 - declares its routes
    preview_audit,  # noqa: F401 - declares its routes
    preview_backups,  # noqa: F401 - declares its routes
    preview_bench,
    preview_beside,  # noqa: F401 - declares its routes
    preview_doctor,  # noqa: F401 - declares its routes
    preview_egress,  # noqa: F401 - declares its routes
    preview_engines,
    preview_flows,  # noqa: F401 - declares its routes
    preview_gaps,  # noqa: F401 - declares its routes
    preview_gate,
    preview_golden,  # noqa: F401 - declares its routes
    preview_jobs,  # noqa: F401 - declares its routes
    preview_maker,  # noqa: F401 - declares its routes
    preview_models,
    preview_palette,  # noqa: F401 - declares its routes
    preview_people,  # noqa: F401 - declares its routes
    preview_reading,
    preview_rights,  # noqa: F401 - declares its routes
    preview_second_factor,  # noqa: F401 - declares its routes
    preview_settings,
    preview_sources,
    preview_subjects,  # noqa: F401 - declares its routes
    preview_talks,  # noqa: F401 - declares its routes
    preview_usage,  # noqa: F401 - declares its routes
    preview_visitors,
)
from tests.static import preview_paper as paper
from tests.static.preview_house import NOW, House, Json, document, new_id
from tests.static.preview_server import Preview, Server, route

FACE = (
    "name",
    "language",
    "greeting",
    "suggestions",
    "accent",
    "contact",
    "leaves_building",
    "look",
)


def listed(items: Any) -> Json:
    return {"items": list(items), "next": None}


@route("GET", "/")
def console(self: Preview) -> None:
    self.page("console/index.html")


@route("GET", "/w/{}")
def widget(self: Preview, _: str) -> None:
    self.page("widget/index.html")


@route("GET", "/widget.js")
def loader(self: Preview) -> None:
    self.page("widget/loader.js")


@route("GET", "/static/(.+)")
def static(self: Preview, name: str) -> None:
    self.page(name)


@route("GET", "/host")
def host(self: Preview) -> None:
    """A school's page, with a style sheet that would hide everything it can reach."""
    public = next(iter(self.house.assistants.values()))["public_id"]
    html = f"""<!doctype html><html lang="pt"><title>Escola</title><link rel="icon" href="data:,">
    <style>body{{font-family:sans-serif;background:#eef}}div *{{display:none!important}}</style>
    <h1>Escola Municipal</h1><p>Bem-vindos.</p><form id="body"></form>
    <script src="/widget.js" data-assistant="{public}" data-identity="{self.query.get("as", "")}"
        async></script>"""
    self.send_response(200)
    self.send_header("Content-Type", "text/html; charset=utf-8")
    self.end_headers()
    self.wfile.write(html.encode())


@route("POST", "/api/widget/{}/session")
def visitor(self: Preview, public: str) -> None:
    if not self.origins:
        return self.problem(403, "origin_not_allowed", "Este site não está na lista.")
    if self.body().get("identity") == "over":
        return self.problem(403, "identity_expired", "Recarregue a página.")
    one = next(a for a in self.house.assistants.values() if a["public_id"] == public)
    shown = {name: one[name] for name in FACE}
    ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 900))
    cors = {"Access-Control-Allow-Origin": self.headers.get("Origin") or "*"}
    session = {"token": "bw_preview", "expires_at": ends, "assistant": shown}
    return self.json(session, 201, **{k.replace("-", "_"): v for k, v in cors.items()})


@route("GET", "/api/widget/{}/config")
def config(self: Preview, public: str) -> None:
    one = next(a for a in self.house.assistants.values() if a["public_id"] == public)
    shown = {name: one[name] for name in FACE}
    notice = preview_visitors.notice(self, one["id"])
    self.json({"assistant": shown, "limits": {}, "notice": notice})


@route("POST", "/api/widget/acceptance")
def acceptance(self: Preview) -> None:
    self.json(self.body())


@route("DELETE", "/api/widget/acceptance")
def taken_back(self: Preview) -> None:
    self.send(b"", "text/plain", 204)


@route("GET", "/api/setup")
def needed(self: Preview) -> None:
    self.json({"needed": self.house.person is None})


@route("POST", "/api/setup")
def setup(self: Preview) -> None:
    given = self.body()
    if given["code"] != "1234-5678":
        return self.problem(403, "wrong_code", "O código não confere. Veja o terminal.")
    return self.json({"person": self.house.enrol(given)}, 201)


@route("GET", "/api/session")
def who(self: Preview) -> None:
    self.json({"person": self.house.person if self.house.signed_in else None})


@route("GET", "/api/session/ways")
def ways(self: Preview) -> None:
    self.json({"directory": False, "provider": ""})


@route("POST", "/api/session")
def sign_in(self: Preview) -> None:
    if len(self.body()["password"]) < 10:
        return self.problem(401, "wrong_credentials", "E-mail ou senha errados. Tente de novo.")
    self.house.signed_in = True
    return self.json({"person": self.house.person})


@route("DELETE", "/api/session")
def sign_out(self: Preview) -> None:
    self.house.signed_in = False
    self.send(b"", "text/plain", 204)


@route("PATCH", "/api/people/{}")
def person(self: Preview, _: str) -> None:
    if self.house.person:
        self.house.person |= self.body()
    self.json(self.house.person)


@route("GET", "/api/system")
def system(self: Preview) -> None:
    self.json({"version": "0.1", "address": "", "language_model": None, "parts": []})


@route("GET", "/api/assistants")
def assistants(self: Preview) -> None:
    self.json(listed(self.house.assistants.values()))


@route("POST", "/api/assistants")
def create(self: Preview) -> None:
    self.json(self.house.add_assistant(self.body()), 201)


@route("GET", "/api/assistants/{}")
def assistant(self: Preview, one: str) -> None:
    self.json(self.house.assistants[one])


@route("PATCH", "/api/assistants/{}")
def change(self: Preview, one: str) -> None:
    wanted = self.body()
    if preview_gate.held(self, one, wanted):
        return self.json(self.house.assistants[one] | {"held": True})
    changed = self.house.assistants[one] | wanted
    engine = self.house.engines.get(changed["engine"] or "")
    changed["leaves_building"] = bool(engine and engine["leaves_building"])
    self.house.assistants[one] = changed
    return self.json(changed)


@route("POST", "/api/assistants/{}/ask")
def ask(self: Preview, one: str) -> None:
    given = self.body()
    with self.house.lock:
        whole = self.house.answer(given["question"], given.get("conversation"), given.get("as_of"))
        self.house.conversations[whole["conversation"]]["assistant"] = one
    self.stream(_telling(whole, "fila" in given["question"]))


@route("POST", "/api/assistants/{}/bench")
def bench(self: Preview, one: str) -> None:
    given = self.body()
    if "fora do ar" in given["query"]:
        return self.problem(503, "engine_down", "A busca não respondeu. Tente de novo já.")
    return self.json(preview_bench.report(self.house, self.house.assistants[one], given["query"]))


def _telling(whole: Json, queue: bool) -> Iterator[tuple[str, Any]]:
    if queue:
        for position in (2, 1, 0):
            yield "queue", {"position": position, "eta_ms": position * 4000 + 2000}
    names = {"message": whole["message"], "conversation": whole["conversation"]}
    yield "passages", names | {"passages": whole["passages"], "answerable": 0.9, "took_ms": 14}
    text, sent = whole["answer"], 0
    for sentence in whole["sentences"]:
        while sent < sentence["end"]:
            yield "token", {"text": text[sent : sent + 7]}
            sent += 7
        yield "sentence", sentence
    yield "token", {"text": text[sent:]}
    yield "done", whole


@route("GET", "/api/conversations")
def conversations(self: Preview) -> None:
    words = self.query.get("q", "").lower()
    found = [one for one in self.house.conversations.values() if words in one["title"].lower()]
    self.json(listed([] if "outcome" in self.query else found))


@route("GET", "/api/conversations/{}")
def conversation(self: Preview, one: str) -> None:
    self.json(self.house.conversations[one])


@route("POST", "/api/messages/{}/regenerate")
def regenerate(self: Preview, one: str) -> None:
    with self.house.lock:
        talk, question = next(
            (talk, message["question"])
            for talk in self.house.conversations.values()
            for message in talk["messages"]
            if message["answer"]["message"] == one
        )
        whole = self.house.answer(question, talk["id"])
    self.stream(_telling(whole, False))


@route("POST", "/api/messages/{}/feedback")
def feedback(self: Preview, _: str) -> None:
    self.json(self.body())


@route("GET", "/api/collections")
def collections(self: Preview) -> None:
    shelves = self.house.collections.values()
    held = [d["collection"] for d in self.house.documents.values()]
    self.json(listed(shelf | {"documents": held.count(shelf["id"])} for shelf in shelves))


@route("GET", "/api/collections/{}")
def collection(self: Preview, shelf: str) -> None:
    self.json(self.house.collections[shelf])


@route("GET", "/api/collections/{}/documents")
def documents(self: Preview, shelf: str) -> None:
    self.json(listed(d for d in self.house.documents.values() if d["collection"] == shelf))


@route("POST", "/api/collections/{}/documents")
def receive(self: Preview, shelf: str) -> None:
    raw = self.rfile.read(int(self.headers["Content-Length"]))
    name = re.search(rb'filename="([^"]*)"', raw)
    file_name = name[1].decode() if name else "documento.pdf"
    if file_name.endswith(".exe"):
        detail = f"“{file_name}” não é um documento que eu saiba ler. Envie PDF, Word ou texto."
        return self.problem(415, "unsupported_type", detail)
    title = file_name.rsplit(".", 1)[0].replace("_", " ")
    former = re.search(rb'name="supersedes"\r\n\r\n([^\r]*)', raw)
    one = document(shelf, title, file_name=file_name, state="queued", ready_at=None,
                   bytes=len(raw), supersedes=former[1].decode() if former else None)  # fmt: skip
    preview_reading.link(self.house, one)
    job = {"id": new_id("j"), "kind": "read", "subject": one["id"], "state": "queued", "done": 0,
           "total": 4, "unit": "pages", "problem": None, "created_at": NOW, "started_at": None,
           "ended_at": None}  # fmt: skip
    self.house.documents[one["id"]] = one
    self.house.jobs[job["id"]] = job
    return self.json({"documents": [one], "jobs": [job]}, 202)


@route("GET", "/api/documents/{}")
def one_document(self: Preview, one: str) -> None:
    self.json(self.house.documents[one])


@route("DELETE", "/api/documents/{}")
def delete(self: Preview, one: str) -> None:
    gone = self.house.documents.pop(one)
    if self.query.get("trash"):
        self.house.trash[one] = gone | {"reason": "removed", "origin": "", "trashed_at": NOW,
                                        "restorable_until": "2026-12-31T12:00:00.000Z"}  # fmt: skip
    self.send(b"", "text/plain", 204)


@route("GET", "/api/documents/{}/pages/{}/image")
def image(self: Preview, _: str, number: str) -> None:
    self.send(paper.picture(preview_reading.leaf(int(number))), "image/png")


@route("GET", "/api/documents/{}/pages/{}/boxes")
def boxes(self: Preview, _: str, number: str) -> None:
    number = str(preview_reading.leaf(int(number)))
    self.json(paper.boxes(int(number), int(self.query["start"]), int(self.query["end"])))


@route("GET", "/api/keys")
def keys(self: Preview) -> None:
    self.json(listed(self.house.keys.values()))


@route("POST", "/api/keys")
def create_key(self: Preview) -> None:
    key = {"id": new_id("k"), "created_at": NOW, "expires_at": None, "last_used_at": None,
           "assistants": None} | self.body()  # fmt: skip
    self.house.keys[key["id"]] = key
    self.json({"key": key, "secret": "bk_preview_shown_once"}, 201)


@route("DELETE", "/api/keys/{}")
def delete_key(self: Preview, one: str) -> None:
    del self.house.keys[one]
    self.send(b"", "text/plain", 204)


@contextlib.contextmanager
def serving(
    *, furnished: bool = True, pace: float = 0.02, origins: bool = True, port: int = 0
) -> Iterator[str]:
    """The preview on a free port of this machine; gives its address."""
    house = House(furnished=furnished)
    house.models = preview_models.furnished()
    house.language_model = dict(preview_models.IN_USE)
    house.engines = preview_engines.furnished()
    preview_settings.furnish(house)
    if furnished:
        preview_reading.furnish(house)
        preview_sources.furnish(house)
    handler = type("Handler", (Preview,), {"house": house, "pace": pace, "origins": origins})
    with Server(("127.0.0.1", port), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--empty", action="store_true", help="before the first day")
    parser.add_argument("--port", type=int, default=8099)
    given = parser.parse_args()
    with serving(furnished=not given.empty, pace=0.15, port=given.port) as address:
        print(address)  # noqa: T201
        threading.Event().wait()
