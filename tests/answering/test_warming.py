"""The language model is told of every assistant before anybody asks."""

import pytest

from appliance import assistants, engines
from appliance.answering import prompts
from appliance.answering.chat_model import as_prompt
from appliance.answering.prompts import Source
from appliance.answering.warming import Warming
from appliance.database import Database
from appliance.errors import BadRequest, Unavailable
from appliance.models import Prompt
from tests.fakes import ScriptedGenerator
from tests.whole.running import eventually


def saved(database: Database, name: str, **fields: object) -> str:
    with database.write() as db:
        made = assistants.create(db, name=name, language="pt", collections=[], **fields)
    return str(made.id)


def systems(generator: ScriptedGenerator) -> list[str]:
    """The ends of the instructions that the model was told of."""
    return [prompt.system.splitlines()[-1] for prompt in generator.warmed]


def test_every_assistant_is_told_of_once_and_again_when_it_changes(database: Database) -> None:
    generator = ScriptedGenerator()
    warming = Warming(database, lambda: generator)
    first = saved(database, "Secretaria", instructions="Seja cordial.")
    saved(database, "Biblioteca", instructions="Seja breve.")
    saved(database, "Portaria", instructions="Seja breve.")
    warming.look()
    warming.look()

    assert systems(generator) == ["Seja breve.", "Seja cordial."]

    with database.write() as db:
        assistants.change(db, first, {"instructions": "Trate por senhor."})
        assistants.change(db, first, {"greeting": "Olá!"})  # not in the prompt
    warming.look()
    assert systems(generator)[2:] == ["Trate por senhor."]


def test_an_assistant_that_only_quotes_needs_nothing_read(database: Database) -> None:
    generator = ScriptedGenerator()
    saved(database, "Secretaria", mode="quote")

    Warming(database, lambda: generator).look()

    assert generator.warmed == []


def test_one_whose_answers_another_engine_writes_needs_nothing_read(database: Database) -> None:
    generator = ScriptedGenerator()
    sala = engines.new(name="Sala 2", kind="site", addresses=["http://10.0.0.5:1"], model="m")
    with database.write() as db:
        engines.add(db, sala)
    saved(database, "Secretaria", engine=sala.id)

    Warming(database, lambda: generator).look()

    assert generator.warmed == []


def test_one_that_was_removed_is_told_of_when_it_is_made_again(database: Database) -> None:
    generator = ScriptedGenerator()
    warming = Warming(database, lambda: generator)
    for _ in range(2):
        made = saved(database, "Secretaria", instructions="Seja cordial.")
        warming.look()
        with database.write() as db:
            assistants.remove(db, made)
        warming.look()

    assert systems(generator) == ["Seja cordial."] * 2


def test_a_model_that_is_loaded_again_is_told_of_all_again(database: Database) -> None:
    there: list[ScriptedGenerator | None] = [None]
    saved(database, "Secretaria", instructions="Seja cordial.")
    warming = Warming(database, lambda: there[0])
    warming.look()
    first, second = ScriptedGenerator(), ScriptedGenerator()
    second.loaded = "twice"  # it has the same name, with other flags
    for there[0] in (first, first, None, first, second, second):
        warming.look()

    assert systems(first) == systems(second) == ["Seja cordial."]


class Refusing(ScriptedGenerator):
    """A model that has something against one assistant, or is away once."""

    def __init__(self, fault: Exception, *, once: bool = False) -> None:
        super().__init__()
        self._fault = fault
        self._once = once

    def warm(self, prompt: Prompt) -> None:
        super().warm(prompt)
        if prompt.system.endswith("Seja breve.") and not (self._once and len(self.warmed) > 1):
            raise self._fault


def told(database: Database, generator: ScriptedGenerator, looks: int) -> list[str]:
    """What was told in so many looks, the refused one first."""
    saved(database, "Secretaria", instructions="Seja cordial.")
    saved(database, "Biblioteca", instructions="Seja breve.")
    warming = Warming(database, lambda: generator)
    for _ in range(looks):
        warming.look()
    return systems(generator)


def test_what_the_model_refuses_is_told_once_and_said_once(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    refusing = Refusing(BadRequest("prompt_too_long", tokens=9000, limit=4095))

    assert told(database, refusing, looks=3) == ["Seja breve.", "Seja cordial."]
    assert len(caplog.records) == 1
    assert "Seja breve." in caplog.text


def test_what_a_model_that_went_away_did_not_take_is_told_again(database: Database) -> None:
    away = Refusing(Unavailable("engine_down"), once=True)

    assert told(database, away, looks=3) == ["Seja breve.", "Seja cordial.", "Seja breve."]


def test_one_that_is_never_taken_keeps_none_from_being_read(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    away = Refusing(Unavailable("engine_down"))

    assert told(database, away, looks=2).count("Seja cordial.") == 1
    assert caplog.records == []


def test_a_fault_ends_neither_the_looking_nor_what_others_are_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.answering.warming.LOOK_SECONDS", 0.01)
    generator = Refusing(ValueError("a defect"))
    saved(database, "Secretaria", instructions="Seja cordial.")
    saved(database, "Biblioteca", instructions="Seja breve.")

    with Warming(database, lambda: generator):
        eventually(lambda: len(generator.warmed) == 2, "the others were not told of")
        saved(database, "Portaria", instructions="Trate por senhor.")
        eventually(lambda: len(generator.warmed) == 3, "nobody looks any more")

    assert systems(generator) == ["Seja breve.", "Seja cordial.", "Trate por senhor."]


def test_an_end_in_the_midst_of_telling_is_no_later_for_those_left(database: Database) -> None:
    generator = ScriptedGenerator()
    for name in ("Secretaria", "Biblioteca"):
        saved(database, name, instructions=name)
    warming = Warming(database, lambda: generator)
    generator.warm = lambda prompt: (generator.warmed.append(prompt), warming._closed.set())

    warming.look()

    assert systems(generator) == ["Biblioteca"]


def test_a_question_begins_as_the_prompt_that_was_read_ahead() -> None:
    sources = [Source(n=1, title="Regimento", page=3, text="A multa é de R$ 1,50.")]
    asked = as_prompt(
        prompts.messages(
            language="pt", instructions="Seja breve.", history=[], sources=sources, question="?"
        )
    )
    ahead = as_prompt(prompts.beginning("pt", "Seja breve."))

    assert ahead.system == asked.system
    assert ahead.turns[0].text[:4] == asked.turns[0].text[:4] == "[1] "
