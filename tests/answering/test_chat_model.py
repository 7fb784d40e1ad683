"""The engine as a LangChain model, and LangChain's messages as the engine's prompt."""

import os

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate

from appliance.answering.chat_model import LocalChat, as_prompt
from appliance.answering.stopping import Stop
from appliance.models import Sampling, Turn
from tests.fakes import ScriptedGenerator

SAYS = "A multa é de R$ 1,50 por dia."


def test_any_langchain_chain_can_use_the_appliances_model() -> None:
    chain = (
        ChatPromptTemplate.from_messages([("system", "Seja breve."), ("human", "{question}")])
        | LocalChat(generator=ScriptedGenerator(lambda prompt: SAYS))
        | StrOutputParser()
    )

    assert chain.invoke({"question": "Qual é a multa?"}) == SAYS
    assert "".join(chain.stream({"question": "Qual é a multa?"})) == SAYS


def test_the_engine_is_a_chat_model_that_gives_its_words_one_by_one() -> None:
    generator = ScriptedGenerator(lambda prompt: SAYS)
    model = LocalChat(generator=generator)

    stream = model.stream("Qual é a multa?")
    first = next(piece.text for piece in stream if piece.text)

    assert isinstance(model, BaseChatModel)
    assert SAYS.startswith(first)
    assert first != SAYS
    assert first + "".join(piece.text for piece in stream) == SAYS


def test_messages_become_instructions_and_turns() -> None:
    prompt = as_prompt(
        [
            SystemMessage("Seja breve."),
            HumanMessage("Oi?"),
            AIMessage("Olá."),
            HumanMessage("Qual é a multa?"),
        ]
    )

    assert prompt.system == "Seja breve."
    assert prompt.turns == (
        Turn(role="user", text="Oi?"),
        Turn(role="assistant", text="Olá."),
        Turn(role="user", text="Qual é a multa?"),
    )


def test_closing_the_stream_stops_the_model() -> None:
    generator = ScriptedGenerator(lambda prompt: SAYS)
    stream = LocalChat(generator=generator).stream([HumanMessage("Qual é a multa?")])

    next(stream)
    stream.close()

    assert generator.writings[0].closed.is_set()


def test_a_reader_who_leaves_stops_the_model_before_its_first_word() -> None:
    generator, stop = ScriptedGenerator(lambda prompt: SAYS), Stop()
    stop.set()

    said = LocalChat(generator=generator).stream([HumanMessage("Oi?")], stop_when=stop)

    assert "".join(str(piece.content) for piece in said) == ""
    assert generator.writings[0].closed.is_set()


def test_a_chains_own_words_for_sampling_reach_the_engine() -> None:
    model = LocalChat(generator=(generator := ScriptedGenerator(lambda prompt: SAYS)))
    wished = {"max_tokens": 9, "temperature": 0.5, "seed": 7, "grammar": 'root ::= "sim"'}

    model.invoke([HumanMessage("Oi?")], stop=["."], **wished)
    list(model.stream([HumanMessage("Oi?")], stop=["."], **wished))

    wanted = Sampling(max_tokens=9, temperature=0.5, seed=7, stop=(".",), grammar='root ::= "sim"')
    assert generator.samplings == [wanted, wanted]


def test_what_a_chain_does_not_say_stays_as_the_appliance_has_it() -> None:
    model = LocalChat(generator=(generator := ScriptedGenerator(lambda prompt: SAYS)))
    own = Sampling(max_tokens=40, top_k=1)

    model.invoke([HumanMessage("Oi?")], sampling=own, temperature=0.5)

    assert generator.samplings == [Sampling(max_tokens=40, top_k=1, temperature=0.5)]


def test_an_answer_tells_the_tokens_it_cost() -> None:
    model = LocalChat(generator=(generator := ScriptedGenerator(lambda prompt: SAYS)))

    told = model.invoke([HumanMessage("Qual é a multa?")])

    done = generator.writings[0].done
    assert told.usage_metadata == {
        "input_tokens": done.prompt_tokens,
        "output_tokens": done.tokens,
        "total_tokens": done.prompt_tokens + done.tokens,
    }


def test_an_answer_tells_whether_it_came_to_its_end() -> None:
    model = LocalChat(generator=ScriptedGenerator(lambda prompt: SAYS))

    whole = model.invoke([HumanMessage("Qual é a multa?")])
    pieces = list(model.stream([HumanMessage("Qual é a multa?")], max_tokens=2))

    assert whole.response_metadata["finish_reason"] == "stop"
    assert {"finish_reason": "length"} in [piece.response_metadata for piece in pieces]


def test_tracing_is_off_whatever_the_environment_says() -> None:
    assert os.environ["LANGSMITH_TRACING"] == os.environ["LANGCHAIN_TRACING_V2"] == "false"
