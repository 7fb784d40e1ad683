"""A conversation as a file: one's own by right, another's for a reason that goes on record."""

import io
from typing import Any

import docx
import pytest

from appliance import audit
from tests.api.test_opening import REASON, Asked
from tests.house import House

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def asked(house: House) -> Asked:
    return Asked(house)


def own(house: House) -> str:
    """The path to export a conversation of the administrator's own."""
    made = house.assistant()
    house.upload(made["collections"][0])
    told = house.ask(made["id"], "Qual é a multa por atraso?")
    return f"/api/conversations/{told['conversation']}/export"


def copies(house: House) -> list[audit.Entry]:
    return audit.newest(house.parts.database, audit.wanted(act="conversation.export"), limit=9)


def test_one_s_own_is_a_docx_with_the_answer_and_its_footnote(house: House) -> None:
    told = house.client.get(own(house))

    assert told.headers["content-type"] == DOCX
    document = docx.Document(io.BytesIO(told.content))
    assert any("R$ 1,50 por dia" in one.text for one in document.paragraphs)
    (part,) = (rel.target_part for rel in document.part.rels.values() if "footnotes" in rel.reltype)
    assert "regimento: “" in part.blob.decode().lower()
    assert "multa por atraso na devolução" in part.blob.decode()
    assert copies(house) == []


def test_it_comes_as_a_download_that_nothing_runs(house: House) -> None:
    headers = house.client.get(own(house)).headers

    assert headers["content-disposition"].startswith(
        "attachment; filename*=UTF-8''Qual%20%C3%A9%20a%20multa"
    )
    assert headers["content-disposition"].endswith(".docx")
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert (headers["x-content-type-options"], headers["cache-control"]) == (
        "nosniff", "private, no-store",
    )  # fmt: skip


def test_markdown_and_json_say_the_same(house: House) -> None:
    path = own(house)
    markdown = house.client.get(f"{path}?format=md")
    data = house.client.get(f"{path}?format=json").json()

    assert markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "[^1]: " in markdown.text
    assert data == house.client.get(path.removesuffix("/export")).json()


@pytest.mark.parametrize("form", ["pdf", "", "DOCX"])
def test_another_form_is_refused(house: House, form: str) -> None:
    assert house.client.get(f"{own(house)}?format={form}").status_code == 400


@pytest.mark.parametrize("title", ["../../etc/passwd", "a\r\nSet-Cookie: x=1", '"; x="', "…"])
def test_a_hostile_question_makes_no_name_that_leads_elsewhere(house: House, title: str) -> None:
    made = house.assistant()
    told = house.ask(made["id"], title)
    headers = house.client.get(f"/api/conversations/{told['conversation']}/export").headers

    name = headers["content-disposition"].removeprefix("attachment; filename*=UTF-8''")
    assert not set(name) & set('/\\"; \r\n')
    assert not name.startswith(".")
    assert "set-cookie" not in headers


@pytest.mark.guarantee("SEC-23")
def test_another_s_does_not_exist_for_the_administrator_s_own_way(asked: Asked) -> None:
    assert asked.house.client.get(f"/api/conversations/{asked.id}/export").status_code == 404


def take(asked: Asked, client: Any, **fields: str) -> Any:
    return client.post(f"/api/conversations/{asked.id}/export", json=fields)


@pytest.mark.guarantee("LGPD-08")
def test_another_s_is_given_for_a_reason_that_stands_in_the_audit(asked: Asked) -> None:
    told = take(asked, asked.house.client, reason=REASON, format="md")

    assert told.status_code == 200
    assert "Qual é a multa por atraso?" in told.text
    assert "Conversa de Bia com o assistente Secretaria" in told.text
    (act,) = copies(asked.house)
    assert (act.subject, act.details["reason"]) == (asked.id, REASON)


@pytest.mark.guarantee("LGPD-08")
@pytest.mark.parametrize("reason", ["", "porque si"])
def test_without_a_reason_nothing_is_given_nor_written(asked: Asked, reason: str) -> None:
    told = take(asked, asked.house.client, reason=reason)

    assert (told.status_code, told.json()["code"]) == (403, "reason_needed")
    assert copies(asked.house) == []


def test_no_key_takes_another_s_along(asked: Asked) -> None:
    with asked.house.with_key(scopes=["admin"]) as client:
        assert take(asked, client, reason=REASON).status_code == 403


def test_what_was_closed_since_is_withheld_in_the_file_too(house: House) -> None:
    made = house.assistant()
    (collection,) = made["collections"]
    house.upload(collection)
    with house.as_a("member") as client:
        told = client.post(
            f"/api/assistants/{made['id']}/ask", json={"question": "Qual é a multa por atraso?"}
        ).json()
        cookies = dict(client.cookies)
    group = house.client.post("/api/groups", json={"name": "Fechado", "members": []}).json()
    house.client.patch(f"/api/collections/{collection}", json={"groups": [group["id"]]})
    with house.as_nobody() as client:
        client.cookies.update(cookies)
        path = f"/api/conversations/{told['conversation']}/export"
        answers = [client.get(f"{path}?format={form}") for form in ("md", "json")]
        paper = docx.Document(io.BytesIO(client.get(path).content))
        client.cookies.clear()

    written = [one.text for one in answers] + ["\n".join(one.text for one in paper.paragraphs)]
    assert [one for one in written if "1,50" in one] == []
    assert all("Qual é a multa" in one for one in written)
