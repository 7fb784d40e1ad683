"""LangChain's own chat model for OpenAI's API against the appliance, unchanged."""

from typing import Any

import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI

from tests.api.served import FINE, Served, served

__all__ = ["served"]

QUESTION = "Qual é a multa por atraso na devolução de livros?"


def chat(served: Served, **fields: Any) -> ChatOpenAI:
    """An assistant as LangChain knows it, with a new key of these ``fields``."""
    return ChatOpenAI(
        base_url=f"{served.address}/v1",
        api_key=served.secret(**fields),
        model="secretaria",
        max_retries=0,
    )


def test_an_assistant_answers_a_chain_as_any_chat_model_does(served: Served) -> None:
    served.assistant()
    chain = (
        ChatPromptTemplate.from_messages([("human", "Qual é a {what}?")])
        | chat(served)
        | StrOutputParser()
    )

    assert chain.invoke({"what": "multa por atraso na devolução de livros"}).startswith(FINE)


def test_an_answer_streams_in_pieces_and_says_what_it_cost(served: Served) -> None:
    served.assistant()

    pieces = list(chat(served).stream(QUESTION, stream_usage=True))

    said = [piece.content for piece in pieces if piece.content]
    assert len(said) > 1
    assert "".join(said) == FINE
    told = sum(pieces[1:], pieces[0])
    assert told.response_metadata["finish_reason"] == "stop"
    assert told.usage_metadata["output_tokens"] == served.writer.writings[-1].done.tokens


def test_earlier_turns_are_the_conversation(served: Served) -> None:
    served.assistant()
    earlier = [HumanMessage(QUESTION), AIMessage(f"{FINE} [1]")]

    chat(served).invoke([*earlier, HumanMessage(QUESTION)])

    first, answer, last = served.writer.prompts[-1].turns
    assert (first.text, answer.text) == (QUESTION, FINE)
    assert last.text.endswith(QUESTION)


def test_a_key_without_the_right_is_refused(served: Served) -> None:
    served.assistant()

    with pytest.raises(openai.PermissionDeniedError):
        chat(served, scopes=["search"]).invoke(QUESTION)


def test_a_key_of_another_assistant_finds_none_of_this_name(served: Served) -> None:
    served.assistant()
    other = served.assistant("Biblioteca")

    with pytest.raises(openai.NotFoundError):
        chat(served, assistants=[other["id"]]).invoke(QUESTION)


def test_a_key_that_asks_too_much_is_told_how_long_to_wait(served: Served) -> None:
    served.assistant()
    asking = chat(served)
    for _ in range(4):
        asking.invoke(QUESTION)

    with pytest.raises(openai.RateLimitError) as refused:
        asking.invoke(QUESTION)

    assert 0 < int(refused.value.response.headers["retry-after"]) <= 60
