"""A summary asked for in the chat: what was read is said, and each sentence is cited."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from appliance.errors import Unavailable
from appliance.models import Prompt
from appliance.settings import Settings
from tests.answering.test_condensing import text
from tests.api.test_attached import laid
from tests.fakes import ScriptedGenerator, WordEmbedder
from tests.house import House
from tests.index.reading import papers

ASKED = "Resuma o documento “Regimento”"


def summary(house: House, content: str | bytes = "", name: str = "regimento.md") -> dict[str, Any]:
    made = house.assistant()
    house.upload(made["collections"][0], content or text(), name)
    return house.ask(made["id"], ASKED)


def test_each_sentence_after_the_first_is_cited_and_stands_in_the_document(house: House) -> None:
    told = summary(house)

    assert told["state"] == "answered"
    assert told["mode"] == "quote"
    first, *rest = told["sentences"]
    assert first["text"] == "Resumo de “Regimento”, lido inteiro."
    assert first["citations"] == []
    assert len(rest) >= 3
    for one in rest:
        (number,) = one["citations"]
        quote = told["citations"][number - 1]["quote"]
        assert " ".join(quote.split()) == one["text"]


def test_it_is_asked_in_the_words_of_the_flow_whatever_the_search_would_find(house: House) -> None:
    made = house.assistant()
    house.upload(made["collections"][0], text(), "regimento.md")
    events = house.stream(made["id"], ASKED)
    names = [name for name, _ in events]

    assert names[0] == "passages"
    assert names[-1] == "done"
    assert "sentence" in names


def test_the_pages_that_were_read_are_named(house: House, tmp_path: Path) -> None:
    pages = [[f"A biblioteca {n} cobra multa de R$ {n},50 por dia de atraso."] for n in (1, 2)]
    paper = papers.pdf(tmp_path / "regimento.pdf", *pages)

    told = summary(house, paper.read_bytes(), "regimento.pdf")

    assert told["sentences"][0]["text"] == "Resumo de “Regimento”, lido inteiro, páginas 1 a 2."
    assert {one["page"] for one in told["citations"]} <= {1, 2}


def test_which_document_is_asked_back_where_several_are_called_so(house: House) -> None:
    made = house.assistant()
    for year in (2025, 2026):
        house.upload(
            made["collections"][0], f"# Ata\n\nA ata de {year} fala do prazo.", f"ata {year}.md"
        )

    told = house.ask(made["id"], "Resuma a ata")

    assert told["said_by"] == "house"
    assert len(told["offers"]) == 2
    assert house.ask(made["id"], told["offers"][0])["citations"]


def test_a_file_beside_the_conversation_is_summarised_there_alone(house: House) -> None:
    made = house.assistant()
    house.upload(made["collections"][0])
    conversation, document = laid(house, made["id"])

    told = house.ask(made["id"], "Resuma o anexo", conversation=conversation)
    elsewhere = house.ask(made["id"], "Resuma o documento “Contrato”")

    assert {one["document"]["id"] for one in told["citations"]} == {document}
    assert document not in str(elsewhere)


def test_a_document_that_tells_nothing_is_refused(house: House) -> None:
    assert summary(house, "Por quê?\n")["state"] == "refused"


def test_in_exam_time_nothing_is_summarised(house: House) -> None:
    made = house.assistant()
    house.upload(made["collections"][0], text(), "regimento.md")
    exam = {"on": True, "begins": "2020-01-01T00:00", "ends": "2099-01-01T00:00"}
    house.client.patch(f"/api/assistants/{made['id']}/flows", json={"exam": exam})

    told = house.ask(made["id"], ASKED)

    assert (told["said_by"], told["citations"]) == ("house", [])


def house_that_writes(folder: Path, writer: ScriptedGenerator) -> House:
    return House(Settings(data_dir=str(folder / "data")), embedder=WordEmbedder(), generator=writer)


def test_a_model_is_asked_part_by_part_within_its_budget(tmp_path: Path) -> None:
    writer = ScriptedGenerator()
    with house_that_writes(tmp_path, writer) as house:
        told = summary(house)

    assert told["mode"] == "generate"
    assert len(writer.prompts) >= 3
    for prompt in writer.prompts:
        asked = prompt.turns[-1].text
        assert "Resuma as fontes" in asked
        assert len(asked) < 1500
    first, *rest = told["sentences"]
    assert first["text"].startswith("Resumo de “Regimento”")
    assert all(one["supported"] and one["citations"] for one in rest)
    assert told["took"]["tokens"] > len(writer.prompts)
    assert not told["cut"]


def test_what_a_model_invents_is_marked_and_the_document_says_it_instead(tmp_path: Path) -> None:
    writer = ScriptedGenerator(lambda prompt: "A piscina abre aos domingos às 9h.")
    with house_that_writes(tmp_path, writer) as house:
        told = summary(house)

    invented = [one for one in told["sentences"] if "piscina" in one["text"]]
    quoted = [one for one in told["sentences"] if "multa" in one["text"]]
    assert invented
    assert not any(one["supported"] for one in invented)
    assert len(quoted) >= 3
    assert all(one["citations"] for one in quoted)


def test_a_strict_assistant_says_nothing_that_a_model_invented(tmp_path: Path) -> None:
    writer = ScriptedGenerator(lambda prompt: "A piscina abre aos domingos às 9h.")
    with house_that_writes(tmp_path, writer) as house:
        made = house.assistant(strictness="strict")
        house.upload(made["collections"][0], text(), "regimento.md")
        told = house.ask(made["id"], ASKED)

    assert "piscina" not in told["answer"]
    assert len(told["citations"]) >= 3


def test_where_the_model_is_away_the_document_speaks(tmp_path: Path) -> None:
    def away(prompt: Prompt) -> Iterator[str]:
        raise Unavailable("engine_down")
        yield ""

    with house_that_writes(tmp_path, ScriptedGenerator(away)) as house:
        told = summary(house)

    assert (told["state"], told["mode"]) == ("answered", "quote")
    assert len(told["citations"]) >= 3
