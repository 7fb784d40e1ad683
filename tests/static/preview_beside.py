"""Files beside a conversation of the pretend appliance: read at the second look."""

import re

from tests.static.preview_house import NOW, Json, document, new_id
from tests.static.preview_server import Preview, route


def shown(one: Json) -> Json:
    names = ("id", "title", "file_name", "bytes", "state", "problem", "pages", "pages_unreadable")
    return {name: one[name] for name in names}


@route("POST", "/api/(assistants|conversations)/{}/files")
def attach(self: Preview, kind: str, beside: str) -> None:
    raw = self.rfile.read(int(self.headers["Content-Length"]))
    name = re.search(rb'filename="([^"]*)"', raw)
    file_name = name[1].decode() if name else "documento.pdf"
    if file_name.endswith(".exe"):
        detail = f"“{file_name}” não é um documento que eu saiba ler. Envie PDF, Word ou texto."
        return self.problem(415, "unsupported_type", detail)
    title = file_name.rsplit(".", 1)[0].replace("_", " ")
    talk = beside if kind == "conversations" else new_id("t")
    self.house.conversations.setdefault(
        talk,
        {"id": talk, "assistant": beside, "title": title, "created_at": NOW,
         "updated_at": NOW, "messages": []},
    )  # fmt: skip
    one = document(f"beside:{talk}", title, file_name=file_name, bytes=len(raw), state="queued")
    self.house.documents[one["id"]] = one
    return self.json({"conversation": talk, "file": shown(one)}, 202)


@route("GET", "/api/conversations/{}/files")
def files(self: Preview, talk: str) -> None:
    found = [d for d in self.house.documents.values() if d["collection"] == f"beside:{talk}"]
    self.json({"items": [shown(one) for one in found], "next": None})
    for one in found:  # by the next look
        bad = "quebrado" in one["file_name"]
        problem = {"code": "unreadable", "detail": "O arquivo está danificado e não abre."}
        one |= {"state": "failed", "problem": problem, "pages": 0} if bad else {"state": "ready"}


@route("DELETE", "/api/conversations/{}/files/{}")
def take_away(self: Preview, _: str, one: str) -> None:
    self.house.documents.pop(one)
    self.send(b"", "text/plain", 204)


@route("GET", "/api/documents/{}/summary")
def summary(self: Preview, one: str) -> None:
    document = self.house.documents[one]
    lines = [
        ("Os recibos devem ser entregues ao financeiro até o dia 5 de cada mês.", 1, 40),
        ("A multa por atraso na devolução de livros é de R$ 1,50 por dia.", 2, 420),
    ]
    self.json({
        "read": f"Resumo de “{document['title']}”, lido inteiro, páginas 1 a {document['pages']}.",
        "lines": [
            {"text": text, "page": page, "start": start, "end": start + len(text)}
            for text, page, start in lines
        ],
    })  # fmt: skip
