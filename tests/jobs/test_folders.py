"""Folders as sources: what is listed, what is left alone, and what is never followed."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.errors import BadRequest, NotAllowed, Refusal, Unreadable
from appliance.jobs import folders
from appliance.jobs.folders import Folders
from appliance.jobs.listing import Entry, Gap, Missing
from appliance.settings import Settings
from appliance.sources import Source, SourceOptions

NOW = time.time() + 3600  # an hour after whatever the test writes


@pytest.fixture
def share(tmp_path: Path) -> Path:
    share = tmp_path / "mnt" / "share"
    share.mkdir(parents=True)
    return share


def settings_for(share: Path) -> Settings:
    return Settings(data_dir=str(share.parents[1] / "data"), source_folders=str(share.parent))


def source_at(share: Path, **options: Any) -> Source:
    return Source(
        id="s", collection="c", kind="folder", address=str(share), schedule="manual",
        options=SourceOptions(**options), due_at=None, mark=None, created_at="",
    )  # fmt: skip


def listed(share: Path, *, now: float = NOW, **options: Any) -> Iterator[Entry | Gap]:
    looking = Folders(settings_for(share), clock=lambda: now)
    return looking.look(
        source_at(share, **options),
        known=lambda key: None,
        check=lambda: None,
        scratch=share.parents[1],
    )


def keys(share: Path, **options: Any) -> list[str]:
    return sorted(one.key for one in listed(share, **options) if isinstance(one, Entry))


def test_every_file_beneath_the_folder_is_listed_by_its_path(share: Path) -> None:
    for name in ("a.txt", "2026/b.txt", "2026/março/c.txt"):
        (share / name).parent.mkdir(parents=True, exist_ok=True)
        (share / name).write_text("x")

    assert keys(share) == ["2026/b.txt", "2026/março/c.txt", "a.txt"]


@pytest.mark.parametrize(
    "name",
    [
        "~$Contrato.docx", ".~lock.ata.odt#", "Thumbs.db", "desktop.ini", ".DS_Store", ".hidden",
        "video.part", "baixando.crdownload", "salvo.tmp", "ata.txt~", ".git/config",
        "__MACOSX/ata.txt", "$RECYCLE.BIN/ata.txt", "lost+found/ata.txt",
    ],
)  # fmt: skip
def test_what_programs_leave_behind_is_no_document(share: Path, name: str) -> None:
    (share / name).parent.mkdir(parents=True, exist_ok=True)
    (share / name).write_text("x")
    (share / "ata.txt").write_text("x")

    assert keys(share) == ["ata.txt"]


def test_links_are_not_followed_neither_out_of_the_folder_nor_in_circles(
    share: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("x")
    (share / "deep").mkdir()
    (share / "deep" / "ata.txt").write_text("x")
    (share / "out.txt").symlink_to(tmp_path / "secret.txt")
    (share / "up").symlink_to(tmp_path)
    (share / "deep" / "loop").symlink_to(share)
    (share / "self").symlink_to("self")

    assert keys(share) == ["deep/ata.txt"]


def test_what_became_a_link_after_the_walk_is_not_followed_either(
    share: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "ata.txt").write_text("secret")
    (share / "deep").mkdir()
    (share / "deep" / "ata.txt").write_text("x")
    (share / "b.txt").write_text("x")
    found = {one.key: one for one in listed(share) if isinstance(one, Entry)}
    (share / "deep").rename(tmp_path / "moved")
    (share / "deep").symlink_to(tmp_path / "secret")
    (share / "b.txt").unlink()
    (share / "b.txt").symlink_to(tmp_path / "secret" / "ata.txt")

    with pytest.raises(Unreadable) as refusal:
        found["deep/ata.txt"].fetch(tmp_path / "copy")
    with pytest.raises(OSError, match="symbolic links"):
        found["b.txt"].fetch(tmp_path / "copy 2")

    assert refusal.value.code == "source_file_elsewhere"


def test_pipes_sockets_and_devices_are_left_alone(share: Path) -> None:
    os.mkfifo(share / "pipe.txt")
    (share / "ata.txt").write_text("x")

    assert keys(share) == ["ata.txt"]


def test_a_file_written_within_ten_seconds_is_left_for_later(share: Path) -> None:
    (share / "ata.txt").write_text("x")
    (share / "old.txt").write_text("x")
    os.utime(share / "ata.txt", (NOW - 9, NOW - 9))

    (busy,) = [one for one in listed(share) if isinstance(one, Gap)]

    assert (busy.key, busy.kind, busy.problem.code) == ("ata.txt", "busy", "source_file_busy")
    assert keys(share) == ["old.txt"]
    assert keys(share, now=NOW + 10) == ["ata.txt", "old.txt"]


def test_a_file_from_the_future_is_not_waited_for(share: Path) -> None:
    (share / "ata.txt").write_text("x")
    os.utime(share / "ata.txt", (NOW + 86_400, NOW + 86_400))

    assert keys(share) == ["ata.txt"]


def test_a_file_that_moves_while_it_is_copied_is_refused(
    share: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (share / "ata.txt").write_text("x" * 100)
    (entry,) = [one for one in listed(share) if isinstance(one, Entry)]
    fstat, calls = os.fstat, []

    def growing(descriptor: int) -> os.stat_result:
        calls.append(descriptor)
        if len(calls) == 2:
            with (share / "ata.txt").open("a") as file:
                file.write("more")
        return fstat(descriptor)

    monkeypatch.setattr(folders.os, "fstat", growing)

    with pytest.raises(Unreadable) as refusal:
        entry.fetch(tmp_path / "copy")

    assert refusal.value.code == "source_file_busy"


def test_a_name_that_is_no_utf8_is_a_key_of_its_own_and_is_read_as_windows_wrote_it(
    share: Path, tmp_path: Path
) -> None:
    written = os.fsdecode(os.fsencode(share) + b"/reuni\xe3o.txt")
    Path(written).write_text("x")

    (entry,) = [one for one in listed(share) if isinstance(one, Entry)]

    assert entry.key == "reuni\\xe3o.txt"
    assert entry.key.encode()
    assert entry.name == "reunião.txt"
    assert entry.fetch(tmp_path / "copy").file_name == "reunião.txt"
    assert (tmp_path / "copy").read_text() == "x"


def test_no_two_names_have_one_key() -> None:
    names = [b"a\xe9", b"a\\xe9", b"a\\\\xe9", "aé".encode(), b"a\\", b"a\n"]

    assert len({folders.key_of(os.fsdecode(name)) for name in names}) == len(names)


def test_accents_in_two_pieces_are_shown_in_one(share: Path) -> None:
    (share / "reunia\u0303o.txt").write_text("x")

    (entry,) = [one for one in listed(share) if isinstance(one, Entry)]

    assert entry.name == "reunião.txt"


def test_a_folder_that_went_is_missing_and_one_that_is_a_file_too(share: Path) -> None:
    share.rmdir()
    with pytest.raises(Missing):
        next(iter(listed(share)))

    share.write_text("x")
    with pytest.raises(Missing):
        next(iter(listed(share)))


def test_whoever_cancels_ends_the_walk(share: Path) -> None:
    (share / "ata.txt").write_text("x")

    def stop() -> None:
        raise TimeoutError

    looking = Folders(settings_for(share))
    walk = looking.look(
        source_at(share), known=lambda key: None, check=stop, scratch=share.parents[1]
    )

    with pytest.raises(TimeoutError):
        next(iter(walk))


def test_only_folders_beneath_an_opened_one_may_be_sources(share: Path, tmp_path: Path) -> None:
    settings = settings_for(share)
    (tmp_path / "outside").mkdir()
    (share / "link").symlink_to(tmp_path / "outside")

    assert folders.allowed(settings, str(share)) == share
    assert folders.allowed(settings, f"{share}/../share/") == share
    for path in ("/etc", str(tmp_path), f"{share}/../../outside", str(share / "link"), "/"):
        with pytest.raises(NotAllowed) as refusal:
            folders.allowed(settings, path)
        assert refusal.value.code == "source_folder_not_open"
    for path in ("share", "./share", "~/share", "", f"{share}\x00"):
        with pytest.raises(BadRequest):
            folders.allowed(settings, path)


def test_a_folder_whose_name_only_begins_like_an_opened_one_is_closed(share: Path) -> None:
    settings = Settings(data_dir=str(share.parents[1] / "data"), source_folders=str(share))

    with pytest.raises(NotAllowed):
        folders.allowed(settings, f"{share}-secret")


def test_without_the_setting_no_folder_is_open() -> None:
    with pytest.raises(NotAllowed):
        folders.allowed(Settings(), "/srv")


def test_several_folders_can_be_opened_with_spaces_in_their_names(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=str(tmp_path / "data"), source_folders="/mnt/Secretaria Geral: /mnt/rh"
    )

    assert folders.opened(settings) == [Path("/mnt/Secretaria Geral"), Path("/mnt/rh")]


@pytest.mark.parametrize("where", ["data", "data/files", "."])
def test_our_own_folder_is_nobodys_source(tmp_path: Path, where: str) -> None:
    settings = Settings(data_dir=str(tmp_path / "data"), source_folders=str(tmp_path))

    with pytest.raises(Refusal) as refusal:
        folders.allowed(settings, str(tmp_path / where))

    assert refusal.value.code == "source_folder_is_ours"
