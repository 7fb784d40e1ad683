"""A visitor's session over HTTP (SEC-16, SEC-32, SEC-33, SEC-47)."""

from typing import Any

import pytest
from httpx import Response

from appliance import visitors, widgets
from tests.api.doors import ADDRESS, SITE, Doors, doors

__all__ = ["doors"]

LOOK = {
    "logo": "", "icon": "paper", "position": "right", "label": "", "disclaimer": "", "words": {},
}  # fmt: skip


def visit(doors: Doors, public: str, **headers: str) -> Response:
    return doors.client.post(f"/api/widget/{public}/session", headers=headers)


def cors(answer: Response) -> dict[str, str]:
    return {n: v for n, v in answer.headers.items() if n.startswith("access-control")}


@pytest.mark.guarantee("SEC-16", "SEC-33")
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
        "look": LOOK,
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


@pytest.mark.guarantee("SEC-33")
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


@pytest.mark.guarantee("SEC-33")
def test_no_origin_or_two_or_only_a_referer_is_refused(doors: Doors) -> None:
    _, public = doors.assistant(SITE)
    path = f"/api/widget/{public}/session"

    assert visit(doors, public).status_code == 403
    assert visit(doors, public, referer=f"{SITE}/page").status_code == 403
    two = [("origin", SITE), ("origin", SITE)]
    assert doors.client.post(path, headers=two).status_code == 403


@pytest.mark.guarantee("SEC-33")
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


@pytest.mark.guarantee("SEC-33")
def test_the_token_works_in_that_assistant_and_from_that_site(doors: Doors) -> None:
    assistant, public = doors.assistant(SITE)
    token = visit(doors, public, origin=SITE).json()["token"]

    def whoami(origin: str) -> Response:
        headers = {"authorization": f"Bearer {token}", "origin": origin}
        return doors.client.get("/api/whoami", headers=headers)

    assert whoami(SITE).json()["assistants"] == [assistant]
    assert whoami("https://evil.test").status_code == 401


@pytest.mark.guarantee("SEC-33")
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


def allow(doors: Doors, assistant: str, **few: int) -> None:
    with doors.database.write() as writer:
        widgets.set_limits(writer, assistant, widgets.Limits(**few))


@pytest.mark.guarantee("SEC-47")
def test_after_so_many_visits_an_address_has_to_wait(doors: Doors) -> None:
    assistant, public = doors.assistant(SITE)
    _, other = doors.assistant(SITE)
    allow(doors, assistant, sessions_per_address=2)

    answers = [visit(doors, public, origin=SITE) for _ in range(3)]

    assert [one.status_code for one in answers] == [201, 201, 429]
    assert int(answers[2].headers["retry-after"]) > 0
    assert visit(doors, other, origin=SITE).status_code == 201


def renew(doors: Doors, public: str, token: str, origin: str = SITE) -> Response:
    return doors.client.post(
        f"/api/widget/{public}/session", json={"previous": token}, headers={"origin": origin}
    )


def who(doors: Doors, answer: Response) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {answer.json()['token']}"}
    return dict(doors.client.get("/api/whoami", headers=headers).json())


def test_whoever_shows_a_token_that_still_stands_stays_the_same_visitor(doors: Doors) -> None:
    assistant, public = doors.assistant(SITE)
    allow(doors, assistant, sessions_per_address=1)
    first = visit(doors, public, origin=SITE)

    second = renew(doors, public, first.json()["token"])

    assert second.status_code == 201, "one who stays is no new visitor of the address"
    assert second.json()["token"] != first.json()["token"]
    assert who(doors, second) == who(doors, first)


@pytest.mark.guarantee("SEC-33")
def test_a_token_that_is_invented_over_or_from_elsewhere_makes_nobody_the_same_visitor(
    doors: Doors,
) -> None:
    _, public = doors.assistant(SITE, "https://other.test")
    _, neighbour = doors.assistant(SITE)
    token = visit(doors, public, origin=SITE).json()["token"]
    over = visit(doors, public, origin=SITE).json()["token"]
    with doors.database.write() as writer:
        writer.run(
            "update visitors set expires_at = '2020' where token_hash = :hash",
            {"hash": visitors.digest(over)},
        )
    known = {who(doors, renew(doors, public, token))["id"]}

    tries = [
        renew(doors, public, "bw_invented"),
        renew(doors, public, over),
        renew(doors, public, token, "https://other.test"),
        renew(doors, neighbour, token),
    ]

    assert [one.status_code for one in tries] == [201] * 4
    assert len({who(doors, one)["id"] for one in tries} - known) == 4


def config(doors: Doors, public: str, **headers: str) -> Response:
    return doors.client.get(f"/api/widget/{public}/config", headers=headers)


@pytest.mark.guarantee("SEC-16")
def test_what_anybody_may_know_of_a_widget_is_this_and_no_more(doors: Doors) -> None:
    _, public = doors.assistant(SITE)

    told = config(doors, public)

    assert told.json() == {
        "assistant": {
            "name": "Portaria",
            "language": "pt",
            "greeting": "Olá!",
            "suggestions": ["Qual o horário?"],
            "accent": "#0a7d55",
            "contact": "portaria@casa.test",
            "leaves_building": False,
            "look": LOOK,
        },
        "limits": {"questions": 20, "seconds": 300, "question_length": 4000},
        "notice": told.json()["notice"],
    }
    assert set(told.json()["notice"]) == {
        "version", "basis", "text", "controller", "contact", "purpose", "retention",
        "sensitive", "link", "created_at", "guardian",
    }  # fmt: skip
    assert "set-cookie" not in told.headers
    assert cors(config(doors, public, origin=SITE)) == {}


def test_a_widget_that_is_open_to_no_site_tells_nothing(doors: Doors) -> None:
    assistant, closed = doors.assistant()

    assert config(doors, closed).status_code == 404
    assert config(doors, assistant).status_code == 404
    assert config(doors, "nothing").status_code == 404


def test_a_person_who_is_signed_in_visits_as_a_visitor(doors: Doors) -> None:
    _, public = doors.assistant(SITE)

    answer = visit(doors, public, origin=SITE, **doors.admin())

    assert answer.status_code == 201
