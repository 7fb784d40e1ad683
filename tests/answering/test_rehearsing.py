"""A question answered for nobody."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance import assistants
from appliance.answering.rehearsing import Parts, Rehearsal
from appliance.errors import Unavailable
from appliance.models import choice
from appliance.models.wire import Condition, Part, Readiness
from appliance.records import Assistant
from appliance.settings import Settings
from tests.fakes import ScriptedGenerator
from tests.house import House

QUESTION = "Qual é a multa por atraso na devolução de livros?"


def made(house: House, **fields: Any) -> Assistant:
    """An assistant that has read the handbook."""
    one = house.assistant(**fields)
    house.upload(one["collections"][0])
    return assistants.get(house.parts.database, one["id"])


def test_it_answers_as_a_conversation_would_and_keeps_nothing(house: House) -> None:
    assistant = made(house)
    answer = Rehearsal(house.parts.answering)(assistant, QUESTION)

    asked = house.ask(assistant.id, QUESTION)
    assert (answer.state, answer.answer) == ("answered", asked["answer"])
    assert answer.passages[0].text == asked["passages"][0]["text"]
    assert len(house.parts.database.rows("select id from messages")) == 1


def test_it_refuses_what_the_documents_do_not_answer(house: House) -> None:
    assert Rehearsal(house.parts.answering)(made(house), "Há piscina?").state == "refused"


def test_the_language_model_writes_where_the_assistant_has_one(
    writing_house: House, writer: ScriptedGenerator
) -> None:
    answer = Rehearsal(writing_house.parts.answering)(made(writing_house), QUESTION)

    assert answer.mode == "generate"
    assert len(writer.prompts) == 1


def test_one_that_only_quotes_asks_no_model(
    writing_house: House, writer: ScriptedGenerator
) -> None:
    quoting = made(writing_house, mode="quote")

    assert Rehearsal(writing_house.parts.answering)(quoting, QUESTION).mode == "quote"
    assert writer.prompts == []


def test_nothing_is_sent_out_of_the_building(
    writing_house: House, writer: ScriptedGenerator
) -> None:
    """Nobody asked for it: an assistant whose engine is hosted elsewhere quotes."""
    assistant = msgspec.structs.replace(made(writing_house), leaves_building=True)

    assert Rehearsal(writing_house.parts.answering)(assistant, QUESTION).mode == "quote"
    assert writer.prompts == []


def test_whoever_looks_after_it_may_end_it(house: House) -> None:
    class Ended(Exception):
        pass

    def check() -> None:
        raise Ended

    with pytest.raises(Ended):
        Rehearsal(house.parts.answering)(made(house), QUESTION, check)


def parts(house: House, condition: Condition | None, *, by_runner: bool = True) -> Parts:
    return Parts(house.parts.database, house.settings, lambda: condition, by_runner=by_runner)


def runner(embedder: Readiness = "ready", language: Readiness = "none") -> Condition:
    return Condition(pid=1, embedder=Part(state=embedder), language=Part(state=language))


def test_it_waits_for_a_runner_that_is_away_or_loads(house: House) -> None:
    assistant = made(house)

    with pytest.raises(Unavailable, match="engine"):
        parts(house, None).wait(assistant)
    with pytest.raises(Unavailable) as loading:
        parts(house, runner("loading")).wait(assistant)
    assert loading.value.code == "engine_loading"
    parts(house, runner("failed")).wait(assistant)
    parts(house, None, by_runner=False).wait(assistant)


def test_it_waits_for_the_language_model_where_that_writes(house: House) -> None:
    assistant = made(house)
    choice.choose(house.settings.data / "models", "some-model")
    loading = parts(house, runner(language="loading"), by_runner=False)

    assert loading.model(assistant) == "some-model"
    with pytest.raises(Unavailable):
        loading.wait(assistant)
    quoting = msgspec.structs.replace(assistant, mode="quote")
    loading.wait(quoting)
    assert loading.model(quoting) == ""
    assert loading.model(msgspec.structs.replace(assistant, leaves_building=True)) == ""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An engine on this machine may be asked."""
    return Settings(data_dir=str(tmp_path / "data"), open_hosts="http://127.0.0.1:9")


def test_the_model_of_an_engine_of_the_site_is_that_engines(house: House) -> None:
    engine = house.client.post(
        "/api/engines",
        json={"name": "vLLM", "kind": "site", "addresses": ["http://127.0.0.1:9/v1"],
              "model": "qwen"},
    )  # fmt: skip
    assert engine.status_code == 201, engine.text
    assistant = msgspec.structs.replace(made(house), engine=engine.json()["id"])

    assert parts(house, runner()).model(assistant) == "qwen"
    parts(house, None, by_runner=False).wait(assistant)
