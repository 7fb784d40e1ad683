"""What a file is shows in its bytes; its name only has a veto."""

import importlib.util
import time
import zipfile
from pathlib import Path

import pytest

from appliance.errors import Unreadable, UnsupportedType
from appliance.index.reading import kinds
from tests.index.reading import papers

PAGE = "<!doctype html><html><body><p>Olá</p></body></html>"


def test_each_kind_is_known_by_its_content(tmp_path: Path) -> None:
    files = {
        papers.pdf(tmp_path / "a.pdf", ["Olá"]): kinds.PDF,
        papers.word(tmp_path / "b.docx", lambda paper: paper.add_paragraph("Olá")): kinds.DOCX,
        papers.saved(tmp_path, "c.html", PAGE): kinds.HTML,
        papers.saved(tmp_path, "d.md", "# Olá"): kinds.MARKDOWN,
        papers.saved(tmp_path, "e.txt", "Olá"): kinds.TEXT,
    }

    assert {path: kinds.recognise(path, path.name) for path in files} == files


def test_pages_that_people_count_are_those_of_paper_pictures_and_slides() -> None:
    paged = {kind.name for kind in kinds.KINDS if kind.paged}

    assert paged == {"PDF", "PNG", "JPEG", "TIFF", "WEBP", "PPTX", "ODP", "PPT"}


def test_each_kind_has_the_module_that_reads_it() -> None:
    missing = [
        kind.name
        for kind in kinds.KINDS
        if importlib.util.find_spec(f"appliance.index.reading.{kind.reader}") is None
    ]

    assert missing == []


def test_a_stored_media_type_finds_its_kind_again() -> None:
    assert [kinds.by_media_type(kind.media_type) for kind in kinds.KINDS] == list(kinds.KINDS)


@pytest.mark.parametrize(
    "name", ["sem-nome", "regimento", "arquivo.PDF", "C:\\docs\\Regimento.Pdf"]
)
def test_a_pdf_needs_no_ending_and_no_lower_case(tmp_path: Path, name: str) -> None:
    path = papers.pdf(tmp_path / "upload", ["Olá"])

    assert kinds.recognise(path, name) == kinds.PDF


def test_a_pdf_may_begin_with_a_few_bytes_of_something_else(tmp_path: Path) -> None:
    content = papers.pdf(tmp_path / "a.pdf", ["Olá"]).read_bytes()
    path = papers.saved(tmp_path, "b.pdf", b"\xef\xbb\xbf\r\njob 17\r\n" + content)

    assert kinds.recognise(path, "b.pdf") == kinds.PDF


@pytest.mark.parametrize("content", [b"", b"\n \t", b"\x00" * 100])
def test_an_empty_file_is_refused_as_empty(tmp_path: Path, content: bytes) -> None:
    path = papers.saved(tmp_path, "vazio.pdf", content)

    with pytest.raises(Unreadable) as refusal:
        kinds.recognise(path, "vazio.pdf")

    assert refusal.value.code == "empty_file"
    assert "vazio.pdf" in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("programa.pdf", b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200), "EXE"),
        ("imagem.docx", b"\x89PNG\r\n\x1a\n" + bytes(200), "PNG"),
        ("pagina.pdf", b"<html><script>1</script>%PDF-1.4", "HTML"),
        ("notas.txt", b"\x7fELF" + bytes(200), "ELF"),
        ("notas.md", bytes(range(256)) * 10, "binary"),
        ("texto.pdf", b"so um texto simples", "TXT"),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(
    tmp_path: Path, name: str, content: bytes, found: str
) -> None:
    path = papers.saved(tmp_path, name, content)

    with pytest.raises(Unreadable) as refusal:
        kinds.recognise(path, name)

    assert refusal.value.code == "type_mismatch"
    assert refusal.value.facts["found"] == found


def test_the_mismatch_is_said_in_portuguese_with_what_to_do(tmp_path: Path) -> None:
    from appliance.errors import sentence

    path = papers.saved(tmp_path, "programa.pdf", b"MZ\x90\x00" + bytes(50))
    with pytest.raises(Unreadable) as refusal:
        kinds.recognise(path, "programa.pdf")

    said = sentence(refusal.value.code, refusal.value.facts, "pt")

    assert "o conteúdo não corresponde ao tipo" in said
    assert "programa.pdf" in said
    assert "envie de novo" in said


def test_a_zip_renamed_docx_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "fotos.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("foto.jpg", b"\xff\xd8\xff")

    with pytest.raises(Unreadable) as refusal:
        kinds.recognise(path, "fotos.docx")

    assert (refusal.value.code, refusal.value.facts["found"]) == ("type_mismatch", "ZIP")


def test_a_pdf_under_the_name_of_a_word_file_is_refused(tmp_path: Path) -> None:
    path = papers.pdf(tmp_path / "upload", ["Olá"])

    with pytest.raises(Unreadable) as refusal:
        kinds.recognise(path, "contrato.docx")

    assert refusal.value.code == "type_mismatch"


def test_a_truncated_word_file_is_left_to_its_reader(tmp_path: Path) -> None:
    whole = papers.word(tmp_path / "a.docx", lambda paper: paper.add_paragraph("Olá")).read_bytes()
    path = papers.saved(tmp_path, "cortado.docx", whole[:600])

    assert kinds.recognise(path, "cortado.docx") == kinds.DOCX


def test_a_word_file_under_a_password_says_so_at_once(tmp_path: Path) -> None:
    path = papers.saved(
        tmp_path,
        "secreto.docx",
        papers.ole("EncryptedPackage"),
    )

    with pytest.raises(Unreadable) as refusal:
        kinds.recognise(path, "secreto.docx")

    assert refusal.value.code == "encrypted"


@pytest.mark.parametrize(
    ("name", "content", "type_"),
    [
        ("pacote.zip", b"PK\x03\x04" + bytes(100), "ZIP"),
        ("musica.mp3", b"ID3 nada que se leia", "MP3"),
        ("video.avi", b"RIFF\x10\x00\x00\x00AVI LIST", "WAV/AVI"),
        ("foto.gif", b"GIF89a" + bytes(100), "GIF"),
    ],
)
def test_what_is_not_read_here_is_named(
    tmp_path: Path, name: str, content: bytes, type_: str
) -> None:
    path = papers.saved(tmp_path, name, content)

    with pytest.raises(UnsupportedType) as refusal:
        kinds.recognise(path, name)

    assert refusal.value.facts == {"name": name, "type": type_}


@pytest.mark.parametrize(
    ("inside", "kind"),
    [("xl/workbook.xml", kinds.XLSX), ("ppt/presentation.xml", kinds.PPTX)],
)
def test_a_zip_is_looked_into(tmp_path: Path, inside: str, kind: kinds.Kind) -> None:
    path = tmp_path / "upload"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(inside, "<x/>")

    assert kinds.recognise(path, "upload") == kind


@pytest.mark.parametrize(
    ("made_of", "kind"),
    [
        ("application/vnd.oasis.opendocument.text", kinds.ODT),
        ("application/vnd.oasis.opendocument.text-template", kinds.ODT),
        ("application/vnd.oasis.opendocument.spreadsheet", kinds.ODS),
        ("application/vnd.oasis.opendocument.presentation", kinds.ODP),
        ("application/epub+zip", kinds.EPUB),
    ],
)
def test_what_calls_itself_a_type_in_its_first_entry_is_that_type(
    tmp_path: Path, made_of: str, kind: kinds.Kind
) -> None:
    path = tmp_path / "upload"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", made_of)

    assert kinds.recognise(path, "upload") == kind


@pytest.mark.parametrize(
    ("streams", "kind"),
    [
        (["WordDocument"], kinds.DOC),
        (["Workbook"], kinds.XLS),
        (["Book"], kinds.XLS),
        (["PowerPoint Document"], kinds.PPT),
        (["WordDocument", "__properties_version1.0"], kinds.MSG),
    ],
)
def test_an_old_office_file_is_known_by_the_streams_it_holds(
    tmp_path: Path, streams: list[str], kind: kinds.Kind
) -> None:
    path = papers.saved(tmp_path, "upload", papers.ole(*streams))

    assert kinds.recognise(path, "upload") == kind


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("From: a@b.example\nTo: c@d.example\nSubject: Olá\n\nTexto", kinds.EML),
        ("From ana@b.example Mon Jan  1 10:00:00 2024\nSubject: Olá\n\nTexto", kinds.MBOX),
        ("Nota: isto não é uma mensagem\ne segue", kinds.TEXT),
        ("<dados><nome>Ana</nome></dados>", kinds.XML),
        ("{\\rtf1 Ol\\'e1}", kinds.RTF),
    ],
)
def test_a_text_without_a_name_is_known_by_how_it_begins(
    tmp_path: Path, content: str, kind: kinds.Kind
) -> None:
    assert kinds.recognise(papers.saved(tmp_path, "upload", content), "upload") == kind


def test_a_photograph_may_bear_the_ending_of_another_kind_of_picture(tmp_path: Path) -> None:
    path = papers.saved(tmp_path, "foto.png", b"\xff\xd8\xff\xe0" + bytes(100))

    assert kinds.recognise(path, "foto.png") == kinds.JPEG


def test_a_page_of_html_is_html_even_as_txt_but_not_as_markdown(tmp_path: Path) -> None:
    path = papers.saved(tmp_path, "upload", PAGE)

    assert kinds.recognise(path, "pagina.txt") == kinds.HTML
    assert kinds.recognise(path, "pagina") == kinds.HTML
    assert kinds.recognise(path, "pagina.md") == kinds.MARKDOWN


def test_html_without_a_tag_is_text(tmp_path: Path) -> None:
    path = papers.saved(tmp_path, "upload", "só texto")

    assert kinds.recognise(path, "pagina.html") == kinds.TEXT


def test_xhtml_after_its_declaration_is_html(tmp_path: Path) -> None:
    path = papers.saved(tmp_path, "a.xhtml", '<?xml version="1.0"?>\n' + PAGE)

    assert kinds.recognise(path, "a.xhtml") == kinds.HTML


def test_text_in_utf_16_is_text(tmp_path: Path) -> None:
    path = papers.saved(tmp_path, "a.txt", "Regimento interno da escola".encode("utf-16-le"))

    assert kinds.recognise(path, "a.txt") == kinds.TEXT


def test_a_large_file_is_recognised_at_once(tmp_path: Path) -> None:
    path = tmp_path / "grande.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(300 * 2**20)
    begun = time.perf_counter()

    kinds.recognise(path, "grande.pdf")

    assert time.perf_counter() - begun < 0.05


def test_a_zip_with_an_endless_list_of_names_is_not_listed(tmp_path: Path) -> None:
    path = tmp_path / "nomes.docx"
    end = b"PK\x05\x06" + bytes(8) + (64 * 2**20).to_bytes(4, "little") + bytes(6)
    path.write_bytes(b"PK\x03\x04" + bytes(100) + end)

    with pytest.raises(Unreadable) as refusal:
        kinds.recognise(path, "nomes.docx")

    assert refusal.value.code == "type_mismatch"
