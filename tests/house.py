"""A whole appliance for a test: real SQLite, FAISS and HTTP, its worker called by hand."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from litestar.testing import TestClient

from appliance import accounts, app, assistants
from appliance.api import guards, job_events
from appliance.app import Parts
from appliance.jobs import ledger
from appliance.models import Embedder, Generator
from appliance.records import Role
from appliance.settings import Settings
from appliance.signin import sessions
from tests import registered
from tests.pictures import picture

app.routed = registered.once(app.routed)
job_events.LIFE_SECONDS = 0.0  # the client of a test reads a stream to its end

HANDBOOK = """# Regimento interno

## Biblioteca

A multa por atraso na devolução de livros é de R$ 1,50 por dia.
Cada aluno pode levar três livros por quinze dias.

## Secretaria

A secretaria atende de segunda a sexta, das 7h30 às 17h.
Os recibos devem ser entregues ao financeiro até o dia 5 de cada mês.

## Uniforme

O uso do uniforme é obrigatório em todas as aulas.
"""


class House:
    """``client`` speaks HTTP as the first administrator; ``parts`` are the rooms behind."""

    def __init__(
        self, settings: Settings, *, embedder: Embedder, generator: Generator | None = None
    ) -> None:
        self.settings = settings
        self.app = app.assemble(settings, embedder=embedder, generator=generator)
        self.parts: Parts = self.app.state.parts
        self.client: TestClient[Any] = TestClient(self.app, base_url="http://127.0.0.1:8080")

    def __enter__(self) -> "House":
        self.client.__enter__()
        self.sign_in()
        return self

    def __exit__(self, *reason: object) -> None:
        self.client.__exit__(None, None, None)

    def sign_in(self) -> None:
        """Be the first administrator. Straight into the tables: the doors have tests of
        their own, and two passwords hashed for each test would cost minutes."""
        known = accounts.credentials(self.parts.database, "ana@escola.example")
        with self.parts.database.write() as db:
            person = (
                known[0]
                if known
                else accounts.create_first(
                    db,
                    name="Ana Prado",
                    email="ana@escola.example",
                    password_hash="",
                    language="pt",
                )
            )
            token = sessions.begin(db, person.id, hours=1)
        self.client.cookies.set(guards.cookie_name(self.settings), token)

    @contextlib.contextmanager
    def as_nobody(self) -> Iterator[TestClient[Any]]:
        """The client without its session."""
        kept = dict(self.client.cookies)
        self.client.cookies.clear()
        try:
            yield self.client
        finally:
            self.client.cookies.update(kept)

    @contextlib.contextmanager
    def with_key(self, **fields: Any) -> Iterator[TestClient[Any]]:
        """The client as a program with a key made of ``fields``."""
        made = self.client.post("/api/keys", json={"name": "programa"} | fields)
        assert made.status_code == 201, made.text
        with self.as_nobody() as client:
            client.headers["authorization"] = f"Bearer {made.json()['secret']}"
            try:
                yield client
            finally:
                del client.headers["authorization"]

    @contextlib.contextmanager
    def as_a(self, role: Role) -> Iterator[TestClient[Any]]:
        """The client as another person with this role; as an editor, one of all that is there."""
        with self.parts.database.write() as db:
            person = accounts.create(
                db, name="Bia", email=f"{role}@escola.example", password_hash="", role=role
            )
            if role == "editor":
                for one in assistants.every(self.parts.database, limit=1000):
                    assistants.change(db, one.id, {"editors": [*one.editors, person.id]})
                db.run(
                    "insert into collection_editors select id, :editor from collections",
                    {"editor": person.id},
                )
            token = sessions.begin(db, person.id, hours=1)
        with self.as_nobody() as client:
            client.cookies.set(guards.cookie_name(self.settings), token)
            yield client
            client.cookies.clear()

    def assistant(self, name: str = "Secretaria", **fields: Any) -> dict[str, Any]:
        """A new assistant with a collection of its own."""
        made = self.client.post("/api/assistants", json={"name": name} | fields)
        assert made.status_code == 201, made.text
        return dict(made.json())

    def upload(
        self, collection: str, content: bytes | str = HANDBOOK, name: str = "regimento.md"
    ) -> dict[str, Any]:
        """Upload a file and have it read; the document as it is then."""
        sent = self.send(collection, content, name)
        assert sent.status_code == 202, sent.text
        self.work()
        found = self.client.get(f"/api/documents/{sent.json()['documents'][0]['id']}")
        return dict(found.json())

    def logo(self, assistant: str, sent: bytes | None = None) -> str:
        """Send an assistant a picture and let it wear it; its digest."""
        kept = self.client.put(
            f"/api/assistants/{assistant}/logo",
            content=picture(300, 200) if sent is None else sent,
            headers={"content-type": "application/octet-stream"},
        )
        assert kept.status_code == 200, kept.text
        digest = str(kept.json()["logo"])
        worn = self.client.patch(f"/api/assistants/{assistant}", json={"look": {"logo": digest}})
        assert worn.status_code == 200, worn.text
        return digest

    def send(self, collection: str, content: bytes | str, name: str) -> Any:
        """Upload a file; the response."""
        data = content.encode() if isinstance(content, str) else content
        return self.client.post(
            f"/api/collections/{collection}/documents", files={"file": (name, data)}
        )

    def work(self) -> None:
        """Do all jobs that are due."""
        worker = self.parts.worker()
        for job in ledger.due(self.parts.database):
            worker.run(job)

    def ask(self, assistant: str, question: str, **fields: Any) -> dict[str, Any]:
        """A whole answer."""
        sent = self.client.post(
            f"/api/assistants/{assistant}/ask", json={"question": question} | fields
        )
        assert sent.status_code == 200, sent.text
        return dict(sent.json())

    def stream(self, assistant: str, question: str) -> list[tuple[str, Any]]:
        """The events of a streamed answer."""
        sent = self.client.post(
            f"/api/assistants/{assistant}/ask", json={"question": question, "stream": True}
        )
        assert sent.status_code == 200, sent.text
        return list(events(sent.text))

    def file_count(self) -> int:
        """How many originals are kept."""
        return sum(path.is_file() for path in (Path(self.settings.data) / "files").rglob("*"))


def events(text: str) -> list[tuple[str, Any]]:
    """The events of a ``text/event-stream`` body."""
    found = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in fields:
            found.append((fields["event"], msgspec.json.decode(fields["data"])))
    return found
