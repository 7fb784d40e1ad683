"""The language model is told of every assistant before anybody asks."""

from appliance import assistants, engines
from appliance.answering import prompts
from appliance.answering.chat_model import as_prompt
from appliance.answering.prompts import Source
from appliance.answering.warming import Warming
from appliance.database import Database
from appliance.errors import BadRequest, Unavailable
from tests.fakes import ScriptedGenerator


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
    warming.look()
    warming.look()

    assert systems(generator) == ["Seja cordial.", "Seja breve."]

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


def test_an_assistant_whose_answers_another_engine_writes_needs_nothing_read(
    database: Database,
) -> None:
    generator = ScriptedGenerator()
    sala = engines.new(name="Sala 2", kind="site", addresses=["http://10.0.0.5:1"], model="m")
    with database.write() as db:
        engines.add(db, sala)
    saved(database, "Secretaria", engine=sala.id)

    Warming(database, lambda: generator).look()

    assert generator.warmed == []


class Narrow(ScriptedGenerator):
    """A model for which the instructions of the first assistant are too long."""

    def warm(self, prompt) -> None:
        super().warm(prompt)
        if len(self.warmed) == 1:
            raise BadRequest("prompt_too_long", tokens=9000, limit=8192)


def test_instructions_that_are_too_long_keep_nobody_elses_from_being_read(
    database: Database,
) -> None:
    generator = Narrow()
    warming = Warming(database, lambda: generator)
    saved(database, "Secretaria", instructions="Muito longas.")
    saved(database, "Biblioteca", instructions="Seja breve.")
    warming.look()
    warming.look()

    assert systems(generator) == ["Muito longas.", "Seja breve."]


def test_a_model_that_comes_back_is_told_of_all_again(database: Database) -> None:
    there: list[ScriptedGenerator | None] = [None]
    saved(database, "Secretaria", instructions="Seja cordial.")
    warming = Warming(database, lambda: there[0])
    warming.look()
    there[0] = first = ScriptedGenerator()
    warming.look()
    there[0] = None
    warming.look()
    there[0] = second = ScriptedGenerator()
    warming.look()

    assert systems(first) == systems(second) == ["Seja cordial."]


class Leaving(ScriptedGenerator):
    """An engine that goes away at the first word."""

    def warm(self, prompt) -> None:
        super().warm(prompt)
        if len(self.warmed) == 1:
            raise Unavailable("engine_down")


def test_what_an_engine_did_not_take_is_told_again(database: Database, monkeypatch) -> None:
    from appliance.answering import warming
    from tests.whole.running import eventually

    monkeypatch.setattr(warming, "LOOK_SECONDS", 0.01)
    generator = Leaving()
    saved(database, "Secretaria", instructions="Seja cordial.")

    with Warming(database, lambda: generator):
        eventually(lambda: len(generator.warmed) == 2, "the engine was not told again")


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
