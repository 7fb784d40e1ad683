"""An answer in pieces: blocks, runs, and the sources after the sentence that they hold up."""

from appliance.transcripts.pieces import Block, blocks
from tests.transcripts.told import answer, citation, sentence


def texts(found: list[Block]) -> list[tuple[str, str, str]]:
    return [(one.kind, one.marker, "".join(run.text for run in one.runs)) for one in found]


def test_headings_items_and_paragraphs_are_told_apart_and_the_numbers_leave_the_text() -> None:
    assert texts(blocks(answer())) == [
        ("heading", "", "Prazos"),
        ("paragraph", "", "Entregue até o dia 5. A multa é alta."),
        ("item", "•", "Leve o recibo."),
    ]


def test_sources_stand_after_their_sentence_and_once() -> None:
    paragraph = blocks(answer())[1]

    assert [[one.n for one in run.citations] for run in paragraph.runs if run.citations] == [[1, 2]]
    assert paragraph.runs[1].text == "o dia 5"
    assert paragraph.runs[1].strong


def test_an_unsupported_sentence_is_told_from_the_others() -> None:
    runs = blocks(answer())[1].runs

    assert [run.text for run in runs if not run.supported] == ["A multa é alta."]


def test_a_sentence_over_two_lines_has_its_sources_at_its_end() -> None:
    text = "Entregue\n- o recibo\n"
    said = sentence("Entregue\n- o recibo", 1, within=text)
    found = blocks(answer(text, sentences=(said,)))

    assert texts(found) == [("paragraph", "", "Entregue"), ("item", "•", "o recibo")]
    assert [bool(one.runs[-1].citations) for one in found] == [False, True]


def test_a_number_of_no_citation_and_an_overlapping_sentence_lose_nothing() -> None:
    text = "Abre às 7h. Fecha às 17h."
    both = sentence(text, 9, within=text), sentence("Fecha às 17h.", 1, within=text)

    assert texts(blocks(answer(text, sentences=both))) == [("paragraph", "", text)]


def test_text_that_no_sentence_covers_stays() -> None:
    assert texts(blocks(answer("Um.\n\n2) Dois", sentences=()))) == [
        ("paragraph", "", "Um."),
        ("item", "2)", "Dois"),
    ]
    assert blocks(answer("\n \n", sentences=(), citations=(citation(1),))) == []
