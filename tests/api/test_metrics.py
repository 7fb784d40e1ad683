"""The figures for a monitoring system: true, for who may see them, and about nobody (INS-11)."""

import re

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from appliance.records import timestamp
from tests.api.served import Served, served
from tests.house import House

__all__ = ["served"]

pytestmark = pytest.mark.guarantee("INS-11")

QUESTION = "Qual é a multa por atraso na devolução de livros?"


def figures(text: str) -> dict[str, float]:
    """Each sample by its name and labels, as Prometheus reads it."""
    return {
        one.name + ("" if not one.labels else str(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def seen(house: House) -> dict[str, float]:
    answer = house.client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return figures(answer.text)


def test_a_program_on_this_machine_needs_no_key(served: Served) -> None:
    answer = httpx.get(f"{served.address}/metrics")

    assert answer.status_code == 200
    assert figures(answer.text)["balcao_part_up[('part', 'runner')]"] == 0


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_comes_through_a_proxy_of_this_machine_is_not_from_here(
    served: Served, header: str
) -> None:
    answer = httpx.get(f"{served.address}/metrics", headers={header: "127.0.0.1"})

    assert answer.status_code == 401
    assert "balcao_" not in answer.text


def test_from_elsewhere_a_key_of_scope_admin_opens_it_and_no_other(house: House) -> None:
    keys = {
        scope: house.client.post("/api/keys", json={"name": scope, "scopes": [scope]}).json()
        for scope in ("admin", "ask")
    }
    with house.as_nobody() as client:
        assert client.get("/metrics").status_code == 401
        for scope, status in (("admin", 200), ("ask", 403)):
            bearer = {"authorization": f"Bearer {keys[scope]['secret']}"}
            assert client.get("/metrics", headers=bearer).status_code == status
    with house.as_a("member") as member:
        assert member.get("/metrics").status_code == 403


def test_answers_are_counted_by_how_they_ended_with_how_long_they_took(house: House) -> None:
    made = house.assistant()
    house.upload(made["collections"][0])

    house.ask(made["id"], QUESTION)
    house.ask(made["id"], "Quem ganhou a copa de 1958?")

    found = seen(house)
    answered = "balcao_answers_total[('mode', 'quote'), ('state', 'answered')]"
    refused = "balcao_answers_total[('mode', 'quote'), ('state', 'refused')]"
    assert (found[answered], found[refused]) == (1, 1)
    assert found["balcao_first_passage_seconds_count"] == 2
    assert 0 < found["balcao_first_passage_seconds_sum"] < 60
    assert found["balcao_documents[('state', 'ready')]"] == 1


def test_written_tokens_are_counted(writing_house: House) -> None:
    made = writing_house.assistant()
    writing_house.upload(made["collections"][0])

    told = writing_house.ask(made["id"], QUESTION)

    assert told["took"]["tokens"] > 0
    assert seen(writing_house)["balcao_tokens_written_total"] == told["took"]["tokens"]


def test_requests_are_counted_by_class_of_status(house: House) -> None:
    before = seen(house).get("balcao_requests_total[('status', '4xx')]", 0)

    house.client.get("/api/nowhere")

    assert seen(house)["balcao_requests_total[('status', '4xx')]"] == before + 1


def test_no_label_tells_who_asked_what(house: House) -> None:
    made = house.assistant("Assistente Segredo")
    house.upload(made["collections"][0])
    house.ask(made["id"], QUESTION)

    text = house.client.get("/metrics").text

    for word in ("Segredo", "multa", made["id"], "ana@", "127.0.0.1"):
        assert word not in text
    assert set(re.findall(r"(\w+)=\"", text)) <= {
        "le", "mode", "model", "part", "state", "status", "version",
    }  # fmt: skip


def test_a_job_that_is_due_and_waits_is_told_by_how_long(house: House) -> None:
    name = "balcao_jobs_oldest_wait_seconds"
    assert seen(house)[name] == 0
    with house.parts.database.write() as db:
        for job, due in (("due", "2026-01-01T00:00:00.000Z"), ("later", "2999-01-01T00:00:00Z")):
            db.run(
                """
                insert into jobs (id, kind, subject, state, not_before, created_at)
                values (:id, 'ingest', 'd', 'queued', :due, :due)
                """,
                {"id": job, "due": due},
            )
    assert seen(house)[name] > 1000
    with house.parts.database.write() as db:
        db.run("delete from jobs where id = 'due'")
    assert seen(house)[name] == 0


def test_a_server_that_nothing_permits_any_more_is_counted(house: House) -> None:
    with house.parts.database.write() as db:
        db.run(
            """
            insert into outgoing (day, origin, purpose, requests, last_at)
            values (:day, 'http://elsewhere.example:80', 'crawl', 1, :now)
            """,
            {"day": timestamp()[:10], "now": timestamp()},
        )

    text = house.client.get("/metrics").text

    assert "balcao_outgoing_outside 1.0" in text
    assert "elsewhere" not in text
