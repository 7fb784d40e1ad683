"""The folder that backups go into is looked at when it is chosen and before each backup."""

import os
from pathlib import Path

import pytest

from appliance.archive import target
from appliance.errors import BadRequest, NotFound, Unavailable
from appliance.routine import Routine

pytestmark = pytest.mark.guarantee("INS-07")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.mkdir()
    return made


def refused(data: Path, text: str) -> str:
    with pytest.raises(BadRequest) as refusal:
        target.checked(data, text)
    return refusal.value.code


def test_without_a_choice_it_is_the_data_folders_own(data: Path) -> None:
    assert target.checked(data, "") == {"folder": "", "mount": ""}
    assert target.folder(data, Routine()) == data / "backups"
    assert target.beside_data(data, Routine())


def test_a_folder_that_takes_a_file_is_chosen_with_its_mount(data: Path, tmp_path: Path) -> None:
    place = tmp_path / "out"
    place.mkdir()

    chosen = target.checked(data, str(place))

    assert chosen == {"folder": str(place), "mount": str(target.mount_of(place))}
    assert list(place.iterdir()) == []
    assert target.folder(data, Routine(**chosen)) == place


def test_a_link_is_followed_once_and_the_place_itself_is_kept(data: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "out")

    assert target.checked(data, str(tmp_path / "link"))["folder"] == str(tmp_path / "out")


def test_what_cannot_be_a_folder_for_backups_is_refused_by_its_cause(
    data: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(data)

    assert refused(data, "backups") == "backup_folder_relative"
    assert refused(data, str(data)) == "backup_folder_inside"
    assert refused(data, str(data / "backups")) == "backup_folder_inside"
    assert refused(data, str(tmp_path / "link")) == "backup_folder_inside"
    assert refused(data, str(tmp_path / "nowhere")) == "backup_no_folder"
    assert refused(data, str(tmp_path / "file")) == "backup_no_folder"


def test_one_that_cannot_be_written_to_names_the_remedy(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    place = tmp_path / "out"
    place.mkdir()
    monkeypatch.setattr(os, "open", closed)  # whoever runs the tests may be root

    with pytest.raises(BadRequest) as refusal:
        target.checked(data, str(place))

    assert "Permission denied" in str(refusal.value)
    assert "ReadWritePaths=" in str(refusal.value)


def test_a_share_that_is_not_mounted_gets_no_backup(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its empty folder is there, on this server's own disk."""
    place = tmp_path / "share" / "balcao"
    place.mkdir(parents=True)
    monkeypatch.setattr(Path, "is_mount", lambda one: one in (Path("/"), tmp_path / "share"))
    chosen = Routine(**target.checked(data, str(place)))
    assert chosen.mount == str(tmp_path / "share")
    assert target.folder(data, chosen) == place
    assert not target.beside_data(data, chosen)

    monkeypatch.setattr(Path, "is_mount", lambda one: one == Path("/"))
    with pytest.raises(Unavailable) as refusal:
        target.folder(data, chosen)

    assert refusal.value.code == "backup_not_mounted"
    assert str(tmp_path / "share") in str(refusal.value)


def test_where_none_was_mounted_none_is_expected(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "is_mount", lambda one: one == Path("/"))
    place = tmp_path / "out"
    place.mkdir()
    chosen = Routine(**target.checked(data, str(place)))

    assert target.folder(data, chosen) == place
    assert target.beside_data(data, chosen)


def test_a_folder_that_went_away_is_named(data: Path, tmp_path: Path) -> None:
    place = tmp_path / "out"
    place.mkdir()
    chosen = Routine(**target.checked(data, str(place)))
    place.rmdir()

    with pytest.raises(NotFound) as refusal:
        target.folder(data, chosen)

    assert refusal.value.facts == {"folder": str(place)}
