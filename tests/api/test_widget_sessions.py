"""A visitor's session over HTTP (SEC-16, SEC-32, SEC-33, SEC-47)."""

import pytest
from httpx import Response

from appliance import throttle
from tests.api.doors import ADDRESS, SITE, Doors, doors

__all__ = ["doors"]


def visit(doors: Doors, public: str, **headers: str) -> Response:
    return doors.client.post(f"/api/widget/{public}/session", headers=headers)


def cors(answer: Response) -> dict[str, str]:
    return {n: v for n, v in answer.headers.items() if n.startswith("access-control")}


def test_a_listed_site_gets_a_visitor_a_token_and_the_assistants_face(doors: Doors) -> None:
    _, public = doors.assistant(SITE)

    answer = visit(doors, public, origin=SITE)

    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"token", "expires_at", "assistant"}
    assert body["token"].startswith("bw_")
    assert body["assistant"] == {  # these and no other: SEC-16
        "name": "Portaria",
        "language": "pt",
        "greeting": "Olá!",
        "suggestions": ["Qual o horário?"],
        "accent": "#0a7d55",
        "contact": "portaria@casa.test",
        "leaves_building": False,
    }
    assert "set-cookie" not in answer.headers


def test_the_page_may_read_the_answer_without_credentials(doors: Doors) -> None:
    _, public = doors.assistant(SITE)

    answer = visit(
        doors, public, origin="https://INTRANET.test", **{"sec-fetch-site": "cross-site"}
    )

    assert answer.status_code == 201
    assert cors(answer) == {"access-control-allow-origin": "https://INTRANET.test"}
    assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize(
    "origin",
    ["null", "http://intranet.test", "https://intranet.test:8080", "https://intranet.test.evil.test",
     "https://evilintranet.test", "https://intranetXtest", "https://intranet.test.",
     "https://xn--intrnet-bwa.test", ADDRESS, ""],
)  # fmt: skip
def test_any_other_site_is_refused_and_may_not_even_read_why(doors: Doors, origin: str) -> None:
    _, public = doors.assistant(SITE)

    answer = visit(doors, public, origin=origin)

    assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")
    assert cors(answer) == {}


def test_no_origin_or_two_or_only_a_referer_is_refused(doors: Doors) -> None:
    _, public = doors.assistant(SITE)
    path = f"/api/widget/{public}/session"

    assert visit(doors, public).status_code == 403
    assert visit(doors, public, referer=f"{SITE}/page").status_code == 403
    two = [("origin", SITE), ("origin", SITE)]
    assert doors.client.post(path, headers=two).status_code == 403


def test_an_assistant_without_sites_is_closed(doors: Doors) -> None:
    _, public = doors.assistant()

    assert visit(doors, public, origin=SITE).status_code == 403


def test_a_widget_that_does_not_exist_is_not_found(doors: Doors) -> None:
    answer = visit(doors, "nothing", origin=SITE)

    assert answer.status_code == 404
    assert cors(answer) == {}


def test_the_inner_id_of_an_assistant_opens_nothing(doors: Doors) -> None:
    assistant, _ = doors.assistant(SITE)

    assert visit(doors, assistant, origin=SITE).status_code == 404


def test_the_token_works_in_that_assistant_and_from_that_site(doors: Doors) -> None:
    assistant, public = doors.assistant(SITE)
    token = visit(doors, public, origin=SITE).json()["token"]

    def whoami(origin: str) -> Response:
        headers = {"authorization": f"Bearer {token}", "origin": origin}
        return doors.client.get("/api/whoami", headers=headers)

    assert whoami(SITE).json()["assistants"] == [assistant]
    assert whoami("https://evil.test").status_code == 401


@pytest.mark.parametrize("field", ["token", "session_id", "id", "assistant", "origin"])
def test_a_visitor_cannot_choose_their_session(doors: Doors, field: str) -> None:
    _, public = doors.assistant(SITE)

    answer = doors.client.post(
        f"/api/widget/{public}/session", json={field: "mine"}, headers={"origin": SITE}
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_field")


def test_an_empty_object_is_as_good_as_no_body(doors: Doors) -> None:
    _, public = doors.assistant(SITE)

    answer = doors.client.post(f"/api/widget/{public}/session", json={}, headers={"origin": SITE})

    assert answer.status_code == 201


def test_a_preflight_from_a_listed_site_is_answered(doors: Doors) -> None:
    _, public = doors.assistant(SITE)
    headers = {"origin": SITE, "access-control-request-method": "POST"}

    answer = doors.client.options(f"/api/widget/{public}/session", headers=headers)

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == SITE
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["vary"] == "Origin"


def test_a_preflight_from_elsewhere_or_for_another_route_is_not(doors: Doors) -> None:
    _, public = doors.assistant(SITE)
    asked = {"access-control-request-method": "POST"}

    elsewhere = doors.client.options(
        f"/api/widget/{public}/session", headers=asked | {"origin": "https://evil.test"}
    )
    other = doors.client.options("/api/session", headers=asked | {"origin": SITE})

    assert elsewhere.status_code == 403
    assert other.status_code == 404
    assert cors(elsewhere) == cors(other) == {}


def test_after_thirty_visits_an_address_has_to_wait(doors: Doors) -> None:
    _, public = doors.assistant(SITE)
    for _ in range(30):
        throttle.take(doors.database, throttle.bucket("widget", "testclient", limit=30))

    answer = visit(doors, public, origin=SITE)

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_a_person_who_is_signed_in_visits_as_a_visitor(doors: Doors) -> None:
    _, public = doors.assistant(SITE)

    answer = visit(doors, public, origin=SITE, **doors.admin())

    assert answer.status_code == 201
