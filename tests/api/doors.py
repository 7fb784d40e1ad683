"""The doors alone: the edge's guard, problems and people, assembled over a real database."""

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Request, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.testing import TestClient

from appliance import accounts, keys
from appliance.api import (
    audit,
    groups,
    guards,
    holds,
    invitations,
    middleware,
    notices,
    people,
    person_sessions,
    problems,
    resets,
    second_factor,
    sessions,
    setup,
    visiting,
    widget_sessions,
)
from appliance.api import keys as key_routes
from appliance.database import Database
from appliance.jobs.queue import Queue
from appliance.records import Caller, Person, Role, new_id, timestamp
from appliance.settings import Settings
from appliance.signin import password
from appliance.signin import sessions as session_rows
from appliance.vault import Vault
from tests import registered

ADDRESS = "http://balcao.intra.test:8080"
SITE = "https://intranet.test"
WORD = "três gatos na janela"
ROUTES = [
    *sessions.routes,
    *second_factor.routes,
    *setup.routes,
    *people.routes,
    *person_sessions.routes,
    *invitations.routes,
    *resets.routes,
    *groups.routes,
    *holds.routes,
    *key_routes.routes,
    *audit.routes,
    *widget_sessions.routes,
    *visiting.routes,
    *notices.routes,
]

_hashes: dict[str, str] = {}


@get("/api/whoami", who=guards.person() | guards.key("ask") | guards.visitor())
async def whoami(caller: NamedDependency[Caller]) -> dict[str, Any]:
    return {"kind": caller.kind, "id": caller.id, "assistants": sorted(caller.assistants or [])}


@post("/api/change", who=guards.person() | guards.key("ask"), status_code=200)
async def change(caller: NamedDependency[Caller]) -> dict[str, str]:
    return {"kind": caller.kind}


@get("/api/broken", who=guards.anyone())
async def broken() -> None:
    raise RuntimeError("the secret ingredient is cardamom")


def assemble(settings: Settings, *more: Any) -> Litestar:
    """The doors as ``app.py`` puts them together, and ``more`` routes."""
    database = Database(settings.data / "appliance.db")
    database.migrate()
    vault = Vault(settings.data)
    queue = Queue(settings.data / "queue.db")
    app = registered.twin(_routed(*more))
    app.state.update({"database": database, "settings": settings, "vault": vault, "queue": queue})
    return middleware.surround(app)


@functools.cache
def _routed(*more: Any) -> Litestar:
    return Litestar(
        route_handlers=[Router("/", route_handlers=[*ROUTES, whoami, change, broken, *more])],
        guards=guards.GUARDS,
        exception_handlers=problems.EXCEPTION_HANDLERS,
        dependencies={
            **guards.DEPENDENCIES,
            **{
                name: Provide(_given(name), sync_to_thread=False)
                for name in ("database", "settings", "vault", "queue")
            },
        },
        openapi_config=None,
        debug=False,
    )


def _given(name: str) -> Any:
    def given(request: Request[Any, Any, Any]) -> object:
        return request.app.state[name]

    return given


class Doors:
    """A person's or a program's view of the doors, and the rows behind them."""

    def __init__(self, settings: Settings, *more: Any) -> None:
        self.settings = settings
        self.app = assemble(settings, *more)
        self.database: Database = self.app.state.database
        self.vault = Vault(settings.data)
        self.client = self.new_client()

    def new_client(self) -> TestClient[Litestar]:
        """Another browser, with cookies of its own."""
        return TestClient(self.app, base_url=self.settings.address, raise_server_exceptions=False)

    def add(self, name: str = "Ana", *, role: Role = "admin") -> Person:
        """A person whose password is ``WORD``."""
        with self.database.write() as writer:
            return accounts.create(
                writer,
                name=name,
                email=f"{name.lower()}@casa.test",
                password_hash=hash_of(WORD),
                role=role,
            )

    def cookie_of(self, person: Person) -> dict[str, str]:
        """The header of a browser in which the person has signed in."""
        with self.database.write() as writer:
            token = session_rows.begin(writer, person.id, hours=12)
        return {"cookie": f"{guards.cookie_name(self.settings)}={token}"}

    def admin(self) -> dict[str, str]:
        """The header of a new administrator's browser."""
        return self.cookie_of(self.add(f"Chefe{new_id()[-6:]}"))

    def key(self, *scopes: str, assistants: list[str] | None = None) -> dict[str, str]:
        """The header of a program with a new key."""
        with self.database.write() as writer:
            _, secret = keys.create(
                writer, name="robot", scopes=scopes or ("ask",), assistants=assistants
            )
        return {"authorization": f"Bearer {secret}"}

    def assistant(self, *origins: str, language: str = "pt") -> tuple[str, str]:
        """A new assistant that these sites may embed: its id and its public id."""
        assistant, public = new_id(), new_id()
        row = {
            "id": assistant, "slug": assistant, "public_id": public, "name": "Portaria",
            "language": language, "instructions": "Segredo: seja breve.", "greeting": "Olá!",
            "suggestions": '["Qual o horário?"]', "refusal": "Não sei.",
            "contact": "portaria@casa.test", "mode": None, "strictness": "balanced",
            "accent": "#0a7d55", "origins": f"[{', '.join(map(quoted, origins))}]",
            "created_at": timestamp(),
        }  # fmt: skip
        names = ", ".join(row)
        holes = ", ".join(f":{name}" for name in row)
        with self.database.write() as writer:
            writer.run(f"insert into assistants ({names}) values ({holes})", row)
        return assistant, public


def quoted(text: str) -> str:
    return f'"{text}"'


def hash_of(word: str) -> str:
    """A real argon2id hash, computed once for all the tests of a run."""
    if word not in _hashes:
        _hashes[word] = password.hashed(word)
    return _hashes[word]


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    """The doors of an appliance with nobody in it."""
    opened = Doors(Settings(data_dir=str(tmp_path), public_url=ADDRESS))
    with opened.client:
        yield opened
    opened.database.close()
