"""A conversation over the sample documents: the second question finds what it means."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.settings import Settings
from tests.fakes import ScriptedGenerator, WordEmbedder
from tests.house import House, events

SAMPLES = Path(__file__).parents[2] / "installer" / "samples"
DOCUMENTS = ("regimento-escolar.pdf", "calendario-2026.html", "perguntas-frequentes.md")


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    """The school's appliance with its documents read, and its assistant."""
    settings = Settings(data_dir=str(tmp_path_factory.mktemp("school")))
    with House(settings, embedder=WordEmbedder()) as house:
        assistant = house.assistant()
        for name in DOCUMENTS:
            house.upload(assistant["collections"][0], (SAMPLES / name).read_bytes(), name)
        yield house, assistant["id"]


def best(answer: dict[str, Any]) -> str:
    """The text of the passage that was found first."""
    return " ".join(answer["passages"][0]["text"].split())


@pytest.mark.parametrize(
    ("first", "second", "query", "fact"),
    [
        (
            "Como funciona a segunda chamada?",
            "Quanto custa?",
            "Quanto custa a segunda chamada?",
            "custa R$ 45,00",
        ),
        (
            "Qual é a frequência mínima para aprovação?",
            "E na Educação Infantil?",
            "Qual é a frequência mínima para aprovação na Educação Infantil?",
            "a frequência mínima é de 60 %",
        ),
        (
            "Como funciona a segunda chamada?",
            "Qual o prazo dela?",
            "Qual o prazo da segunda chamada?",
            "em até 3 dias úteis depois da prova",
        ),
    ],
)
def test_the_second_question_finds_what_it_does_not_find_alone(
    school: tuple[House, str], first: str, second: str, query: str, fact: str
) -> None:
    house, assistant = school
    asked = house.ask(assistant, first)

    alone = house.ask(assistant, second)
    after = house.ask(assistant, second, conversation=asked["conversation"])

    assert alone["query"] is None
    assert fact not in alone["answer"]
    assert after["query"] == query
    assert fact in best(after)
    assert fact in after["answer"]


def test_the_passages_tell_the_query_before_the_first_word(school: tuple[House, str]) -> None:
    house, assistant = school
    asked = house.ask(assistant, "Perdi a carteirinha. O que faço?")

    sent = house.client.post(
        f"/api/assistants/{assistant}/ask",
        json={
            "question": "Quanto custa?",
            "conversation": asked["conversation"],
            "stream": True,
        },
    )

    (told,) = [data for name, data in events(sent.text) if name == "passages"]
    assert told["query"] == "Quanto custa a carteirinha?"


def test_the_question_stays_in_the_persons_own_words(school: tuple[House, str]) -> None:
    house, assistant = school
    asked = house.ask(assistant, "Perdi a carteirinha. O que faço?")
    house.ask(assistant, "Quanto custa?", conversation=asked["conversation"])

    told = house.client.get(f"/api/conversations/{asked['conversation']}").json()

    assert [one["question"] for one in told["messages"]][-1] == "Quanto custa?"
    assert told["messages"][-1]["answer"]["query"] == "Quanto custa a carteirinha?"


def test_a_question_on_another_subject_is_searched_as_it_stands(
    school: tuple[House, str],
) -> None:
    house, assistant = school
    asked = house.ask(assistant, "Perdi a carteirinha. O que faço?")

    other = house.ask(
        assistant, "Quando são as férias de julho?", conversation=asked["conversation"]
    )

    assert other["query"] is None
    assert "de 6 a 31 de julho" in other["answer"]


def test_a_third_question_goes_on_from_the_second(school: tuple[House, str]) -> None:
    house, assistant = school
    asked = house.ask(assistant, "Quando é a reunião de pais do 1º trimestre?")
    house.ask(assistant, "e do 2º?", conversation=asked["conversation"])

    third = house.ask(assistant, "Onde?", conversation=asked["conversation"])

    assert third["query"] == "Onde é a reunião de pais do 2º trimestre?"


def test_the_model_reads_the_persons_own_words_after_the_history(
    writing_house: House, writer: ScriptedGenerator
) -> None:
    assistant = writing_house.assistant()
    writing_house.upload(assistant["collections"][0])
    asked = writing_house.ask(assistant["id"], "Quantos livros cada aluno pode levar?")

    answer = writing_house.ask(
        assistant["id"], "Por quantos dias?", conversation=asked["conversation"]
    )

    prompt = writer.prompts[-1]
    assert answer["query"] == "Por quantos dias livros cada aluno pode levar?"
    assert prompt.turns[0].text == "Quantos livros cada aluno pode levar?"
    assert prompt.turns[-1].text.endswith("Pergunta: Por quantos dias?")
    assert len(writer.prompts) == 2
