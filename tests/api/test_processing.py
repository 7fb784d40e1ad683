"""The record of processing and the technical annex follow the settings (LGPD-07, LGPD-10)."""

import io
from typing import Any

import docx
import msgspec
import pytest

from appliance import flows
from appliance.errors import sentence
from appliance.flows import Flows
from appliance.forms import Form, FormField
from appliance.records import LANGUAGES
from tests.house import House

pytestmark = [pytest.mark.guarantee("LGPD-07"), pytest.mark.guarantee("LGPD-10")]


def told(house: House, part: str) -> dict[str, Any]:
    return dict(house.client.get("/api/processing").json()[part])


def change(house: House, section: str, **values: Any) -> None:
    changed = house.client.patch(f"/api/settings/{section}", json=values)
    assert changed.status_code == 200, changed.text


def activity(house: House, kind: str) -> dict[str, Any]:
    return dict(next(one for one in told(house, "record")["activities"] if one["kind"] == kind))


def text(house: House, part: str) -> str:
    """All that stands in the document."""
    sent = house.client.get("/api/processing/document", params={"part": part})
    assert sent.headers["content-disposition"] == f'attachment; filename="{part}.docx"'
    document = docx.Document(io.BytesIO(sent.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_what_nobody_filled_in_is_said_to_be_missing(house: House) -> None:
    assert told(house, "record")["missing"] == [
        "controller",
        "officer",
        "officer_contact",
        "purpose",
        "basis",
    ]

    change(house, "processing", controller="Escola Aurora", basis="contract")

    assert told(house, "record")["missing"] == ["officer", "officer_contact", "purpose"]


def test_controller_purpose_and_basis_are_those_that_are_set(house: House) -> None:
    house.assistant()
    change(
        house, "processing", controller="Escola Aurora", purpose="Atender pais", basis="contract"
    )

    assert told(house, "record")["house"]["controller"] == "Escola Aurora"
    assert activity(house, "assistant")["purpose"] == "Atender pais"
    assert activity(house, "audit")["basis"] == "contract"


def test_each_assistant_is_an_activity_from_its_beginning_to_its_end(house: House) -> None:
    made = house.assistant("Matrículas")
    assert activity(house, "assistant")["name"] == "Matrículas"

    house.client.patch(f"/api/assistants/{made['id']}", json={"name": "Secretaria"})
    assert activity(house, "assistant")["name"] == "Secretaria"

    house.client.delete(f"/api/assistants/{made['id']}")
    assert "assistant" not in [one["kind"] for one in told(house, "record")["activities"]]


def test_changed_periods_are_in_both_at_once(house: House) -> None:
    house.assistant()
    change(house, "retention", conversation_days=30, audit_years=2)

    assert activity(house, "assistant")["days"] == 30
    assert activity(house, "audit")["days"] == 730
    assert told(house, "annex")["periods"]["conversations"] == 30

    change(house, "retention", keep_conversations=False)
    assert activity(house, "assistant")["days"] == 0


def test_an_assistant_s_own_days_are_its_activity_s(house: House) -> None:
    made = house.assistant()
    with house.parts.database.write() as db:
        db.run("update assistants set keep_days = 5 where id = :id", {"id": made["id"]})

    assert activity(house, "assistant")["days"] == 5


def test_a_mail_server_is_a_recipient_as_soon_as_it_is_set(house: House) -> None:
    assert {one["recipients"] == [] for one in told(house, "record")["activities"]} == {True}

    change(house, "mail", host="correio.escola.example", sender="balcao@escola.example")

    assert activity(house, "mail")["recipients"] == ["correio.escola.example"]
    assert any("correio.escola.example" in one for one in told(house, "annex")["destinations"])


def test_an_assistant_that_writes_on_somebody_else_s_machine_names_it(house: House) -> None:
    made = house.assistant()
    with house.parts.database.write() as db:
        db.run(
            """
            insert into engines (id, name, kind, addresses, model, context, created_at)
            values ('e1', 'Nuvem', 'openai', '["https://api.nuvem.example/v1"]', 'm', 8192, '')
            """
        )
        db.run("update assistants set engine = 'e1' where id = :id", {"id": made["id"]})

    assert activity(house, "assistant")["recipients"] == ["https://api.nuvem.example/v1"]
    assert "engine_outside" in told(house, "annex")["risks"]


def test_whoever_a_form_goes_on_to_is_named_while_it_is_on(house: House) -> None:
    made = house.assistant()
    form = Form(
        on=True,
        title="Pedir vaga",
        fields=(FormField(label="Nome"),),
        mail_to="vagas@escola.example",
        webhook="https://crm.escola.example/entrada?casa=1",
    )
    with house.parts.database.write() as db:
        flows.store(db, made["id"], Flows(form=form))

    told_of = activity(house, "assistant")["recipients"]

    assert told_of == ["vagas@escola.example", "https://crm.escola.example"]
    with house.parts.database.write() as db:
        flows.store(db, made["id"], Flows(form=msgspec.structs.replace(form, on=False)))
    assert activity(house, "assistant")["recipients"] == []


def test_whom_a_site_says_its_visitors_are_is_among_the_data(house: House) -> None:
    made = house.assistant()
    house.client.patch(f"/api/assistants/{made['id']}", json={"origins": ["https://a.example"]})
    assert "nome com que o site" not in activity(house, "assistant")["data"]

    renewed = house.client.post(f"/api/assistants/{made['id']}/visitors/identity")

    assert renewed.status_code == 201, renewed.text
    assert "nome com que o site" in activity(house, "assistant")["data"]


def test_risks_come_and_go_with_the_settings(house: House) -> None:
    made = house.assistant()
    assert told(house, "annex")["risks"] == ["no_second_factor", "not_encrypted"]

    change(house, "sign_in", second_factor="optional")
    change(house, "retention", conversation_days=400)
    house.client.patch(f"/api/assistants/{made['id']}", json={"origins": ["https://a.example"]})

    risks = ["open_widget", "no_second_factor", "not_encrypted", "kept_long"]
    assert told(house, "annex")["risks"] == risks
    assert activity(house, "assistant")["open_to_visitors"] is True


def test_people_groups_and_holds_are_counted(house: House) -> None:
    house.client.post("/api/groups", json={"name": "Direção", "members": []})

    annex = told(house, "annex")

    assert (annex["people"], annex["groups"], annex["holds"]) == ({"admin": 1}, 1, 0)


def test_the_record_is_a_document_that_says_the_same(house: House) -> None:
    house.assistant("Matrículas")
    change(house, "processing", controller="Escola Aurora", officer="Rita Lima", basis="contract")

    said = text(house, "record")

    assert "Escola Aurora" in said
    assert "Rita Lima" in said
    assert "Matrículas" in said
    assert "Contrato" in said
    acts = house.client.get("/api/audit", params={"act": "processing.export"}).json()["items"]
    assert [one["subject"] for one in acts] == ["record"]


def test_the_annex_is_a_document_that_says_the_same(house: House) -> None:
    change(house, "retention", log_days=17)

    said = text(house, "annex")

    assert "17" in said.split("\n")
    assert sentence("processing_risk_not_encrypted", {}, "pt") in said


def test_a_wall_hides_an_assistant_from_an_administrator_outside(house: House) -> None:
    made = house.assistant("Sigilo")
    me = house.client.get("/api/session").json()["person"]["id"]
    group = house.client.post("/api/groups", json={"name": "Fora", "members": [me]}).json()
    house.client.patch(
        f"/api/collections/{made['collections'][0]}", json={"denied_groups": [group["id"]]}
    )

    assert "Sigilo" not in house.client.get("/api/processing").text
    assert "Sigilo" not in text(house, "record")


def test_every_word_of_it_is_there_in_three_languages(house: House) -> None:
    house.assistant()
    for language in LANGUAGES:
        me = house.client.get("/api/session").json()["person"]["id"]
        house.client.patch(f"/api/people/{me}", json={"language": language})
        for part in ("record", "annex"):
            assert sentence("unexpected", {}, language) not in text(house, part)
        assert sentence("processing_basis_contract", {}, language) != "…"


def test_only_administrators_see_it(house: House) -> None:
    with house.as_a("auditor") as client:
        assert client.get("/api/processing").status_code == 403
        assert client.get("/api/processing/document").status_code == 403
