"""Messages reach a log server whole and in their order, by each way that there is (INS-10)."""

from pathlib import Path

import pytest

from appliance import syslog
from appliance.errors import BadRequest, Unavailable
from appliance.syslog import Syslog
from tests.loghouse import Transport, log_house
from tests.mailhouse import certificate, free_port
from tests.whole.running import eventually

pytestmark = pytest.mark.guarantee("INS-10")

MESSAGES = [f'<109>1 2026-11-27T08:00:0{n}.000Z here balcao - act [b@1 id="{n}"] ação {n}'.encode()
            for n in range(3)]  # fmt: skip


def section(port: int, transport: Transport) -> Syslog:
    return Syslog(enabled=True, host="localhost", port=port, transport=transport)


def sent(one: Syslog, messages: list[bytes] = MESSAGES) -> list[tuple[str, str]]:
    """Send them; what was written down before."""
    told: list[tuple[str, str]] = []
    syslog.send(one, messages, record=lambda origin, purpose: told.append((origin, purpose)))
    return told


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_messages_arrive_in_their_order_and_the_way_is_counted(transport: Transport) -> None:
    with log_house(transport) as house:
        told = sent(section(house.port, transport))

        eventually(lambda: len(house.raw) == 3, "they did not arrive")
        assert house.raw == MESSAGES
        assert told == [(f"syslog+{transport}://localhost:{house.port}", "audit")]


def test_by_tls_they_travel_under_a_certificate_that_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
    with log_house("tls", certificate=paths) as house:
        sent(section(house.port, "tls"))

        assert house.raw == MESSAGES


@pytest.mark.parametrize("name", ["localhost", "outro.example"])
def test_a_certificate_that_nobody_vouches_for_or_of_another_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    paths = certificate(tmp_path, name)
    if name != "localhost":
        monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
    with log_house("tls", certificate=paths) as house:
        with pytest.raises(Unavailable) as refused:
            sent(section(house.port, "tls"))

        assert refused.value.code == "syslog_not_safe"
        assert house.raw == []


def test_what_a_server_did_not_read_to_the_end_was_not_taken() -> None:
    with log_house("tcp") as house:
        house.drops = 1
        with pytest.raises(Unavailable) as refused:
            # More than what fits into the buffers of both sides.
            sent(section(house.port, "tcp"), [b"x" * 1_000_000] * 20)

        assert refused.value.code == "syslog_not_reached"
        sent(section(house.port, "tcp"))
        assert house.raw == MESSAGES


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_a_server_that_is_away_is_said_with_its_address(transport: Transport) -> None:
    port = free_port()
    with pytest.raises(Unavailable) as refused:
        for _ in range(50):  # a refused datagram is told with the next one
            sent(section(port, transport))

    assert refused.value.code == "syslog_not_reached"
    assert refused.value.facts["port"] == port


@pytest.mark.parametrize("host", ["", "a b", "http://log", "log;rm", "-x"])
def test_a_host_that_is_none_is_refused(host: str) -> None:
    with pytest.raises(BadRequest) as refused:
        Syslog(enabled=True, host=host).check()

    assert refused.value.code == "syslog_bad_host"


def test_nothing_is_sent_anywhere_unless_somebody_names_a_server() -> None:
    assert not Syslog().enabled
    Syslog().check()
    assert Syslog(host="fd00::5", port=514, transport="udp").origin == "syslog+udp://[fd00::5]:514"
