"""A provider that lies, over real HTTP: each lie is refused with one sentence, and nothing is
kept of it: no person, no session, no sign-in that could go on."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from appliance.federation import providers
from appliance.settings import Settings
from tests.fakes import WordEmbedder
from tests.house import House
from tests.signin.hostile_provider import (
    CLIENT,
    KEY,
    OTHER,
    PUBLIC,
    SECRET,
    Asked,
    HostileProvider,
    by_public_key,
    dripping,
    hostile,
    signed,
)

DISCOVERY = "/.well-known/openid-configuration"
KEPT = ("people", "identities", "sessions", "handshakes")
HOUR = 3600


@pytest.fixture
def provider() -> Iterator[HostileProvider]:
    with hostile() as opened:
        yield opened


@pytest.fixture
def school(settings: Settings, provider: HostileProvider) -> Iterator[House]:
    with House(settings, embedder=WordEmbedder()) as house:
        told = {
            "enabled": True, "name": "Escola", "issuer": provider.issuer, "client": CLIENT,
            "secret": SECRET, "rules": ["legal = role:editor"],
        }  # fmt: skip
        assert house.client.patch("/api/settings/oidc", json=told).status_code == 200
        yield house


def begun(house: House) -> Any:
    return house.client.get("/api/session/oidc", follow_redirects=False)


def came_back(house: House, provider: HostileProvider) -> Any:
    """The answer to a sign-in that was begun here and comes back with a code."""
    away = begun(house)
    assert away.status_code == 302, away.text
    asked = parse_qs(urlsplit(away.headers["location"]).query)
    provider.nonce = asked["nonce"][0]
    path = f"/api/session/oidc/callback?code=c-77&state={asked['state'][0]}"
    return house.client.get(path, follow_redirects=False)


def kept(house: House) -> dict[str, int]:
    return {
        table: house.parts.database.rows(f"select count(*) as n from {table}")[0]["n"]
        for table in KEPT
    }


def refused(answer: Any, status: int, code: str) -> str:
    """The one sentence of a refusal."""
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), told
    assert "set-cookie" not in answer.headers
    assert "…" not in told["detail"]
    return str(told["detail"])


def test_what_a_good_provider_says_is_believed(school: House, provider: HostileProvider) -> None:
    with school.as_nobody() as client:
        assert came_back(school, provider).headers["location"] == "/"
        assert client.get("/api/session").json()["person"]["name"] == "Bia Lima"
        client.cookies.clear()


LIES: dict[str, Callable[[HostileProvider], None]] = {
    "alg none": lambda one: setattr(one, "sign", signed("", "none")),
    "the public key as a secret": lambda one: setattr(one, "sign", by_public_key),
    "the client's secret": lambda one: setattr(one, "sign", signed(SECRET, "HS256")),
    "another's key": lambda one: setattr(one, "sign", signed(OTHER)),
    "another kid": lambda one: setattr(one, "sign", signed(KEY, kid="2")),
    "iss": lambda one: one.claims.update(iss="https://evil.test"),
    "aud": lambda one: one.claims.update(aud="outra"),
    "azp": lambda one: one.claims.update(azp="outra"),
    "many aud": lambda one: one.claims.update(aud=[CLIENT, "outra"]),
    "nonce": lambda one: one.claims.update(nonce="outro"),
    "no nonce": lambda one: one.claims.update(nonce=None),
    "expired": lambda one: one.claims.update(exp=one.said()["iat"] - HOUR),
    "no end": lambda one: one.claims.update(exp=None),
    "from the future": lambda one: one.claims.update(iat=one.said()["iat"] + HOUR),
    "not yet": lambda one: one.claims.update(nbf=one.said()["iat"] + HOUR),
    "nobody": lambda one: one.claims.update(sub=""),
    "a subject that is a list": lambda one: one.claims.update(sub=["7001"]),
    "a key that is too short": lambda one: one.weaken(),
    "no token": lambda one: one.answers.update({"/token": lambda asked: asked.json({})}),
    "no keys": lambda one: one.answers.update({"/keys": lambda asked: asked.json({"keys": {}})}),
    "a key that is a secret": lambda one: one.answers.update(
        {"/keys": lambda asked: asked.json({"keys": [{"kty": "oct", "k": "AAAA", "kid": "1"}]})}
    ),
}  # fmt: skip


@pytest.mark.guarantee("SEC-38")
@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_lies_lets_nobody_in_and_leaves_nothing(
    school: House, provider: HostileProvider, lie: str
) -> None:
    LIES[lie](provider)
    before = kept(school)
    with school.as_nobody() as client:
        detail = refused(came_back(school, provider), 401, "oidc_token")
        client.cookies.clear()

    assert detail.count(".") <= 2
    assert kept(school) == before


def elsewhere(path: str) -> Callable[[Asked], None]:
    return lambda asked: asked.whole(b"", 302, location=path)


# By what is asked first or last: the answer, and the sentence.
ANSWERS: dict[str, tuple[str, Callable[[Asked], None], str]] = {
    "a discovery that leads elsewhere": (
        DISCOVERY,
        elsewhere("http://127.0.0.2:9/x"),
        "oidc_elsewhere",
    ),
    "a discovery that goes in a circle": (DISCOVERY, elsewhere(DISCOVERY), "oidc_not_reached"),
    "a discovery that is no JSON": (DISCOVERY, lambda asked: asked.whole(b"<html>"), "oidc_answer"),
    "a discovery of somebody else": (
        DISCOVERY,
        lambda asked: asked.json(asked.provider.discovery(issuer="https://evil.test")),
        "oidc_answer",
    ),
    "a token endpoint without TLS": (
        DISCOVERY,
        lambda asked: asked.json(asked.provider.discovery(token_endpoint="http://evil.test/token")),
        "oidc_answer",
    ),
    "keys without end": ("/keys", lambda asked: asked.whole(b" " * 2_000_000), "oidc_too_large"),
    "keys of another machine": (
        DISCOVERY,
        lambda asked: asked.json(asked.provider.discovery(jwks_uri="https://127.0.0.2:9/keys")),
        "oidc_elsewhere",
    ),
    "a token that leads elsewhere": ("/token", elsewhere("http://127.0.0.2:9/x"), "oidc_elsewhere"),
    "a token that is no JSON": ("/token", lambda asked: asked.whole(b"[1"), "oidc_answer"),
}  # fmt: skip


@pytest.mark.guarantee("SEC-38", "REL-23")
@pytest.mark.parametrize("way", ANSWERS)
def test_an_answer_of_no_use_is_refused_and_named_on_the_status_page(
    school: House, provider: HostileProvider, way: str
) -> None:
    path, answer, code = ANSWERS[way]
    provider.answers[path] = answer
    before = kept(school)
    with school.as_nobody() as client:
        first = begun(school)
        told = first if first.status_code != 302 else came_back(school, provider)
        detail = refused(told, 503, code)
        client.cookies.clear()

    after = kept(school)
    assert (after["people"], after["identities"], after["sessions"]) == tuple(
        before[name] for name in ("people", "identities", "sessions")
    )
    assert school.client.get("/api/system").json()["provider"] == detail
    standing = school.client.get("/api/federation").json()["oidc"]
    assert (standing["away"], standing["failure"]) == (True, detail)


@pytest.mark.guarantee("SEC-38")
def test_a_provider_that_drips_is_not_waited_for(
    school: House, provider: HostileProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(providers, "ANSWER_SECONDS", 0.5)
    provider.answers[DISCOVERY] = dripping

    refused(begun(school), 503, "oidc_slow")


@pytest.mark.guarantee("SEC-38")
def test_a_thousand_keys_of_one_name_are_not_all_tried(
    school: House, provider: HostileProvider
) -> None:
    """The good one is behind them: whoever lists so many lists none."""
    other = PUBLIC | {"n": "AQAB" * 80}
    provider.answers["/keys"] = lambda asked: asked.json({"keys": [other] * 900 + [PUBLIC]})
    with school.as_nobody() as client:
        refused(came_back(school, provider), 401, "oidc_token")
        client.cookies.clear()


@pytest.mark.guarantee("REL-23")
def test_a_provider_that_is_away_is_named_in_the_readers_language_until_it_is_back(
    school: House, provider: HostileProvider
) -> None:
    good = provider.answers.pop(DISCOVERY)
    me = school.client.get("/api/session").json()["person"]["id"]
    refused(begun(school), 503, "oidc_answer")
    told = set()
    for language in ("pt", "en", "es"):
        school.client.patch(f"/api/people/{me}", json={"language": language})
        told.add(school.client.get("/api/system").json()["provider"])
    assert len(told - {None}) == 3

    provider.answers[DISCOVERY] = good
    assert school.client.post("/api/settings/oidc/test").status_code == 200

    assert school.client.get("/api/system").json()["provider"] is None
    standing = school.client.get("/api/federation").json()["oidc"]
    assert not standing["away"]
    assert standing["worked_at"] > standing["failed_at"]
    assert standing["failure"]


def test_who_came_by_the_provider_is_led_out_there_as_well(
    school: House, provider: HostileProvider
) -> None:
    with school.as_nobody() as client:
        came_back(school, provider)
        answer = client.delete("/api/session")
        client.cookies.clear()

    assert answer.status_code == 204
    place = urlsplit(answer.headers["location"])
    assert f"{place.scheme}://{place.netloc}{place.path}" == f"{provider.issuer}/out"
    home = f"{school.settings.address.rstrip('/')}/"
    assert parse_qs(place.query) == {"client_id": [CLIENT], "post_logout_redirect_uri": [home]}


def test_people_of_this_house_are_led_nowhere(school: House, provider: HostileProvider) -> None:
    begun(school)
    answer = school.client.delete("/api/session")

    assert answer.status_code == 204
    assert "location" not in answer.headers


def test_where_the_provider_offers_no_way_out_one_stays_here(
    school: House, provider: HostileProvider
) -> None:
    provider.answers[DISCOVERY] = lambda asked: asked.json(
        provider.discovery(end_session_endpoint="")
    )
    with school.as_nobody() as client:
        came_back(school, provider)
        answer = client.delete("/api/session")
        client.cookies.clear()

    assert "location" not in answer.headers


def test_the_house_looks_by_itself_now_and_then(school: House, provider: HostileProvider) -> None:
    looks = providers.Providers(school.parts.database, school.parts.vault, school.settings)

    assert looks.look()
    assert not looks.look()
    del provider.answers[DISCOVERY]
    assert not looks.look(now=datetime.now(UTC) + timedelta(minutes=16))

    assert [path for path, _ in provider.asked] == [DISCOVERY, DISCOVERY]
    standing = school.client.get("/api/federation").json()["oidc"]
    assert standing["looked_at"] > standing["worked_at"]
    assert standing["away"]
