"""PDFs: every page with words is read, and every page without says why."""

import io
import zlib
from pathlib import Path

import pypdf
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from appliance.errors import Unreadable
from appliance.index.reading import book, pdf
from appliance.index.reading.wire import Outline, Scan
from appliance.records import PAGE_BREAK, Page
from tests.index.reading import papers


def encrypted(path: Path, *, user: str, owner: str = "dono") -> Path:
    """A PDF of one page under passwords, with AES-256."""
    plain = papers.pdf(path.with_suffix(".plain.pdf"), ["Conteúdo reservado."])
    writer = pypdf.PdfWriter(clone_from=plain)
    writer.encrypt(user, owner, algorithm="AES-256")
    writer.write(path)
    return path


def refusal_of(path: Path) -> Unreadable:
    with pytest.raises(Unreadable) as refusal:
        papers.read(path)
    return refusal.value


def test_pages_come_in_order_with_their_numbers(tmp_path: Path) -> None:
    path = papers.pdf(tmp_path / "a.pdf", ["Primeira página"], ["Segunda página"], ["Terceira"])

    outline, pages = papers.read(path)

    assert outline == Outline(pages=3, title=None, paged=True)
    assert [(page.number, page.how, page.text) for page in pages] == [
        (1, "digital", "Primeira página"),
        (2, "digital", "Segunda página"),
        (3, "digital", "Terceira"),
    ]


def test_the_title_is_the_files_own(tmp_path: Path) -> None:
    outline, _ = papers.read(papers.pdf(tmp_path / "a.pdf", ["Olá"], title="Regimento Escolar"))

    assert outline.title == "Regimento Escolar"


@pytest.mark.parametrize(
    "title", ["Microsoft Word - regim.doc", "untitled", "regimento_v3.docx", "a", "Documento1"]
)
def test_a_title_that_a_program_made_up_is_none(tmp_path: Path, title: str) -> None:
    outline, _ = papers.read(papers.pdf(tmp_path / "a.pdf", ["Olá"], title=title))

    assert outline.title is None


def test_rows_of_a_table_keep_their_cells_together(tmp_path: Path) -> None:
    def table(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 11)
        for row, cells in enumerate((("Turno", "Entrada", "Saída"), ("Manhã", "7h20", "12h40"))):
            for column, cell in enumerate(cells):
                canvas.drawString(72 + 140 * column, 700 - 20 * row, cell)

    _, (page,) = papers.read(papers.drawn(tmp_path / "a.pdf", table))

    assert page.text == "Turno | Entrada | Saída\nManhã | 7h20 | 12h40"


def test_headings_come_from_the_size_of_the_letters(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        papers.lines_at(["TÍTULO I – DA ESCOLA"], size=18)(canvas)
        papers.lines_at(["Art. 1º O texto comum do documento, que tem mais letras."], top=720)(
            canvas
        )

    _, (page,) = papers.read(papers.drawn(tmp_path / "a.pdf", draw))

    assert [(heading.level, heading.title) for heading in page.headings] == [
        (2, "TÍTULO I – DA ESCOLA")
    ]


def test_a_page_without_text_is_unreadable_and_the_others_are_not(tmp_path: Path) -> None:
    def only_a_picture(canvas: Canvas) -> None:
        canvas.rect(100, 100, 300, 300, fill=1)

    path = papers.drawn(tmp_path / "a.pdf", papers.lines_at(["Com texto"]), only_a_picture)
    _, pages = papers.read(path)

    assert [(page.how, page.notes) for page in pages] == [
        ("digital", ()),
        ("unreadable", ("no_text", "poor_scan")),
    ]


def test_pictures_without_writing_are_refused_with_their_pages_and_what_to_do(
    tmp_path: Path,
) -> None:
    def only_a_picture(canvas: Canvas) -> None:
        canvas.rect(100, 100, 300, 300, fill=1)

    refusal = refusal_of(papers.drawn(tmp_path / "scan.pdf", *[only_a_picture] * 3))

    assert (refusal.code, refusal.facts["pages"]) == ("poor_scan", 3)
    assert "“scan.pdf” has 3 page(s) that are pictures, and no text" in str(refusal)
    assert "300 dpi" in str(refusal)


def test_letters_without_a_meaning_are_read_off_their_picture(tmp_path: Path) -> None:
    path = papers.raw_pdf(tmp_path / "a.pdf", b'BT /F 12 Tf 20 200 Td (%&/$#"!*+-_|~^) Tj ET')

    with path.open("rb") as file:
        _, scan = pdf.read(file, "a.pdf")

    assert isinstance(scan, Scan)
    assert (scan.number, scan.note) == (1, "garbled")


def test_a_pdf_under_a_password_asks_for_a_copy_without(tmp_path: Path) -> None:
    refusal = refusal_of(encrypted(tmp_path / "a.pdf", user="segredo"))

    assert refusal.code == "encrypted"
    assert "without" in str(refusal)


def test_a_pdf_with_only_an_owner_password_opens(tmp_path: Path) -> None:
    _, (page,) = papers.read(encrypted(tmp_path / "a.pdf", user=""))

    assert page.text == "Conteúdo reservado."


def test_a_pdf_without_pages_says_so(tmp_path: Path) -> None:
    path = papers.raw_pdf(tmp_path / "a.pdf", b"", pages=0)

    assert refusal_of(path).code == "no_pages"


def test_a_file_that_only_begins_like_a_pdf_is_damaged(tmp_path: Path) -> None:
    assert refusal_of(papers.saved(tmp_path, "a.pdf", b"%PDF-1.7\nnothing else")).code == "damaged"


def test_a_pdf_that_lost_its_end_is_repaired(tmp_path: Path) -> None:
    whole = papers.pdf(tmp_path / "a.pdf", ["Texto que sobrevive"]).read_bytes()
    path = papers.saved(tmp_path, "b.pdf", whole[: whole.rindex(b"xref")])

    _, (page,) = papers.read(path)

    assert page.text == "Texto que sobrevive"


def test_a_page_that_unpacks_into_too_much_is_not_opened(tmp_path: Path) -> None:
    words = papers.pdf(tmp_path / "a.pdf", ["Texto"], ["Mais texto"])
    writer = pypdf.PdfWriter(clone_from=words)
    content = writer.pages[1].get_contents()
    assert content is not None
    heavy = pypdf.generic.StreamObject()
    heavy[pypdf.generic.NameObject("/Filter")] = pypdf.generic.NameObject("/FlateDecode")
    heavy._data = zlib.compress(b" " * (book.CONTENT_LIMIT + 1))
    writer.pages[1][pypdf.generic.NameObject("/Contents")] = writer._add_object(heavy)
    writer.write(tmp_path / "b.pdf")

    _, pages = papers.read(tmp_path / "b.pdf")

    assert [(page.how, page.notes) for page in pages] == [
        ("digital", ()),
        ("unreadable", ("too_heavy",)),
    ]


def test_too_many_pages_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "PAGES_LIMIT", 2)
    path = papers.pdf(tmp_path / "a.pdf", ["1"], ["2"], ["3"])

    with path.open("rb") as file, pytest.raises(Unreadable) as refusal:
        list(pdf.read(file, "a.pdf"))

    assert (refusal.value.code, refusal.value.facts["limit"]) == ("too_many_pages", 2)


def test_words_in_a_paragraph_are_joined_over_lines_and_hyphens(tmp_path: Path) -> None:
    path = papers.pdf(
        tmp_path / "a.pdf",
        [
            "O Colégio Aurora oferece a Educação Infantil e o Ensino Funda-",
            "mental, e rege-se por este regimento, aprovado pela mantene-",
            "dora em 2025.",
        ],
    )
    _, (page,) = papers.read(path)

    assert page.text == (
        "O Colégio Aurora oferece a Educação Infantil e o Ensino Fundamental, e rege-se por este "
        "regimento, aprovado pela mantenedora em 2025."
    )


def test_a_page_shown_sideways_is_read(tmp_path: Path) -> None:
    words = papers.pdf(tmp_path / "a.pdf", ["De lado"])
    writer = pypdf.PdfWriter(clone_from=words)
    writer.pages[0].rotate(90)
    writer.write(tmp_path / "b.pdf")

    _, (page,) = papers.read(tmp_path / "b.pdf")

    assert page.text == "De lado"


def test_a_hundred_pages_are_read_page_by_page(tmp_path: Path) -> None:
    path = papers.pdf(
        tmp_path / "a.pdf",
        *([f"Página {n}", *["linha de texto comum"] * 40] for n in range(1, 101)),
    )

    outline, pages = papers.read(path)

    assert outline.pages == 100
    assert [page.number for page in pages] == list(range(1, 101))
    assert all(page.text.startswith(f"Página {page.number}") for page in pages)
    assert not any(PAGE_BREAK in page.text for page in pages)


def test_where_pdfium_fails_pypdf_reads(tmp_path: Path) -> None:
    path = papers.pdf(tmp_path / "a.pdf", ["Segunda opinião"])
    with path.open("rb") as file:
        opened = book.Book(file, "a.pdf")
        opened.paper = None

        assert opened.look(1).lines == []
        assert pdf._page(opened, 1, pdf.Habits(opened)) == Page(
            number=1, how="digital", text="Segunda opinião", notes=("second_opinion",)
        )


def test_broken_pages_are_no_words_and_no_crash(tmp_path: Path) -> None:
    whole = io.BytesIO()
    canvas = Canvas(whole, pagesize=A4, pageCompression=1)
    canvas.drawString(72, 700, "Texto")
    canvas.save()
    content = bytearray(whole.getvalue())
    start = content.index(b"stream\n") + 7
    content[start : start + 20] = bytes(20)

    refusal = refusal_of(papers.saved(tmp_path, "a.pdf", bytes(content)))

    assert refusal.code in ("no_text", "garbled")


def test_mojibake_is_mended_and_noted(tmp_path: Path) -> None:
    wrong = [
        "A matr\u00c3\u00adcula n\u00c3\u00a3o \u00c3\u00a9 autom\u00c3\u00a1tica:",
        "\u00c3\u00a9 preciso pedi-la na secretaria, at\u00c3\u00a9 o dia de antes.",
    ]

    (page,) = papers.pages_of(papers.pdf(tmp_path / "a.pdf", wrong))

    assert page.text.replace("\n", " ") == (
        "A matrícula não é automática: é preciso pedi-la na secretaria, até o dia de antes."
    )
    assert page.notes == ("mojibake",)


def test_letters_that_say_they_are_others_make_a_page_garbled(tmp_path: Path) -> None:
    plain = "a multa por atraso na devolucao de um livro da biblioteca custa um real por dia"
    shifted = "".join(chr((ord(c) - 97 + 7) % 26 + 97) if c.isalpha() else c for c in plain)
    path = papers.pdf(tmp_path / "a.pdf", [plain], [shifted, shifted])

    pages = papers.pages_of(path)

    assert [(page.how, page.notes) for page in pages] == [
        ("digital", ()),
        ("unreadable", ("garbled",)),
    ]


def test_columns_are_noted(tmp_path: Path) -> None:
    prose = "texto comum de uma coluna que enche a sua linha"

    def draw(canvas: Canvas) -> None:
        for side, left in (("A", 50), ("B", 320)):
            papers.lines_at([f"{side} {prose}"] * 12, left=left, size=10)(canvas)

    (page,) = papers.pages_of(papers.drawn(tmp_path / "a.pdf", draw))

    assert page.notes == ("columns",)
    assert page.text.rindex("A texto") < page.text.index("B texto")


def test_a_word_that_goes_on_over_the_page_keeps_its_hyphen(tmp_path: Path) -> None:
    path = papers.pdf(tmp_path / "a.pdf", ["aprovado pela insti-"], ["tuição em 2026"])

    assert papers.pages_of(path)[0].text == "aprovado pela insti-"


def test_words_of_the_document_decide_about_hyphens(tmp_path: Path) -> None:
    path = papers.pdf(
        tmp_path / "a.pdf",
        ["As aulas on-line são gravadas."],
        ["A escola grava todas as aulas que dá para a turma em formato on-", "line, e as guarda."],
    )

    assert "formato on-line, e as guarda." in papers.pages_of(path)[1].text


def test_pages_beyond_the_sample_are_read_like_those_in_it(tmp_path: Path) -> None:
    path = papers.pdf(tmp_path / "a.pdf", *[(f"Folha número {n} do livro",) for n in range(1, 41)])

    pages = papers.pages_of(path)

    assert [page.text for page in pages] == [f"Folha número {n} do livro" for n in range(1, 41)]
