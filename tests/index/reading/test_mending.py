"""Zips that lost a byte on their way are read; those that were cut off are not."""

import zipfile
from pathlib import Path

import pytest

from appliance.errors import Unreadable
from appliance.index.reading import mending, packages
from tests.index.reading import bundles, test_opendocument


def damaged(tmp_path: Path, cut: slice, put: bytes = b"") -> Path:
    """A file whose picture, which stands before its text, has ``put`` in the place of ``cut``."""
    path = bundles.zipped(
        tmp_path / "a.odt",
        {"mimetype": "application/vnd.oasis.opendocument.text", "foto.png": b"\x89PNG" * 300},
    )
    whole = bundles.open_document(tmp_path / "b.odt", "<text:p>O texto está aqui.</text:p>")
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package,
        zipfile.ZipFile(whole) as other,
    ):
        for name in other.namelist()[1:]:
            package.writestr(name, other.read(name))
    content = path.read_bytes()
    place = content.index(b"foto.png") + 10
    path.write_bytes(content[: place + cut.start] + put + content[place + cut.stop :])
    return path


@pytest.mark.parametrize(
    ("cut", "put"),
    [(slice(0, 1), b""), (slice(0, 3), b""), (slice(0, 0), b"\r"), (slice(0, 0), b"\r\r\r")],
    ids=["one byte lost", "three lost", "one added", "three added"],
)
def test_a_byte_lost_in_a_picture_costs_only_the_picture(
    tmp_path: Path, cut: slice, put: bytes
) -> None:
    _, (page,) = test_opendocument.found(damaged(tmp_path, cut, put))

    assert page.text == "O texto está aqui."


def test_a_whole_package_is_left_as_it_is(tmp_path: Path) -> None:
    path = bundles.open_document(tmp_path / "a.odt", "<text:p>Olá</text:p>")
    with path.open("rb") as file, zipfile.ZipFile(file) as package:
        assert mending.aligned(package, file) is package


def test_what_does_not_pass_its_checksum_is_left_empty(tmp_path: Path) -> None:
    path = damaged(tmp_path, slice(0, 1))
    with path.open("rb") as file:
        mended = mending.aligned(zipfile.ZipFile(file), file)

        assert mended.read("foto.png") == b""
        assert b"O texto" in mended.read("content.xml")


def test_an_entry_that_is_nowhere_near_is_damaged(tmp_path: Path) -> None:
    path = damaged(tmp_path, slice(0, 0), bytes(1000))

    with path.open("rb") as file, pytest.raises(Unreadable) as refusal:
        packages.opened(file, "a.odt")

    assert refusal.value.code == "damaged"


def test_a_large_file_is_not_mended_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mending, "_LARGEST", 100)
    path = damaged(tmp_path, slice(0, 1))

    with path.open("rb") as file, pytest.raises(Unreadable) as refusal:
        packages.opened(file, "a.odt")

    assert refusal.value.code == "damaged"
