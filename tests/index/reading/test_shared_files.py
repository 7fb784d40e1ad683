"""135 real files that break readers: those of our kinds give what was expected of them."""

import re
from pathlib import Path

import msgspec
import pytest

from appliance.errors import Refusal
from appliance.index.reading import conversion
from tests.index.reading import papers

FILES = Path(__file__).parents[4] / "shared" / "data" / "files"
OURS = (
    *(".pdf", ".docx", ".html", ".md", ".txt", ".pptx", ".odt", ".rtf", ".epub", ".xml"),
    *(".eml", ".msg", ".doc", ".ppt", ".png"),
)
REFUSALS = {
    "password": {"encrypted"},
    "broken": {"damaged"},
    "broken-or-password": {"damaged", "encrypted"},
    "empty": {"no_words"},
}
# Said to hold no text: what is in their pictures is read by OCR, and a stamp, a form's value
# or a caption is text too, which we keep.
PICTURES = {
    "OCRmyPDF__baiona_colormapped.png": "Mugerre",
    "OCRmyPDF__cardinal.pdf": "composition and performance tool",
    "OCRmyPDF__ccitt.pdf": "composition and performance tool",
    "OCRmyPDF__graph.pdf": "No vote",
    "OCRmyPDF__jbig2.pdf": "composition and performance tool",
}
# A message without a body still says who wrote to whom; one of blanks is no message.
HEADERS_ALONE = {"text", "no_words", "empty_file"}
# Read through LibreOffice, and only where it is installed.
OLD = (".doc", ".ppt")
NEARLY_EMPTY = 60  # characters
MORE_THAN_EXPECTED = {"tika__testOCR.pptx", "tika__testWORD_tabular_symbol.doc"}
# Failures that we know and admit.
KNOWN = {
    "pdfminer.six__simple3.pdf": "Japanese in a font that is not in the file is not read",
    "tika__testODFwithOOo3.odt": "its phrase is the author and the hour of a comment",
    "tika__testWORD.doc": "its phrase is the instruction of a link, which nobody sees",
    "tika__testWORD_numbered_list.doc": "its phrase leaves out the numbers that Word shows",
}


class Expectation(msgspec.Struct):
    file: str
    expect: str
    must_contain: list[str]


def expectations() -> list[Expectation]:
    listing = FILES / "EXPECT.jsonl"
    if not listing.exists():
        return []
    lines = listing.read_text("utf-8").splitlines()
    every = [msgspec.json.decode(line, type=Expectation) for line in lines]
    return [one for one in every if one.file.endswith(OURS)]


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def result(name: str) -> tuple[str, str]:
    """("text", what was read) or (the refusal's code, "")."""
    try:
        _, pages = papers.read(FILES / name)
    except Refusal as refusal:
        return refusal.code, ""
    return "text", "\n".join(page.text for page in pages)


@pytest.mark.parametrize("expected", expectations(), ids=lambda one: one.file)
def test_a_real_file_gives_what_is_expected_of_it(expected: Expectation) -> None:
    code, text = result(expected.file)

    if expected.file.endswith(OLD) and conversion.program() is None:
        assert code == "needs_libreoffice"
        return
    if expected.expect == "empty-body":
        assert code in HEADERS_ALONE
        return
    if expected.file in KNOWN:
        pytest.skip(KNOWN[expected.file])
    if expected.expect in REFUSALS:
        # A slide with a line of text, and a file that LibreOffice mends where others give up.
        if code == "text" and expected.file in MORE_THAN_EXPECTED:
            assert 0 < len(text) < NEARLY_EMPTY
            return
        assert code in REFUSALS[expected.expect]
        return
    if expected.expect in ("image-only-or-empty", "image"):
        in_picture = PICTURES.get(expected.file)
        assert words(in_picture) in words(text) if in_picture else len(text) < NEARLY_EMPTY
        assert code in ("text", "no_text", "poor_scan")
        return
    assert code == "text"
    assert [phrase for phrase in expected.must_contain if words(phrase) not in words(text)] == []


def test_the_files_are_there_or_somebody_is_told() -> None:
    if not FILES.exists():
        pytest.skip(f"the real files are not at {FILES}")
    assert len(expectations()) >= 115
