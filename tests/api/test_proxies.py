"""Forwarded headers: believed from the proxies of the settings, and what only they wrote
(SEC-34, SEC-35)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Request, get
from litestar.testing import TestClient
from litestar.types import ASGIApp, Receive, Send

from appliance.api import guards, proxies
from appliance.errors import BadRequest
from appliance.settings import Settings
from tests.api.doors import ADDRESS, WORD, Doors

PROXY, ANA, BIA = "10.0.0.5", "192.168.7.20", "192.168.7.21"
TRUSTED = proxies.networks(f"{PROXY} 10.1.0.0/16 fd00::/8")


def scope(peer: str | None, **headers: str) -> Any:
    return {
        "type": "http",
        "client": (peer, 5) if peer else None,
        "scheme": "http",
        "headers": [(b"host", b"balcao.intra.test")]
        + [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }


def client_of(peer: str, *hops: str) -> str:
    told = scope(peer)
    told["headers"] += [(b"X-Forwarded-For", hop.encode()) for hop in hops]
    return str(proxies.seen_through(told, TRUSTED)["client"][0])  # type: ignore[index]


@pytest.mark.parametrize(
    ("hops", "client"),
    [
        ([ANA], ANA),
        ([f"1.2.3.4, {ANA}"], ANA),
        (["1.2.3.4", ANA], ANA),
        ([f"{ANA}, 10.1.2.3"], ANA),
        ([f"1.2.3.4, {ANA}, 10.1.2.3, 10.1.9.9"], ANA),
        (["10.1.2.3, 10.1.2.4"], "10.1.2.3"),
        ([f"{ANA}:4711"], ANA),
        (["[2001:db8::1]:4711"], "2001:db8::1"),
        (["2001:db8::1"], "2001:db8::1"),
        ([f"::ffff:{ANA}"], ANA),
        ([], PROXY),
        ([""], PROXY),
        (["unknown"], PROXY),
        ([f"{ANA}, unknown"], PROXY),
        ([f"{ANA}, unknown, 10.1.2.3"], "10.1.2.3"),
        (["1.2.3.4\x00"], PROXY),
    ],
)
def test_the_client_is_the_right_most_hop_that_is_no_proxy_of_ours(
    hops: list[str], client: str
) -> None:
    assert client_of(PROXY, *hops) == client


@pytest.mark.parametrize("peer", ["10.0.0.6", "10.2.0.1", ANA, "127.0.0.1", "2001:db8::5"])
def test_whoever_is_no_proxy_of_ours_forwards_nothing(peer: str) -> None:
    told = scope(peer, x_forwarded_for="1.2.3.4", x_forwarded_proto="https", x_forwarded_host="x")

    assert proxies.seen_through(told, TRUSTED) is told


def test_a_peer_without_an_address_is_no_proxy() -> None:
    told = scope(None, x_forwarded_for="1.2.3.4")

    assert proxies.seen_through(told, TRUSTED) is told


def test_a_proxy_that_comes_by_ipv6_is_the_same_proxy() -> None:
    assert client_of(f"::ffff:{PROXY}", ANA) == ANA
    assert client_of("fd00::1", ANA) == ANA


def test_without_proxies_in_the_settings_nobody_is_one() -> None:
    told = scope("127.0.0.1", x_forwarded_for="1.2.3.4")

    assert proxies.seen_through(told, proxies.networks("")) is told


def test_scheme_and_host_are_the_last_ones_that_the_proxy_wrote() -> None:
    told = scope(PROXY, x_forwarded_proto="http, https", x_forwarded_host="evil.test, casa.test")

    seen = proxies.seen_through(told, TRUSTED)

    assert seen["scheme"] == "https"
    assert [value for name, value in seen["headers"] if name == b"host"] == [b"casa.test"]
    assert told["scheme"] == "http"


def test_a_scheme_that_is_none_changes_nothing() -> None:
    seen = proxies.seen_through(scope(PROXY, x_forwarded_proto="gopher"), TRUSTED)

    assert seen["scheme"] == "http"


@pytest.mark.parametrize("word", ["proxy.lan", "10.0.0.0/33", "10.0.0.5/24", "*", "10.0.0.5,"])
def test_a_proxy_that_is_no_address_stops_the_start(word: str) -> None:
    with pytest.raises(BadRequest) as refused:
        proxies.networks(f"127.0.0.1 {word}")

    assert (refused.value.code, refused.value.facts) == ("bad_proxy_setting", {"word": word})


@get("/api/seen", who=guards.anyone())
async def seen(request: Request[Any, Any, Any]) -> dict[str, str]:
    return {
        "address": guards.address(request),
        "scheme": request.scope["scheme"],
        "host": request.headers["host"],
    }


def wired(app: ASGIApp) -> ASGIApp:
    """The application as if the request had come from the peer in its header ``test-peer``:
    the test's client has no network."""

    async def called(scope: Any, receive: Receive, send: Send) -> None:
        peers = [value.decode() for name, value in scope.get("headers", ()) if name == b"test-peer"]
        await app(scope | {"client": (peers[0], 5)} if peers else scope, receive, send)

    return called


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Doors]:
    """An appliance behind one proxy."""
    settings = Settings(data_dir=str(tmp_path), public_url=ADDRESS, trusted_proxies=PROXY)
    opened = Doors(settings, seen)
    opened.app.asgi_handler = wired(opened.app.asgi_handler)
    with opened.client:
        yield opened
    opened.database.close()


def through(doors: Doors, peer: str = PROXY) -> TestClient[Any]:
    """A client whose requests come from a peer."""
    client = doors.new_client()
    client.headers["test-peer"] = peer
    return client


def test_what_is_behind_sees_the_client_and_not_the_proxy(behind: Doors) -> None:
    forwarded = {"x-forwarded-for": f"1.2.3.4, {ANA}", "x-forwarded-proto": "https"}

    by_proxy = through(behind).get("/api/seen", headers=forwarded).json()
    by_stranger = through(behind, "10.0.0.6").get("/api/seen", headers=forwarded).json()

    assert (by_proxy["address"], by_proxy["scheme"]) == (ANA, "https")
    assert (by_stranger["address"], by_stranger["scheme"]) == ("10.0.0.6", "http")


@pytest.mark.guarantee("SEC-34")
def test_a_forwarded_name_has_to_be_ours_and_to_come_from_the_proxy(behind: Doors) -> None:
    ours = {"host": "backend:8080", "x-forwarded-host": "balcao.intra.test:8080"}

    assert through(behind).get("/api/seen", headers=ours).json()["host"] == (
        "balcao.intra.test:8080"
    )
    assert through(behind, "10.0.0.6").get("/api/seen", headers=ours).status_code == 400
    for foreign in ("evil.test", "balcao.intra.test.evil.test"):
        answer = through(behind).get("/api/seen", headers={"x-forwarded-host": foreign})
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown_host")


@pytest.mark.guarantee("SEC-30")
def test_behind_a_proxy_with_tls_browsers_are_held_to_https(behind: Doors) -> None:
    behind.add("Ana")
    body = {"email": "ana@casa.test", "password": WORD}
    secure = {"x-forwarded-proto": "https", "x-forwarded-for": ANA}

    by_tls = through(behind).post("/api/session", json=body, headers=secure)
    plain = through(behind).post("/api/session", json=body)

    assert "strict-transport-security" in by_tls.headers
    assert all("secure" in line.lower() for line in by_tls.headers.get_list("set-cookie"))
    assert "strict-transport-security" not in plain.headers


def wrong(doors: Doors, client: str, peer: str = PROXY, name: str = "") -> int:
    body = {"email": f"{name or client}@casa.test", "password": "wrong"}
    headers = {"x-forwarded-for": client}
    return through(doors, peer).post("/api/session", json=body, headers=headers).status_code


@pytest.mark.guarantee("SEC-35")
def test_two_clients_behind_the_proxy_have_limits_of_their_own(
    behind: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.api.entrance.BY_ADDRESS", 2)

    assert [wrong(behind, ANA, name=f"n{number}") for number in range(3)] == [401, 401, 429]
    assert wrong(behind, BIA) == 401


@pytest.mark.guarantee("SEC-35")
def test_fifty_wrong_passwords_with_a_new_address_on_each_are_ten(
    behind: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.signin.password.matches", lambda *_: False)  # 50 × 0.2 s
    by_name = [wrong(behind, f"10.9.0.{n}", "10.0.0.6", "ana") for n in range(50)]
    by_address = [wrong(behind, f"10.9.0.{n}", "10.0.0.7", f"n{n}") for n in range(50)]

    assert by_name == [401] * 10 + [429] * 40
    assert by_address == [401] * 30 + [429] * 20
