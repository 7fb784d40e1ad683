"""Two hundred readers at once, against the whole appliance with a model that keeps a line."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from appliance.errors import sentence
from appliance.models.client import RunnerClient
from tests.api.visiting import accept
from tests.models.make_probe import make
from tests.models.runners import MISTRAL
from tests.whole.crowd import Asker, Heard, ask, together
from tests.whole.running import Running, eventually, running

READERS = 200
SITE = "http://escola.example"
TEXT = (
    "Os livros podem ser emprestados por 14 dias. "
    "O atraso na devolução de livros gera multa de R$ 2,00 por dia."
)
QUESTION = "Qual é a multa por atraso na devolução de livros?"
pytestmark = [pytest.mark.crash, pytest.mark.guarantee("REL-11")]


@pytest.fixture(scope="module")
def appliance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The appliance with a model whose answers are long enough to keep a line."""
    folder = tmp_path_factory.mktemp("crowd")
    slow = make(folder / "slow.gguf", context=4096, layers=40, endless=True)
    with running(folder / "data", APPLIANCE_LANGUAGE_MODEL=f"{MISTRAL}={slow}") as started:
        eventually(lambda: client(started).generator, "the model did not load", 90)
        yield started


def client(appliance: Running) -> RunnerClient:
    return RunnerClient(appliance.data / "runner.sock")


def crowd(appliance: Running) -> list[Asker]:
    """Visitors and programs, in two languages."""
    body = {"name": "Secretaria", "origins": [SITE]}
    made = appliance.client.post("/api/assistants", json=body).json()
    document = appliance.upload(made["collections"][0], "biblioteca.txt", TEXT.encode())
    assert appliance.read(document)["state"] == "ready"
    path = f"/api/widget/{made['public_id']}/session"
    wide = {"at_once": 64, "per_minute": 10000, "per_address": 10000, "per_session": 10000}
    appliance.client.patch(f"/api/assistants/{made['id']}/visitors", json={"limits": wide})
    visitors = [
        appliance.client.post(path, headers={"origin": SITE}).json()["token"] for _ in range(20)
    ]
    with httpx.Client(base_url=appliance.address, trust_env=False, timeout=60) as page:
        for token in visitors:
            accept(page, made["public_id"], token)
    body = {"name": "programa", "scopes": ["ask"]}
    programs = [appliance.client.post("/api/keys", json=body).json()["secret"] for _ in range(20)]
    return [
        Asker(
            secret=(visitors + programs)[number % 40],
            assistant=made["id"],
            language="en" if number % 2 else "pt",
        )
        for number in range(READERS)
    ]


def language(asker: Asker) -> str:
    """What a refusal is told in: a visitor's is the assistant's."""
    return "pt" if asker.secret.startswith("bw_") else asker.language


def heard_all(appliance: Running, askers: list[Asker]) -> list[Heard]:
    """All ask at once, and leave together when each has heard from the appliance."""

    async def all_of_them() -> list[Heard]:
        signs: list[Heard] = []
        everybody = asyncio.Event()

        def sign(heard: Heard) -> None:
            signs.append(heard)
            if len(signs) == len(askers):
                everybody.set()

        async with asyncio.timeout(120):
            return await together(
                appliance.address, askers, lambda _: QUESTION, until=everybody.wait(), on_sign=sign
            )

    return asyncio.run(all_of_them())


def test_each_of_two_hundred_hears_a_word_a_place_or_when_to_come_back(appliance: Running) -> None:
    askers = crowd(appliance)

    heard = heard_all(appliance, askers)

    assert [one.broken for one in heard if one.broken] == []
    assert {one.sign for one in heard} <= {"token", "queue", "refused"}
    assert "queue" in {one.sign for one in heard}
    for asker, one in zip(askers, heard, strict=True):
        if one.sign != "refused":
            assert (one.status, one.problem) == (200, {})
            continue
        assert int(one.retry_after) >= 1
        if one.status == 429:
            assert one.problem["code"] == "assistant_busy"
            continue
        assert (one.status, one.problem["code"]) == (503, "engine_busy")
        opening = sentence("engine_busy", {"waiting": 0}, language(asker)).partition("0")[0]
        assert one.problem["detail"].startswith(opening)

    # They have left: the line is empty, and whoever comes next hears a word.
    engine = client(appliance)
    eventually(lambda: not engine.health().waiting, "the line is not empty", 30)
    eventually(lambda: not engine.health().active, "the model writes for nobody", 30)

    async def the_next() -> Heard:
        async with asyncio.timeout(60):
            return await ask(appliance.address, askers[0], QUESTION)

    told = asyncio.run(the_next())
    assert (told.problem, told.events[-1:]) == ({}, ["done"])
    assert "token" in told.events


def test_the_console_is_there_after_the_crowd(appliance: Running) -> None:
    told = appliance.system()

    assert told["language_model"]["state"] == "ready"
    assert [part["restarts"] for part in told["parts"]] == [0, 0]
