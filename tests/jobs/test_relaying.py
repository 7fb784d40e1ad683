"""The record of acts at a log server: each act once, in order, and no act waits (INS-10)."""

import itertools
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from appliance import audit, facts, options, outgoing
from appliance.database import Database
from appliance.doctor import Patient
from appliance.egress import allowed
from appliance.jobs import relaying
from appliance.jobs.relaying import Relaying
from appliance.records import Caller
from appliance.settings import Settings
from appliance.syslog import Syslog
from tests.doctor.clinic import look
from tests.doctor.clinic import patient as clinic_patient
from tests.fakes import WordEmbedder
from tests.house import House
from tests.loghouse import LogHouse, log_house
from tests.mailhouse import free_port
from tests.whole.running import eventually

pytestmark = pytest.mark.guarantee("INS-10")
patient = clinic_patient

ANA = Caller(kind="person", id="ana", name="Ana Prado")


class Clock:
    """Time that passes when somebody says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def relay(database: Database, clock: Clock) -> Relaying:
    settings = Settings(public_url="https://balcao.escola.lan")
    return Relaying(database, settings, clock=clock)


@pytest.fixture
def server() -> Iterator[LogHouse]:
    with log_house("tcp") as opened:
        yield opened


def switch(
    database: Database, *, on: bool = True, port: int = 6514, transport: str = "tcp"
) -> None:
    """What an administrator does in the settings."""
    section = Syslog(enabled=on, host="localhost", port=port, transport=transport)  # type: ignore[arg-type]
    with database.write() as db:
        options.store(db, section)
        audit.record(db, ANA, "settings.change", "syslog", fields=["enabled"])


def acts(database: Database, count: int = 1) -> None:
    for number in range(count):
        with database.write() as db:
            audit.record(db, ANA, "key.create", f"k{number}", name="programa")


def test_nothing_is_sent_while_nobody_wants_it(database: Database, relay: Relaying) -> None:
    acts(database, 3)

    relay.look()

    assert outgoing.contacts(database) == []
    assert facts.get(database, relaying.FACT) is None
    assert "audit" not in {one.purpose for one in allowed.destinations(Settings(), database)}


def test_from_the_switch_on_every_act_is_told_once_and_in_order(
    database: Database, relay: Relaying, server: LogHouse
) -> None:
    acts(database, 3)
    switch(database, port=server.port)
    acts(database, 2)
    relay.look()
    relay.look()
    acts(database)
    relay.look()

    assert server.ids == [4, 5, 6, 7]
    assert [one.kind for one in server.messages] == ["settings.change", *["key.create"] * 3]
    assert {one.host for one in server.messages} == {"balcao.escola.lan"}
    head = audit.head(database)
    assert head is not None
    assert server.messages[-1].data["hash"] == head.hash


def test_many_are_told_in_batches(
    database: Database, relay: Relaying, server: LogHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "AT_ONCE", 10)
    monkeypatch.setattr(relaying, "BATCHES", 2)
    switch(database, port=server.port)
    acts(database, 34)

    relay.look()
    assert len(server.ids) == 20
    relay.look()

    assert server.ids == list(range(1, 36))


def test_a_server_that_is_away_is_waited_for_and_told_what_it_missed(
    database: Database, relay: Relaying, clock: Clock
) -> None:
    port = free_port()
    switch(database, port=port)
    acts(database, 2)
    relay.look()
    known = relaying.standing(database)
    assert known is not None
    assert known.problem is not None
    assert (known.told, known.problem.code, relaying.waiting(database)) == (
        0, "syslog_not_reached", 3,
    )  # fmt: skip

    with log_house("tcp", port=port) as server:
        relay.look()
        assert server.ids == [], "it is not asked again at once"
        clock.now += relaying.FIRST_REST
        acts(database)
        relay.look()

        assert server.ids == [1, 2, 3, 4]
    known = relaying.standing(database)
    assert known is not None
    assert (known.problem, relaying.waiting(database)) == (None, 0)


def test_the_rests_grow_up_to_five_minutes(
    database: Database, relay: Relaying, clock: Clock
) -> None:
    switch(database, port=free_port())
    asked = []
    for _ in range(1000):
        before = sum(one.requests for one in outgoing.contacts(database))
        relay.look()
        if sum(one.requests for one in outgoing.contacts(database)) > before:
            asked.append(clock.now)
        clock.now += 1

    rests = [after - before for before, after in itertools.pairwise(asked)]
    assert rests == [15, 30, 60, 120, 240, 300]


def test_after_a_restart_or_while_it_was_off_nothing_is_missing_and_nothing_doubled(
    database: Database, relay: Relaying, server: LogHouse
) -> None:
    switch(database, port=server.port)
    acts(database, 2)
    relay.look()
    switch(database, on=False)
    acts(database, 2)
    relay.look()
    assert server.ids == [1, 2, 3]

    switch(database, port=server.port)
    Relaying(database, Settings()).look()

    assert server.ids == [1, 2, 3, 4, 5, 6, 7]


def test_a_batch_that_broke_off_is_told_again(
    database: Database, relay: Relaying, server: LogHouse, clock: Clock
) -> None:
    switch(database, port=server.port)
    acts(database, 5)
    server.drops = 1
    relay.look()
    clock.now += relaying.FIRST_REST
    relay.look()

    assert sorted(set(server.ids)) == [1, 2, 3, 4, 5, 6]


def test_old_acts_that_were_removed_meanwhile_stop_nothing(
    database: Database, relay: Relaying, server: LogHouse
) -> None:
    switch(database, port=server.port)
    relay.look()
    acts(database, 3)
    with database.write() as db:
        audit.forget_before(db, ANA, "9999-01-01T00:00:00.000Z")

    relay.look()

    assert server.messages[-1].kind == "audit.forget"


def test_no_act_waits_for_a_server_that_says_nothing(settings: Settings) -> None:
    """It takes connections and neither reads nor answers; acts are written all the same."""
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        House(settings, embedder=WordEmbedder()) as house,
    ):
        told = {"enabled": True, "host": "localhost", "port": mute.getsockname()[1],
                "transport": "tcp"}  # fmt: skip
        assert house.client.patch("/api/settings/syslog", json=told).status_code == 200
        began = time.monotonic()
        for number in range(5):
            assert (
                house.client.post("/api/assistants", json={"name": f"A{number}"}).status_code == 201
            )
        assert time.monotonic() - began < 4


def test_the_worker_tells_it_and_the_pages_say_where_it_goes(
    settings: Settings, server: LogHouse
) -> None:
    with House(settings, embedder=WordEmbedder()) as house:
        told: dict[str, Any] = {
            "enabled": True, "host": "localhost", "port": server.port, "transport": "tcp",
        }  # fmt: skip
        assert house.client.patch("/api/settings/syslog", json=told).status_code == 200
        refused = house.client.patch("/api/settings/syslog", json={"host": "a b"})
        assert (refused.status_code, refused.json()["code"]) == (400, "syslog_bad_host")

        house.parts.worker().sweep()

        eventually(lambda: server.ids, "nothing was told")
        assert server.messages[-1].kind == "settings.change"
        origin = f"syslog+tcp://localhost:{server.port}"
        (one,) = [
            one for one in allowed.made(settings, house.parts.database) if one.purpose == "audit"
        ]
        assert (one.origin, one.allowed, one.outside) == (origin, True, False)
        off = house.client.patch("/api/settings/syslog", json={"enabled": False})
        assert off.status_code == 200
        assert "audit" not in {
            one.purpose for one in allowed.destinations(settings, house.parts.database)
        }


def test_the_doctor_says_off_well_and_what_waits(patient: Patient) -> None:
    assert look(patient, "syslog").code == "doctor_syslog_off"
    port = free_port()
    switch(patient.database, port=port)
    relay = Relaying(patient.database, patient.settings, clock=Clock())
    assert look(patient, "syslog").code == "doctor_syslog"

    relay.look()

    found = look(patient, "syslog")
    assert (found.state, found.facts) == ("failed", {"count": 1})
    assert str(port) in found.said("pt")
