"""Old Office files: converted in a world of their own, or refused with what to do.

LibreOffice itself is not needed here: a shell script in its place shows what it is given,
what it may do, and that it ends. Where the real one is installed, the last test uses it.
"""

import contextlib
import os
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.errors import Unreadable
from appliance.index.reading import child, conversion, kinds
from appliance.index.reading.conversion import Stopped
from appliance.index.reading.wire import Outline
from appliance.records import Page
from tests.index.reading import papers

FILES = Path(__file__).parents[4] / "shared" / "data" / "files"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file that begins as Word's old ones do."""
    return papers.saved(tmp_path, "ata.doc", papers.ole("WordDocument"))


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


class Office:
    """A program in the place of LibreOffice that runs ``script`` in its own folder."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = tmp_path / "office" / "program"
        self.folder.mkdir(parents=True)
        monkeypatch.setenv("PATH", f"{self.folder}:{os.environ['PATH']}")

    def does(self, script: str) -> None:
        path = self.folder / "soffice"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(tmp_path, monkeypatch)


def converted(
    path: Path, scratch: Path, **rest: object
) -> "contextlib.AbstractContextManager[tuple[Path, kinds.Kind]]":
    return conversion.readable(
        path,
        kinds.DOC,
        name=path.name,
        seconds=1,
        scratch=scratch,
        **rest,  # type: ignore[arg-type]
    )


def refusal_of(path: Path, scratch: Path) -> Unreadable:
    with pytest.raises(Unreadable) as refusal, converted(path, scratch):
        pass
    return refusal.value


def running(word: str) -> Iterator[int]:
    """The processes whose command line holds ``word``."""
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if word.encode() in (place / "cmdline").read_bytes():
                yield int(place.name)


def test_any_other_file_is_left_as_it_is(tmp_path: Path) -> None:
    path = papers.saved(tmp_path, "a.docx", b"PK")

    with conversion.readable(path, kinds.DOCX, name="a.docx", seconds=1) as given:
        assert given == (path, kinds.DOCX)


def test_without_libreoffice_the_sentence_says_what_to_do(
    old: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversion, "program", lambda: None)

    refusal = refusal_of(old, scratch)

    assert refusal.code == "needs_libreoffice"
    assert "libreoffice-writer-nogui" in str(refusal)
    assert "DOC" in str(refusal)


def test_what_was_made_is_read_by_the_reader_of_its_kind(
    office: Office, old: Path, scratch: Path, tmp_path: Path
) -> None:
    made = papers.word(office.folder / "made.docx", lambda paper: paper.add_paragraph("Olá, ata."))
    office.does(f"mkdir made && cp {made} made/original.docx")

    first, page = child.read(
        old, kinds.DOC, name="ata.doc", memory_mb=1024, seconds=60, scratch=scratch
    )

    assert first == Outline(pages=1, title=None, paged=False)
    assert isinstance(page, Page)
    assert page.text == "Olá, ata."
    assert list(scratch.iterdir()) == []


def test_a_presentation_becomes_slides(office: Office, tmp_path: Path, scratch: Path) -> None:
    path = papers.saved(tmp_path, "aula.ppt", papers.ole("PowerPoint Document"))
    office.does('mkdir made && echo "$*" > made/original.pptx')

    with conversion.readable(path, kinds.PPT, name="aula.ppt", seconds=1, scratch=scratch) as found:
        arguments = found[0].read_text()

    assert found[1] == kinds.PPTX
    assert "--headless" in arguments
    assert "--convert-to pptx:Impress MS PowerPoint 2007 XML" in arguments
    assert f"-env:UserInstallation=file://{scratch}/" in arguments


@pytest.mark.parametrize(
    "script", ["exit 1", "exit 0", "mkdir made; ln -s /etc/passwd made/original.docx", "kill -9 $$"]
)
def test_a_file_of_which_nothing_is_made_is_damaged(
    office: Office, old: Path, scratch: Path, script: str
) -> None:
    office.does(script)

    assert refusal_of(old, scratch).code == "damaged"
    assert list(scratch.iterdir()) == []


def test_the_converter_writes_nowhere_else_reads_no_document_and_reaches_nobody(
    office: Office, old: Path, scratch: Path, tmp_path: Path
) -> None:
    """What it may not do it notes, so that the test sees what was possible."""
    secret = papers.saved(tmp_path, "segredo.txt", "segredo")
    outside = tmp_path / "fora.txt"
    office.does(
        "mkdir made\n"
        f"cat {secret} >> made/original.docx 2>/dev/null\n"
        f"cat /etc/passwd >> made/original.docx 2>/dev/null\n"
        f"echo x > {outside} 2>/dev/null\n"
        "grep -v lo: /proc/net/dev | grep -c : >> made/original.docx\n"
        "echo $HOME $SECRET >> made/original.docx"
    )
    os.environ["SECRET"] = "não"
    try:
        with converted(old, scratch) as (path, _):
            seen = path.read_text().split()
            folder = str(path.parents[1])
    finally:
        del os.environ["SECRET"]

    assert seen == ["0", folder]
    assert not outside.exists()
    assert secret.read_text() == "segredo"


def test_a_converter_that_hangs_is_ended_with_all_that_it_started(
    office: Office, old: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversion, "SECONDS", 0)
    office.does("setsid sleep 98765 & sleep 98765")

    assert refusal_of(old, scratch).code == "too_slow"

    assert list(running("98765")) == []
    assert list(scratch.iterdir()) == []


def test_a_conversion_ends_when_it_is_asked_to(office: Office, old: Path, scratch: Path) -> None:
    office.does("setsid sleep 87654 & sleep 87654")
    begun = time.monotonic()

    with (
        pytest.raises(Stopped),
        converted(old, scratch, stop=lambda: time.monotonic() - begun > 0.3),
    ):
        pass

    assert list(running("87654")) == []


def test_a_converter_that_eats_memory_is_stopped(office: Office, old: Path, scratch: Path) -> None:
    office.does("mkdir made; ulimit -v > made/original.docx")

    with converted(old, scratch) as (path, _):
        assert int(path.read_text()) == conversion.MEMORY_MB * 1024


def test_libreoffice_itself_converts_where_it_is_installed(scratch: Path) -> None:
    if conversion.program() is None or not FILES.exists():
        pytest.skip("LibreOffice or the real files are not on this machine")
    path = FILES / "unstructured__fake.doc"

    _, page = child.read(
        path, kinds.DOC, name=path.name, memory_mb=1024, seconds=60, scratch=scratch
    )

    assert isinstance(page, Page)
    assert "Lorem ipsum dolor sit amet." in page.text


def test_the_reader_of_old_files_only_says_what_to_do(old: Path) -> None:
    from appliance.index.reading import legacy

    with old.open("rb") as file, pytest.raises(Unreadable) as refusal:
        list(legacy.read(file, "ata.doc"))

    assert refusal.value.code == "needs_libreoffice"


def test_the_installed_place_is_found_where_the_path_does_not_name_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(conversion, "_ELSEWHERE", papers.saved(tmp_path, "soffice", "x"))
    assert conversion.program() == str(tmp_path / "soffice")

    monkeypatch.setattr(conversion, "_ELSEWHERE", tmp_path / "nowhere")
    assert conversion.program() is None
    assert shutil.which("soffice") is None
