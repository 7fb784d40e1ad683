"""Who may call what: one guard, one statement per route, deny by default
(SEC-20, SEC-25, SEC-27, SEC-31, SEC-33)."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from litestar import Litestar, get, post

from appliance import visitors
from appliance.api import guards
from appliance.records import Caller, Role, Scope
from appliance.settings import Settings
from tests.api.door_table import TABLE
from tests.api.doors import ADDRESS, SITE, WORD, Doors, doors

__all__ = ["doors"]

ROLES = get_args(Role)
SCOPES = get_args(Scope)


def everybody() -> dict[str, Caller | None]:
    people: dict[str, Caller | None] = {
        role: Caller(kind="person", id="p", name="P", role=role) for role in ROLES
    }
    keys = {
        f"key:{scope}": Caller(kind="key", id="k", name="K", scopes=frozenset({scope}))
        for scope in SCOPES
    }
    visitor = Caller(kind="visitor", id="v", name="", scopes=frozenset({"ask", "search"}))
    return people | keys | {"visitor": visitor, "nobody": None}


def statements(app: Litestar) -> dict[str, guards.Who]:
    return {
        f"{method} {route.path}": handler.opt["who"]
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        if "who" in handler.opt
        for method in handler.http_methods
    }


def test_the_table_and_the_routes_are_the_same(doors: Doors) -> None:
    """SEC-20: a route that is not in the table fails here, and so does one that lets more in."""
    allowed = {
        route: {"anyone"} if who.anyone else {n for n, c in everybody().items() if who.admits(c)}
        for route, who in statements(doors.app).items()
    }

    assert allowed == TABLE


@pytest.mark.parametrize("route", [route for route, who in TABLE.items() if who != {"anyone"}])
def test_every_route_answers_as_the_table_says(doors: Doors, route: str) -> None:
    method, path = route.split(" ")
    path = re.sub(r"\{(person|group|key)_id:str\}", "nobody", path)
    _, public = doors.assistant(SITE)
    for name, header in credentials(doors, public).items():
        status = doors.client.request(method, path, headers=header).status_code
        if name in TABLE[route]:
            assert status not in (401, 403), name
        else:
            assert status == (401 if name == "nobody" else 403), name


def credentials(doors: Doors, public: str) -> dict[str, dict[str, str]]:
    people = {role: doors.cookie_of(doors.add(role, role=role)) for role in ROLES}
    keys = {f"key:{scope}": doors.key(scope) for scope in SCOPES}
    token = visitors.begin(doors.database, public, SITE).token
    return people | keys | {"visitor": {"authorization": f"Bearer {token}"}, "nobody": {}}


def test_a_route_that_does_not_say_who_may_call_it_stops_the_assembly(tmp_path: Path) -> None:
    @get("/api/forgotten")
    async def forgotten() -> None: ...

    careless = Doors(Settings(data_dir=str(tmp_path)), forgotten)
    careless.database.close()

    assert guards.unguarded(careless.app) == ["GET /api/forgotten"]
    with pytest.raises(RuntimeError, match="GET /api/forgotten"):
        guards.check_routes(careless.app)


def test_a_route_that_slipped_through_answers_nobody(tmp_path: Path) -> None:
    @get("/api/forgotten")
    async def forgotten() -> str:
        return "the crown jewels"

    careless = Doors(Settings(data_dir=str(tmp_path), public_url=ADDRESS), forgotten)
    with careless.client as client:
        answer = client.get("/api/forgotten", headers=careless.admin())
    careless.database.close()

    assert answer.status_code == 404
    assert "jewels" not in answer.text


def test_the_routes_of_the_doors_pass_the_check(doors: Doors) -> None:
    guards.check_routes(doors.app)


@pytest.mark.parametrize(
    "path",
    ["/api/people/", "//api/people", "/api//people", "/API/people", "/api/people%2f",
     "/api/%70eople", "/api/./people", "/api/people;x=1", "/api/people?who=admin"],
)  # fmt: skip
def test_no_way_of_writing_the_address_goes_round_the_guard(doors: Doors, path: str) -> None:
    doors.add("Ana")

    answer = doors.client.get(path)

    assert answer.status_code in (401, 404)
    assert "ana@casa.test" not in answer.text


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "TRACE", "PROPFIND", "get"])
def test_no_other_method_goes_round_the_guard(doors: Doors, method: str) -> None:
    doors.add("Ana")

    answer = doors.client.request(method, "/api/people")

    assert answer.status_code in (401, 404, 405)
    assert "ana@casa.test" not in answer.text


def test_a_method_override_is_not_looked_at(doors: Doors) -> None:
    bia, admin = doors.add("Bia", role="member"), doors.admin()
    override = {"x-http-method-override": "DELETE", "x-method-override": "DELETE"}

    doors.client.get(f"/api/people/{bia.id}?_method=DELETE", headers=admin | override)

    assert doors.client.get(f"/api/people/{bia.id}", headers=admin).status_code == 200


def test_a_header_that_pretends_to_be_somebody_is_not_looked_at(doors: Doors) -> None:
    secret = doors.key("admin")["authorization"].removeprefix("Bearer ")
    for header in (
        "x-api-key",
        "x-user",
        "x-remote-user",
        "x-forwarded-user",
        "proxy-authorization",
    ):
        assert doors.client.get("/api/whoami", headers={header: secret}).status_code == 401


@pytest.mark.guarantee("SEC-31")
@pytest.mark.parametrize("parameter", ["api_key", "token", "access_token", "key", "authorization"])
def test_a_credential_in_the_address_is_never_read(doors: Doors, parameter: str) -> None:
    secret = doors.key("ask")["authorization"].removeprefix("Bearer ")

    for value in (secret, f"Bearer {secret}"):
        answer = doors.client.get("/api/whoami", params={parameter: value})
        assert answer.status_code == 401


def test_the_word_bearer_may_be_written_in_any_letter_case(doors: Doors) -> None:
    secret = doors.key("ask")["authorization"].removeprefix("Bearer ")

    for scheme in ("Bearer", "bearer", "BEARER"):
        answer = doors.client.get("/api/whoami", headers={"authorization": f"{scheme} {secret}"})
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "claim", ["", "Bearer", "Bearer ", "Bearer bk_", "Bearer bk_wrong", "Bearer bw_wrong",
              "Basic YW5hOnNlY3JldA==", "Bearer eyJhbGciOiJub25lIn0.e30.", "bk_wrong"],
)  # fmt: skip
def test_a_bad_claim_is_refused_even_beside_a_good_cookie(doors: Doors, claim: str) -> None:
    answer = doors.client.get("/api/whoami", headers=doors.admin() | {"authorization": claim})

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_a_key_beside_a_cookie_is_the_caller(doors: Doors) -> None:
    both = doors.admin() | doors.key("ask")

    assert doors.client.get("/api/whoami", headers=both).json()["kind"] == "key"
    assert doors.client.get("/api/people", headers=both).status_code == 403


def test_two_claims_are_none(doors: Doors) -> None:
    claims = [("authorization", doors.key("ask")["authorization"]) for _ in range(2)]

    assert doors.client.get("/api/whoami", headers=claims).status_code == 401


CROSS_SITE: list[dict[str, str]] = [
    {"origin": "https://evil.test"},
    {"origin": "null"},
    {"origin": SITE, "sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "anything"},
    {"origin": "https://evil.test", "sec-fetch-site": "same-origin"},
    {"origin": ADDRESS, "sec-fetch-site": "cross-site"},
    {"origin": "http://balcao.intra.test"},
    {"origin": "http://balcao.intra.test:8081"},
    {"origin": "http://balcao.intra.test:8080.evil.test"},
    {"origin": "http://evil.test@balcao.intra.test:8080"},
    {"origin": "https://evil.test", "x-csrf-token": "abc", "cookie": "csrftoken=abc"},
]


@pytest.mark.guarantee("SEC-31")
@pytest.mark.parametrize("headers", CROSS_SITE, ids=str)
def test_a_change_that_another_sites_page_asks_for_is_refused(
    doors: Doors, headers: dict[str, str]
) -> None:
    """SEC-31."""
    mine = doors.admin()
    if "cookie" in headers:
        headers = headers | {"cookie": f"{headers['cookie']}; {mine['cookie']}"}

    answer = doors.client.post("/api/change", headers=mine | headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": ADDRESS},
        {"origin": ADDRESS.upper()},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": ADDRESS, "sec-fetch-site": "same-origin"},
        {"host": "127.0.0.1:8080", "origin": "http://127.0.0.1:8080"},
        {"host": "localhost:9", "origin": "http://localhost:9"},
    ],
    ids=str,
)
def test_a_change_from_the_appliances_own_pages_or_a_program_is_made(
    doors: Doors, headers: dict[str, str]
) -> None:
    assert doors.client.post("/api/change", headers=doors.admin() | headers).status_code == 200


def test_a_key_rides_on_no_cookie_and_may_come_from_anywhere(doors: Doors) -> None:
    headers = doors.key("ask") | {"origin": "https://evil.test", "sec-fetch-site": "cross-site"}

    answer = doors.client.post("/api/change", headers=headers)

    assert answer.status_code == 200
    assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.guarantee("SEC-32")
@pytest.mark.parametrize("origin", ["https://evil.test", "null", SITE])
def test_no_page_of_another_site_may_read_an_answer(doors: Doors, origin: str) -> None:
    """SEC-32."""
    headers = doors.admin() | {"origin": origin}
    asked = {"access-control-request-method": "GET", "origin": origin}

    answers = [
        doors.client.get("/api/people", headers=headers),
        doors.client.options("/api/people", headers=asked),
        doors.client.get("/api/nowhere", headers=headers),
    ]

    for answer in answers:
        assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.guarantee("SEC-31")
@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "text/json"],
)
def test_a_body_that_is_not_said_to_be_json_is_refused(doors: Doors, kind: str) -> None:
    body = b'{"email": "ana@casa.test", "password": "x"}'

    answer = doors.client.post("/api/session", content=body, headers={"content-type": kind})

    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


def test_json_may_say_its_character_set(doors: Doors) -> None:
    answer = doors.client.post(
        "/api/session",
        content=b'{"email": "ana@casa.test", "password": "x"}',
        headers={"content-type": "Application/JSON; charset=utf-8"},
    )

    assert answer.status_code == 401


@pytest.mark.guarantee("SEC-04")
def test_a_compressed_body_is_refused(doors: Doors) -> None:
    """SEC-04: a small request that becomes a large one."""
    answer = doors.client.post(
        "/api/session",
        content=b"\x1f\x8b",
        headers={"content-type": "application/json", "content-encoding": "gzip"},
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "compressed_body")


def test_a_route_may_take_another_kind_of_body_and_says_so(tmp_path: Path) -> None:
    @post("/api/upload", who=guards.anyone(), accepts="multipart/form-data", status_code=200)
    async def upload() -> str:
        return "taken"

    open_doors = Doors(Settings(data_dir=str(tmp_path), public_url=ADDRESS), upload)
    with open_doors.client as client:
        taken = client.post("/api/upload", files={"file": b"x"})
        refused = client.post("/api/upload", json={})
    open_doors.database.close()

    assert taken.status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (415, "unexpected_body")
    assert "multipart/form-data" in refused.json()["detail"]


def test_a_visitor_is_known_on_their_page_and_in_the_iframe_only(doors: Doors) -> None:
    """SEC-33: a token replayed from another page."""
    assistant, public = doors.assistant(SITE)
    token = visitors.begin(doors.database, public, SITE).token
    mine = {"authorization": f"Bearer {token}"}

    def whoami(**headers: str) -> Any:
        return doors.client.get("/api/whoami", headers=mine | headers)

    assert whoami(origin=SITE).json()["assistants"] == [assistant]
    assert whoami(origin=ADDRESS).status_code == 200
    assert whoami().status_code == 200
    assert whoami(origin="https://evil.test").status_code == 401
    assert whoami(origin="null").status_code == 401
    two = [("authorization", mine["authorization"]), ("origin", SITE), ("origin", ADDRESS)]
    assert doors.client.get("/api/whoami", headers=two).status_code == 401


def test_a_stale_cookie_does_not_keep_anybody_from_signing_in(doors: Doors) -> None:
    doors.add("Ana")
    body = {"email": "ana@casa.test", "password": WORD}

    answer = doors.client.post("/api/session", json=body, headers={"cookie": "balcao=stale"})

    assert answer.status_code == 200


def test_statements_join() -> None:
    who = guards.person("editor") | guards.key("ask") | guards.visitor()

    assert who == guards.Who(
        roles=frozenset({"editor"}), scopes=frozenset({"ask"}), visitor=True, anyone=False
    )
    assert (who | guards.anyone(elsewhere=True)).elsewhere
    assert guards.person().roles == frozenset(ROLES)


def test_a_terminal_never_comes_over_http() -> None:
    terminal = Caller(kind="terminal", id="root", name="root", role="admin")

    assert not guards.ADMINISTRATORS.admits(terminal)
