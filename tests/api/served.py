"""A house on a port of its own, for clients that need a real connection."""

import threading
from collections.abc import Iterator
from typing import Any

import openai
import pytest
import uvicorn

from appliance.settings import Settings
from tests.fakes import ScriptedGenerator, WordEmbedder
from tests.house import House
from tests.whole.running import eventually

FINE = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."


class Served:
    """A house on a port of its own; its model writes ``FINE`` unless told otherwise."""

    def __init__(self, settings: Settings) -> None:
        self.says: Any = lambda prompt: FINE
        self.writer = ScriptedGenerator(lambda prompt: self.says(prompt))
        self.house = House(settings, embedder=WordEmbedder(), generator=self.writer)
        config = uvicorn.Config(
            self.house.app, port=0, log_config=None, timeout_graceful_shutdown=2
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        eventually(lambda: self.server.started, "uvicorn did not start")
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.house.sign_in()
        self.clients: list[openai.OpenAI] = []

    def stop(self) -> None:
        for client in self.clients:
            client.close()
        self.server.should_exit = True
        self.thread.join(20)

    def assistant(self, name: str = "Secretaria", **fields: Any) -> dict[str, Any]:
        """An assistant that has read the handbook."""
        made = self.house.assistant(name, **fields)
        self.house.upload(made["collections"][0])
        return made

    def secret(self, **fields: Any) -> str:
        body = {"name": "programa", "scopes": ["ask", "search"]} | fields
        return str(self.house.client.post("/api/keys", json=body).json()["secret"])

    def client(self, secret: str = "", **fields: Any) -> openai.OpenAI:
        """OpenAI's client, with a new key of these ``fields`` unless it brings one."""
        made = openai.OpenAI(
            base_url=f"{self.address}/v1", api_key=secret or self.secret(**fields), max_retries=0
        )
        self.clients.append(made)
        return made

    def states(self) -> list[str]:
        rows = self.house.parts.database.rows("select state from messages order by id")
        return [row["state"] for row in rows]


@pytest.fixture
def served(settings: Settings) -> Iterator[Served]:
    opened = Served(Settings(data_dir=settings.data_dir, key_questions_per_minute=4))
    yield opened
    opened.stop()
