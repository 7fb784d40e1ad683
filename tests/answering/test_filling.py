"""What was typed into a form, held against its fields."""

from typing import Any

import pytest

from appliance.answering.filling import filled
from appliance.errors import BadRequest, sentences
from appliance.forms import Filled, Form, FormField, Kind
from appliance.records import LANGUAGES

TURNO = FormField(label="Turno", kind="choice", choices=("Manhã", "Tarde"))


def form(kind: Kind = "text", *, required: bool = False) -> Form:
    field = TURNO if kind == "choice" else FormField(label="Campo", kind=kind, required=required)
    return Form(on=True, title="Matrícula", fields=(field,))


def kept(kind: Kind, typed: str) -> str:
    (one,) = filled(form(kind), {"Turno" if kind == "choice" else "Campo": typed})
    return one.value


def refused(kind: Kind, typed: str, *, required: bool = False) -> str:
    with pytest.raises(BadRequest) as refusal:
        asked = form(kind, required=required)
        filled(asked, {asked.fields[0].label: typed})
    assert refusal.value.code == "form_unfit"
    ((_, code),) = refusal.value.facts["fields"].items()
    return str(code)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", "  Ana \t Souza\n", "Ana Souza"),
        ("text", "Ana\x00\u202e Souza", "Ana Souza"),
        ("long", "Uma linha\ne outra ", "Uma linha\ne outra"),
        ("email", "ana.souza+x@escola.com.br", "ana.souza+x@escola.com.br"),
        ("phone", "(11) 91234-5678", "(11) 91234-5678"),
        ("phone", "+55 11 91234 5678", "+55 11 91234 5678"),
        ("cpf", "52998224725", "529.982.247-25"),
        ("cpf", "529.982.247-25", "529.982.247-25"),
        ("date", "2026-12-31", "2026-12-31"),
        ("date", "31/12/2026", "2026-12-31"),
        ("choice", "Manhã", "Manhã"),
    ],
)
def test_what_fits_is_kept_as_it_is_read_later(kind: Kind, typed: str, value: str) -> None:
    assert kept(kind, typed) == value


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("text", "a" * 201, "form_too_long"),
        ("long", "a" * 2001, "form_too_long"),
        ("email", "ana@", "form_bad_email"),
        ("email", "ana souza@escola.com.br", "form_bad_email"),
        ("phone", "1234", "form_bad_phone"),
        ("phone", "ramal da Ana", "form_bad_phone"),
        ("phone", "1" * 16, "form_bad_phone"),
        ("cpf", "52998224724", "form_bad_cpf"),
        ("cpf", "111.111.111-11", "form_bad_cpf"),
        ("cpf", "CPF 529.982.247-25", "form_bad_cpf"),
        ("date", "31/02/2026", "form_bad_date"),
        ("date", "amanhã", "form_bad_date"),
        ("choice", "Noite", "form_bad_choice"),
    ],
)
def test_what_does_not_fit_has_a_sentence_of_its_own(kind: Kind, typed: str, code: str) -> None:
    assert refused(kind, typed) == code
    assert all(code in sentences(language) for language in LANGUAGES)


@pytest.mark.parametrize("kind", ["text", "long", "email", "phone", "cpf", "date"])
def test_only_what_is_required_has_to_be_filled_in(kind: Kind) -> None:
    assert refused(kind, "  ", required=True) == "form_needed"
    asked = Form(fields=(*form(kind).fields, FormField(label="Nome")))

    assert filled(asked, {"Nome": "Ana"}) == (Filled(label="Nome", value="Ana"),)


def test_every_field_that_does_not_fit_is_told_at_once() -> None:
    asked = Form(
        fields=(FormField(label="Nome", required=True), FormField(label="CPF", kind="cpf"))
    )
    with pytest.raises(BadRequest) as refusal:
        filled(asked, {"CPF": "1"})

    facts: dict[str, Any] = refusal.value.facts
    assert facts["fields"] == {"Nome": "form_needed", "CPF": "form_bad_cpf"}
    assert facts["labels"] == "Nome, CPF"


@pytest.mark.parametrize(
    ("values", "code"), [({"Outro": "Ana"}, "form_changed"), ({"Campo": ""}, "form_empty")]
)
def test_what_is_no_answer_to_the_form_is_refused(values: dict[str, str], code: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        filled(form(), values)

    assert refusal.value.code == code
