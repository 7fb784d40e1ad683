"""The web process is killed while people write: what it acknowledged is there (REL-02)."""

import sqlite3
import threading
from pathlib import Path

import httpx
import pytest

from tests.whole.running import Running, eventually, running

KILLS, BETWEEN = 5, 100  # the line of the promise has 20 and 1,000 in all
WRITERS = 4
pytestmark = [pytest.mark.crash, pytest.mark.guarantee("REL-02")]


class Writing(threading.Thread):
    """Makes one assistant after the other; keeps the names that were acknowledged."""

    def __init__(self, appliance: Running, number: int) -> None:
        super().__init__(daemon=True)
        self.appliance = appliance
        self.number = number
        self.sent = 0
        self.acknowledged: list[str] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        headers = {"authorization": self.appliance.client.headers["authorization"]}
        with httpx.Client(
            base_url=self.appliance.address, headers=headers, timeout=60, trust_env=False
        ) as client:
            while not self.stopping.wait(0.001):
                self.sent += 1
                name = f"Balcão {self.number} {self.sent}"
                try:
                    made = client.post("/api/assistants", json={"name": name})
                except httpx.TransportError:
                    continue
                if made.status_code == 201:
                    self.acknowledged.append(name)


def test_every_write_that_was_acknowledged_is_there_after_five_kills(tmp_path: Path) -> None:
    outages = []
    with running(tmp_path / "data") as appliance:
        writers = [Writing(appliance, number) for number in range(WRITERS)]
        for writer in writers:
            writer.start()

        def acknowledged() -> int:
            return sum(len(writer.acknowledged) for writer in writers)

        for _ in range(KILLS):
            enough = acknowledged() + BETWEEN
            eventually(lambda enough=enough: acknowledged() >= enough, "nothing is written", 120)
            appliance.kill("")
            outages.append(appliance.start())
        for writer in writers:
            writer.stopping.set()
            writer.join()

        database = sqlite3.connect(appliance.data / "appliance.db")
        there = [name for (name,) in database.execute("select name from assistants")]
        sound = database.execute("pragma integrity_check").fetchone()
        database.close()

    names = {name for writer in writers for name in writer.acknowledged}
    assert names <= set(there)
    assert len(there) == len(set(there))
    # What was under way at a kill may be there without its sender knowing.
    assert len(set(there) - names) <= KILLS * WRITERS
    assert sound == ("ok",)
    assert min(outages) < 10
