"""What a page of another site can do with the browser of a person who is signed in here: nothing,
on no route (SEC-31, SEC-32).

Every test goes over the routes of the running house, so that a new one is tried as well.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from httpx import Response

from appliance.api import guards
from appliance.errors import sentence
from tests.api import authorisation
from tests.api.neighbours import SITE, Neighbours

EVIL = "https://evil.test"
FROM_ELSEWHERE: dict[str, dict[str, str]] = {
    "another site's form": {"origin": EVIL},
    "a page without an origin": {"origin": "null"},
    "a neighbour of the intranet": {"origin": SITE, "sec-fetch-site": "same-site"},
    "a fetch": {"sec-fetch-site": "cross-site"},
    "a token of its own": {"origin": EVIL, "x-csrf-token": "abc", "cookie": "csrftoken=abc"},
}
# What reading leaves behind: that it was done, and when somebody was last here.
TRACES = ("audit", "sessions", "keys", "attempts", "outgoing", "handshakes")
# No page of this house has a browser sign in by a GET but the way back from a provider,
# which is tried in test_provider_signin.py.
SIGNS_IN = "/api/session/oidc"


@pytest.fixture(scope="module")
def town() -> Iterator[Neighbours]:
    with authorisation.opened() as found:
        yield found


def changing(town: Neighbours) -> list[str]:
    return [one for one in authorisation.routes(town.house) if is_changing(one)]


def is_changing(route: str) -> bool:
    return route.split(" ")[0] not in guards.SAFE_METHODS


def statement(town: Neighbours, route: str) -> guards.Who:
    method, path = route.split(" ")
    (who,) = {
        handler.opt["who"]
        for one in town.house.app.routes
        if one.path == path
        for handler in getattr(one, "route_handlers", [])
        if method in handler.http_methods and "who" in handler.opt
    }
    return who  # type: ignore[no-any-return]


def asked(town: Neighbours, who: str, route: str, headers: dict[str, str]) -> Response:
    """The route's own request, with headers that a browser sends along."""
    method, path = route.split(" ")
    sent = authorisation.sent(town, route)
    mine = town.callers[who]
    if "cookie" in headers:
        headers = headers | {"cookie": f"{headers['cookie']}; {mine['cookie']}"}
    told = sent.pop("headers", {}) | headers
    return town.request(who, method, authorisation.address(town, path), headers=told, **sent)


def refused(answer: Response) -> bool:
    """Refused for where it comes from, in the words of whatever protocol was spoken."""
    words = sentence("cross_site", {}, "pt")
    return answer.status_code == 403 and ("cross_site" in answer.text or words in answer.text)


def rows(town: Neighbours) -> dict[str, list[dict[str, Any]]]:
    """Every table of the house, but for the traces of reading."""
    database = town.house.parts.database
    tables = database.rows(
        """
        select name from sqlite_master
        where type = 'table' and name not like 'sqlite%' and name not like '%\\_words%' escape '\\'
          and sql not like '%virtual%'
        """
    )
    return {
        one["name"]: database.rows(f"select * from {one['name']}")
        for one in tables
        if one["name"] not in TRACES
    }


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name in before if before[name] != after[name]]


@pytest.mark.guarantee("SEC-31")
@pytest.mark.parametrize("way", FROM_ELSEWHERE)
def test_no_route_makes_a_change_that_another_sites_page_asks_for(
    town: Neighbours, way: str
) -> None:
    """By the cookie of an administrator, the mightiest there is."""
    before, through = rows(town), {}
    for route in changing(town):
        if statement(town, route).elsewhere:
            continue  # the widget's: it looks at no cookie, and at the site (SEC-33)
        answer = asked(town, "ADM", route, FROM_ELSEWHERE[way])
        if not refused(answer):
            through[route] = (answer.status_code, answer.text[:80])

    assert through == {}
    assert changed(before, rows(town)) == []


@pytest.mark.guarantee("SEC-31")
def test_the_routes_of_the_widget_see_no_cookie(town: Neighbours) -> None:
    """They may be called from a listed site: as nobody, whoever's browser it is."""
    open_ones = [one for one in changing(town) if statement(town, one).elsewhere]
    town.callers["junk"] = {"cookie": f"{guards.cookie_name(town.house.settings)}=nonsense"}

    assert open_ones == ["POST /api/widget/{public_id:str}/session"]
    for who in ("ADM", "U1", "junk", "ANON"):
        headers = {"origin": SITE, "sec-fetch-site": "cross-site"}
        path = f"/api/widget/{town.third['public_id']}/session"
        answer = town.request(who, "POST", path, headers=headers)
        assert answer.status_code == 201
        assert "set-cookie" not in answer.headers


@pytest.mark.guarantee("SEC-31")
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_no_route_reads_a_body_that_any_page_may_send(town: Neighbours, kind: str) -> None:
    """Even without a word of where it comes from, as from a browser of long ago."""
    before, through = rows(town), {}
    for route in changing(town):
        method, path = route.split(" ")
        accepts = next(
            handler.opt.get("accepts")
            for one in town.house.app.routes
            if one.path == path
            for handler in getattr(one, "route_handlers", [])
            if method in handler.http_methods and "who" in handler.opt
        )
        if accepts == "*/*":
            continue  # a model's bytes, in a request that no form can send
        answer = town.request(
            "ADM", method, authorisation.address(town, path), content=b"{}",
            headers={"content-type": kind},
        )  # fmt: skip
        if answer.status_code not in (403, 415):
            through[route] = answer.status_code

    assert through == {}
    assert changed(before, rows(town)) == []


@pytest.mark.guarantee("SEC-31")
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("who", ["ADM", "U1", "W1", "K1"])
def test_reading_changes_nothing_on_any_route(town: Neighbours, who: str, method: str) -> None:
    """Neither what is there to be read, nor the address of what is there to be changed."""
    for route in authorisation.routes(town.house):
        if route.startswith("GET"):  # the first reading writes down what it shows: a notice, a key
            town.request("ADM", "GET", authorisation.address(town, route.split(" ")[1]))
    before, through = rows(town), []
    for route in authorisation.routes(town.house):
        path = authorisation.address(town, route.split(" ")[1])
        sent = authorisation.sent(town, route) if route.startswith(method) else {}
        town.request(who, method, path, **sent)
        after = rows(town)
        through += [(route, name) for name in changed(before, after)]
        before = after

    assert through == []


@pytest.mark.guarantee("SEC-31")
@pytest.mark.parametrize("way", FROM_ELSEWHERE)
def test_no_page_of_another_site_signs_a_browser_in(town: Neighbours, way: str) -> None:
    """Who is signed in to the account of an attacker would put their papers there: no route
    for anyone gives a cookie to a request from elsewhere, whatever it brings."""
    town.callers["before"] = {"cookie": "balcao=brought-along"}
    planted = []
    for route in authorisation.routes(town.house):
        if not statement(town, route).anyone or SIGNS_IN in route:
            continue
        answer = asked(town, "before", route, FROM_ELSEWHERE[way])
        if "set-cookie" in answer.headers:
            planted.append(route)
        if is_changing(route) and not statement(town, route).elsewhere:
            assert refused(answer), route

    assert planted == []


@pytest.mark.guarantee("SEC-32")
@pytest.mark.parametrize("origin", [EVIL, "null", SITE])
@pytest.mark.parametrize("who", ["ADM", "ANON"])
def test_no_page_of_another_site_may_read_an_answer_of_any_route(
    town: Neighbours, who: str, origin: str
) -> None:
    """Nor may it send what needs a question first; the widget's door answers a listed site."""
    told: dict[str, list[str]] = {}
    for route in authorisation.routes(town.house):
        method, path = route.split(" ")
        address = authorisation.address(town, path)
        before = {"origin": origin, "access-control-request-method": method}
        with authorisation.harmless(town, who, route):
            answers = [
                asked(town, who, route, {"origin": origin}),
                town.request(who, "OPTIONS", address, headers=before),
                town.request(who, "OPTIONS", address, headers=before | PRIVATE),
            ]
        names = [name for one in answers for name in one.headers if "access-control" in name]
        if names:
            told[route] = names

    assert told == {}


PRIVATE = {
    "access-control-request-headers": "authorization, content-type",
    "access-control-request-private-network": "true",
}


@pytest.mark.guarantee("SEC-32")
def test_the_widgets_door_answers_a_listed_site_by_its_name_and_without_credentials(
    town: Neighbours,
) -> None:
    path = f"/api/widget/{town.third['public_id']}/session"
    for method in ("POST", "OPTIONS"):
        for origin, mine in ((SITE, {SITE}), (EVIL, set()), ("null", set())):
            answer = town.request("ADM", method, path, headers={"origin": origin})
            allowed = set(filter(None, [answer.headers.get("access-control-allow-origin")]))
            assert allowed == mine, (method, origin)
            assert "access-control-allow-credentials" not in answer.headers
            if mine:
                assert answer.headers["vary"] == "Origin"


def test_the_routes_that_were_tried_are_those_that_there_are(town: Neighbours) -> None:
    """Without this, a walk over no routes would prove everything."""
    every = authorisation.routes(town.house)

    assert len(every) > 100
    assert len(changing(town)) > 50
    assert all(re.fullmatch(r"[A-Z]+ /\S*", one) for one in every)


def test_the_same_requests_from_the_houses_own_page_are_let_in(town: Neighbours) -> None:
    """Without this, a mistyped request would be refused as well."""
    with authorisation.unchanging(town):
        answers = [
            asked(town, "ADM", one, {"sec-fetch-site": "same-origin"}) for one in changing(town)
        ]

    assert [one for one in answers if "cross_site" in one.text] == []
