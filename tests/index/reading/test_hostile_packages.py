"""SEC-02 and SEC-03 for every kind that is a zip or XML: bombs, slips and entities.

A good file of each kind is made by the program for it; the attack is put into its main part.
"""

import importlib
import importlib.util
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pptx
import pytest
import xlsxwriter

from appliance.errors import Refusal
from appliance.index.reading import kinds
from tests.index.reading import bundles, papers

HOST = Path("/etc/hostname")
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'lol'>" + "".join(
    f"<!ENTITY {chr(98 + step)} '{f'&{chr(97 + step)};' * 10}'>" for step in range(9)
)
DECLARED = {
    "an outside file": "<!DOCTYPE x [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>",
    "an outside address": "<!DOCTYPE x [<!ENTITY x SYSTEM 'http://127.0.0.1:9/canary'>]>",
    "a parameter": "<!DOCTYPE x [<!ENTITY % p SYSTEM 'file:///etc/hostname'> %p;]>",
    "laughs": LAUGHS + "]>",
}
TEXT = "O regimento vale para todos."


def docx(path: Path) -> Path:
    return papers.word(path, lambda paper: paper.add_paragraph(TEXT))


def show(path: Path) -> Path:
    made = pptx.Presentation()
    made.slides.add_slide(made.slide_layouts[5]).shapes.title.text = TEXT
    made.save(str(path))
    return path


def workbook(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as made:
        made.add_worksheet().write(0, 0, TEXT)
    return path


def text(path: Path) -> Path:
    return bundles.open_document(path, f"<text:p>{TEXT}</text:p>")


def slides(path: Path) -> Path:
    shape = f"<draw:frame><draw:text-box><text:p>{TEXT}</text:p></draw:text-box></draw:frame>"
    return bundles.open_document(path, f"<draw:page>{shape}</draw:page>")


def book(path: Path) -> Path:
    return bundles.book(path, {"a.xhtml": f"<html><body><p>{TEXT}</p></body></html>"})


MADE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "docx": (docx, "word/document.xml"),
    "pptx": (show, "ppt/slides/slide1.xml"),
    "xlsx": (workbook, "xl/worksheets/sheet1.xml"),
    "odt": (text, "content.xml"),
    "odp": (slides, "content.xml"),
    "epub": (book, "OPS/content.opf"),
}
# Kinds whose reader is not here yet are tested from the day it comes.
PACKAGES = [
    name
    for name in MADE
    if importlib.util.find_spec(f"appliance.index.reading.{kinds.SUFFIXES[f'.{name}'].reader}")
]


def result(path: Path) -> tuple[str, str, float]:
    """The refusal's code or "read"; the words; the seconds."""
    begun = time.monotonic()
    try:
        kind = kinds.recognise(path, path.name)
        reader = importlib.import_module(f"appliance.index.reading.{kind.reader}")
        with path.open("rb") as file:
            words = " ".join(getattr(one, "text", "") for one in reader.read(file, path.name))
    except Refusal as refusal:
        return refusal.code, "", time.monotonic() - begun
    return "read", words, time.monotonic() - begun


def changed(tmp_path: Path, name: str, change: Callable[[bytes], bytes], **more: bytes) -> Path:
    """A good file with its main part changed and parts added."""
    make, main = MADE[name]
    good = make(tmp_path / f"bom.{name}")
    path = tmp_path / f"mau.{name}"
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(
                entry, change(content) if entry.filename == main else content, entry.compress_type
            )
        for place, content in more.items():
            new.writestr(place, content)
    return path


def declaring(declared: str) -> Callable[[bytes], bytes]:
    """Puts a document type before the root, and a use of its entity into the first text."""

    def change(part: bytes) -> bytes:
        head, mark, rest = part.decode().partition("?>")
        if not mark:
            head, rest = "<?xml version='1.0'", part.decode()
        used = rest.replace(TEXT, f"&x;{TEXT}", 1)
        return f"{head}?>{declared}{used}".encode()

    return change


@pytest.mark.parametrize("name", PACKAGES)
def test_the_good_file_is_read(tmp_path: Path, name: str) -> None:
    code, words, _ = result(changed(tmp_path, name, lambda part: part))

    assert code == "read"
    assert TEXT in words


@pytest.mark.guarantee("SEC-03")
@pytest.mark.parametrize("attack", DECLARED)
@pytest.mark.parametrize("name", PACKAGES)
def test_sec_03_entities_in_a_package_are_refused_within_five_seconds(
    tmp_path: Path, name: str, attack: str
) -> None:
    code, _, took = result(changed(tmp_path, name, declaring(DECLARED[attack])))

    assert code == "dangerous_content"
    assert took < 5


@pytest.mark.guarantee("SEC-03")
@pytest.mark.parametrize("attack", DECLARED)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_sec_03_entities_in_plain_xml_are_refused(
    tmp_path: Path, attack: str, encoding: str
) -> None:
    markup = f"<?xml version='1.0'?>{DECLARED[attack]}<ata><t>&x;{TEXT}</t></ata>"

    code, _, took = result(papers.saved(tmp_path, "a.xml", markup.encode(encoding)))

    assert code == "dangerous_content"
    assert took < 5


@pytest.mark.guarantee("SEC-03")
@pytest.mark.parametrize("attack", DECLARED)
def test_sec_03_entities_in_a_web_page_are_never_resolved(tmp_path: Path, attack: str) -> None:
    page = f"{DECLARED[attack]}<html><body><p>&x;&j;{TEXT}</p></body></html>"

    code, words, took = result(papers.saved(tmp_path, "a.html", page))

    assert code == "read"
    assert TEXT in words
    assert HOST.read_text().strip() not in words
    assert words.count("lol") < 3
    assert took < 5


@pytest.mark.guarantee("SEC-03")
def test_sec_03_a_drawing_in_xml_is_not_read_at_all(tmp_path: Path) -> None:
    drawing = f"{DECLARED['an outside file']}<svg><text>&x;</text></svg>"

    code, _, _ = result(papers.saved(tmp_path, "a.svg", drawing))

    assert code == "unsupported_type"


@pytest.mark.guarantee("SEC-02")
@pytest.mark.parametrize("name", PACKAGES)
def test_sec_02_a_bomb_is_refused_by_what_it_declares(tmp_path: Path, name: str) -> None:
    path = changed(tmp_path, name, lambda part: part, **{"media/a.bin": bytes(2**23)})

    code, _, took = result(path)

    assert code == "dangerous_content"
    assert took < 2


@pytest.mark.guarantee("SEC-02")
@pytest.mark.parametrize("place", ["../../../../tmp/sec_slip.txt", "/tmp/sec_slip_abs.txt"])
@pytest.mark.parametrize("name", PACKAGES)
def test_sec_02_a_path_out_of_the_package_is_refused(tmp_path: Path, name: str, place: str) -> None:
    code, _, _ = result(changed(tmp_path, name, lambda part: part, **{place: b"x"}))

    assert code == "dangerous_content"
    assert not Path("/tmp/sec_slip.txt").exists()
    assert not Path("/tmp/sec_slip_abs.txt").exists()


@pytest.mark.guarantee("SEC-02")
@pytest.mark.parametrize("name", PACKAGES)
def test_sec_02_half_a_package_is_damaged(tmp_path: Path, name: str) -> None:
    make, _ = MADE[name]
    whole = make(tmp_path / f"a.{name}").read_bytes()

    code, _, _ = result(papers.saved(tmp_path, f"b.{name}", whole[: len(whole) // 2]))

    assert code == "damaged"
