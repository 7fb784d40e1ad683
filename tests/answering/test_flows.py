"""Flows take the questions that are theirs, and leave every other one to the documents."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from langchain_core.runnables import RunnableBranch

from appliance.answering import flows
from appliance.answering.flows import Asked
from appliance.answering.replies import Reply
from appliance.flows import Flows, Hours, ToPerson
from appliance.forms import Form, FormField
from appliance.records import LANGUAGES, Assistant, Language

SETS = Path(__file__).parents[3] / "shared/data/questions"
WEEK = (("08:00-12:00",),) * 5 + ((), ())
ON = Flows(hours=Hours(on=True, week=WEEK, note="No recesso, só por e-mail."),
           person=ToPerson(on=True))  # fmt: skip
MONDAY = datetime.fromisoformat("2026-11-23T09:00")
SATURDAY = datetime.fromisoformat("2026-11-28T09:00")


def assistant(language: Language = "pt", contact: str = "") -> Assistant:
    return Assistant(
        id="a", slug="a", public_id="p", name="Secretaria", language=language, instructions="",
        greeting="", suggestions=(), refusal="", contact=contact, mode=None,
        strictness="balanced", accent="#000000", origins=(), collections=(), created_at="",
    )  # fmt: skip


def said(question: str, *, on: Flows = ON, now: datetime = MONDAY, **of: str) -> Reply | None:
    asked = Asked(question=question, assistant=assistant(**of), flows=on, now=now)  # type: ignore[arg-type]
    found: Reply | None = flows.chain().invoke(asked)
    return found


def test_the_counter_is_one_langchain_runnable() -> None:
    assert isinstance(flows.chain(), RunnableBranch)
    assert flows.chain() is flows.chain()


@pytest.mark.parametrize(
    "question",
    [
        "Vocês estão abertos agora?",
        "Bom dia, a secretaria está aberta hoje?",
        "Qual é o horário de atendimento?",
        "que horas abrem",
        "Are you open now?",
        "What are your opening hours?",
        "¿Están abiertos hoy?",
        "¿Cuál es el horario de atención?",
    ],
)
def test_a_question_about_when_people_are_here_gets_the_hours(question: str) -> None:
    reply = said(question)

    assert reply is not None
    assert reply.text.startswith("Estamos atendendo agora.")
    assert "- segunda: 08:00–12:00" in reply.text
    assert "sábado" not in reply.text
    assert reply.text.endswith("No recesso, só por e-mail.")
    assert (reply.said_by, reply.handover) == ("house", True)


def test_outside_the_hours_it_says_when_people_are_back() -> None:
    reply = said("Vocês estão abertos?", now=SATURDAY)

    assert reply is not None
    assert "Voltamos segunda, 30/11, às 08:00." in reply.text


@pytest.mark.parametrize(
    "question",
    [
        "Quero falar com uma pessoa",
        "Oi, gostaria de falar com alguém da equipe",
        "atendente",
        "I want to talk to a person",
        "Quiero hablar con una persona",
    ],
)
def test_whoever_wants_a_person_is_offered_one(question: str) -> None:
    reply = said(question, now=SATURDAY, contact="ramal 12")

    assert reply is not None
    assert reply.handover
    assert "entregar esta conversa" in reply.text
    assert "Voltamos segunda" in reply.text
    assert "ramal 12" in reply.text


@pytest.mark.parametrize(
    "question",
    [
        "Qual é o horário da biblioteca?",
        "A biblioteca está aberta no sábado?",
        "Quem é a pessoa que assina o contrato?",
        "Posso falar com uma pessoa sobre a matrícula atrasada?",
        "Quando abre a piscina?",
        "",
    ],
)
def test_a_question_for_the_documents_is_left_to_them(question: str) -> None:
    assert said(question) is None


@pytest.mark.skipif(not SETS.is_dir(), reason="the sets of questions are not here")
def test_none_of_ten_thousand_real_questions_is_taken() -> None:
    texts = [
        json.loads(line)["text"]
        for file in sorted(SETS.glob("*/queries.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]
    asked = [Asked(question=one, assistant=assistant(), flows=ON, now=MONDAY) for one in texts]

    assert len(texts) > 10_000
    assert [one.question for one in asked if flows.asks_for_hours(one)] == []
    assert [one.question for one in asked if flows.asks_for_person(one)] == []


@pytest.mark.parametrize("on", [Flows(), Flows(hours=ON.hours)])
def test_a_flow_that_is_off_takes_nothing(on: Flows) -> None:
    assert said("Quero falar com uma pessoa", on=on) is None
    assert (said("Vocês estão abertos?", on=on) is not None) is on.hours.on


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_whole_week(language: Language) -> None:
    assert len(flows.days(language)) == 7
    reply = said("Are you open?", language=language)
    assert reply is not None
    assert reply.text.count("08:00–12:00") == 5


@pytest.mark.parametrize(
    ("question", "takes"),
    [
        ("Pedir matrícula", True),
        ("Por favor, pedir matricula!", True),
        ("quero uma vaga (5º ano)", True),
        ("Quando posso pedir matrícula?", False),
        ("pedir", False),
    ],
)
def test_a_form_is_opened_by_its_owners_words_and_by_no_others(question: str, takes: bool) -> None:
    words = ("Quero uma vaga (5º ano)", "...")
    form = Form(on=True, title="Pedir matrícula", words=words, fields=(FormField(label="Nome"),))

    reply = said(question, on=Flows(form=form))

    assert (reply is not None and reply.form) is takes
    if reply:
        assert reply.text.startswith("Preencha “Pedir matrícula” aqui embaixo.")
    assert said(question, on=Flows(form=Form(title="Pedir matrícula"))) is None
