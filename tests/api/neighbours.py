"""Two assistants side by side, and everybody who might try the one that is not theirs.

A1 is for the group of U1 and has ED for its editor; A2 is for whoever signs in, and W1 is a
visitor of A3, which is for everyone. K1 is made for A1 alone, and may only ask and search.
"""

from pathlib import Path
from typing import Any

from httpx import Response

from appliance import accounts, groups
from appliance.api import guards
from appliance.records import Role
from appliance.signin import sessions
from tests.api import visiting
from tests.house import House
from tests.index.reading import papers

CANARY = "CANARIO-A1-7f3c"
SITE = "https://escola.example"
FORM = {"on": True, "title": "Pedir vaga", "fields": [{"label": "Nome"}]}
QUESTION = "Qual é a senha do cofre da diretoria?"
TEXT = f"A senha do cofre da diretoria é {CANARY}."

Headers = dict[str, str]


class Neighbours:
    """``callers`` are headers by name; ``first`` and ``second`` the assistants A1 and A2."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.people: dict[str, str] = {}
        self.callers: dict[str, Headers] = {"ANON": {}}
        for name, role in (
            ("U1", "member"), ("U2", "member"), ("ED", "editor"), ("ADM", "admin"),
            ("auditor", "auditor"), ("disabled", "member"),
        ):  # fmt: skip
            self.callers[name] = self.person(name, role)
        with house.parts.database.write() as db:
            accounts.change(db, self.people["disabled"], active=False)
            self.group = groups.create(db, name="Diretoria", members=[self.people["U1"]]).id
        self.first = house.assistant(
            "Diretoria", access="groups", groups=[self.group], editors=[self.people["ED"]]
        )
        self.second = house.assistant("Secretaria", access="signed_in")
        self.third = house.assistant("Portaria", origins=[SITE])
        (self.shelf,), (self.other,) = self.first["collections"], self.second["collections"]
        paper = papers.pdf(Path(house.settings.data) / "cofre.pdf", [TEXT, "Nada mais consta."])
        self.document = house.upload(self.shelf, paper.read_bytes(), "cofre.pdf")
        self.letter = house.upload(self.other, "# Avisos\n\nA secretaria abre às 8h.\n", "a.md")
        self.job = house.client.get("/api/jobs", params={"subject": self.document["id"]})
        self.callers["K1"] = self.key("ask", "search", assistants=[self.first["id"]])
        self.key_id = house.client.get("/api/keys").json()["items"][0]["id"]
        visit = house.client.post(
            f"/api/widget/{self.third['public_id']}/session", headers={"origin": SITE}
        )
        token = visit.json()["token"]
        self.callers["W1"] = visiting.accept(house.client, self.third["public_id"], token)
        approved = house.client.post(
            f"/api/assistants/{self.first['id']}/approved-answers",
            json={"questions": ["Onde fica o cofre?"], "text": f"Na sala {CANARY}."},
        )
        answer = self.ask("U1", self.first["id"]).json()
        asked = {"assistant": self.first["id"], "question": QUESTION, "phrases": [CANARY]}
        golden = house.client.post("/api/golden", json=asked).json()
        thumb = {"good": False}
        self.request("U1", "POST", f"/api/messages/{answer['message']}/feedback", json=thumb)
        gap = house.client.get("/api/gaps").json()["items"][0]["id"]
        flows = {"person": {"on": True}, "form": FORM}
        self.patch(f"/api/assistants/{self.first['id']}/flows", **flows)
        path = f"/api/conversations/{answer['conversation']}/handover"
        self.request("U1", "POST", path, json={"note": CANARY})
        handover = house.client.get("/api/handovers").json()["items"][0]["id"]
        laid = self.request(
            "U1",
            "POST",
            f"/api/conversations/{answer['conversation']}/files",
            files={"file": ("anexo.txt", f"Anexo: {TEXT}".encode())},
        ).json()["file"]["id"]
        house.work()
        self.ids = {
            "assistant_id": self.first["id"],
            "public_id": self.first["public_id"],
            "digest": house.logo(self.first["id"]),
            "collection_id": self.shelf,
            "document_id": self.document["id"],
            "job_id": self.job.json()["items"][0]["id"],
            "conversation_id": answer["conversation"],
            "message_id": answer["message"],
            "golden_id": golden["id"],
            "approved_id": approved.json()["id"],
            "gap_id": gap,
            "handover_id": handover,
            "file_id": laid,
            "group_id": self.group,
            "person_id": self.people["U1"],
            "session_id": self.session_of("U1"),
            "key_id": self.key_id,
        }

    def person(self, name: str, role: Role) -> Headers:
        """The header of a browser in which a new person has signed in."""
        with self.house.parts.database.write() as db:
            made = accounts.create(
                db, name=name, email=f"{name}@escola.example", password_hash="", role=role
            )
            token = sessions.begin(db, made.id, hours=1)
        self.people[name] = made.id
        return {"cookie": f"{guards.cookie_name(self.house.settings)}={token}"}

    def session_of(self, who: str) -> str:
        path = f"/api/people/{self.people[who]}/sessions"
        return str(self.request(who, "GET", path).json()["items"][0]["id"])

    def key(self, *scopes: str, **limits: Any) -> Headers:
        body = {"name": "programa", "scopes": scopes} | limits
        return bearer(self.house.client.post("/api/keys", json=body).json()["secret"])

    def request(self, who: str, method: str, path: str, **sent: Any) -> Response:
        """As the caller of that name."""
        headers = self.callers[who] | sent.pop("headers", {})
        with self.house.as_nobody() as client:
            response: Response = client.request(method, path, headers=headers, **sent)
            client.cookies.clear()
        return response

    def ask(self, who: str, assistant: str, **fields: Any) -> Response:
        body = {"question": QUESTION} | fields
        return self.request(who, "POST", f"/api/assistants/{assistant}/ask", json=body)

    def patch(self, path: str, **changes: Any) -> dict[str, Any]:
        """A change by the first administrator."""
        sent = self.house.client.patch(path, json=changes)
        assert sent.status_code == 200, sent.text
        return dict(sent.json())


def bearer(secret: str) -> Headers:
    return {"authorization": f"Bearer {secret}"}
