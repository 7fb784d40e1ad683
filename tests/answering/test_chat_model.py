"""The engine as a LangChain model, and LangChain's messages as the engine's prompt."""

import os

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate

from appliance.answering.chat_model import LocalChat, as_prompt
from appliance.answering.stopping import Stop
from appliance.models import Turn
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


def test_tracing_is_off_whatever_the_environment_says() -> None:
    assert os.environ["LANGSMITH_TRACING"] == os.environ["LANGCHAIN_TRACING_V2"] == "false"
