"""People of the pretend appliance: who is there, who was invited, where one is signed in."""

from tests.static.preview_house import NOW, Json
from tests.static.preview_server import Preview, route

ANA = f"{7:026x}"
LINK = "http://127.0.0.1/#/invitation/abc"


def listed(items: list[Json]) -> Json:
    return {"items": items, "next": None}


def somebody(one: str, name: str, role: str, *, active: bool = True) -> Json:
    email = f"{name.split()[0].lower()}@escola.example"
    return {"id": one, "name": name, "email": email, "role": role, "language": "pt",
            "created_at": NOW, "active": active}  # fmt: skip


PEOPLE = [
    somebody("p1", "Helena Prado", "admin"),
    somebody("p2", "Bia Conceição", "editor"),
    somebody("p3", "Caio Nunes", "member"),
    somebody(ANA, "Ana Luz", "member"),
    somebody(f"{8:026x}", "Anabela Reis", "editor", active=False),
]


def session(one: str, *, current: bool = False) -> Json:
    return {"id": one, "seen_at": NOW, "created_at": NOW, "address": "10.0.0.7",
            "browser": "Firefox", "current": current}  # fmt: skip


@route("GET", "/api/people")
def people(self: Preview) -> None:
    wanted = self.query.get("search", "").lower()
    found = [one for one in PEOPLE if wanted in f"{one['name']} {one['email']}".lower()]
    self.json(listed(found))


@route("GET", "/api/people/{}/sessions")
def sessions(self: Preview, one: str) -> None:
    mine = [session("s1", current=True)] if one == "p1" else []
    self.json(listed([*mine, session("s2")]))


@route("DELETE", "/api/people/{}/sessions")
def end_all(self: Preview, _: str) -> None:
    self.send(b"", "text/plain", 204)


@route("GET", "/api/invitations")
def invitations(self: Preview) -> None:
    waiting = {"id": "i1", "email": "bia@escola.example", "name": "", "role": "member",
               "language": "pt", "groups": [], "created_at": NOW, "expires_at": NOW}  # fmt: skip
    self.json(listed([waiting]))


@route("POST", "/api/invitations")
def invite(self: Preview) -> None:
    made = {"id": "i2", "name": "", "language": "pt", "groups": [], "created_at": NOW,
            "expires_at": NOW} | self.body()  # fmt: skip
    self.json({"invitation": made, "link": LINK, "mailed": False}, 201)


@route("POST", "/api/invitations/open")
def opened(self: Preview) -> None:
    if self.body()["token"] != "abc":
        return self.problem(404, "link_gone", "Este link já não vale. Peça outro.")
    return self.json({"name": "", "email": "bia@escola.example", "language": "pt",
                      "organization": "Colégio Aurora"})  # fmt: skip


@route("POST", "/api/resets/open")
def reset(self: Preview) -> None:
    self.json({"email": "bia@escola.example"})


@route("GET", "/api/resets")
def forgot(self: Preview) -> None:
    self.json({"by_mail": True})
