"""Files of weights: brought in whole, recorded, and checked before they are loaded."""

from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from appliance.errors import NoSpace, NotFound, Unavailable, Unreadable
from appliance.models import catalogue, weights
from appliance.models.attempts import NOTE, Attempts, forget
from tests.models.runners import MISTRAL, PROBE

ENTRY = catalogue.find(MISTRAL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


def test_an_import_copies_the_file_and_records_its_checksum(folder: Path) -> None:
    record = weights.import_file(PROBE, MISTRAL, folder)

    target = folder / ENTRY.file
    assert target.read_bytes() == PROBE.read_bytes()
    assert record.sha256 == weights.sha256(PROBE)
    assert record.size == PROBE.stat().st_size
    assert weights.recorded(target) == record
    assert sorted(file.name for file in folder.iterdir()) == [ENTRY.file, ENTRY.file + ".json"]
    weights.verify(ENTRY, target, folder)


def test_importing_again_replaces_the_file_and_its_record(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(b"GGUF\x03\0\0\0 and more")
    weights.import_file(PROBE, MISTRAL, folder)
    weights.import_file(other, MISTRAL, folder)

    weights.verify(ENTRY, folder / ENTRY.file, folder)
    assert (folder / ENTRY.file).read_bytes() == b"GGUF\x03\0\0\0 and more"


def test_a_checksum_stated_by_the_catalogue_must_match(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stated = msgspec.structs.replace(ENTRY, sha256="0" * 64)
    monkeypatch.setattr(weights, "find", lambda name: stated)

    with pytest.raises(Unreadable) as refusal:
        weights.import_file(PROBE, MISTRAL, folder)

    assert refusal.value.code == "model_checksum"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"GG", b"GGUF", b"GGUF\x09\0\0\0 from the future", b"just some text"]
)
def test_what_is_no_gguf_is_not_imported(folder: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(content)

    with pytest.raises(Unreadable, match="not a GGUF"):
        weights.import_file(file, MISTRAL, folder)

    assert not folder.exists()


def test_a_file_that_is_not_there_is_refused_by_name(folder: Path, tmp_path: Path) -> None:
    for missing in (tmp_path / "missing.gguf", tmp_path):  # a folder without that file
        with pytest.raises(NotFound) as refusal:
            weights.import_file(missing, MISTRAL, folder)
        assert refusal.value.code == "model_file_missing"


def test_a_model_that_the_catalogue_does_not_know_is_not_imported(folder: Path) -> None:
    with pytest.raises(NotFound, match="no model called"):
        weights.import_file(PROBE, "gpt-17", folder)


def test_a_full_disk_is_noticed_before_copying(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights.shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 20))

    with pytest.raises(NoSpace) as refusal:
        weights.import_file(PROBE, MISTRAL, folder)

    assert refusal.value.facts["free_mb"] == 1
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("damage", ["flipped", "truncated", "longer"])
def test_a_file_that_changed_after_its_import_is_refused(folder: Path, damage: str) -> None:
    weights.import_file(PROBE, MISTRAL, folder)
    target = folder / ENTRY.file
    whole = bytearray(target.read_bytes())
    if damage == "flipped":
        whole[len(whole) // 2] ^= 1
    target.write_bytes({"truncated": whole[:-1], "longer": whole + b"x"}.get(damage, whole))

    with pytest.raises(Unavailable) as refusal:
        weights.verify(ENTRY, target, folder)

    assert refusal.value.code == "model_checksum"


def test_a_record_that_cannot_be_read_vouches_for_nothing(folder: Path) -> None:
    weights.import_file(PROBE, MISTRAL, folder)
    weights.record_file(folder / ENTRY.file).write_text("{}")

    with pytest.raises(Unavailable) as refusal:
        weights.verify(ENTRY, folder / ENTRY.file, folder)

    assert refusal.value.code == "model_record_damaged"


def test_a_file_elsewhere_that_the_settings_name_passes_if_it_begins_as_a_gguf(
    folder: Path,
) -> None:
    weights.verify(ENTRY, PROBE, folder)


@pytest.mark.guarantee("SEC-42")
@pytest.mark.parametrize("put", ["copied", "linked"])
def test_a_file_that_nobody_imported_is_refused_where_imports_lie(folder: Path, put: str) -> None:
    folder.mkdir()
    target = folder / ENTRY.file
    if put == "copied":
        target.write_bytes(PROBE.read_bytes())
    else:
        target.symlink_to(PROBE)

    with pytest.raises(Unavailable) as refusal:
        weights.verify(ENTRY, target, folder)

    assert refusal.value.code == "model_not_imported"


@pytest.mark.guarantee("SEC-42")
def test_importing_it_where_it_lies_is_what_helps(folder: Path) -> None:
    folder.mkdir()
    (folder / ENTRY.file).write_bytes(PROBE.read_bytes())

    weights.import_file(folder / ENTRY.file, MISTRAL, folder)

    weights.verify(ENTRY, folder / ENTRY.file, folder)


def test_a_load_that_comes_back_leaves_no_note(folder: Path) -> None:
    with Attempts(folder, PROBE):
        assert (folder / NOTE).exists()
    assert not (folder / NOTE).exists()

    with pytest.raises(RuntimeError), Attempts(folder, PROBE):
        raise RuntimeError("refused, but alive")
    assert not (folder / NOTE).exists()


def crash(folder: Path, file: Path) -> None:
    """A load in the middle of which the process died."""
    Attempts(folder, file).__enter__()


def test_a_file_that_killed_the_engine_three_times_is_not_tried_again(folder: Path) -> None:
    for _ in range(3):
        crash(folder, PROBE)

    with pytest.raises(Unavailable) as refusal, Attempts(folder, PROBE):
        pass

    assert refusal.value.code == "model_kills_engine"
    assert refusal.value.facts["times"] == 3


def test_a_corrected_file_is_tried_at_once(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF bad")
    for _ in range(3):
        crash(folder, file)
    file.write_bytes(b"GGUF good, and longer")

    with Attempts(folder, file):
        pass


def test_after_an_hour_a_file_is_given_another_chance(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        crash(folder, PROBE)
    from appliance.models import attempts

    now = attempts.time.time()
    monkeypatch.setattr(attempts.time, "time", lambda: now + attempts.FORGIVEN_AFTER_SECONDS)

    with Attempts(folder, PROBE):
        pass


def test_a_load_that_a_clean_stop_broke_off_counts_for_nothing(folder: Path) -> None:
    for _ in range(5):
        crash(folder, PROBE)
        forget(folder)

    with Attempts(folder, PROBE):
        pass


def test_a_note_that_cannot_be_read_stands_in_nobodys_way(folder: Path) -> None:
    folder.mkdir()
    (folder / NOTE).write_text("half a no")

    with Attempts(folder, PROBE):
        pass


def test_a_file_is_told_from_others_by_its_checksum_or_else_by_its_date(tmp_path: Path) -> None:
    file = tmp_path / "own.gguf"
    file.write_bytes(b"GGUF one")
    entry = msgspec.structs.replace(catalogue.find(MISTRAL), sha256="")
    before = weights.identity(entry, file)
    assert weights.identity(entry, file) == before

    file.write_bytes(b"GGUF another")
    assert weights.identity(entry, file) != before
    named = msgspec.structs.replace(entry, sha256="abc")
    assert weights.identity(named, file) == "abc"


# ------------------------------------------------------------------ embedders

E5 = catalogue.find("multilingual-e5-small")
SAFETENSORS = (20).to_bytes(8, "little") + b'{"__metadata__": {}}' + bytes(100)


@pytest.fixture
def embedder(tmp_path: Path) -> Path:
    """A folder with the files of an embedder."""
    home = tmp_path / "e5"
    (home / "1_Pooling").mkdir(parents=True)
    for name in E5.files:
        (home / name).write_text(name)
    (home / E5.file).write_bytes(SAFETENSORS)
    return home


def test_an_embedder_is_imported_as_a_folder_with_a_checksum_for_each_file(
    folder: Path, embedder: Path
) -> None:
    (embedder / "README.md").write_text("not needed")
    told: list[tuple[int, int]] = []

    record = weights.import_file(embedder, E5.name, folder, told=lambda *b: told.append(b))

    assert set(record.others) == set(E5.files)
    assert weights.there(E5, folder)
    assert [path.name for path in folder.iterdir()] == [E5.name]
    assert not (folder / E5.name / "README.md").exists()
    assert told[-1][0] == told[-1][1] > len(SAFETENSORS)


@pytest.mark.parametrize("changed", ["tokenizer.json", "1_Pooling/config.json"])
def test_a_change_in_any_file_of_an_embedder_is_noticed(
    folder: Path, embedder: Path, changed: str
) -> None:
    weights.import_file(embedder, E5.name, folder)
    (folder / E5.name / changed).write_text("other")

    with pytest.raises(Unavailable) as refusal:
        weights.verify(E5, folder / E5.name / E5.file, folder)

    assert refusal.value.facts["file"] == changed


@pytest.mark.parametrize("content", [b"", bytes(8), b"\xff" * 8 + b"{", b"GGUF\x03\0\0\0{"])
def test_what_is_no_safetensors_is_not_imported(
    folder: Path, embedder: Path, content: bytes
) -> None:
    (embedder / E5.file).write_bytes(content)

    with pytest.raises(Unreadable, match="not a safetensors"):
        weights.import_file(embedder, E5.name, folder)


def test_an_import_that_is_broken_off_leaves_nothing(folder: Path, embedder: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        weights.import_file(embedder, E5.name, folder, told=stop)

    assert list(folder.iterdir()) == []


def test_removing_an_embedder_removes_its_folder(folder: Path, embedder: Path) -> None:
    weights.import_file(embedder, E5.name, folder)

    assert weights.remove(E5, folder)
    assert not weights.remove(E5, folder)
    assert list(folder.iterdir()) == []
