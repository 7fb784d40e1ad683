"""A house with a walled collection, the people on both sides of the wall, and a way to try
every route with what lies behind it."""

import re
from pathlib import Path
from typing import Any

import msgspec
from httpx import Response

from appliance import accounts, groups, sources
from appliance.api import guards
from appliance.database import Database
from appliance.records import Role, new_id
from appliance.signin import sessions
from appliance.sources import Source, SourceOptions, entries, runs
from appliance.sources.entries import SourceEntry
from tests.api.visiting import accept
from tests.house import House
from tests.index.reading import papers

Headers = dict[str, str]

SITE = "https://escritorio.example"
TITLE, FILE, TEXT = "zibelina", "ocapi", "quimera"
CANARIES = (TITLE, FILE, TEXT)
FORM = {"on": True, "title": "Pedir vaga", "fields": [{"label": "Nome"}]}
QUESTION = "Qual é o preço combinado do estanho?"  # answered behind the wall, in other words
PAGE = [f"O preço combinado do estanho é de 40 mil reais, senha {TEXT}.", "Nada mais consta."]
LONG = " ".join(f"A etapa {n} tem o seu responsável, o seu prazo e a sua conta." for n in range(9))
OPEN = "# Regimento\n\nA multa por atraso na biblioteca é de R$ 1,50 por dia.\n"


class World:
    """``partners`` may read the walled collection, ``barred`` may not, whatever their role.

    ``hidden`` holds the ids behind the wall by the names that routes give them; the
    assistant ``merger`` reads only what is there, ``mixed`` an open collection, too.
    """

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        self.people: dict[str, str] = {}
        self.callers: dict[str, Headers] = {
            "member": self.person("Marta", "member"),
            "editor": self.person("Edu", "editor"),
            "auditor": self.person("Aldo", "auditor"),
            "denied administrator": self.person("Bento", "admin"),
            "denied partner": self.person("Davi", "editor"),
        }
        self.insider = self.person("Inês", "editor")
        self.partners = self.group("Sócios", "Inês", "Davi")
        self.barred = self.group("Impedidos", "Bento", "Davi")
        self.merger = house.assistant("Fusão", origins=[SITE])
        (self.walled,) = self.merger["collections"]
        self.mixed = house.assistant("Secretaria", origins=[SITE])
        (self.open,) = self.mixed["collections"]
        self.patch(
            f"/api/assistants/{self.mixed['id']}",
            collections=[self.open, self.walled],
            editors=[self.people[who] for who in ("Inês", "Edu", "Davi")],
        )
        self.patch(
            f"/api/assistants/{self.merger['id']}",
            editors=[self.people[who] for who in ("Inês", "Davi")],
        )
        self.visible = house.upload(self.open, OPEN, "regimento.md")
        secret = papers.pdf(folder / f"{FILE}.pdf", PAGE)
        self.file = secret.read_bytes()
        self.document = house.upload(self.walled, self.file, f"{FILE}.pdf")
        plan = {"title": f"Plano {TITLE}", "text": f"O plano {TITLE} começa em maio. {LONG}"}
        house.client.post(f"/api/collections/{self.walled}/texts", json=plan)
        plan["text"] += f" Muda o prazo do plano {TITLE}."
        house.client.post(f"/api/collections/{self.walled}/texts", json=plan)
        house.work()
        (proposal,) = house.client.get(f"/api/collections/{self.walled}/proposals").json()["items"]
        asked = {"assistant": self.merger["id"], "question": f"Qual é o {TITLE}?"}
        golden = house.client.post("/api/golden", json=asked).json()
        self.patch(
            f"/api/collections/{self.walled}", groups=[self.partners], denied_groups=[self.barred]
        )
        approved = house.client.post(
            f"/api/assistants/{self.merger['id']}/approved-answers",
            json={
                "questions": [f"O que é {TITLE}?"],
                "text": TEXT,
                "document": self.document["id"],
            },
        )
        answer = self.ask(self.insider, self.merger["id"]).json()
        thumb = {"good": False}
        self.request(
            "POST", f"/api/messages/{answer['message']}/feedback", self.insider, json=thumb
        )
        gap = self.request("GET", "/api/gaps", self.insider).json()["items"][0]["id"]
        self.request(
            "PATCH", f"/api/assistants/{self.merger['id']}/flows", self.insider,
            json={"person": {"on": True}, "form": FORM},
        )  # fmt: skip
        path = f"/api/conversations/{answer['conversation']}/handover"
        self.request("POST", path, self.insider, json={"note": TEXT})
        laid = self.request(
            "POST",
            f"/api/conversations/{answer['conversation']}/files",
            self.insider,
            files={"file": (f"{FILE}-anexo.txt", f"{TITLE}: {TEXT}".encode())},
        ).json()["file"]["id"]
        handover = self.request("GET", "/api/handovers", self.insider).json()["items"][0]["id"]
        self.callers |= {
            "key": self.key("ask", "search", "documents:read", "documents:write"),
            "key of the assistant": self.key("ask", "search", assistants=[self.mixed["id"]]),
            "visitor": self.visitor(self.mixed["public_id"]),
        }
        source, run = self.source()
        self.hidden = {
            "assistant_id": self.merger["id"],
            "public_id": self.merger["public_id"],
            "digest": house.logo(self.merger["id"]),
            "collection_id": self.walled,
            "document_id": self.document["id"],
            "source_id": source.id,
            "run_id": run,
            "job_id": house.client.get("/api/jobs").json()["items"][0]["id"],
            "proposal_id": proposal["id"],
            "golden_id": golden["id"],
            "conversation_id": answer["conversation"],
            "message_id": answer["message"],
            "approved_id": approved.json()["id"],
            "gap_id": gap,
            "handover_id": handover,
            "file_id": laid,
        }

    @property
    def database(self) -> Database:
        return self.house.parts.database

    def person(self, name: str, role: Role) -> Headers:
        """The header of a browser in which a new person has signed in."""
        email = f"{len(self.people)}@escritorio.example"
        with self.database.write() as db:
            made = accounts.create(db, name=name, email=email, password_hash="", role=role)
            token = sessions.begin(db, made.id, hours=1)
        self.people[name] = made.id
        return {"cookie": f"{guards.cookie_name(self.house.settings)}={token}"}

    def group(self, name: str, *members: str) -> str:
        with self.database.write() as db:
            return groups.create(db, name=name, members=[self.people[who] for who in members]).id

    def key(self, *scopes: str, **limits: Any) -> Headers:
        body = {"name": "programa", "scopes": scopes} | limits
        secret = self.house.client.post("/api/keys", json=body).json()["secret"]
        return {"authorization": f"Bearer {secret}"}

    def source(self) -> tuple[Source, str]:
        """A folder behind the wall, from which the document came, and a run of it."""
        with self.database.write() as db:
            made = sources.add(
                db, collection=self.walled, kind="folder", address=f"/mnt/{FILE}",
                schedule="manual", options=SourceOptions(),
            )  # fmt: skip
            run = runs.open(db, made.id).id
            entry = SourceEntry(
                source=made.id, key=f"{TITLE}.pdf", name=f"{TITLE}.pdf", owned=True,
                document=self.document["id"], former=None, bytes=1, changed="1", sha256="1",
                problem=None,
            )  # fmt: skip
            entries.remember(db, entry, run)
        return made, run

    def visitor(self, public_id: str) -> Headers:
        token = self.visit(public_id).json()["token"]
        with self.house.as_nobody() as client:
            return accept(client, public_id, token)

    def visit(self, public_id: str) -> Response:
        sent: Response = self.house.client.post(
            f"/api/widget/{public_id}/session", headers={"origin": SITE}
        )
        return sent

    def patch(self, path: str, **changes: Any) -> dict[str, Any]:
        """A change by the administrator who is in no group."""
        sent = self.house.client.patch(path, json=changes)
        assert sent.status_code == 200, sent.text
        return dict(sent.json())

    def request(self, method: str, path: str, headers: Headers, **sent: Any) -> Response:
        """As the caller of ``headers``; a body is a dict, an upload is ``files``."""
        with self.house.as_nobody() as client:
            response: Response = client.request(method, path, headers=headers, **sent)
            client.cookies.clear()
        return response

    def ask(self, headers: Headers, assistant: str, **fields: Any) -> Response:
        body = {"question": QUESTION} | fields
        return self.request("POST", f"/api/assistants/{assistant}/ask", headers, json=body)

    def never(self) -> dict[str, str]:
        """Ids that were never given, under the names of those that are hidden."""
        return {name: new_id() for name in self.hidden}

    def rows(self) -> str:
        """Everything that a request from outside must leave as it is."""
        return "".join(
            msgspec.json.encode(self.database.rows(f"select * from {table} order by 1")).decode()
            for table in (
                "collections", "collection_groups", "documents", "pages", "jobs", "reviews",
                "proposals", "assistant_collections", "conversations", "messages", "sources",
                "source_entries", "source_runs", "trash", "approved_answers",
            )
        )  # fmt: skip


def plain(response: Response, *ids: str) -> tuple[int, str, str]:
    """What a caller can tell of a response, but for the request's number and ``ids``, which
    they sent themselves."""
    text = re.sub(r'"request_id":"[^"]*"', "", response.text)
    for one in ids:
        text = text.replace(one, "ID")
    return response.status_code, response.headers.get("content-type", ""), text


def canaries(response: Response) -> list[str]:
    """The words from behind the wall in a response, its headers and its bytes included."""
    told = response.content.decode("utf-8", "replace").lower() + str(response.headers).lower()
    return [word for word in CANARIES if word in told]
