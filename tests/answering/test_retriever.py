"""The LangChain seam: the same passages in LangChain's shape."""

from langchain_core.documents import Document
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnablePassthrough

from appliance.answering.chat_model import LocalChat
from appliance.answering.retriever import PassageRetriever
from tests.answering.shelf import Shelf
from tests.fakes import ScriptedGenerator

FINE = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."


def test_a_chain_gets_the_passages_that_a_search_gives(shelf: Shelf) -> None:
    shelf.put("regimento", FINE, "Outra página.", title="Regimento interno")
    retriever = PassageRetriever(finder=shelf.finder, collections=[shelf.collection()])

    (first, *_) = retriever.invoke("Qual é a multa?")

    assert first.page_content == FINE
    assert first.metadata["title"] == "Regimento interno"
    assert (first.metadata["n"], first.metadata["page"]) == (1, 1)
    assert (first.metadata["start"], first.metadata["end"]) == (0, len(FINE))
    assert "keywords" in first.metadata["found_by"]


def test_a_chain_sees_only_the_collections_it_was_given(shelf: Shelf) -> None:
    shelf.put("aberto", FINE, collection="Alunos")
    shelf.put("fechado", FINE, collection="Diretoria")
    retriever = PassageRetriever(finder=shelf.finder, collections=[shelf.collection("Alunos")])

    assert {one.metadata["document"] for one in retriever.invoke("multa")} == {"aberto"}


def test_a_chain_gets_no_more_than_its_limit(shelf: Shelf) -> None:
    for number in range(5):
        shelf.put(f"d{number}", FINE)
    retriever = PassageRetriever(finder=shelf.finder, collections=[shelf.collection()], limit=2)

    assert len(retriever.invoke("multa")) == 2


def test_search_and_engine_are_links_of_any_chain(shelf: Shelf) -> None:
    shelf.put("regimento", FINE)
    retriever = PassageRetriever(finder=shelf.finder, collections=[shelf.collection()], limit=1)

    def joined(found: list[Document]) -> str:
        return "\n".join(one.page_content for one in found)

    chain = (
        {"sources": retriever | joined, "question": RunnablePassthrough()}
        | ChatPromptTemplate.from_messages([("system", "{sources}"), ("human", "{question}")])
        | LocalChat(generator=ScriptedGenerator(lambda prompt: prompt.system))
        | StrOutputParser()
    )

    assert isinstance(retriever, BaseRetriever)
    assert "".join(chain.stream("Qual é a multa?")) == FINE
