"""Fifty people a second at the door, and what the house notices of it.

The appliance as ``appliance serve`` starts it, without a language model. So many sign-ins
arrive every second, half of them with the right password, each from an address and with a
name of its own, so that no limit hides the work; meanwhile ``/health/live`` is asked ten
times a second. Told are how the sign-ins ended, what ``/health/live`` took, and the memory
of the web process before, at its height and after.

    .venv/bin/python -m benchmarks.door [--rate 50] [--seconds 20] [--json FILE]
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import httpx
import msgspec
import psutil

from appliance import accounts
from appliance.database import Database
from appliance.signin import password
from tests.whole.running import Running, running

WORD = "três gatos na janela"
LOOK_SECONDS = 0.1  # between two looks at the memory, and between two at /health/live
PATIENCE = 60.0  # seconds


class Told(msgspec.Struct, kw_only=True):
    """What was seen. Seconds, and resident megabytes of the web process."""

    outcomes: dict[int, int]
    waits: list[float]  # of those who got in
    refused: list[float]  # of those who were told to come back
    live: list[float]
    rss_before: float
    rss_most: float
    rss_after: float


def people(data: Path, number: int) -> None:
    """So many accounts, all with one password, which is hashed once."""
    database = Database(data / "appliance.db")
    hashed = password.hashed(WORD)
    with database.write() as writer:
        for one in range(number):
            accounts.create(
                writer,
                name=f"Pessoa {one}",
                email=f"p{one}@casa.test",
                password_hash=hashed,
                role="admin" if one == 0 else "member",
            )
    database.close()


async def asked(address: str, source: str, body: dict[str, str]) -> str:
    """The head of the answer. Written by hand: a client library costs more than the door."""
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port), local_addr=(source, 0))
    content = msgspec.json.encode(body)
    writer.write(
        f"POST /api/session HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n".encode()
        + content
    )
    answer = await reader.read()
    writer.close()
    return answer.partition(b"\r\n\r\n")[0].decode()


async def sign_in(address: str, number: int, told: Told) -> None:
    """One person, from an address of 127.0.0.0/8 of their own; every second types it wrong."""
    source = f"127.0.{1 + number // 250}.{1 + number % 250}"
    word = WORD if number % 2 else "wrong"
    began = time.perf_counter()
    head = await asked(address, source, {"email": f"p{number}@casa.test", "password": word})
    took = time.perf_counter() - began
    status = int(head.split(" ", 2)[1])
    told.outcomes[status] = told.outcomes.get(status, 0) + 1
    if status == 503:
        assert "retry-after" in head.lower()
        told.refused.append(took)
    else:
        told.waits.append(took)


async def watch(address: str, process: psutil.Process, told: Told) -> None:
    """Look at ``/health/live`` and the memory until cancelled."""
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        while True:
            began = time.perf_counter()
            await client.get(f"{address}/health/live")
            told.live.append(time.perf_counter() - began)
            told.rss_most = max(told.rss_most, megabytes(process))
            await asyncio.sleep(LOOK_SECONDS)


def megabytes(process: psutil.Process) -> float:
    """What a process holds."""
    return float(process.memory_info().rss) / 1e6


async def crowd(house: Running, rate: int, seconds: int) -> Told:
    """Sign-ins at a steady rate, and what was seen."""
    assert house.process is not None
    process = psutil.Process(house.process.pid)
    before = megabytes(process)
    told = Told(
        outcomes={}, waits=[], refused=[], live=[],
        rss_before=before, rss_most=before, rss_after=before,
    )  # fmt: skip
    watching = asyncio.create_task(watch(house.address, process, told))
    began, coming = time.perf_counter(), []
    for number in range(rate * seconds):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        coming.append(asyncio.create_task(sign_in(house.address, number, told)))
    await asyncio.gather(*coming)
    watching.cancel()
    await asyncio.sleep(2)
    told.rss_after = megabytes(process)
    return told


def report(told: Told) -> str:
    """What was seen, as text."""

    def spread(values: Sequence[float]) -> str:
        if len(values) < 2:
            return "–"
        percent = statistics.quantiles(values, n=100)
        middle, most = statistics.median(values), max(values)
        return f"p50 {middle * 1e3:.0f}, p95 {percent[94] * 1e3:.0f}, longest {most * 1e3:.0f} ms"

    return "\n".join(
        [
            f"answers           {dict(sorted(Counter(told.outcomes).items()))}",
            f"200 and 401       {spread(told.waits)}",
            f"503, Retry-After  {spread(told.refused)}",
            f"/health/live      {spread(told.live)}",
            f"web process, MB   before {told.rss_before:.0f}, most {told.rss_most:.0f}, "
            f"after {told.rss_after:.0f}",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), APPLIANCE_LOG_LEVEL="error") as house,
    ):
        people(Path(folder), chosen.rate * chosen.seconds)
        told = asyncio.run(crowd(house, chosen.rate, chosen.seconds))
    print(report(told))
    if chosen.json:
        chosen.json.write_bytes(msgspec.json.encode(told))


if __name__ == "__main__":
    main()
