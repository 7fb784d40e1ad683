"""Plain text, Markdown and the sheet that documents without pages are written on."""

import io
from pathlib import Path

import pytest

from appliance.errors import Unreadable
from appliance.index.reading import markdown, sheet, text
from appliance.index.reading.sheet import Sheet
from appliance.index.reading.wire import Outline
from appliance.records import Page
from tests.index.reading import papers


def md(source: str) -> Page:
    _, page = markdown.read(io.BytesIO(source.encode()), "a.md")
    assert isinstance(page, Page)
    return page


def test_text_keeps_its_lines_and_is_one_page_without_a_number_to_cite(tmp_path: Path) -> None:
    outline, (page,) = papers.read(
        papers.saved(tmp_path, "a.txt", "Linha 1\r\n\r\n\r\nLinha 2  \r\n")
    )

    assert outline == Outline(pages=1, title=None, paged=False)
    assert page == Page(number=1, how="digital", text="Linha 1\n\nLinha 2")


def test_text_in_an_old_encoding_is_read(tmp_path: Path) -> None:
    path = papers.saved(tmp_path, "a.txt", "Matrícula até março".encode("cp1252"))

    assert papers.text_of(path) == "Matrícula até março"


def test_text_with_form_feeds_never_holds_a_page_break(tmp_path: Path) -> None:
    assert papers.text_of(papers.saved(tmp_path, "a.txt", "um\fdois")) == "um\n\ndois"


def test_text_without_a_word_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refusal:
        papers.read(papers.saved(tmp_path, "a.txt", "*** --- ***"))

    assert refusal.value.code == "no_words"


def test_binary_is_refused_by_the_reader_too() -> None:
    for reader in (text.read, markdown.read):
        with pytest.raises(Unreadable) as refusal:
            list(reader(io.BytesIO(bytes(range(256))), "a"))
        assert refusal.value.code == "type_mismatch"


def test_text_over_the_limit_is_refused_with_the_limit() -> None:
    with pytest.raises(Unreadable) as refusal:
        list(text.read(io.BytesIO(b"a" * (sheet.TEXT_LIMIT + 1)), "a.txt"))

    assert refusal.value.code == "too_long"
    assert str(sheet.TEXT_LIMIT) in str(refusal.value)


def test_bytes_over_the_limit_are_refused_before_they_are_decoded() -> None:
    with pytest.raises(Unreadable) as refusal:
        sheet.contents(io.BytesIO(b"a" * (sheet.BYTES_LIMIT + 1)), "a.txt")

    assert refusal.value.code == "too_long"


def test_markdown_headings_keep_their_place_and_depth() -> None:
    page = md("# Guia\n\nTexto.\n\n## Multas\n\nR$ 1,50.\n")

    assert [(heading.level, heading.title) for heading in page.headings] == [
        (1, "Guia"),
        (2, "Multas"),
    ]
    assert [page.text[heading.start :].split("\n")[0] for heading in page.headings] == [
        "Guia",
        "Multas",
    ]


def test_the_first_heading_is_the_title_unless_the_front_matter_has_one() -> None:
    outline, _ = markdown.read(io.BytesIO(b"# Guia\n\nTexto"), "a.md")
    titled, _ = markdown.read(
        io.BytesIO(b'---\ntitle: "Guia do aluno"\n---\n# Guia\n\nTexto'), "a.md"
    )

    assert isinstance(outline, Outline)
    assert isinstance(titled, Outline)
    assert (outline.title, titled.title) == ("Guia", "Guia do aluno")


def test_a_rule_at_the_top_is_not_front_matter() -> None:
    assert md("---\n\nTexto").text == "Texto"
    assert md("---\nautor: x\n---\nTexto").text == "Texto"


def test_markdown_tables_become_rows() -> None:
    page = md("Antes\n\n| Livro | Multa |\n| --- | ---: |\n| Dicionário | R$ 2 |\n\nDepois")

    assert page.text == "Antes\n\nLivro | Multa\nDicionário | R$ 2\n\nDepois"


def test_links_and_pictures_are_their_words_and_never_their_addresses() -> None:
    page = md(
        "Veja o [regimento](http://x.example/r.pdf), ![planta](p.png) e [x](javascript:a(1))."
    )

    assert page.text == "Veja o regimento, planta e x."


def test_lists_keep_their_marks_and_numbers() -> None:
    assert md("- um\n- dois\n").text == "- um\n- dois"
    assert md("3. três\n4. quatro\n").text == "3. três\n4. quatro"
    assert md("- fora\n  - dentro\n").text == "- fora\n- dentro"


def test_a_paragraph_cut_over_lines_is_one_line() -> None:
    assert md("uma frase\ncontinua aqui  \ne quebra").text == "uma frase continua aqui\ne quebra"


def test_code_is_kept_as_written() -> None:
    assert md("```\na = 1\nb = 2\n```\n").text == "a = 1\nb = 2"


def test_html_inside_markdown_leaves_only_its_words() -> None:
    page = md(
        "Antes\n\n<div onclick='x'>Meio <script>alert(1)</script></div>\n\nDepois <b>forte</b>"
    )

    assert page.text == "Antes\n\nMeio\n\nDepois forte"


def test_a_sheet_counts_its_blocks_and_where_headings_start() -> None:
    written = Sheet("a")
    written.paragraph("Um")
    written.heading("Dois", 2)
    written.row(["a", "", "b"])
    written.row(["", " "])
    page = written.page()

    assert written.blocks == 3
    assert page.text == "Um\n\nDois\n\na | | b"
    assert page.text[page.headings[0].start :].startswith("Dois")


def test_an_empty_heading_or_paragraph_leaves_no_trace() -> None:
    written = Sheet("a")
    written.heading("  ", 1)
    written.paragraph(" \n ")
    written.line("")

    assert written.is_empty
    assert written.blocks == 0


def test_a_sheet_refuses_to_grow_past_its_limit() -> None:
    written = Sheet("a")
    for _ in range(3):
        written.paragraph("x" * (sheet.TEXT_LIMIT // 4))
    with pytest.raises(Unreadable) as refusal:
        written.paragraph("x" * (sheet.TEXT_LIMIT // 4))

    assert refusal.value.code == "too_long"
