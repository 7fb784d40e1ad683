"""A document in a few of its own sentences: from all of it, telling, each at its place."""

import pytest
from langchain_core.runnables import Runnable

from appliance import library
from appliance.answering import condensing
from appliance.answering.condensing import Told, Whole
from tests.house import House

CHAPTERS = 12


def text() -> str:
    """A handbook of chapters, each with one sentence that says what it is about."""
    chapters = [
        f"## Capítulo {n}\n\n"
        f"A biblioteca número {n} cobra multa de R$ {n},50 por dia de atraso na devolução.\n"
        "Nada mais há aqui que valha ser dito a alguém agora.\n"
        "Quem quiser saber mais?\n"
        for n in range(1, CHAPTERS + 1)
    ]
    return "# Regimento das bibliotecas\n\n" + "\n".join(chapters)


def told(house: House, content: str, name: str = "regimento.md") -> tuple[Whole, list[Told]]:
    made = house.assistant()
    document = house.upload(made["collections"][0], content, name)
    whole = Whole(
        database=house.parts.database,
        document=library.get(house.parts.database, document["id"]),
    )
    return whole, condensing.chain().invoke(whole)


def test_it_is_one_langchain_runnable() -> None:
    assert isinstance(condensing.chain(), Runnable)
    assert condensing.chain() is condensing.chain()


def test_each_sentence_stands_word_for_word_at_its_place(house: House) -> None:
    whole, parts = told(house, text())
    all_of_it = library.text(whole.database, whole.document.id)

    assert parts
    for part in parts:
        for span in part.spans:
            assert all_of_it[span.start : span.end] == span.text


def test_the_end_of_a_document_is_heard_as_well_as_its_beginning(house: House) -> None:
    whole, parts = told(house, text())
    length = len(library.text(whole.database, whole.document.id))
    best = [part.best.start for part in parts]

    assert best == sorted(best)
    assert best[0] < length / 3
    assert best[-1] > length * 2 / 3
    assert len(parts) <= condensing.MOST_PARTS


def test_what_the_document_keeps_saying_tells_more_than_what_it_says_by_the_way(
    house: House,
) -> None:
    _, parts = told(house, text())

    assert all("multa" in part.best.text for part in parts)


def test_headings_and_questions_tell_nothing(house: House) -> None:
    _, parts = told(house, text())
    said = [span.text for part in parts for span in part.spans]

    assert not any("?" in one or one.startswith("#") for one in said)
    assert not any(one.strip("# ").startswith("Capítulo") for one in said)


def test_nothing_is_said_twice(house: House) -> None:
    _, parts = told(house, text())
    said = [span.text for part in parts for span in part.spans]

    assert sum("Nada mais há aqui" in one for one in said) <= 1 + sum(
        len(part.spans) > 1 for part in parts
    )
    assert len({part.best.text for part in parts}) == len(parts)


@pytest.mark.parametrize("content", ["# Só um título\n", "Por quê?\n", "a b c\n"])
def test_what_tells_nothing_gives_nothing(house: House, content: str) -> None:
    _, parts = told(house, content)

    assert parts == []


def test_what_a_model_reads_is_within_its_budget_and_in_order(house: House) -> None:
    long = "\n\n".join(
        f"O artigo {n} trata da multa da biblioteca, " + "com muitas palavras " * 12 + "e prazos."
        for n in range(40)
    )
    _, parts = told(house, long)

    for part in parts:
        read = part.in_order()
        assert [one.start for one in read] == sorted(one.start for one in read)
        assert sum(len(one.text) for one in read[1:]) <= 900


def test_passages_are_numbered_in_the_order_of_the_text(house: House) -> None:
    _, parts = told(house, text())
    kept, passages = condensing.numbered(parts)
    numbers = [one.n for one in passages]

    assert numbers == list(range(1, len(passages) + 1))
    assert [one.start for one in passages] == sorted(one.start for one in passages)
    for part in kept:
        for span in part.spans:
            assert passages[span.passage.n - 1].start <= span.start
            assert span.end <= passages[span.passage.n - 1].end


def test_what_has_no_pages_on_paper_names_none(house: House) -> None:
    whole, parts = told(house, text())

    assert condensing.pages(whole.database, whole.document, parts).all == 0
