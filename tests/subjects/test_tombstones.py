"""The file that outlives a restored copy: ids alone, whole lines, for the owner only."""

from pathlib import Path

from appliance.records import Caller
from appliance.subjects import erasures, tombstones
from appliance.subjects.erasures import Erasure

ANA = Caller(kind="person", id="p1", name="Ana Prado")


def an_erasure(subject: str = "d1") -> Erasure:
    return erasures.begun("document", subject, ANA, "Pedido de Joaquim Silva")


def test_without_the_file_nothing_was_erased(tmp_path: Path) -> None:
    assert list(tombstones.read(tmp_path)) == []


def test_erasures_come_back_in_their_order(tmp_path: Path) -> None:
    for subject in ("d1", "d2"):
        tombstones.add(tmp_path, an_erasure(subject))

    assert [one.subject for one in tombstones.read(tmp_path)] == ["d1", "d2"]


def test_the_file_names_nobody_and_is_the_owners_alone(tmp_path: Path) -> None:
    tombstones.add(tmp_path, an_erasure())

    file = tmp_path / tombstones.NAME
    assert "Joaquim" not in file.read_text()
    assert "Ana Prado" not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_half_a_line_hides_no_other(tmp_path: Path) -> None:
    tombstones.add(tmp_path, an_erasure("d1"))
    with (tmp_path / tombstones.NAME).open("ab") as file:
        file.write(b'{"id": "e9", "ki\n')
    tombstones.add(tmp_path, an_erasure("d2"))

    assert [one.subject for one in tombstones.read(tmp_path)] == ["d1", "d2"]
