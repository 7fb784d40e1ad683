"""The way of a new user from the first start to a measured answer: ``python -m tests.whole.journey
FOLDER`` walks it with a real appliance and prints what came of it, as one line of JSON.

A program of its own, so that a test can put the whole of it where there is no network.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from tests.cli import sets
from tests.whole.running import Running, eventually

COPYIST = Path(__file__).parents[1] / "tiny" / "copyist.gguf"
QUESTION = "Qual é a multa por atraso na devolução de livros?"
FINE = "O atraso na devolução de livros gera multa de R$ 2,00 por dia."
TEXT = f"Os livros podem ser emprestados por 14 dias. {FINE} O leitor pode renovar uma vez."
WORD = "gaivota-azul-na-praia-77"


def walk(folder: Path) -> dict[str, Any]:
    """Setup code, administrator, assistant, upload, question, sign-out, and a small set."""
    appliance = Running(folder / "data", APPLIANCE_LANGUAGE_MODEL=f"copyist={COPYIST}")
    appliance.start()
    try:
        _become_administrator(appliance)
        assistant = appliance.assistant()
        document = appliance.upload(assistant["collections"][0], "regras.txt", TEXT.encode())
        state = appliance.read(document)["state"]
        eventually(lambda: _writes(appliance), "the language model did not load")
        answer = _ask(appliance, assistant["id"])
        egress = appliance.client.get("/api/egress").json()
    finally:
        appliance.stop()
    quotes = [one["quote"] for one in answer["citations"]]
    return {
        "document": state,
        "mode": answer["mode"],
        "cited": any("R$ 2,00" in quote for quote in quotes),
        "contacts": egress["contacts"],
        "recall@1": _measured(folder)["recall@1"],
    }


def _become_administrator(appliance: Running) -> None:
    code = json.loads(appliance.command("setup-code", "--json"))["code"]
    appliance.client.headers["origin"] = appliance.address
    person = {"name": "Ana", "email": "ana@casa.test", "password": WORD}
    appliance.client.post("/api/setup", json={"code": code, **person}).raise_for_status()
    signed = {"email": person["email"], "password": WORD}
    appliance.client.post("/api/session", json=signed).raise_for_status()


def _writes(appliance: Running) -> bool:
    return bool(appliance.system()["language_model"]["state"] == "ready")


def _ask(appliance: Running, assistant: str) -> dict[str, Any]:
    sent = appliance.client.post(f"/api/assistants/{assistant}/ask", json={"question": QUESTION})
    sent.raise_for_status()
    return dict(sent.json())


def _measured(folder: Path) -> dict[str, Any]:
    """A set of two questions, by the command that measures sets."""
    set_ = sets.put(
        folder / "set",
        [{"id": "a", "title": "Multa", "text": FINE}, {"id": "b", "title": "Uniforme",
         "text": "O uniforme é obrigatório em todas as aulas."}],
        [{"id": "1", "text": QUESTION}, {"id": "2", "text": "O uniforme é obrigatório?"}],
        [{"query": "1", "doc": "a"}, {"query": "2", "doc": "b"}],
    )  # fmt: skip
    appliance = Running(folder / "elsewhere")
    try:
        return dict(json.loads(appliance.command("eval", str(set_), "--json")))
    finally:
        appliance.stop()


if __name__ == "__main__":
    began = time.monotonic()
    told = walk(Path(sys.argv[1]))
    print(json.dumps(told | {"seconds": round(time.monotonic() - began, 1)}))  # noqa: T201
