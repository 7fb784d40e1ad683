"""Golden questions as a table, and back."""

import pytest

from appliance import cells
from appliance.errors import BadRequest
from appliance.golden import MOST, Wanted, sheet
from tests.golden.shelf import golden


def test_what_is_written_is_read_again() -> None:
    text = sheet.written(
        [
            golden(phrases=("R$ 1,50", "por dia; sempre")),
            golden(question="Há piscina?", document="", page=None, phrases=(), must_refuse=True),
        ]
    )

    assert sheet.read(text) == [
        Wanted(
            question="Qual é a multa?", document="Regimento", page=3,
            phrases=("R$ 1,50", "por dia; sempre"),
        ),
        Wanted(question="Há piscina?", must_refuse=True),
    ]  # fmt: skip


@pytest.mark.guarantee("SEC-46")
@pytest.mark.parametrize("sign", cells.FORMULA)
def test_no_cell_is_a_formula_and_every_text_comes_back(sign: str) -> None:
    evil = f"{sign}HYPERLINK(1)"
    text = sheet.written([golden(question=f"a{evil}", document=evil, phrases=(evil,))])

    assert not any(cell.startswith(("=", "+", "@")) for cell in text.split(","))
    (one,) = sheet.read(text)
    assert one.document == evil.strip()


@pytest.mark.parametrize("separator", [",", ";"])
def test_the_separator_is_found_out(separator: str) -> None:
    text = separator.join(("question", "must_refuse")) + "\r\n" + separator.join(("Oi?", "sim"))

    assert sheet.read(text) == [Wanted(question="Oi?", must_refuse=True)]


def test_columns_may_be_missing_in_another_order_or_unknown_and_lines_empty() -> None:
    text = "\ufeffnote,PAGE,Question\nx,,\ny,7,Onde?\n\n"

    assert sheet.read(text) == [Wanted(question="Onde?", page=7)]


@pytest.mark.parametrize("page", ["0", "-1", "sete", "1.5", "²", "1234567"])
def test_a_page_that_is_none_names_its_line(page: str) -> None:
    with pytest.raises(BadRequest, match="Line 3") as refused:
        sheet.read(f"question,page\nA?,1\nB?,{page}\n")
    assert refused.value.facts == {"line": 3}


def test_a_text_that_is_too_long_names_its_line() -> None:
    with pytest.raises(BadRequest, match="Line 2"):
        sheet.read(f"question\n{'a' * 2001}\n")


@pytest.mark.parametrize("text", ["", "\n", "pergunta,page\nA?,1\n"])
def test_without_the_column_of_questions_nothing_is_read(text: str) -> None:
    with pytest.raises(BadRequest, match="no column “question”"):
        sheet.read(text)


def test_what_is_no_csv_is_refused() -> None:
    with pytest.raises(BadRequest):
        sheet.read('question\n"open\x00')


def test_there_is_an_end_to_a_file() -> None:
    with pytest.raises(BadRequest, match="more than 200"):
        sheet.read("question\n" + "".join(f"P{n}?\n" for n in range(MOST + 1)))
