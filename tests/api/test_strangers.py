"""What belongs to others: their documents by id, their conversations, their fields
(SEC-21, SEC-23, SEC-24)."""

import statistics
import time
from collections.abc import Iterator
from typing import Any

import pytest
from httpx import Response

from appliance.records import new_id
from tests.api import authorisation, visiting
from tests.api.neighbours import CANARY, QUESTION, SITE, Neighbours
from tests.api.test_editors import rows
from tests.api.test_walls import WALLED, filled, ids_in, tries
from tests.api.wall_tries import TRIES
from tests.api.walls import plain

ABSENT = {"source_id", "run_id", "proposal_id"}


@pytest.fixture(scope="module")
def town() -> Iterator[Neighbours]:
    with authorisation.opened() as found:
        found.callers["K2"] = found.key(
            "ask", "search", "documents:read", "documents:write", assistants=[found.second["id"]]
        )
        visit = found.house.client.post(
            f"/api/widget/{found.third['public_id']}/session", headers={"origin": SITE}
        )
        token = visit.json()["token"]
        public = found.third["public_id"]
        found.callers["W2"] = visiting.accept(found.house.client, public, token)
        yield found


def sent(town: Neighbours, who: str, one: Any, ids: dict[str, str]) -> Response:
    method, path, extra = filled(list(one), ids)
    return town.request(who, method, path, **extra)


@pytest.mark.guarantee("SEC-21")
@pytest.mark.parametrize("who", ["U2", "W1", "K2"])
def test_an_id_of_another_answers_like_an_id_never_given(town: Neighbours, who: str) -> None:
    """By every route, in addresses and in bodies."""
    never = {name: new_id() for name in town.ids}
    before = rows(town)
    for route in WALLED:
        for one in tries(route):
            if not ids_in(one) or ids_in(one) & ABSENT:
                continue
            theirs = sent(town, who, one, town.ids)
            nothing = sent(town, who, one, never)

            assert CANARY not in theirs.text, one
            assert plain(theirs, *town.ids.values()) == plain(nothing, *never.values()), one

    assert rows(town) == before


@pytest.mark.guarantee("SEC-21")
def test_an_id_does_not_open_under_a_parent_that_is_not_its_own(town: Neighbours) -> None:
    """One's own parent before another's child, and the other way round."""
    theirs = town.request("U1", "GET", f"/api/people/{town.people['U1']}/sessions").json()["items"]
    tries = [
        ("U2", "DELETE", f"/api/people/{town.people['U2']}/sessions/{theirs[0]['id']}"),
        ("U2", "DELETE", f"/api/people/{town.people['U1']}/sessions/{theirs[0]['id']}"),
        ("ADM", "GET", f"/api/documents/{town.letter['id']}/pages/2"),
        ("ADM", "GET", f"/api/collections/{town.document['id']}"),
        ("ADM", "GET", f"/api/documents/{town.shelf}"),
        ("ADM", "GET", f"/api/jobs/{town.document['id']}"),
        ("ADM", "GET", f"/api/conversations/{town.ids['message_id']}"),
    ]
    for who, method, path in tries:
        answer = town.request(who, method, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    kept = town.request("U1", "GET", f"/api/people/{town.people['U1']}/sessions")
    assert len(kept.json()["items"]) == len(theirs)


@pytest.mark.guarantee("SEC-21")
def test_a_foreign_document_does_not_become_part_of_ones_own(town: Neighbours) -> None:
    before = rows(town)
    replaced = town.request(
        "K2",
        "PATCH",
        f"/api/documents/{town.letter['id']}",
        json={"supersedes": town.document["id"]},
    )
    uploaded = town.request(
        "K2", "POST", f"/api/collections/{town.other}/documents",
        files={"file": ("b.txt", b"Novo.")}, data={"supersedes": town.document["id"]},
    )  # fmt: skip

    assert (replaced.status_code, uploaded.status_code) == (400, 400)
    assert replaced.json()["code"] == uploaded.json()["code"] == "unknown_document"
    assert rows(town) == before


@pytest.mark.guarantee("SEC-21")
@pytest.mark.parametrize("kind", ["assistants", "collections", "documents"])
def test_no_clock_tells_what_is_hidden_from_what_never_was(town: Neighbours, kind: str) -> None:
    theirs = {"assistants": town.first["id"], "collections": town.shelf}.get(
        kind, town.document["id"]
    )
    spent: dict[str, list[float]] = {theirs: [], new_id(): []}
    for _ in range(100):
        for one, times in spent.items():
            began = time.perf_counter()
            assert town.request("U2", "GET", f"/api/{kind}/{one}").status_code == 404
            times.append(time.perf_counter() - began)

    hidden, never = (statistics.median(times) for times in spent.values())
    assert abs(hidden - never) < 0.010


@pytest.mark.guarantee("SEC-23")
@pytest.mark.parametrize("who", ["U2", "ED", "ADM", "W1", "K1", "K2"])
def test_nobody_goes_on_with_the_conversation_of_another(town: Neighbours, who: str) -> None:
    """Not to read, continue, hear, rate, ask again or remove; an administrator opens it for a
    reason, on the record, and no other way (tests/api/test_opening.py)."""
    conversation, message = town.ids["conversation_id"], town.ids["message_id"]
    more = {"question": "E depois?", "conversation": conversation}
    stream = {"accept": "text/event-stream"}
    asked = f"/api/assistants/{town.first['id']}/ask"
    before = talk(town)
    answers = [
        town.request(who, "GET", f"/api/conversations/{conversation}"),
        town.request(who, "GET", f"/api/conversations/{conversation}/export"),
        town.request(who, "GET", f"/api/conversations/{conversation}/export?format=json"),
        town.request(who, "POST", asked, json=more),
        town.request(who, "POST", asked, json=more, headers=stream),
        town.request(who, "GET", f"/api/conversations/{conversation}/form"),
        town.request(who, "POST", f"/api/conversations/{conversation}/form", json={"values": {}}),
        town.request(who, "POST", f"/api/messages/{message}/feedback", json={"good": False}),
        town.request(who, "POST", f"/api/messages/{message}/regenerate", json={}),
        town.request(who, "POST", f"/api/messages/{message}/regenerate", headers=stream, json={}),
        town.request(who, "DELETE", f"/api/conversations/{conversation}"),
    ]

    assert [one.status_code for one in answers] == [404] * len(answers)
    assert {one.json()["code"] for one in answers} == {"not_found"}
    assert conversation not in town.request(who, "GET", "/api/conversations").text
    beside = f"/api/conversations/{conversation}/files"  # which people alone have
    tried = [
        town.request(who, "GET", beside),
        town.request(who, "DELETE", f"{beside}/{town.ids['file_id']}"),
    ]
    assert {one.status_code for one in tried} == {403 if who in ("W1", "K1", "K2") else 404}
    assert talk(town) == before


@pytest.mark.guarantee("SEC-23")
def test_two_visitors_of_one_widget_are_strangers(town: Neighbours) -> None:
    asked = f"/api/assistants/{town.third['id']}/ask"
    own = town.request("W1", "POST", asked, json={"question": "Que horas abre?"}).json()
    path = f"/api/conversations/{own['conversation']}"
    more = {"question": "E fecha?", "conversation": own["conversation"]}

    assert town.request("W1", "GET", path).status_code == 200
    assert town.request("W2", "GET", path).status_code == 404
    assert town.request("W2", "DELETE", path).status_code == 404
    assert town.request("W2", "POST", asked, json=more).status_code == 404


@pytest.mark.guarantee("SEC-23")
def test_an_editor_reads_nobodys_words(town: Neighbours) -> None:
    path = f"/api/conversations/{town.ids['conversation_id']}/open"
    reason = {"reason": "Quero saber o que perguntam"}

    assert town.request("ED", "GET", "/api/conversations/others").status_code == 403
    assert town.request("ED", "POST", path, json=reason).status_code == 403
    copied = path.replace("/open", "/export")
    assert town.request("ED", "POST", copied, json=reason).status_code == 403
    assert QUESTION not in town.request("ED", "GET", "/api/conversations").text


def talk(town: Neighbours) -> list[Any]:
    read = town.house.parts.database.rows
    return [read(f"select * from {one} order by id") for one in ("conversations", "messages")]


FIELDS = (
    "role", "is_admin", "owner_id", "user_id", "owner", "assistants", "assistant_id", "id",
    "created_at", "quota", "allowed_origins", "mfa", "password_hash", "enabled", "editors",
    "scopes",
)  # fmt: skip
PROGRAMS = ("/v1/", "/mcp")  # other people's protocols, whose clients send more than is honoured


def bodies(town: Neighbours) -> dict[str, tuple[set[str], dict[str, Any]]]:
    """The fields that each JSON body of the API declares, and one that is good, by route."""
    document = town.house.client.get("/api/openapi.json").json()
    found = {}
    for route in authorisation.routes(town.house):
        method, path = route.split(" ")
        written = path.replace(":str", "").replace(":int", "").replace(":path", "")
        operation = document["paths"].get(written, {}).get(method.lower(), {})
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content and not path.startswith(PROGRAMS):
            text = str(resolved(document, content["application/json"]["schema"]))
            found[route] = ({one for one in FIELDS if f"'{one}': {{" in text}, good(town, route))
    return found


def resolved(document: dict[str, Any], schema: Any, depth: int = 0) -> Any:
    """A schema with what it refers to in its place."""
    if isinstance(schema, dict) and "$ref" in schema and depth < 9:
        return resolved(
            document, document["components"]["schemas"][schema["$ref"].split("/")[-1]], depth + 1
        )
    if isinstance(schema, dict):
        return {name: resolved(document, one, depth + 1) for name, one in schema.items()}
    return (
        [resolved(document, one, depth + 1) for one in schema]
        if isinstance(schema, list)
        else schema
    )


def good(town: Neighbours, route: str) -> dict[str, Any]:
    told = TRIES[route]
    first = told[0] if isinstance(told, list) else told
    return {} if isinstance(first, str) else dict(filled(first.get("json", {}), town.ids))


@pytest.mark.guarantee("SEC-24")
def test_no_body_takes_a_field_that_is_not_its_own(town: Neighbours) -> None:
    """As an administrator, whom nothing else keeps out."""
    before, taken = rows(town), {}
    known = bodies(town)
    for route, (declared, body) in known.items():
        method, path = route.split(" ")
        who = "W1" if path.startswith("/api/widget/acceptance") else "ADM"
        for field in sorted(set(FIELDS) - declared):
            answer = town.request(
                who, method, authorisation.address(town, path), json=body | {field: "x"}
            )
            if (answer.status_code, answer.json().get("code")) != (400, "unknown_field"):
                taken[f"{route} {field}"] = (answer.status_code, answer.text[:200])

    assert taken == {}
    assert len(known) > 40
    assert rows(town) == before
