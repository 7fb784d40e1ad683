"""A site vouches for whom its visitor is (SEC-33): who asked stays with what they asked."""

import json
import time
from typing import Any

import pytest
from httpx import Response

from appliance import identities, vouching
from tests.api.test_notices import SITE, agree, ask, send
from tests.house import House

Json = dict[str, Any]


@pytest.fixture
def assistant(house: House) -> Json:
    made = house.assistant(origins=[SITE])
    house.upload(made["collections"][0])
    return made


def made(house: House, assistant: Json) -> str:
    """A new secret, as an editor gets it."""
    sent = house.client.post(f"/api/assistants/{assistant['id']}/visitors/identity")
    assert sent.status_code == 201, sent.text
    return str(sent.json()["secret"])


def signed(secret: str, ends: float = 600, **who: Any) -> Json:
    """What a page hands over with its visitor."""
    said = {"id": "4711", "name": "Lia Prado", "expires": int(time.time() + ends)} | who
    text = json.dumps(said)
    return {"identity": text, "signature": vouching.signature(text, secret)}


def visit(house: House, assistant: Json, origin: str = SITE, **body: Any) -> Response:
    path = f"/api/widget/{assistant['public_id']}/session"
    return send(house, "POST", path, {"origin": origin}, json=body)


def bearer(session: Response) -> dict[str, str]:
    assert session.status_code == 201, session.text
    return {"authorization": f"Bearer {session.json()['token']}"}


def asked(house: House, assistant: Json, **body: Any) -> Json:
    """The conversation of a visitor who came with this."""
    visitor = bearer(visit(house, assistant, **body))
    agree(house, assistant, visitor)
    told = ask(house, assistant, visitor).json()
    (one,) = house.parts.database.rows(
        "select * from conversations where id = :id", {"id": told["conversation"]}
    )
    return one


def require(house: House, assistant: Json, *, required: bool = True) -> Response:
    path = f"/api/assistants/{assistant['id']}/visitors"
    answer: Response = house.client.patch(path, json={"identity_required": required})
    return answer


def test_who_asked_is_kept_with_the_conversation_and_shown_beside_it(house, assistant) -> None:
    one = asked(house, assistant, **signed(made(house, assistant)))

    assert (one["asked_by"], one["asked_name"]) == ("4711", "Lia Prado")
    (shown,) = house.client.get("/api/conversations/others").json()["items"]
    assert (shown["name"], shown["asked_by"]) == ("Lia Prado", "4711")
    path = f"/api/conversations/{one['id']}/open"
    opened = house.client.post(path, json={"reason": "Reclamação da mãe"}).json()
    assert opened["asked_name"] == "Lia Prado"


def test_without_an_identity_a_visitor_is_nobody_as_ever(house, assistant) -> None:
    made(house, assistant)

    one = asked(house, assistant)

    assert (one["asked_by"], one["asked_name"]) == ("", "")


@pytest.mark.guarantee("SEC-33")
def test_the_secret_is_told_once_and_kept_sealed(house, assistant) -> None:
    secret = made(house, assistant)

    shown = house.client.get(f"/api/assistants/{assistant['id']}/visitors").json()["identity"]
    assert shown["made_at"]
    assert shown["required"] is False
    assert secret not in str(shown)
    (row,) = house.parts.database.rows("select * from widget_identities")
    assert secret not in str(row)
    acts = house.client.get("/api/audit", params={"act": "widget.identity"}).json()["items"]
    assert [(one["subject"], one["details"]) for one in acts] == [(assistant["id"], {})]


@pytest.mark.guarantee("SEC-33")
def test_what_does_not_vouch_is_refused_with_a_sentence_that_the_page_may_read(
    house, assistant
) -> None:
    secret = made(house, assistant)
    other = house.assistant("Outra", origins=[SITE])
    good = signed(secret)
    tries = {
        "identity_expired": signed(secret, ends=-1),
        "identity_too_far": signed(secret, ends=100_000),
        "identity_too_long": signed(secret, name="N" * 3000),
        "identity_malformed": signed(secret, role="admin"),
        "identity_not_signed": good | {"identity": good["identity"].replace("4711", "1")},
    }

    for code, body in tries.items():
        refused = visit(house, assistant, **body)
        assert (refused.json()["code"], refused.status_code) in {(code, 403), (code, 400)}
        assert refused.headers["access-control-allow-origin"] == SITE
    for body in (signed(made(house, other)), {"identity": good["identity"]}):
        assert visit(house, assistant, **body).json()["code"] == "identity_not_signed"
    assert house.parts.database.rows("select * from visitors") == []


@pytest.mark.guarantee("SEC-33")
def test_an_identity_opens_no_site_that_is_not_listed(house, assistant) -> None:
    body = signed(made(house, assistant))

    refused = visit(house, assistant, "https://mal.example", **body)

    assert (refused.status_code, refused.json()["code"]) == (403, "origin_not_allowed")
    assert "access-control-allow-origin" not in refused.headers


@pytest.mark.guarantee("SEC-33")
def test_only_those_whom_the_site_knows_where_that_is_wanted(house, assistant) -> None:
    assert require(house, assistant).json()["code"] == "identity_without_secret"
    before = bearer(visit(house, assistant))
    secret = made(house, assistant)

    assert require(house, assistant).json()["identity"]["required"] is True

    assert send(house, "GET", "/api/conversations", before).status_code == 401
    refused = visit(house, assistant)
    assert (refused.status_code, refused.json()["code"]) == (403, "identity_needed")
    assert visit(house, assistant, **signed(secret)).status_code == 201
    require(house, assistant, required=False)
    assert visit(house, assistant).status_code == 201


@pytest.mark.guarantee("SEC-33")
def test_a_new_secret_ends_what_the_old_one_vouched_for(house, assistant) -> None:
    body = signed(made(house, assistant))
    known, unknown = bearer(visit(house, assistant, **body)), bearer(visit(house, assistant))

    fresh = made(house, assistant)

    assert send(house, "GET", "/api/conversations", known).status_code == 401
    assert send(house, "GET", "/api/conversations", unknown).status_code == 200
    assert visit(house, assistant, **body).json()["code"] == "identity_not_signed"
    assert visit(house, assistant, **signed(fresh)).status_code == 201


def test_who_stays_on_the_page_stays_who_they_are_when_the_text_is_over(house, assistant) -> None:
    secret = made(house, assistant)
    require(house, assistant)
    first = visit(house, assistant, **signed(secret))
    over = signed(secret, ends=-1)

    second = visit(house, assistant, previous=first.json()["token"], **over)

    visitor = bearer(second)
    agree(house, assistant, visitor)
    ask(house, assistant, visitor)
    (one,) = house.parts.database.rows("select asked_by from conversations")
    assert one["asked_by"] == "4711"


@pytest.mark.guarantee("LGPD-11")
def test_of_minors_neither_name_nor_id_is_kept(house, assistant) -> None:
    secret = made(house, assistant)
    before = asked(house, assistant, **signed(secret))
    path = f"/api/assistants/{assistant['id']}/visitors"
    house.client.patch(path, json={"audience": "minors", "identity_required": True})

    after = asked(house, assistant, **signed(secret))

    assert (after["asked_by"], after["asked_name"]) == ("", "")
    rows = house.parts.database.rows(
        "select asked_by || asked_name as kept from conversations union all "
        "select asked_by || asked_name from visitors"
    )
    assert {row["kept"] for row in rows} == {""}, before
    renewed = visit(house, assistant, previous="", **signed(secret))
    token = renewed.json()["token"]
    assert visit(house, assistant, previous=token).status_code == 201, "still vouched for"


@pytest.mark.guarantee("LGPD-08")
def test_who_asked_in_a_held_conversation_is_kept(house, assistant) -> None:
    one = asked(house, assistant, **signed(made(house, assistant)))
    body = {"kind": "conversation", "subject": one["id"], "name": "Processo 7", "reason": "Ação 7."}
    assert house.client.post("/api/holds", json=body).status_code == 201

    path = f"/api/assistants/{assistant['id']}/visitors"
    assert house.client.patch(path, json={"audience": "minors"}).status_code == 200

    (kept,) = house.parts.database.rows("select asked_name from conversations")
    assert kept["asked_name"] == "Lia Prado"


@pytest.mark.parametrize("role", ["member", "auditor"])
def test_nobody_but_its_editors_makes_a_secret(house, assistant, role) -> None:
    path = f"/api/assistants/{assistant['id']}/visitors/identity"
    with house.as_a(role) as client:
        assert client.post(path).status_code == 403
    with house.as_a("editor") as client:
        assert client.post(path).status_code == 201
    assert identities.of(house.parts.database, assistant["id"]).made_at
