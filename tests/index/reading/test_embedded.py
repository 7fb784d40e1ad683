"""Files embedded in a PDF come after its pages, as attachments do."""

import io
from pathlib import Path

import pypdf
import pytest

from appliance.index.reading import embedded, pdf
from appliance.index.reading.wire import Attachment, Outline
from appliance.records import Page
from tests.index.reading import papers

FILES = Path(__file__).parents[4] / "shared" / "data" / "files"


def carrying(tmp_path: Path, **files: bytes) -> Path:
    """A PDF of one page that carries files; "nota_xml" becomes nota.xml."""
    plain = papers.pdf(tmp_path / "plain.pdf", ["A nota fiscal segue em anexo a este arquivo."])
    writer = pypdf.PdfWriter(clone_from=str(plain))
    for name, content in files.items():
        writer.add_attachment(".".join(name.rsplit("_", 1)), content)
    path = tmp_path / "a.pdf"
    writer.write(str(path))
    return path


def read(path: Path) -> list[Outline | Page | Attachment]:
    with path.open("rb") as file:
        return list(pdf.read(file, path.name))


def test_embedded_files_come_after_the_pages(tmp_path: Path) -> None:
    found = read(carrying(tmp_path, nota_xml=b"<nota/>", tabela_csv=b"a;b"))

    assert [type(one) for one in found] == [Outline, Page, Attachment, Attachment]
    assert found[2:] == [
        Attachment(file_name="nota.xml", content=b"<nota/>"),
        Attachment(file_name="tabela.csv", content=b"a;b"),
    ]


def test_a_pdf_that_carries_nothing_gives_its_pages_alone(tmp_path: Path) -> None:
    assert [type(one) for one in read(carrying(tmp_path))] == [Outline, Page]
    assert list(embedded.files(None)) == []


def test_a_file_that_is_too_large_comes_empty_for_the_house_to_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "ATTACHMENT_LIMIT", 5)
    monkeypatch.setattr(embedded, "ATTACHED_LIMIT", 7)
    reader = pypdf.PdfReader(carrying(tmp_path, a_txt=b"seis 6", b_txt=b"cinco", c_txt=b"mais"))

    assert [one.content for one in embedded.files(reader)] == [b"", b"cinco", b""]


def test_no_more_files_come_than_a_message_may_carry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "ATTACHMENTS", 1)
    reader = pypdf.PdfReader(carrying(tmp_path, a_txt=b"um", b_txt=b"dois"))

    assert [one.file_name for one in embedded.files(reader)] == ["a.txt"]


def test_a_broken_list_or_a_broken_file_never_costs_the_pages() -> None:
    class Broken:
        @property
        def attachment_list(self) -> object:
            raise ValueError

    class Held:
        name = "a.txt"

        @property
        def content(self) -> bytes:
            raise EOFError

    class Listing:
        attachment_list = (Held(),)

    assert list(embedded.files(Broken())) == []
    assert list(embedded.files(Listing())) == [Attachment(file_name="a.txt", content=b"")]


def test_the_documents_of_a_portfolio_are_whole(tmp_path: Path) -> None:
    path = FILES / "tika__testPDFPackage.pdf"
    if not path.exists():
        pytest.skip(f"the real files are not at {FILES}")

    inside = list(embedded.files(pypdf.PdfReader(path)))

    assert [one.file_name for one in inside] == ["PDF1.pdf", "PDF2.pdf"]
    assert all(len(pypdf.PdfReader(io.BytesIO(one.content)).pages) for one in inside)
