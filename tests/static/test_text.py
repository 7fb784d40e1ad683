"""Answer text becomes pieces for a template, and the server's offsets hold."""

from typing import Any

from tests.static.browserless import STATIC, node_needed, run

pytestmark = node_needed

TEXT = f"""
const {{ blocks, excerpt, placed, withSources }} = await import("{STATIC}/shared/text.js");
const {{ marked }} = await import("{STATIC}/shared/marked.js");
"""


def blocks(text: str, sentences: list[dict[str, Any]]) -> Any:
    import json

    return run(TEXT + f"give(blocks({json.dumps(text)}, {json.dumps(sentences)}));")


def sentence(text: str, start: int, *citations: int, supported: bool = True) -> dict[str, Any]:
    """A checked sentence; offsets count characters, as Python does."""
    return {
        "text": text, "start": start, "end": start + len(text), "supported": supported,
        "citations": list(citations),
    }  # fmt: skip


def said(block: dict[str, Any]) -> str:
    return "".join(word["text"] for run in block["runs"] for word in run["words"])


def test_a_sentence_carries_its_numbers_and_the_marks_leave_the_text():
    (block,) = blocks("Até o dia 5. [1] Depois não. [2][3]", [
        sentence("Até o dia 5.", 0, 1), sentence("Depois não.", 17, 2, 3),
    ])  # fmt: skip

    assert said(block).strip() == "Até o dia 5. Depois não."
    checked = [run["sentence"] for run in block["runs"] if run["sentence"]]
    assert [one["citations"] for one in checked] == [[1], [2, 3]]


def test_text_that_is_not_checked_yet_is_shown_without_a_sentence():
    (block,) = blocks("Primeira. Segu", [sentence("Primeira.", 0, 1)])

    assert [run["sentence"] is None for run in block["runs"]] == [False, True]
    assert said(block) == "Primeira. Segu"


def test_an_emoji_does_not_move_what_follows():
    text = "Oi 😀🙂! Até o dia 5."
    (block,) = blocks(text, [sentence("Até o dia 5.", text.index("Até"), 1)])

    checked = [run for run in block["runs"] if run["sentence"]]
    assert [word["text"] for word in checked[0]["words"]] == ["Até o dia 5."]


def placed(text: str, start: int, one: dict[str, Any]) -> tuple[int, int]:
    import json

    found = run(TEXT + f"give(placed({json.dumps(text)}, {start}, {json.dumps(one)}));")
    return found["start"], found["end"]


def test_a_sentence_is_found_in_the_stream_where_the_server_counts_marks_that_came_not_yet():
    text = "Até o dia 5. Depois não.\n\nA se"
    told = sentence("Depois não.", 17, 2)  # behind “Até o dia 5. [1] ”

    assert placed(text, 12, told) == (13, 24)


def test_a_sentence_is_found_though_the_model_wrote_marks_and_lines_of_its_own():
    text = "😀 Oi. Pede [1, 2]:\n- certidão [3];\n- histórico."
    told = sentence("Pede: - certidão; - histórico.", 30, 2)

    assert placed(text, 5, told) == (6, len(text))


def test_a_sentence_that_was_not_streamed_stays_where_the_server_has_it():
    assert placed("Até", 0, sentence("Até o dia 5.", 3, 1)) == (3, 15)


def test_a_list_inside_a_sentence_becomes_items_and_is_cited_once_at_its_end():
    text = "Pede:\n\n- certidão;\n- histórico."
    found = blocks(text, [sentence(text, 0, 1)])

    assert [(block["kind"], block["marker"], said(block)) for block in found] == [
        ("paragraph", "", "Pede:"), ("item", "•", "certidão;"), ("item", "•", "histórico."),
    ]  # fmt: skip
    runs = [run for block in found for run in block["runs"]]
    assert [run["sentence"]["citations"] for run in runs] == [[], [], [1]]


def test_numbered_items_and_headings_keep_their_place():
    found = blocks("## Prazos\n1. Matrícula\n2) Recibos", [])

    assert [(block["kind"], block["marker"]) for block in found] == [
        ("heading", ""), ("item", "1."), ("item", "2)"),
    ]  # fmt: skip


def test_bold_is_the_only_dress_and_the_rest_stays_as_it_was_written():
    (block,) = blocks("Até **o dia 5**, _não_ [x](http://canary.test) <b>hoje</b> `x`", [])

    assert [word["text"] for run in block["runs"] for word in run["words"] if word["strong"]] == [
        "o dia 5"
    ]
    assert said(block) == "Até o dia 5, _não_ [x](http://canary.test) <b>hoje</b> `x`"


def test_overlapping_sentences_do_not_repeat_the_text():
    (block,) = blocks("abcdef", [sentence("abcd", 0), sentence("cdef", 2)])

    assert said(block) == "abcdef"


def test_the_marked_part_of_a_page_counts_as_the_server_counts():
    assert run(TEXT + 'give(marked("a😀bcd", 2, 4));') == ["a😀", "bc", "d"]


def test_a_mark_that_begins_on_the_page_before_begins_at_the_top():
    assert run(TEXT + 'give(marked("abcd", -3, 2));') == ["", "ab", "cd"]


def test_a_mark_on_another_page_marks_nothing():
    places = ["9, 12", "-9, -2", "null, null"]
    script = "give([" + ", ".join(f'marked("abcd", {place})' for place in places) + "]);"

    assert run(TEXT + script) == [["abcd", "", ""]] * 3


def test_a_copied_answer_brings_its_sources():
    answer = '{ answer: "Até o dia 5. [1]", citations: [{ n: 1, quote: "até o dia 5", page: 3 }] }'
    copied = run(TEXT + f'give(withSources({answer}, (one) => "Regimento, p. " + one.page));')

    assert copied == "Até o dia 5. [1]\n\n[1] Regimento, p. 3: “até o dia 5”\n"


def excerpted(text: str, *spans: tuple[int, int], around: int = 12) -> list[str]:
    """The pieces of an excerpt, those that were cited between angle brackets."""
    import json

    pieces = run(TEXT + f"give(excerpt({json.dumps(text)}, {json.dumps(spans)}, {around}));")
    return [f"<{one['text']}>" if one["cited"] else one["text"] for one in pieces]


def test_a_passage_that_was_not_cited_is_shown_as_it_is():
    assert excerpted("Uma frase. " * 20) == ["Uma frase. " * 20]


def test_what_was_cited_is_marked_with_a_few_words_around_it():
    text = "Antes vem uma frase longa demais. Aqui está. Depois vem outra frase longa demais."

    assert excerpted(text, (34, 44)) == [" … demais. ", "<Aqui está.>", " Depois vem … "]


def test_two_places_that_touch_are_one_and_those_apart_are_two():
    assert excerpted("um dois três", (0, 4), (3, 7)) == ["<um dois>", " três"]
    assert excerpted("um dois três", (0, 2), (8, 12)) == ["<um>", " dois ", "<três>"]


def test_a_place_that_reaches_beyond_its_passage_is_cut_to_it():
    assert excerpted("um dois", (-5, 2), (3, 99), (50, 60)) == ["<um>", " ", "<dois>"]


def test_offsets_of_an_excerpt_count_characters_as_the_server_does():
    assert excerpted("🙂 um dois", (2, 4)) == ["🙂 ", "<um>", " dois"]
