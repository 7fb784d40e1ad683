"""The table of who gets through which route holds, and no other way of writing an address
gets anybody further (SEC-20, SEC-27)."""

import re
from collections.abc import Iterator

import pytest
from httpx import Response

from tests.api import authorisation
from tests.api.authorisation import IDENTITIES
from tests.api.neighbours import Neighbours, bearer

ROWS = authorisation.checked_in()
AGAIN = "write it anew with `python -m tests.api.authorisation`, and read what changed"
KEPT_OUT = {400, 401, 403, 404, 405}
SAFE = ("GET", "HEAD", "OPTIONS")
OF_A1 = {
    "assistant_id", "collection_id", "document_id", "job_id", "conversation_id", "message_id",
    "group_id", "person_id", "key_id",
}  # fmt: skip


@pytest.fixture(scope="module")
def town() -> Iterator[Neighbours]:
    with authorisation.opened() as found:
        yield found


def admitted(who: str) -> set[str]:
    return {route for route, row in ROWS.items() if row[who] == "in"}


def names(route: str) -> set[str]:
    return set(re.findall(r"\{(\w+):", route))


@pytest.mark.guarantee("SEC-20")
def test_the_table_is_what_the_running_house_does(town: Neighbours) -> None:
    """Deny by default: a route that is not in the table fails here."""
    heads, *rows = authorisation.table(town)
    now = {row[0]: dict(zip(heads, row, strict=True)) for row in rows}

    changed = {one: (ROWS.get(one), row) for one, row in now.items() if ROWS.get(one) != row}

    assert changed == {}, AGAIN
    assert set(now) == set(ROWS), AGAIN


@pytest.mark.guarantee("SEC-20")
def test_nobody_gets_through_where_anyone_does_not() -> None:
    assert admitted("disabled") == admitted("ANON")
    for who in IDENTITIES:
        assert admitted("ANON") <= admitted(who)


@pytest.mark.guarantee("SEC-20")
@pytest.mark.parametrize("who", ["U2", "W1", "disabled", "ANON"])
def test_a_stranger_gets_through_no_route_to_what_is_anothers(who: str) -> None:
    assert [route for route in admitted(who) if names(route) & OF_A1] == []


@pytest.mark.guarantee("SEC-20")
def test_an_auditor_gets_to_the_audit_and_to_themselves() -> None:
    own = {
        "GET /api/session", "DELETE /api/session", "GET /api/second-factor",
        "POST /api/second-factor", "POST /api/second-factor/confirm",
        "POST /api/second-factor/codes", "POST /api/second-factor/remove",
    }  # fmt: skip
    more = admitted("auditor") - admitted("ANON")

    assert {route for route in more if "/api/audit" not in route} == own


@pytest.mark.guarantee("SEC-20")
def test_what_an_editor_gets_to_beyond_a_reader_is_about_their_assistant() -> None:
    """No people, groups, keys, settings, models, engines, audit."""
    more = admitted("ED") - admitted("U1")
    areas = {route.split(" ")[1].split("/")[2] for route in more}

    assert areas <= {
        "assistants", "collections", "documents", "jobs", "proposals", "sources",
        "gaps", "golden", "handovers",
    }  # fmt: skip


def elsewhere(path: str) -> dict[str, str]:
    """Other ways to write an address."""
    area, _, rest = path.lstrip("/").partition("/")
    return {
        "capitals": f"/{area.upper()}/{rest}",
        "a slash after": f"{path}/",
        "two slashes": f"/{area}//{rest}",
        "an escaped slash": f"/{area}%2f{rest}",
        "a dot": f"/{area}/./{rest}",
        "up and down": f"/{area}/x/../{rest}",
    }


def got_in(answer: Response) -> bool:
    return answer.status_code not in KEPT_OUT


@pytest.mark.guarantee("SEC-20")
@pytest.mark.parametrize("who", ["ANON", "U2"])
def test_no_other_spelling_of_an_address_opens_it(town: Neighbours, who: str) -> None:
    through = []
    for route in sorted(set(ROWS) - admitted(who)):
        method, path = route.split(" ")
        for way, other in elsewhere(authorisation.address(town, path)).items():
            with authorisation.harmless(town, who, route):
                answer = town.request(who, method, other, **authorisation.sent(town, route))
            if got_in(answer):
                through.append((route, way, answer.status_code))

    assert through == []


@pytest.mark.guarantee("SEC-20")
@pytest.mark.parametrize("who", ["ANON", "U2"])
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "get"])
def test_no_other_method_opens_an_address(town: Neighbours, who: str, method: str) -> None:
    through = []
    with authorisation.unchanging(town):
        for route in sorted(set(ROWS) - admitted(who)):
            _, path = route.split(" ")
            answer = town.request(who, method, authorisation.address(town, path))
            if got_in(answer) and f"GET {path}" not in admitted(who):
                through.append((route, answer.status_code))

    assert through == []


@pytest.mark.guarantee("SEC-20")
@pytest.mark.parametrize(
    "header", ["x-http-method-override", "x-method-override", "x-http-method", "x-original-url"]
)
def test_no_header_makes_another_request_of_one(town: Neighbours, header: str) -> None:
    with authorisation.unchanging(town):
        for route in sorted(ROWS):
            method, path = route.split(" ")
            if method in SAFE or f"GET {path}" not in ROWS:
                continue
            address = authorisation.address(town, path)
            plain = town.request("ADM", "GET", address)
            told = town.request("ADM", "GET", address, headers={header: method})
            assert (told.status_code, len(told.content)) == (plain.status_code, len(plain.content))


@pytest.mark.guarantee("SEC-27")
def test_a_key_to_one_assistant_asks_there_and_nothing_else() -> None:
    """Its reading is what an answer shows: pages of the documents that are cited."""
    more = admitted("K1") - admitted("ANON")
    areas = {route.split(" ")[1] for route in more if not route.startswith("GET")}

    assert areas == {
        "/api/assistants/{assistant_id:str}/ask",
        "/api/assistants/{assistant_id:str}/search",
        "/v1/chat/completions",
        "/v1/embeddings",
        "/mcp",
    }


@pytest.mark.guarantee("SEC-27")
def test_a_key_in_another_header_or_in_the_address_is_nobody(town: Neighbours) -> None:
    secret = town.callers["K1"]["authorization"].removeprefix("Bearer ")
    path = f"/api/assistants/{town.first['id']}"
    nobody = [
        town.request("ANON", "GET", path, headers={"x-api-key": secret}),
        town.request("ANON", "GET", path, headers={"api-key": secret}),
        town.request("ANON", "GET", path, headers={"cookie": f"balcao={secret}"}),
        town.request("ANON", "GET", path, headers={"authorization": f"Basic {secret}"}),
        town.request("ANON", "GET", path, headers={"authorization": secret}),
    ]

    assert {one.status_code for one in nobody} == {401}
    assert town.request("ANON", "GET", path, headers=bearer(secret)).status_code == 200
    lower = {"AUTHORIZATION": f"bearer {secret}"}
    assert town.request("ANON", "GET", path, headers=lower).status_code == 200


@pytest.mark.guarantee("SEC-27")
@pytest.mark.parametrize("name", ["api_key", "key", "token", "access_token", "limit"])
@pytest.mark.parametrize("who", ["ANON", "ADM", "K1"])
def test_a_key_in_the_address_is_refused_whoever_else_asks(
    town: Neighbours, who: str, name: str
) -> None:
    """It stands in logs and histories from then on."""
    secret = town.callers["K1"]["authorization"].removeprefix("Bearer ")

    refused = town.request(who, "GET", "/api/assistants", params={name: secret})

    assert (refused.status_code, refused.json()["code"]) == (401, "key_in_address")
    assert secret not in refused.text


@pytest.mark.guarantee("SEC-27")
def test_a_key_from_outside_its_networks_is_nobodys(town: Neighbours) -> None:
    """What TestClient calls from is in no network; addresses are tried in tests/test_keys.py."""
    town.callers["far"] = town.key("ask", addresses=["10.0.0.0/8"])

    assert town.request("far", "GET", "/api/assistants").status_code == 401


@pytest.mark.guarantee("SEC-27")
def test_a_key_beside_a_cookie_is_still_only_the_key(town: Neighbours) -> None:
    both = town.callers["K1"] | town.callers["ADM"]
    stale = town.callers["ADM"] | bearer("bk_gone")

    assert town.request("ANON", "GET", "/api/people", headers=both).status_code == 403
    assert town.request("ANON", "GET", "/api/people", headers=stale).status_code == 401
    other = f"/api/assistants/{town.second['id']}"
    assert town.request("ANON", "GET", other, headers=both).status_code == 404


@pytest.mark.guarantee("SEC-27")
def test_a_key_does_not_reach_another_assistant_by_any_name(town: Neighbours) -> None:
    names = (town.second["id"], town.second["slug"], town.second["public_id"])
    for name in names:
        assert town.ask("K1", name).status_code == 404
        asked = {"model": name, "messages": [{"role": "user", "content": "Oi?"}]}
        assert town.request("K1", "POST", "/v1/chat/completions", json=asked).status_code == 404
    document = f"/api/documents/{town.letter['id']}"
    assert town.request("K1", "GET", document).status_code == 404
