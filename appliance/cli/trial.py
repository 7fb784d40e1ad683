"""``appliance egress-trial``: the main job, once, on a document that nobody else has.

The self-test of the network exit (``egress.selftest``) starts it, with an empty data folder
and where nothing can leave; by itself it would add an assistant to the house.
"""

import time

import click

from appliance import assistants, collections
from appliance.app import Parts
from appliance.cli import terminal
from appliance.cli.ask import asked
from appliance.cli.ingest import follow, take_in
from appliance.cli.parts import opened
from appliance.egress.selftest import Told
from appliance.errors import Unavailable
from appliance.models.wire import Readiness
from appliance.records import Answer, Assistant

NAME = "egress"
QUESTION = "Qual é a palavra de teste desta casa?"
DOCUMENT = """# Aviso

A palavra de teste desta casa é {canary}.

O aviso fica na portaria durante a semana.
"""
LOAD_SECONDS = 60.0
LOOK_SECONDS = 0.2


@click.command(hidden=True)
@click.argument("canary")
def trial(canary: str) -> None:
    """Take a document in, read and index it, ask, and say whether the answer came."""
    with opened(at_work=True) as parts:
        assistant = _assistant(parts)
        file = parts.settings.data / "aviso.md"
        file.write_text(DOCUMENT.format(canary=canary), "utf-8")
        taken, _ = take_in(parts, assistant.collections[0], file)
        follow(parts, [job for _, job in taken], quiet=True)
        model = _model(parts)
        answer = asked(parts, assistant, QUESTION)
        wrote = model if answer.mode == "generate" else ""
        terminal.print_json(Told(answered=_holds(answer, canary), model=wrote))


def _assistant(parts: Parts) -> Assistant:
    with parts.database.write() as db:
        collection = collections.create(db, NAME)
        return assistants.create(db, name=NAME, language="pt", collections=[collection.id])


def _holds(answer: Answer, canary: str) -> bool:
    """Whether an answer came that stands on the document. A small model may say it in words of
    its own, or badly: what it was given to answer from counts, not how well it writes."""
    shown = [answer.answer, *(one.quote for one in answer.citations)]
    given = [one.text for one in answer.passages]
    return bool(answer.answer) and any(canary in text for text in [*shown, *given])


def _model(parts: Parts) -> str:
    """The language model, once it is loaded; "" where there is none or it does not load."""
    name = parts.settings.language_model.partition("=")[0]
    until = time.monotonic() + LOAD_SECONDS
    while name and time.monotonic() < until:
        state = _state(parts)
        if state == "ready":
            return name
        if state == "failed":
            break
        time.sleep(LOOK_SECONDS)
    return ""


def _state(parts: Parts) -> Readiness:
    try:
        return parts.client.health().language.state
    except Unavailable:  # it does not listen yet
        return "loading"
