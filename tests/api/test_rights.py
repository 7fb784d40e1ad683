"""Groups over a whole house: who reads what, from which moment on, and what stays unsaid
(SEC-21, SEC-22)."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from appliance import assistants
from appliance.api import jobs, rights
from appliance.jobs import ledger
from appliance.records import Caller
from tests.api.walls import QUESTION, TEXT, World, canaries
from tests.house import House

TERMINAL = Caller(kind="terminal", id="root", name="root")


@pytest.fixture
def world(house: House, tmp_path: Path) -> World:
    return World(house, tmp_path)


def collections_of(world: World, headers: dict[str, str], assistant: str) -> list[str]:
    return list(world.request("GET", f"/api/assistants/{assistant}", headers).json()["collections"])


def sees_walled(world: World, headers: dict[str, str]) -> bool:
    status = world.request("GET", f"/api/collections/{world.walled}", headers).status_code
    assert status in (200, 404)
    return status == 200


def test_a_member_of_an_allowed_group_gets_the_answer(world: World) -> None:
    answer = world.ask(world.insider, world.mixed["id"]).json()

    assert TEXT in answer["answer"]
    assert sees_walled(world, world.insider)


def test_whoever_is_in_no_allowed_group_gets_the_rest_of_the_assistant(world: World) -> None:
    member = world.callers["member"]

    found = world.request(
        "POST", f"/api/assistants/{world.mixed['id']}/search", member, json={"query": QUESTION}
    )

    assert canaries(found) == []
    assert {passage["document"]["id"] for passage in found.json()["passages"]} <= {
        world.visible["id"]
    }
    assert collections_of(world, member, world.mixed["id"]) == [world.open]


def test_an_administrator_in_no_group_reads_everything(world: World) -> None:
    assert world.house.client.get(f"/api/collections/{world.walled}").status_code == 200


def test_a_denied_group_beats_a_role_and_an_allowed_group(world: World) -> None:
    assert not sees_walled(world, world.callers["denied administrator"])
    assert not sees_walled(world, world.callers["denied partner"])


def test_any_allowed_group_closes_a_collection_to_programs_but_for_administration(
    world: World,
) -> None:
    assert not sees_walled(world, world.key("documents:read"))
    assert sees_walled(world, world.key("admin"))

    world.patch(f"/api/collections/{world.walled}", groups=[])

    assert sees_walled(world, world.key("documents:read")), "denied groups concern only people"
    assert not sees_walled(world, world.callers["denied partner"])


def test_a_widget_whose_assistant_reads_nothing_for_visitors_is_closed(world: World) -> None:
    assert world.visit(world.merger["public_id"]).status_code == 404

    world.patch(f"/api/collections/{world.walled}", groups=[])

    assert world.visit(world.merger["public_id"]).status_code == 201


def test_the_terminal_sees_everything(world: World) -> None:
    world.patch(f"/api/collections/{world.walled}", groups=[], denied_groups=[world.partners])

    assert rights.collection(world.database, TERMINAL, world.walled).id == world.walled


def test_whoever_leaves_the_group_asks_again_at_once_in_vain(world: World) -> None:
    """SEC-22: also with everything warm from the question before."""
    first = world.ask(world.insider, world.mixed["id"]).json()
    assert TEXT in first["answer"]

    world.patch(f"/api/groups/{world.partners}", members=[])

    again = world.ask(world.insider, world.mixed["id"])
    same = world.request(
        "POST", f"/api/messages/{first['message']}/regenerate", world.insider, json={}
    )
    alone = world.ask(world.insider, world.merger["id"])
    assert (canaries(again), canaries(same)) == ([], [])
    assert alone.status_code == 404


def test_whoever_joins_the_group_reads_at_once(world: World) -> None:
    world.patch(f"/api/groups/{world.partners}", members=[world.people["Marta"]])

    assert TEXT in world.ask(world.callers["member"], world.mixed["id"]).json()["answer"]


def test_an_answer_from_before_the_right_was_withdrawn_is_withheld(world: World) -> None:
    answer = world.ask(world.insider, world.mixed["id"]).json()
    world.patch(f"/api/groups/{world.partners}", members=[])

    shown = world.request("GET", f"/api/conversations/{answer['conversation']}", world.insider)

    (message,) = shown.json()["messages"]
    assert canaries(shown) == []
    assert (message["withheld"], message["question"]) == (True, QUESTION)
    assert "já não pode ler" in message["answer"]["answer"]
    assert [message["answer"][name] for name in ("sentences", "citations", "passages")] == [[]] * 3


def test_an_answer_stays_withheld_when_its_documents_and_their_collection_are_gone(
    world: World,
) -> None:
    answer = world.ask(world.insider, world.merger["id"]).json()
    world.patch(f"/api/groups/{world.partners}", members=[])
    world.house.client.delete(f"/api/collections/{world.walled}")

    shown = world.request("GET", f"/api/conversations/{answer['conversation']}", world.insider)

    assert canaries(shown) == []


def test_an_answer_from_open_documents_is_shown_as_it_was(world: World) -> None:
    question = "Qual é a multa por atraso na biblioteca?"
    answer = world.ask(world.callers["member"], world.mixed["id"], question=question).json()

    shown = world.request(
        "GET", f"/api/conversations/{answer['conversation']}", world.callers["member"]
    )

    (message,) = shown.json()["messages"]
    assert (message["withheld"], message["answer"]) == (False, answer)


def test_the_model_is_not_told_again_what_was_answered_behind_the_wall(
    writing_house: House, tmp_path: Path
) -> None:
    world = World(writing_house, tmp_path)
    first = world.ask(world.insider, world.mixed["id"]).json()
    more = {"question": "Qual é a multa por atraso?", "conversation": first["conversation"]}
    mixed = assistants.get(writing_house.parts.database, world.mixed["id"])
    writer = writing_house.parts.answering.generator(mixed)
    world.ask(world.insider, world.mixed["id"], **more)
    assert TEXT in str(writer.prompts[-1])

    world.patch(f"/api/groups/{world.partners}", members=[])
    world.ask(world.insider, world.mixed["id"], **more)

    assert len(writer.prompts) == 4
    assert TEXT not in str(writer.prompts[-1])


def test_who_follows_a_job_hears_nothing_more_once_the_right_is_gone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LOOK_SECONDS", 0.01)
    ines = Caller(kind="person", id=world.people["Inês"], name="Inês", role="editor")
    job = ledger.open(world.database, "ingest", world.document["id"])

    async def second() -> bytes:
        told = jobs._told(partial(rights.job, world.database, ines, job.id), job, ines.language)
        await anext(told)
        await asyncio.to_thread(world.patch, f"/api/groups/{world.partners}", members=[])
        return await anext(told)

    assert b"not_found" in asyncio.run(second())


def test_changing_an_assistant_neither_shows_nor_drops_what_it_reads_behind_the_wall(
    world: World,
) -> None:
    editor, address = world.callers["editor"], f"/api/assistants/{world.mixed['id']}"
    made = world.request("POST", "/api/collections", editor, json={"name": "Diretoria"})
    other = made.json()["id"]

    changed = world.request("PATCH", address, editor, json={"collections": [other]})
    emptied = world.request("PATCH", address, editor, json={"collections": []})

    assert changed.json()["collections"] == [other]
    assert emptied.status_code == 200
    assert collections_of(world, world.insider, world.mixed["id"]) == [world.walled]


@pytest.mark.parametrize("attached", [True, False])
def test_nobody_attaches_a_collection_that_they_cannot_see(world: World, attached: bool) -> None:
    """Not even where it is attached already: the refusal would be the only sign of it."""
    assistant = world.mixed["id"]
    if not attached:
        world.patch(f"/api/assistants/{assistant}", collections=[world.open])

    refused = world.request(
        "PATCH",
        f"/api/assistants/{assistant}",
        world.callers["editor"],
        json={"collections": [world.open, world.walled]},
    )

    assert (refused.status_code, refused.json()["code"]) == (400, "unknown_collection")


def test_a_document_takes_the_place_only_of_one_in_its_own_collection(world: World) -> None:
    def upload(supersedes: str, text: bytes) -> tuple[int, str]:
        sent = world.house.client.post(
            f"/api/collections/{world.open}/documents",
            files={"file": ("novo.txt", text)},
            data={"supersedes": supersedes},
        )
        return sent.status_code, sent.json().get("code", "")

    assert upload(world.visible["id"], b"Segunda vers\xc3\xa3o.") == (202, "")
    assert upload(world.document["id"], b"Terceira.") == (400, "unknown_document")
    assert upload("nothing", b"Quarta.") == (400, "unknown_document")


def test_the_same_file_in_an_open_collection_is_no_sign_of_the_other(world: World) -> None:
    sent = world.request(
        "POST",
        f"/api/collections/{world.open}/documents",
        world.callers["editor"],
        files={"file": ("achado.pdf", world.file)},
    )

    assert sent.status_code == 202


@pytest.mark.parametrize("address", ["/api/collections", "/api/assistants", "/api/jobs"])
def test_a_list_has_no_gap_where_something_is_hidden(world: World, address: str) -> None:
    for name in ("Diretoria", "Arquivo"):
        made = world.house.assistant(name, editors=[world.people["Edu"]])
        world.house.upload(made["collections"][0])
    cursor, pages = "", []
    while not pages or cursor:
        page = world.request(
            "GET", address, world.callers["editor"], params={"limit": 1, "cursor": cursor}
        ).json()
        pages.append(len(page["items"]))
        cursor = page["next"]

    assert pages == [1, 1, 1]


def test_the_record_of_acts_does_not_tell_them_to_those_behind_the_wall(world: World) -> None:
    def told(headers: dict[str, str]) -> str:
        return world.request("GET", "/api/audit", headers, params={"limit": 200}).text

    assert world.document["id"] in told(world.key("admin"))
    assert world.document["id"] not in told(world.callers["denied administrator"])
    assert world.document["id"] not in told(world.callers["auditor"])

    world.house.client.delete(f"/api/collections/{world.walled}")

    assert world.document["id"] in told(world.key("admin"))
    assert world.document["id"] not in told(world.callers["denied administrator"])
    assert world.walled not in told(world.callers["auditor"])


@pytest.mark.parametrize("field", ["groups", "denied_groups"])
def test_only_administrators_say_which_groups_open_or_close_a_collection(
    world: World, field: str
) -> None:
    sent = [
        world.request("POST", "/api/collections", who, json={"name": "X", field: [world.partners]})
        for who in (world.insider, world.key("documents:write"), world.key("admin"))
    ]
    lifted = world.request(
        "PATCH", f"/api/collections/{world.walled}", world.insider, json={field: []}
    )

    assert [one.status_code for one in sent] == [403, 403, 201]
    assert lifted.status_code == 403


def test_a_new_collection_can_be_closed_from_its_first_moment(world: World) -> None:
    groups = {"groups": [world.partners], "denied_groups": [world.barred]}

    made = world.house.client.post("/api/collections", json={"name": "Autos"} | groups).json()

    assert {name: made[name] for name in groups} == groups
    address = f"/api/collections/{made['id']}"
    assert world.request("GET", address, world.insider).json() == made | {"editable": False}
    assert world.request("GET", address, world.callers["member"]).status_code == 404


def test_an_unknown_group_is_refused_with_where_to_look(world: World) -> None:
    sent = world.house.client.post("/api/collections", json={"name": "X", "groups": ["nobody"]})

    assert (sent.status_code, sent.json()["code"]) == (400, "unknown_group")
    assert "/api/groups" in sent.json()["detail"]


def test_a_page_s_picture_is_not_left_in_the_browser(world: World) -> None:
    sent = world.request(
        "GET", f"/api/documents/{world.document['id']}/pages/1/image", world.insider
    )

    assert sent.headers["cache-control"] == "private, no-store"
