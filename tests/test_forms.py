"""A form that could not be filled in is refused before anybody meets it."""

from typing import Any

import msgspec
import pytest

from appliance import assistants, flows
from appliance.database import Database
from appliance.errors import BadRequest
from appliance.flows import Flows
from appliance.forms import Form, FormField

NAME = FormField(label="Nome", required=True)
FORM = Form(on=True, title="Pedir matrícula", fields=(NAME,), words=("quero me matricular",))


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"title": " "}, "form_without_title"),
        ({"fields": ()}, "form_without_fields"),
        ({"fields": (NAME, FormField(label="NOMÉ"))}, "form_label_twice"),
        ({"fields": (FormField(label="Turno", kind="choice"),)}, "form_without_choices"),
    ],
)
def test_a_form_that_cannot_be_filled_in_is_refused(form: Any, code: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        msgspec.structs.replace(FORM, **form).check()

    assert refusal.value.code == code


def test_a_form_that_is_off_may_be_unfinished() -> None:
    Form(on=False).check()
    FORM.check()


def test_a_form_is_kept_with_the_other_flows(database: Database) -> None:
    with database.write() as db:
        made = assistants.create(db, name="Secretaria", language="pt", collections=[])
        flows.store(db, made.id, Flows(form=FORM))

    assert flows.of(database, made.id).form == FORM


def test_what_cannot_be_leaves_the_flows_as_they_were(database: Database) -> None:
    with database.write() as db:
        made = assistants.create(db, name="Secretaria", language="pt", collections=[])
        flows.store(db, made.id, Flows(form=FORM))
    with database.write() as db, pytest.raises(BadRequest):
        flows.store(db, made.id, Flows(form=msgspec.structs.replace(FORM, title="")))

    assert flows.of(database, made.id).form == FORM
