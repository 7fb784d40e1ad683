"""What a container holds shows in the list of its contents."""

import zipfile
from pathlib import Path

import pytest

from appliance.index.reading import containers
from tests.index.reading import papers
from tests.index.reading.bundles import zipped


def kind_of(path: Path, claimed: str = "DOCX") -> str:
    return containers.in_zip(path, path.read_bytes()[:4096], claimed)


def test_nothing_is_unpacked_to_know_what_a_zip_is(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a", {"a.txt": "x", "word/document.xml": "<x/>" * 1000})
    content = path.read_bytes()
    packed = content.index(b"word/document.xml") + len("word/document.xml")
    path.write_bytes(content[:packed] + b"\xff" * 8 + content[packed + 8 :])

    assert kind_of(path) == "DOCX"


def test_the_first_entry_says_what_a_file_is_and_no_other(tmp_path: Path) -> None:
    mime = "application/vnd.oasis.opendocument.text"

    assert kind_of(zipped(tmp_path / "a", {"mimetype": mime, "x": ""})) == "ODT"
    assert kind_of(zipped(tmp_path / "b", {"x": "", "mimetype": mime})) == "ZIP"


def test_the_first_entry_may_have_a_field_more_than_it_needs(tmp_path: Path) -> None:
    entry = zipfile.ZipInfo("mimetype")
    entry.extra = b"\xca\xfe\x04\x00abcd"
    with zipfile.ZipFile(tmp_path / "a", "w") as package:
        package.writestr(entry, "application/epub+zip")

    assert kind_of(tmp_path / "a") == "EPUB"


@pytest.mark.parametrize(("claimed", "kind"), [("ODS", "ODS"), ("DOCX", "ODT")])
def test_an_open_document_that_says_nothing_of_itself_is_what_its_name_says(
    tmp_path: Path, claimed: str, kind: str
) -> None:
    path = zipped(tmp_path / "a", {"content.xml": "<x/>", "META-INF/manifest.xml": "<x/>"})

    assert kind_of(path, claimed) == kind


def test_a_zip_cut_off_on_its_way_is_what_its_beginning_agrees_to(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "a", {"xl/workbook.xml": "<x/>", "z": "x" * 500}).read_bytes()
    path = papers.saved(tmp_path, "b", whole[:100])

    assert (kind_of(path, "XLSX"), kind_of(path, "DOCX")) == ("XLSX", "ZIP")


def test_a_zip_with_a_comment_is_listed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w") as package:
        package.writestr("ppt/presentation.xml", "<x/>")
        package.comment = b"enviado pela secretaria " * 100

    assert kind_of(tmp_path / "a") == "PPTX"


def test_the_word_for_a_stream_in_the_text_of_a_file_makes_nothing_of_it(tmp_path: Path) -> None:
    text = "WordDocument e Workbook".encode("utf-16-le")

    assert containers.in_ole(papers.saved(tmp_path, "a", papers.ole("Other") + text)) == ""


def test_the_streams_of_a_large_old_file_are_found_at_its_end(tmp_path: Path) -> None:
    folder = papers.ole("Workbook")[512:]
    path = papers.saved(tmp_path, "a", papers.ole("Other") + bytes(3 * 2**20) + folder)

    assert containers.in_ole(path) == "XLS"


def test_what_is_locked_is_locked_whatever_it_was_before(tmp_path: Path) -> None:
    path = papers.saved(tmp_path, "a", papers.ole("Workbook", "EncryptedPackage"))

    assert containers.in_ole(path) == "encrypted"
