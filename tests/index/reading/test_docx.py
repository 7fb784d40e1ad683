"""Word files: everything a reader of the paper sees, and nothing that attacks the house."""

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest

from appliance.errors import Unreadable
from appliance.index.reading import packages
from appliance.index.reading.docx import read
from appliance.index.reading.wire import Outline
from appliance.records import Page
from tests.index.reading import papers
from tests.index.reading.papers import W


def page_of(path: Path) -> Page:
    with path.open("rb") as file:
        _, page = read(file, path.name)
    assert isinstance(page, Page)
    return page


def refusal_of(path: Path) -> Unreadable:
    with path.open("rb") as file, pytest.raises(Unreadable) as refusal:
        list(read(file, path.name))
    return refusal.value


def test_headings_come_from_the_styles(tmp_path: Path) -> None:
    def write(paper: Any) -> None:
        paper.add_heading("Tabela de preços", level=1)
        paper.add_paragraph("Valores de 2026.")
        paper.add_heading("Taxas", level=2)
        paper.add_paragraph("Segunda chamada: R$ 45,00.")

    page = page_of(papers.word(tmp_path / "a.docx", write))

    assert page.text == (
        "Tabela de preços\n\nValores de 2026.\n\nTaxas\n\nSegunda chamada: R$ 45,00."
    )
    assert [(heading.level, heading.title) for heading in page.headings] == [
        (1, "Tabela de preços"),
        (2, "Taxas"),
    ]
    assert page.text[page.headings[1].start :].startswith("Taxas")


def test_tables_become_rows_in_their_place(tmp_path: Path) -> None:
    def write(paper: Any) -> None:
        paper.add_paragraph("Antes")
        table = paper.add_table(rows=2, cols=2)
        for cell, text in zip(table._cells, ["Turma", "Valor", "1º ano", "R$ 1.680"], strict=True):
            cell.text = text
        paper.add_paragraph("Depois")

    page = page_of(papers.word(tmp_path / "a.docx", write))

    assert page.text == "Antes\n\nTurma | Valor\n1º ano | R$ 1.680\n\nDepois"


def test_lists_keep_bullets_and_the_numbers_word_shows(tmp_path: Path) -> None:
    def write(paper: Any) -> None:
        for text in ("um", "dois"):
            paper.add_paragraph(text, style="List Bullet")
        for text in ("primeiro", "segundo"):
            paper.add_paragraph(text, style="List Number")

    page = page_of(papers.word(tmp_path / "a.docx", write))

    assert page.text == "- um\n- dois\n1. primeiro\n2. segundo"


def test_the_title_is_the_files_own_or_its_first_heading(tmp_path: Path) -> None:
    def titled(paper: Any) -> None:
        paper.core_properties.title = "Regimento 2026"
        paper.add_heading("Outro", level=1)
        paper.add_paragraph("Texto")

    def untitled(paper: Any) -> None:
        paper.add_heading("Outro", level=1)
        paper.add_paragraph("Texto")

    first, _ = papers.read(papers.word(tmp_path / "a.docx", titled))
    second, _ = papers.read(papers.word(tmp_path / "b.docx", untitled))

    assert first == Outline(pages=1, title="Regimento 2026", paged=False)
    assert second.title == "Outro"


def test_content_controls_insertions_and_text_boxes_are_read(tmp_path: Path) -> None:
    body = (
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>controle</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:ins><w:r><w:t>inserido</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>apagado</w:delText><w:t>apagado</w:t></w:r></w:del></w:p>"
        "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>caixa</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></w:r></w:p>"
        "<w:p><w:hyperlink><w:r><w:t>elo</w:t></w:r></w:hyperlink><w:r><w:tab/><w:t>tab</w:t>"
        "<w:br/><w:t>linha</w:t><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    page = page_of(papers.bare_word(tmp_path / "a.docx", body))

    assert page.text == "controle\n\ninserido\n\ncaixa\n\nelo tab\nlinha"


def test_a_word_file_without_words_says_so(tmp_path: Path) -> None:
    assert refusal_of(papers.bare_word(tmp_path / "a.docx", "<w:p/>")).code == "no_words"


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_word_file_is_damaged(tmp_path: Path, keep: float) -> None:
    whole = papers.word(tmp_path / "a.docx", lambda paper: paper.add_paragraph("Olá")).read_bytes()
    path = papers.saved(tmp_path, "b.docx", whole[: int(len(whole) * keep)])

    assert refusal_of(path).code == "damaged"


def test_a_word_file_whose_xml_is_broken_is_damaged(tmp_path: Path) -> None:
    assert refusal_of(papers.bare_word(tmp_path / "a.docx", "<w:p><w:r>")).code == "damaged"


def test_a_flipped_byte_is_found_by_the_checksum(tmp_path: Path) -> None:
    path = papers.bare_word(tmp_path / "a.docx", "<w:p><w:r><w:t>Olá</w:t></w:r></w:p>" * 50)
    content = bytearray(path.read_bytes())
    place = content.index(b"word/document.xml") + 40
    content[place] ^= 0xFF
    path.write_bytes(bytes(content))

    assert refusal_of(path).code == "damaged"


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE w SYSTEM "http://canary.example/x.dtd">',
    ],
)
def test_a_document_type_is_refused_before_parsing(tmp_path: Path, before: str) -> None:
    path = papers.bare_word(
        tmp_path / "a.docx", "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", before=before
    )

    refusal = refusal_of(path)

    assert (refusal.code, refusal.facts["reason"]) == ("dangerous_content", "DOCTYPE")


def test_a_document_type_in_another_part_or_in_utf_16_is_refused_too(tmp_path: Path) -> None:
    hidden = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><x/>'
    path = tmp_path / "a.docx"
    papers.bare_word(path, "<w:p><w:r><w:t>Olá</w:t></w:r></w:p>")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("word/styles.xml", hidden.encode("utf-16"))

    assert refusal_of(path).code == "dangerous_content"


@pytest.mark.parametrize("name", ["../../tmp/x.xml", "/etc/cron.d/x", "..\\..\\x.xml", "C:\\x.xml"])
def test_a_path_out_of_the_package_is_refused(tmp_path: Path, name: str) -> None:
    path = papers.bare_word(tmp_path / "a.docx", "<w:p/>", parts={name: "<x/>"})

    assert refusal_of(path).facts["reason"] == "../"


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    path = papers.bare_word(tmp_path / "a.docx", "<w:p/>", parts={"word/media/a.bin": "0" * 2**22})

    assert refusal_of(path).facts["reason"] == "zip bomb"


def test_a_package_of_too_many_entries_is_refused() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        for number in range(packages.ENTRIES + 1):
            package.writestr(f"{number}.txt", "")
    whole.seek(0)

    with pytest.raises(Unreadable) as refusal:
        packages.opened(whole, "a.docx")

    assert refusal.value.code == "dangerous_content"


def test_an_entry_under_a_password_is_encrypted() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    content = bytearray(whole.getvalue())
    content[content.index(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(Unreadable) as refusal:
        packages.opened(io.BytesIO(bytes(content)), "a.docx")

    assert refusal.value.code == "encrypted"


def test_pictures_are_emptied_and_their_names_stay() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        package.writestr("word/document.xml", "<x/>")
        package.writestr("word/media/foto.png", b"1" * 1000)
    with packages.opened(whole, "a.docx") as package:
        smaller = zipfile.ZipFile(packages.emptied(package, keep=(".xml",)))

    assert smaller.read("word/document.xml") == b"<x/>"
    assert smaller.read("word/media/foto.png") == b""


def numbered(path: Path, levels: str, paragraphs: list[tuple[int, str]]) -> Path:
    """A Word file whose paragraphs are numbered by ``levels``."""
    paper = docx.Document()
    root = paper.part.numbering_part.element
    abstract = docx.oxml.parse_xml(
        f'<w:abstractNum xmlns:w="{W}" w:abstractNumId="900">{levels}</w:abstractNum>'
    )
    number = docx.oxml.parse_xml(
        f'<w:num xmlns:w="{W}" w:numId="900"><w:abstractNumId w:val="900"/></w:num>'
    )
    root.insert(0, abstract)
    root.append(number)
    for level, text in paragraphs:
        properties = paper.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(
            docx.oxml.parse_xml(
                f'<w:numPr xmlns:w="{W}"><w:ilvl w:val="{level}"/><w:numId w:val="900"/></w:numPr>'
            )
        )
    paper.save(str(path))
    return path


def level(rank: int, form: str, pattern: str, start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{rank}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def test_articles_numbered_by_word_keep_their_names(tmp_path: Path) -> None:
    path = numbered(
        tmp_path / "a.docx",
        level(0, "decimal", "Art. %1º")
        + level(1, "upperRoman", "%2 –")
        + level(2, "lowerLetter", "%3)"),
        [
            (0, "Da escola."),
            (1, "fim um;"),
            (1, "fim dois:"),
            (2, "alínea."),
            (0, "Da vida."),
            (1, "fim."),
        ],
    )

    assert page_of(path).text == (
        "Art. 1º Da escola.\nI – fim um;\nII – fim dois:\na) alínea.\nArt. 2º Da vida.\nI – fim."
    )


def test_numbers_inside_numbers_and_other_starts_are_counted(tmp_path: Path) -> None:
    path = numbered(
        tmp_path / "a.docx",
        level(0, "decimal", "%1.", start=4)
        + level(1, "decimalZero", "%1.%2")
        + level(2, "none", ""),
        [
            (0, "quatro"),
            (1, "quatro um"),
            (1, "quatro dois"),
            (2, "nada"),
            (0, "cinco"),
            (1, "cinco um"),
        ],
    )

    assert page_of(path).text == (
        "4. quatro\n4.01 quatro um\n4.02 quatro dois\n\nnada\n\n5. cinco\n5.01 cinco um"
    )


@pytest.mark.parametrize(
    ("form", "marks"),
    [
        ("ordinal", ["1º", "2º", "3º"]),
        ("lowerRoman", ["i", "ii", "iii"]),
        ("upperLetter", ["A", "B", "C"]),
        ("bullet", ["-", "-", "-"]),
    ],
)
def test_each_format_of_number_is_written(tmp_path: Path, form: str, marks: list[str]) -> None:
    path = numbered(tmp_path / "a.docx", level(0, form, "%1"), [(0, "x")] * 3)

    assert page_of(path).text.split("\n") == [f"{mark} x" for mark in marks]
