"""Two hundred people at once, and somebody at the console meanwhile.

The appliance as ``appliance serve`` starts it, with a model of random weights that is slow
enough to keep a line. Half of the readers are visitors of a widget, half programs by key;
in every wave all ask at the same moment, stay for a while and leave together. Told are

* when each hears the first sign: a token, a place in the line, or 503 with Retry-After;
* what the console takes for a page meanwhile, walked by a process of its own;
* memory before the first wave, at the height of each and after each;
* after the last, how soon the line is empty and the next person's first token comes.

    .venv/bin/python -m benchmarks.crowd --keep FOLDER [--shape 0.5b] [--readers 200]
        [--waves 3] [--stay 20] [--data FOLDER] [--json FILE]
"""

import argparse
import asyncio
import multiprocessing
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psutil

from appliance.models import hardware
from appliance.models.client import RunnerClient
from benchmarks.console import Walked, walking
from benchmarks.shapes import SHAPES, made
from tests.whole.crowd import Asker, Heard, ask, together
from tests.whole.running import Running, eventually, running

SITE = "http://escola.example"
MODEL = "mistral-7b-instruct-v0.3"  # whose marks the models' vocabulary has
THINGS = ("livros", "mapas", "chaves", "microscópios", "instrumentos", "uniformes", "bolas")
PLACES = ("biblioteca", "secretaria", "oficina", "horta", "cantina", "quadra", "sala de música")
SETTLE_SECONDS = 30.0


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """What the processes hold: resident and proportional megabytes, threads and open files
    of the web process."""

    web_rss: float
    web_pss: float
    runner_pss: float
    threads: int
    files: int


class Wave(msgspec.Struct, frozen=True, kw_only=True):
    """One wave: what was heard, memory at its height and after it, and in how many seconds
    the line was empty once everybody had left."""

    heard: list[Heard]
    height: Memory
    after: Memory
    empty_after: float


def regulation(number: int) -> str:
    """A document of forty articles with numbers of its own."""
    dice = random.Random(number)
    articles = [
        f"Art. {article}. A multa por atraso na devolução de {dice.choice(THINGS)} na "
        f"{dice.choice(PLACES)} é de R$ {dice.randint(1, 99)},{dice.randint(10, 99)} por dia, e o "
        f"prazo de empréstimo é de {dice.randint(2, 30)} dias, contados da retirada no balcão."
        for article in range(1, 41)
    ]
    return f"# Regulamento {number}\n\n" + "\n\n".join(articles)


def question(number: int) -> str:
    """A question that the documents answer."""
    thing, place = THINGS[number % len(THINGS)], PLACES[number // len(THINGS) % len(PLACES)]
    return f"Qual é a multa por atraso na devolução de {thing} na {place}? ({number})"


def furnished(appliance: Running, documents: int) -> dict[str, Any]:
    """An assistant with a widget and some documents."""
    made = appliance.client.post(
        "/api/assistants", json={"name": "Secretaria", "origins": [SITE]}
    ).json()
    ids = [
        appliance.upload(made["collections"][0], f"r{one}.md", regulation(one).encode())
        for one in range(documents)
    ]
    for one in ids:
        assert appliance.read(one)["state"] == "ready"
    wide = {"at_once": 64, "per_minute": 10000}
    appliance.client.patch(f"/api/assistants/{made['id']}/visitors", json={"limits": wide})
    return dict(made)


def askers(appliance: Running, assistant: dict[str, Any], readers: int) -> list[Asker]:
    """Half of them visitors, each from an address of its own; ten programs share a key."""
    secrets = []
    for visitor in range(readers // 2):
        transport = httpx.HTTPTransport(local_address=f"127.0.1.{1 + visitor % 250}")
        with httpx.Client(transport=transport, timeout=60) as client:
            path = f"{appliance.address}/api/widget/{assistant['public_id']}/session"
            told = client.post(path, headers={"origin": SITE}).json()
            client.post(
                f"{appliance.address}/api/widget/acceptance",
                json={"version": 1},
                headers={"authorization": f"Bearer {told['token']}"},
            )
        secrets.append(told["token"])
    for program in range(readers - len(secrets)):
        if program % 10 == 0:
            body = {"name": f"programa {program}", "scopes": ["ask", "search"]}
            secret = appliance.client.post("/api/keys", json=body).json()["secret"]
        secrets.append(secret)
    return [Asker(secret=secret, assistant=assistant["id"]) for secret in secrets]


def memory(appliance: Running) -> Memory:
    """The processes as they are now."""
    assert appliance.process
    web = psutil.Process(appliance.process.pid)
    runner = appliance.child("appliance.models.runner")
    full = web.memory_full_info()
    return Memory(
        web_rss=full.rss / 2**20,
        web_pss=full.pss / 2**20,
        runner_pss=runner.memory_full_info().pss / 2**20 if runner else 0.0,
        threads=web.num_threads(),
        files=web.num_fds(),
    )


async def wave(
    appliance: Running, client: RunnerClient, all_of_them: Sequence[Asker], stay: float, seed: int
) -> Wave:
    """All ask at once, stay so many seconds, and leave at once."""
    height: list[Memory] = []

    async def staying() -> None:
        await asyncio.sleep(stay)
        height.append(await asyncio.to_thread(memory, appliance))

    heard = await together(
        appliance.address,
        all_of_them,
        lambda number: question(number + 1000 * seed),
        until=staying(),
    )
    empty = await asyncio.to_thread(emptied, client)
    return Wave(heard=heard, height=height[0], after=memory(appliance), empty_after=empty)


def emptied(client: RunnerClient) -> float:
    """Seconds until nobody waits and nothing is written any more."""
    began = time.monotonic()

    def idle() -> bool:
        condition = client.health()
        return not condition.waiting and not condition.active

    eventually(idle, "the line is not empty", SETTLE_SECONDS)
    return time.monotonic() - began


async def alone(appliance: Running, asker: Asker, number: int) -> float:
    """The seconds to one person's first token, while nobody else asks."""
    leave = asyncio.Event()
    heard = asyncio.create_task(ask(appliance.address, asker, question(number), leave))
    await asyncio.sleep(20)
    leave.set()
    return (await heard).first_token_after


def share(values: Sequence[float], part: float) -> float:
    """The value below which this part of them lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(part * len(ranked)))] if ranked else 0.0


def spread(values: Sequence[float], unit: float = 1.0) -> str:
    """p50, p95 and the most, for a line of the report."""
    if not values:
        return "–"
    shown = (statistics.median(values), share(values, 0.95), max(values))
    return " / ".join(f"{unit * one:.{0 if unit > 1 else 2}f}" for one in shown)


def kinds(heard: Sequence[Heard]) -> str:
    """How many heard what first, and who heard nothing."""
    counted = Counter(one.sign or f"nothing ({one.status} {one.broken})" for one in heard)
    return ", ".join(f"{count} {kind}" for kind, count in counted.most_common())


def told(one: Memory) -> str:
    """Memory in a line of the report."""
    return (
        f"web {one.web_rss:.0f} MB RSS, {one.web_pss:.0f} PSS, {one.threads} threads, "
        f"{one.files} files; runner {one.runner_pss:.0f} PSS"
    )


def report(number: int, done: Wave) -> None:
    """Print a wave."""
    signs = [one.sign_after for one in done.heard if one.sign]
    late = sum(after > 2 for after in signs) + sum(one.sign is None for one in done.heard)
    print(f"wave {number}: first sign p50 / p95 / max {spread(signs)} s, {late} later than 2 s")
    print(f"  first heard: {kinds(done.heard)}")
    print(f"  height: {told(done.height)}")
    print(f"  after:  {told(done.after)}; line empty after {done.empty_after:.2f} s", flush=True)


def console(walked: Sequence[Walked]) -> None:
    """Print what the console took, all together and by route."""
    took = [one.seconds for one in walked]
    failed = Counter(one.status for one in walked if one.status >= 400)
    print(f"console: {len(took)} requests, p50 / p95 / max {spread(took, 1000)} ms {dict(failed)}")
    for route in dict.fromkeys(one.route for one in walked):
        print(f"  {route:<34} {spread([o.seconds for o in walked if o.route == route], 1000)}")


async def run(appliance: Running, wanted: argparse.Namespace) -> list[Wave]:
    """The waves, one after the other, each printed as it ends."""
    client = RunnerClient(appliance.data / "runner.sock")
    assistant = furnished(appliance, wanted.documents)
    eventually(lambda: client.generator, "the language model did not load", 180)
    crowd = askers(appliance, assistant, wanted.readers)
    print(f"alone: first token after {await alone(appliance, crowd[0], 1):.2f} s")
    emptied(client)
    print(f"before: {told(memory(appliance))}", flush=True)
    waves = []
    context = multiprocessing.get_context("spawn")
    with walking(context, appliance, assistant) as walked:
        for number in range(1, wanted.waves + 1):
            waves.append(await wave(appliance, client, crowd, wanted.stay, number))
            report(number, waves[-1])
    console(walked)
    print(f"next person: first token after {await alone(appliance, crowd[0], 2):.2f} s")
    return waves


def main() -> None:
    """Print each wave, the console, and the next person's first token."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path, required=True, help="where models are kept")
    parser.add_argument("--shape", choices=sorted(SHAPES), default="0.5b")
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--waves", type=int, default=3)
    parser.add_argument("--stay", type=float, default=20.0, help="seconds of each wave")
    parser.add_argument("--documents", type=int, default=10)
    parser.add_argument("--data", type=Path, help="on which disk; otherwise a temporary one's")
    parser.add_argument("--json", type=Path, help="also write all that was heard to this file")
    wanted = parser.parse_args()
    file = made(SHAPES[wanted.shape], wanted.keep.resolve())
    print(f"{wanted.readers} readers, {file.name}, {hardware.processor()}")
    with (
        tempfile.TemporaryDirectory(prefix="appliance-crowd-", dir=wanted.data) as place,
        running(Path(place) / "data", APPLIANCE_LANGUAGE_MODEL=f"{MODEL}={file}") as appliance,
    ):
        waves = asyncio.run(run(appliance, wanted))
    grown = waves[-1].after.web_pss - waves[0].after.web_pss
    print(f"memory: {grown:+.1f} MB of the web process from after wave 1 to after the last")
    if wanted.json:
        wanted.json.write_bytes(msgspec.json.encode(waves))


if __name__ == "__main__":
    main()
