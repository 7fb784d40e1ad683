"""The flows as LangChain runnables: each takes what was asked, or leaves it to the next.

``chain`` is one ``RunnableBranch``: opening hours, a person, the form, then nobody (None), which
leaves the question to the approved answers and the documents. A flow takes a question
only where all of its words are one of the flow's own phrases, so that none that is meant for
the documents is caught: "Qual é o horário da biblioteca?" is not about when people are here.
The words of the form are its owner's.
"""

import re
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from appliance import flows, widgets
from appliance.answering.replies import Reply
from appliance.database import Database
from appliance.errors import sentence
from appliance.flows import Exam, Flows, Hours
from appliance.folding import plain
from appliance.forms import Form
from appliance.records import ITSELF, Assistant, Caller, Language, Record

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

_WORD = re.compile(r"[^\W_]+")
_WE = "(voces|vcs|a escola|a secretaria|o escritorio|a equipe|a casa|o atendimento)"
_COURTESY = (
    "(ola |oi |bom dia |boa tarde |boa noite |por favor |hello |hi |please |hola |buenos dias |"
    "buenas tardes |gostaria de saber |queria saber )*"
)
_OPEN = re.compile(
    _COURTESY
    + "("
    + "|".join(
        (
            rf"({_WE} )?(estao|esta|ta|tao) (abertos?|abertas?|atendendo)( hoje| agora)?",
            rf"({_WE} )?(atendem|abrem)( hoje| agora)",
            "qual (e )?(o )?(seu )?horario (de )?(atendimento|funcionamento)( de voces)?",
            "quais (sao )?(os )?(seus )?horarios (de )?(atendimento|funcionamento)( de voces)?",
            "(a )?que horas (voces )?(abrem|fecham|atendem)( hoje)?",
            "ate que horas (voces )?(atendem|ficam abertos)( hoje)?",
            "are you open( now| today)?",
            "what (are|is) (your )?(opening|business|office) hours?",
            "when do you (open|close)( today)?",
            "(estan|esta) (abierto|abiertos|atendiendo)( hoy| ahora)?",
            "cual es (el|su) horario (de )?(atencion|apertura)",
            "a que hora (abren|cierran|atienden)( hoy)?",
        )
    )
    + ")"
)
_SOMEBODY = (
    "(uma pessoa|alguem|um humano|um atendente|uma atendente|atendente|um funcionario|"
    "uma pessoa de verdade|alguem da equipe|a equipe|um ser humano)"
)
_PERSON = re.compile(
    _COURTESY
    + "("
    + "|".join(
        (
            rf"((eu )?(quero|queria|gostaria de|preciso|posso) )?(falar|conversar) com {_SOMEBODY}",
            rf"(me )?(passa|passe|transfira|transfere) para {_SOMEBODY}",
            "(quero |preciso de )?(um )?atendente( humano)?",
            "((i )?(want|need|would like) to |can i |could i )?(talk|speak) (to|with) "
            "(a person|a human|someone|somebody|a real person|an agent|the team)",
            "((quiero|quisiera|necesito|puedo) )?hablar con "
            "(una persona|alguien|un humano|un agente|el equipo)",
        )
    )
    + ")"
)
_MOST = 120  # letters of such a question


class Asked(Record, frozen=True):
    """A question at the counter: what is switched on there, and what time it is."""

    question: str
    assistant: Assistant
    flows: Flows
    now: datetime


def open_to(database: Database, caller: Caller, assistant: Assistant) -> Flows:
    """The flows of an assistant as they stand for a caller: where minors ask, a visitor is
    asked for nothing about themselves. A rehearsal asks the documents, also in exam time."""
    on = flows.of(database, assistant.id)
    if caller == ITSELF:
        return msgspec.structs.replace(on, exam=Exam())
    bare = caller.kind == "visitor" and widgets.audience(database, assistant.id) == "minors"
    return msgspec.structs.replace(on, form=Form()) if on.form.on and bare else on


def offers(on: Flows) -> tuple[str, ...]:
    """What to ask for to be given a flow."""
    return (on.form.title,) if on.form.on else ()


def reply(on: Flows, assistant: Assistant, question: str) -> Reply | None:
    """What a flow of the assistant says to a question; None where none takes it."""
    if not (on.hours.on or on.person.on or on.form.on):
        return None
    asked = Asked(
        question=question, assistant=assistant, flows=on, now=datetime.now(UTC).astimezone()
    )
    said: Reply | None = chain().invoke(asked)
    return said


@cache
def chain() -> "Runnable[Asked, Reply | None]":
    """The counter: each flow with the question that it takes, in turn."""
    # Here and not above: importing LangChain takes 0.4 s, which only who has flows waits for.
    from langchain_core.runnables import RunnableBranch, RunnableLambda

    return RunnableBranch(
        (RunnableLambda(asks_for_hours), RunnableLambda(tell_hours)),
        (RunnableLambda(asks_for_person), RunnableLambda(offer_person)),
        (RunnableLambda(asks_for_form), RunnableLambda(offer_form)),
        RunnableLambda(leave_to_documents),
    )


def asks_for_hours(asked: Asked) -> bool:
    """Whether a question is about when people are here, and that is known."""
    return asked.flows.hours.on and _OPEN.fullmatch(_folded(asked.question)) is not None


def asks_for_person(asked: Asked) -> bool:
    """Whether somebody wants to talk to a person, and may."""
    return asked.flows.person.on and _PERSON.fullmatch(_folded(asked.question)) is not None


def tell_hours(asked: Asked) -> Reply:
    """The opening hours, and whether somebody is here now."""
    language = asked.assistant.language
    parts = [standing(asked.flows.hours, asked.now, language), week(asked.flows.hours, language)]
    text = "\n\n".join(part for part in (*parts, asked.flows.hours.note) if part)
    return Reply(text=text, said_by="house", handover=asked.flows.person.on)


def offer_person(asked: Asked) -> Reply:
    """How to reach a person, and when one is here."""
    language, on = asked.assistant.language, asked.flows
    parts = [on.person.said or sentence("flow_person", {}, language)]
    if on.hours.on:
        parts.append(standing(on.hours, asked.now, language))
    if asked.assistant.contact:
        parts.append(sentence("ask_a_person", {"contact": asked.assistant.contact}, language))
    return Reply(text="\n\n".join(parts), said_by="house", handover=True)


def asks_for_form(asked: Asked) -> bool:
    """Whether somebody asks for the form, by its title or a word of it."""
    form = asked.flows.form
    if not form.on:
        return False
    called = "|".join(re.escape(_folded(one)) for one in (form.title, *form.words) if _folded(one))
    return re.fullmatch(f"{_COURTESY}({called})", _folded(asked.question)) is not None


def offer_form(asked: Asked) -> Reply:
    """The form, and what is said above it."""
    form, language = asked.flows.form, asked.assistant.language
    text = form.said or sentence("flow_form", {"title": form.title}, language)
    return Reply(text=text, said_by="house", form=True)


def in_exam(on: Flows, assistant: Assistant, questions: tuple[str, ...] = ()) -> Reply | None:
    """What is said to whatever has no approved answer while exam time runs; None while it does
    not. ``questions`` are those that come close to an approved one."""
    if not on.exam.runs_at(datetime.now(UTC).astimezone()):
        return None
    text = on.exam.said or sentence("flow_exam", {}, assistant.language)
    return Reply(text=text, said_by="house", offers=questions)


def leave_to_documents(asked: Asked) -> None:
    """No flow takes it."""


def standing(hours: Hours, now: datetime, language: Language) -> str:
    """Whether somebody is here now, and when next."""
    if hours.open_at(now):
        return sentence("flow_open", {}, language)
    following = hours.next_opening(now)
    if following is None:
        return sentence("flow_closed", {}, language)
    day = days(language)[following.weekday()]
    told = {"day": day, "date": f"{following:%d/%m}", "time": f"{following:%H:%M}"}
    return sentence("flow_opens", told, language)


def week(hours: Hours, language: Language) -> str:
    """The week, a line a day on which somebody is here."""
    lines = [
        f"- {name}: {', '.join(span.replace('-', '–') for span in spans)}"
        for name, spans in zip(days(language), hours.week, strict=True)
        if spans
    ]
    return "\n".join(lines)


def days(language: Language) -> list[str]:
    """The names of the days, from Monday on."""
    return sentence("flow_days", {}, language).split("|")


def _folded(question: str) -> str:
    return " ".join(_WORD.findall(plain(question[: 2 * _MOST])))[:_MOST]
