"""Who may use an assistant and who may change it, over a whole house: an editor is editor of
the assistants that name them, and of nothing else (SEC-22, SEC-25)."""

from typing import Any

import pytest

from appliance.settings import Settings
from tests.api.neighbours import CANARY, QUESTION, SITE, Neighbours
from tests.fakes import WordEmbedder
from tests.house import House


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One house for all that changes nothing."""
    settings = Settings(data_dir=str(tmp_path_factory.mktemp("editors")))
    with House(settings, embedder=WordEmbedder()) as house:
        yield Neighbours(house)


@pytest.fixture
def town(house: House) -> Neighbours:
    return Neighbours(house)


def listed(town: Neighbours, who: str, path: str) -> list[str]:
    return [one["id"] for one in town.request(who, "GET", path).json()["items"]]


def test_each_sees_the_assistants_that_are_for_them(shared: Neighbours) -> None:
    first, second, third = (one["id"] for one in (shared.first, shared.second, shared.third))

    seen = {who: listed(shared, who, "/api/assistants") for who in ("U1", "U2", "ED", "ADM", "K1")}

    assert seen == {
        "U1": [first, second, third],
        "U2": [second, third],
        "ED": [first, second, third],
        "ADM": [first, second, third],
        "K1": [first],
    }


def test_each_sees_the_collections_that_their_assistants_read(shared: Neighbours) -> None:
    assert shared.shelf in listed(shared, "U1", "/api/collections")
    assert shared.shelf not in listed(shared, "U2", "/api/collections")


def test_for_whom_an_assistant_is_is_told_to_those_who_may_change_it(shared: Neighbours) -> None:
    own = ("access", "groups", "editors", "instructions", "origins", "engine")
    path = f"/api/assistants/{shared.first['id']}"
    told = {who: shared.request(who, "GET", path).json() for who in ("U1", "ED", "ADM")}

    assert [name for name in own if name in told["U1"]] == []
    assert told["ED"] == told["ADM"]
    assert told["ED"]["editors"] == [shared.people["ED"]]
    assert {who: one["editable"] for who, one in told.items()} == {
        "U1": False, "ED": True, "ADM": True,
    }  # fmt: skip


CHANGES: list[tuple[str, str, dict[str, Any]]] = [
    ("PATCH", "/api/assistants/{second}", {"json": {"name": "Minha"}}),
    ("DELETE", "/api/assistants/{second}", {}),
    ("POST", "/api/assistants/{second}/bench", {"json": {"query": "x"}}),
    ("PATCH", "/api/collections/{other}", {"json": {"name": "Minha"}}),
    ("DELETE", "/api/collections/{other}", {}),
    ("POST", "/api/collections/{other}/texts", {"json": {"title": "A", "text": "B."}}),
    ("POST", "/api/collections/{other}/documents", {"files": {"file": ("a.txt", b"Oi.")}}),
    ("GET", "/api/collections/{other}/sources", {}),
    ("POST", "/api/collections/{other}/sources", {"json": {"kind": "page", "address": SITE}}),
    ("GET", "/api/collections/{other}/trash", {}),
    ("GET", "/api/collections/{other}/proposals", {}),
    ("PATCH", "/api/documents/{letter}", {"json": {"title": "Meu"}}),
    ("DELETE", "/api/documents/{letter}", {}),
    ("POST", "/api/documents/{letter}/read-again", {"json": {}}),
    ("PATCH", "/api/documents/{letter}/pages/1", {"json": {"accepted": True}}),
]


def tried(town: Neighbours, method: str, path: str, **sent: Any) -> tuple[int, str]:
    ids = {"second": town.second["id"], "other": town.other, "letter": town.letter["id"]}
    answer = town.request("ED", method, path.format(**ids), **sent)
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.guarantee("SEC-25")
@pytest.mark.parametrize(("method", "path", "sent"), CHANGES)
def test_an_editor_changes_nothing_of_an_assistant_that_does_not_name_them(
    shared: Neighbours, method: str, path: str, sent: dict[str, Any]
) -> None:
    before = rows(shared)

    assert tried(shared, method, path, **sent) == (403, "not_its_editor")
    assert rows(shared) == before


HOUSE = [
    ("GET", "/api/people"), ("POST", "/api/people"), ("GET", "/api/invitations"),
    ("POST", "/api/invitations"), ("GET", "/api/groups"), ("POST", "/api/groups"),
    ("GET", "/api/keys"), ("POST", "/api/keys"), ("GET", "/api/settings"),
    ("PATCH", "/api/settings/sign_in"), ("GET", "/api/models"), ("POST", "/api/models/import"),
    ("GET", "/api/engines"), ("POST", "/api/engines"), ("GET", "/api/audit"),
    ("GET", "/api/conversations/others"), ("GET", "/api/openapi.json"),
]  # fmt: skip


@pytest.mark.guarantee("SEC-25")
@pytest.mark.parametrize(("method", "path"), HOUSE)
def test_an_editor_has_nothing_to_do_with_the_house(
    shared: Neighbours, method: str, path: str
) -> None:
    sent = {} if method == "GET" else {"json": {}}

    assert shared.request("ED", method, path, **sent).status_code == 403


@pytest.mark.guarantee("SEC-25")
@pytest.mark.parametrize(
    "changes", [{"access": "everyone"}, {"groups": []}, {"editors": []}, {"engine": "x"}]
)
def test_an_editor_does_not_say_who_uses_or_edits_their_own_assistant(
    shared: Neighbours, changes: dict[str, Any]
) -> None:
    before = rows(shared)
    path = f"/api/assistants/{shared.first['id']}"

    assert shared.request("ED", "PATCH", path, json=changes).status_code == 403
    made = shared.request("ED", "POST", "/api/assistants", json={"name": "N"} | {"editors": ["x"]})
    assert made.status_code == 403
    assert rows(shared) == before


@pytest.mark.guarantee("SEC-25")
def test_a_change_that_mixes_ones_own_and_anothers_has_no_part_of_it(shared: Neighbours) -> None:
    before = rows(shared)
    path = f"/api/assistants/{shared.first['id']}"
    mixed = {"name": "Meu", "collections": [shared.shelf, shared.other]}

    sent = shared.request("ED", "PATCH", path, json=mixed)

    assert (sent.status_code, sent.json()["code"]) == (400, "unknown_collection")
    assert rows(shared) == before


@pytest.mark.guarantee("SEC-25")
def test_an_editor_does_not_open_to_all_what_is_for_a_group(shared: Neighbours) -> None:
    """Through a new assistant over the same collection, which would be for everyone."""
    before = rows(shared)
    body = {"name": "Aberta", "collections": [shared.shelf]}

    sent = shared.request("ED", "POST", "/api/assistants", json=body)

    assert (sent.status_code, sent.json()["code"]) == (403, "opens_wider")
    assert rows(shared) == before


def test_an_editor_makes_assistants_and_is_their_editor(town: Neighbours) -> None:
    made = town.request("ED", "POST", "/api/assistants", json={"name": "Biblioteca"}).json()
    (shelf,) = made["collections"]
    text = {"title": "Multa", "text": "A multa é de um real."}

    added = town.request("ED", "POST", f"/api/collections/{shelf}/texts", json=text)

    assert (made["editable"], made["editors"]) == (True, [town.people["ED"]])
    assert added.status_code == 202
    again = town.request(
        "ED", "POST", "/api/assistants", json={"name": "B", "collections": [shelf]}
    )
    assert again.json()["collections"] == [shelf]


def test_an_editor_makes_a_collection_and_gives_it_to_their_assistant(town: Neighbours) -> None:
    made = town.request("ED", "POST", "/api/collections", json={"name": "Atas"}).json()
    path = f"/api/assistants/{town.first['id']}"

    given = town.request("ED", "PATCH", path, json={"collections": [town.shelf, made["id"]]})

    assert made["editable"]
    assert given.json()["collections"] == sorted([town.shelf, made["id"]])


def test_work_in_other_collections_is_not_an_editors_to_see(shared: Neighbours) -> None:
    """Jobs of A2 are work of those who look after A2; golden questions of A1 are asked too."""
    theirs = {one["subject"] for one in shared.request("ED", "GET", "/api/jobs").json()["items"]}
    all_ = {one["subject"] for one in shared.request("ADM", "GET", "/api/jobs").json()["items"]}

    assert theirs == {shared.document["id"], shared.first["id"]}
    assert shared.letter["id"] in all_


@pytest.mark.guarantee("SEC-22")
def test_whoever_is_taken_out_of_an_assistant_is_told_at_once_that_there_is_none(
    town: Neighbours,
) -> None:
    """Also with everything warm from the question before, by every door."""
    path = f"/api/assistants/{town.first['id']}"
    assert CANARY in town.ask("U1", town.first["id"]).text

    town.patch(f"/api/groups/{town.group}", members=[])

    answers = [
        town.ask("U1", town.first["id"]),
        town.ask("U1", town.first["slug"]),
        town.request("U1", "POST", f"{path}/search", json={"query": QUESTION}),
        town.request("U1", "GET", path),
        town.request("U1", "POST", f"/api/messages/{town.ids['message_id']}/regenerate", json={}),
        town.request("U1", "GET", f"/api/documents/{town.document['id']}"),
        town.request("U1", "GET", f"/api/documents/{town.document['id']}/pages"),
        town.request("U1", "GET", f"/api/collections/{town.shelf}"),
    ]
    assert {one.status_code for one in answers} == {404}
    told = town.request("U1", "GET", f"/api/conversations/{town.ids['conversation_id']}")
    assert CANARY not in told.text
    assert told.json()["messages"][0]["withheld"]


@pytest.mark.guarantee("SEC-22")
def test_no_field_of_a_question_leads_into_another_assistants_documents(
    shared: Neighbours,
) -> None:
    second = shared.second["id"]
    tries = [
        shared.ask("U2", second),
        shared.ask("U2", second, conversation=shared.ids["conversation_id"]),
        shared.ask("U2", second, collection=shared.shelf),
        shared.ask("U2", second, collections=[shared.shelf]),
        shared.ask("U2", second, document=shared.document["id"]),
        shared.ask("U2", second, question=f"{QUESTION} {shared.shelf} {shared.document['id']}"),
        shared.request("U2", "POST", f"/api/assistants/{second}/search", json={"query": QUESTION}),
    ]

    assert [one.status_code for one in tries] == [200, 404, 400, 400, 400, 200, 200]
    assert [one for one in tries if CANARY in one.text] == []


def test_a_widget_ends_once_its_assistant_is_not_for_everyone(town: Neighbours) -> None:
    third = town.third["id"]
    assert town.ask("W1", third, question="Que horas são?").status_code == 200

    path = f"/api/widget/{town.third['public_id']}/session"
    # A site that shows it says that it is for people who sign in; of one for groups, nothing.
    for access, groups, status in (("signed_in", [], 403), ("groups", [town.group], 404)):
        town.patch(f"/api/assistants/{third}", access=access, groups=groups)
        assert town.ask("W1", third, question="Que horas são?").status_code == 401
        with town.house.as_nobody() as client:
            assert client.post(path, headers={"origin": SITE}).status_code == status


def test_originals_of_a_collection_may_be_for_its_editors_alone(town: Neighbours) -> None:
    path = f"/api/documents/{town.document['id']}"
    town.callers["reader"] = town.key("documents:read", assistants=[town.first["id"]])
    writes = ("documents:read", "documents:write")
    town.callers["writer"] = town.key(*writes, assistants=[town.first["id"]])

    def takes() -> dict[str, tuple[bool, int]]:
        return {
            who: (
                town.request(who, "GET", path).json()["downloadable"],
                town.request(who, "GET", f"{path}/original").status_code,
            )
            for who in ("U1", "ED", "ADM", "reader", "writer")
        }

    assert set(takes().values()) == {(True, 200)}

    changed = town.request(
        "ED", "PATCH", f"/api/collections/{town.shelf}", json={"originals": "editors"}
    )

    assert changed.json()["originals"] == "editors"
    may, may_not = (True, 200), (False, 403)
    assert takes() == {
        "U1": may_not, "ED": may, "ADM": may, "reader": may_not, "writer": may,
    }  # fmt: skip
    assert CANARY in town.request("U1", "GET", f"{path}/pages").text
    refused = town.request("U1", "GET", f"{path}/original").json()
    assert refused["code"] == "originals_for_editors"


def test_an_unknown_group_or_editor_is_refused_and_nothing_changes(shared: Neighbours) -> None:
    before = rows(shared)
    path = f"/api/assistants/{shared.first['id']}"
    member = shared.people["U1"]

    def code(**changes: Any) -> str:
        sent = shared.request("ADM", "PATCH", path, json=changes)
        assert sent.status_code == 400
        return str(sent.json()["code"])

    assert code(groups=["nobody"]) == "unknown_group"
    assert code(name="Outro", editors=[member]) == "not_an_editor"
    assert code(access="friends") == "bad_request"
    assert rows(shared) == before


def rows(town: Neighbours) -> list[Any]:
    """What must stay as it is."""
    database = town.house.parts.database
    return [
        database.rows(f"select * from {table} order by 1, 2")
        for table in (
            "assistants", "assistant_collections", "assistant_groups", "assistant_editors",
            "collections", "collection_groups", "collection_editors", "documents", "pages",
            "jobs", "reviews", "sources", "people", "groups", "engines",
        )
    ]  # fmt: skip
