"""Statements as a document that people read."""

import io

import docx

from appliance.subjects.paper import Section, written


def opened(content: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(content))


def test_each_section_is_a_heading_with_a_table() -> None:
    paper = opened(
        written("Título", "Para Ana", [Section("Contas", ["Nome"], [["Ana"], ["Bia"]])], none="–")
    )

    assert [one.text for one in paper.paragraphs][:3] == ["Título", "Para Ana", "Contas"]
    assert [row.cells[0].text for row in paper.tables[0].rows] == ["Nome", "Ana", "Bia"]


def test_a_section_without_rows_says_so() -> None:
    paper = opened(written("T", "L", [Section("Contas", ["Nome"], [])], none="Nada encontrado."))

    assert paper.paragraphs[-1].text == "Nada encontrado."
    assert not paper.tables


def test_what_a_document_cannot_hold_is_left_out() -> None:
    paper = opened(written("T\x00", "L\x0b", [Section("C", ["N"], [["a\ud800b\x1f"]])], none=""))

    assert paper.tables[0].rows[1].cells[0].text == "ab"
