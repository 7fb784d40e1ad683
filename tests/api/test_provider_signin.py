"""Signing in by a real OpenID provider, and what does not get in by it."""

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from appliance import accounts, outgoing
from appliance.settings import Settings
from tests.authority import Authority, pem
from tests.fakes import WordEmbedder
from tests.house import House
from tests.signin.openid import CLIENT, SECRET, OpenId, provider

HOME = "http://127.0.0.1:8080"
BROWSER = {"accept": "text/html"}


@pytest.fixture(scope="module", params=[False, True], ids=["token", "userinfo"])
def openid(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[OpenId]:
    folder: Path = tmp_path_factory.mktemp("openid")
    with provider(folder, HOME, short=request.param) as opened:
        yield opened


@pytest.fixture
def school(settings: Settings, openid: OpenId) -> Iterator[House]:
    with House(settings, embedder=WordEmbedder()) as house:
        told = {
            "enabled": True, "name": "Escola", "issuer": openid.issuer, "client": CLIENT,
            "secret": SECRET, "scopes": "openid email profile groups",
            "rules": ["legal = role:editor"],
        }  # fmt: skip
        assert house.client.patch("/api/settings/oidc", json=told).status_code == 200
        yield house


def begin(house: House, **query: str) -> Any:
    return house.client.get("/api/session/oidc", params=query, follow_redirects=False)


def came_back(house: House, openid: OpenId, subject: str = "7001") -> str:
    """Where the provider leads somebody back to, from a sign-in begun here."""
    begun = begin(house)
    assert begun.status_code == 302, begun.text
    return openid.consented(begun.headers["location"], subject).removeprefix(HOME)


def finish(house: House, path: str) -> Any:
    return house.client.get(path, follow_redirects=False)


@pytest.mark.guarantee("SEC-38")
def test_somebody_of_the_provider_signs_in(school: House, openid: OpenId) -> None:
    with school.as_nobody() as client:
        answer = finish(school, came_back(school, openid))
        assert (answer.status_code, answer.headers["location"]) == (302, "/")
        person = client.get("/api/session").json()["person"]
        client.cookies.clear()

    assert (person["name"], person["role"], person["origin"]) == ("Bia Lima", "editor", "oidc")
    asked = {one.origin for one in outgoing.entries(school.parts.database)}
    assert asked == {openid.issuer}  # the picture is nobody's business


@pytest.mark.guarantee("SEC-38")
def test_an_answer_is_good_once_and_in_its_browser(school: House, openid: OpenId) -> None:
    with school.as_nobody() as client:
        path = came_back(school, openid)
        client.cookies.clear()
        foreign = finish(school, path)
        again = came_back(school, openid)
        kept = dict(client.cookies)
        assert finish(school, again).status_code == 302
        client.cookies.update(kept)
        reused = finish(school, again)
        bare = [finish(school, f"/api/session/oidc/callback{one}") for one in
                ("", "?code=x", "?code=x&state=y")]  # fmt: skip
        client.cookies.clear()

    for answer in (foreign, reused, *bare):
        assert (answer.status_code, answer.json()["code"]) == (401, "oidc_state")


@pytest.mark.guarantee("SEC-38")
def test_the_address_of_a_local_administrator_joins_nobody(school: House, openid: OpenId) -> None:
    with school.parts.database.write() as db:
        ours = accounts.create(
            db, name="Bia", email="bia@escola.example", password_hash="x", role="admin"
        )
    with school.as_nobody() as client:
        answer = finish(school, came_back(school, openid))
        client.cookies.clear()

    assert (answer.status_code, answer.json()["code"]) == (409, "address_is_taken")
    assert accounts.get(school.parts.database, ours.id) == ours


@pytest.mark.guarantee("SEC-38")
@pytest.mark.parametrize(
    ("subject", "code"), [("7002", "oidc_unverified"), ("7003", "no_rule_fits")]
)
def test_who_may_not_come_is_told_why(
    school: House, openid: OpenId, subject: str, code: str
) -> None:
    with school.as_nobody() as client:
        answer = finish(school, came_back(school, openid, subject))
        client.cookies.clear()

    assert (answer.status_code, answer.json()["code"]) == (403, code)


def test_whoever_wrote_the_rules_is_told_that_no_group_came(
    school: House, openid: OpenId, caplog: pytest.LogCaptureFixture
) -> None:
    """A provider names groups to whom asks for them, often by a scope of its own."""
    school.client.patch("/api/settings/oidc", json={"scopes": "openid email profile"})
    with school.as_nobody() as client:
        answer = finish(school, came_back(school, openid))
        client.cookies.clear()

    assert answer.json()["code"] == "no_rule_fits"
    assert "no rule fits; the provider named 0 groups in 'groups'" in caplog.text
    assert "Bia" not in caplog.text


@pytest.mark.guarantee("SEC-38")
@pytest.mark.parametrize("following", ["https://evil.test", "//evil.test", "javascript:alert(1)"])
def test_one_is_led_nowhere_else(school: House, following: str) -> None:
    answer = begin(school, next=following)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_next")


def test_signing_out_goes_on_at_the_provider_and_comes_back(school: House, openid: OpenId) -> None:
    with school.as_nobody() as client:
        finish(school, came_back(school, openid))
        left = client.delete("/api/session")
        assert client.get("/api/session").status_code == 401
        client.cookies.clear()

    assert openid.signed_out(left.headers["location"]) == f"{HOME}/"


def test_a_browser_is_led_to_the_door_with_what_was_refused(school: House) -> None:
    path = "/api/session/oidc/callback?code=x&state=y"
    answer = school.client.get(path, headers=BROWSER, follow_redirects=False)

    assert answer.headers["location"] == "/#/sign-in?refused=oidc_state"


def test_the_test_says_what_works_and_what_does_not(school: House, openid: OpenId) -> None:
    works = school.client.post("/api/settings/oidc/test")
    school.client.patch("/api/settings/oidc", json={"issuer": f"{openid.issuer}/outro"})
    fails = school.client.post("/api/settings/oidc/test")

    assert works.json() == {"issuer": openid.issuer, "keys": 1}
    assert (fails.status_code, fails.json()["code"]) == (409, "oidc_answer")
    assert school.client.get("/api/session/ways").json() == {
        "directory": False, "provider": "Escola",
    }  # fmt: skip


@pytest.fixture
def unknown(tmp_path: Path) -> Iterator[str]:
    """The address of a provider whose certificate is by an authority unknown to this machine."""
    shown = tmp_path / "shown.pem"
    key, certificate = Authority().issue("id.escola.example")
    shown.write_bytes(pem(key, certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_of_a_certificate_that_is_not_believed_it_says_what_to_do(
    school: House, unknown: str
) -> None:
    school.client.patch("/api/settings/oidc", json={"issuer": unknown, "secret": SECRET})
    fails = school.client.post("/api/settings/oidc/test")

    assert (fails.status_code, fails.json()["code"]) == (409, "oidc_not_safe")
    assert "update-ca-certificates" in fails.json()["detail"]
