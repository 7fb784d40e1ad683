"""Approved answers leave as a harmless file and come back as they were."""

import pytest

from appliance import approved
from appliance.answering import sheets
from appliance.approved import Approved, Cited
from appliance.errors import BadRequest
from appliance.records import DocumentName


def answer(text: str, *questions: str, cited: Cited | None = None) -> Approved:
    return Approved(
        id="1", assistant="a", questions=questions, text=text, cited=cited, active=True,
        hits=3, last_hit_at=None, created_at="", updated_at="",
    )  # fmt: skip


def file(*answers: Approved) -> str:
    return "".join(sheets.written(answers))


def test_what_is_exported_is_read_back_as_it_was() -> None:
    cited = Cited(document=DocumentName(id="d1", title="Regimento"), page=2, quote="R$ 1,50")
    one = answer('São R$ 1,50; "por dia".\nNão mais.', "Qual é a multa?", "Multa?", cited=cited)

    assert sheets.read(file(one), "pt") == [approved.draft(one)]


@pytest.mark.parametrize("text", ["=1+1", "+55 11 9999", "-3", "@x", "'aspas", "＝1"])
def test_no_cell_is_a_formula_and_none_is_lost(text: str) -> None:
    written = file(answer(text, text))

    assert f"'{text}" in written
    assert sheets.read(written, "pt")[0].text == text
    assert sheets.read(written, "pt")[0].questions == (text,)


def test_a_spreadsheet_that_writes_semicolons_is_read() -> None:
    (draft,) = sheets.read(
        "questions;answer;active\r\nQual a multa?;R$ 1,50, por dia;não\r\n", "pt"
    )

    assert (draft.questions, draft.text) == (("Qual a multa?",), "R$ 1,50, por dia")
    assert draft.active is False


def test_empty_lines_are_passed_over() -> None:
    assert len(sheets.read("questions,answer\n,\nA?,B\n\n", "pt")) == 1


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("pergunta,resposta\na,b\n", "approved_csv_columns", None),
        ("", "approved_csv_columns", None),
        ("questions,answer\nA?,B\nC?,\n", "approved_csv_line", 3),
        ("questions,answer\n" + "a" * 501 + ",B\n", "approved_csv_line", 2),
        ("questions,answer\n" + "A?,B\n" * 2001, "approved_csv_lines", None),
    ],
)
def test_a_file_that_will_not_do_is_refused_with_its_line(
    text: str, code: str, line: int | None
) -> None:
    with pytest.raises(BadRequest) as refusal:
        sheets.read(text, "pt")

    assert refusal.value.code == code
    assert refusal.value.facts.get("line") == line
