"""The way back: an empty folder becomes what the backup holds, or stays as it was."""

import io
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from appliance import accounts, audit, backups
from appliance.archive import contents, making, opening, restoring, sealed
from appliance.archive.contents import Manifest
from appliance.backups import Backup
from appliance.database import Database
from appliance.errors import Conflict, NotFound, Refusal, Unavailable, Unreadable
from appliance.settings import Settings
from tests.archive.conftest import PASSPHRASE, contents_of
from tests.fakes import WordEmbedder
from tests.house import House

pytestmark = pytest.mark.guarantee("REL-21")
QUESTION = "Quando os recibos devem ser entregues ao financeiro?"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """The data folder of another server."""
    return tmp_path / "other" / "place"


def test_people_documents_and_answers_are_there_again(
    library: House, made: Backup, elsewhere: Path
) -> None:
    (assistant,) = library.client.get("/api/assistants").json()["items"]
    before = library.ask(assistant["id"], QUESTION)

    restoring.restore(elsewhere, Path(made.file), PASSPHRASE)

    with House(Settings(data_dir=str(elsewhere)), embedder=WordEmbedder()) as again:
        after = again.ask(assistant["id"], QUESTION)
        assert after["answer"] == before["answer"]
        assert after["citations"] == before["citations"]
        document = after["citations"][0]["document"]["id"]
        original = again.client.get(f"/api/documents/{document}/original")
        assert "financeiro" in original.text
        assert accounts.credentials(again.parts.database, "ana@escola.example")
        assert audit.verify(again.parts.database).intact


def test_with_the_stored_vectors_search_by_meaning_comes_back(
    library: House, made: Backup, elsewhere: Path
) -> None:
    restoring.restore(elsewhere, Path(made.file), PASSPHRASE)

    with House(Settings(data_dir=str(elsewhere)), embedder=WordEmbedder()) as again:
        (collection,) = again.client.get("/api/collections").json()["items"]
        found = again.parts.finder.search([collection["id"]], QUESTION)
        assert "meaning" in found.passages[0].found_by


def test_a_folder_with_something_in_it_is_not_touched(made: Backup, elsewhere: Path) -> None:
    elsewhere.mkdir(parents=True)
    (elsewhere / "appliance.db").write_bytes(b"somebody's")

    with pytest.raises(Conflict) as refusal:
        restoring.restore(elsewhere, Path(made.file), PASSPHRASE)

    assert refusal.value.code == "restore_not_empty"
    assert contents_of(elsewhere) == {"appliance.db": b"somebody's"}


def test_models_that_were_brought_in_first_stay(made: Backup, elsewhere: Path) -> None:
    (elsewhere / "models").mkdir(parents=True)
    (elsewhere / "models" / "one.gguf").write_bytes(b"GGUF")

    restoring.restore(elsewhere, Path(made.file), PASSPHRASE)

    assert (elsewhere / "models" / "one.gguf").read_bytes() == b"GGUF"
    assert (elsewhere / "appliance.db").exists()


def test_what_is_there_can_be_put_aside_and_nothing_of_it_is_lost(
    made: Backup, elsewhere: Path
) -> None:
    elsewhere.mkdir(parents=True)
    (elsewhere / "appliance.db").write_bytes(b"damaged")
    (elsewhere / "appliance.db-wal").write_bytes(b"its log")

    _, kept = restoring.restore(elsewhere, Path(made.file), PASSPHRASE, aside=True)

    assert kept is not None
    assert contents_of(kept) == {"appliance.db": b"damaged", "appliance.db-wal": b"its log"}
    restored = Database(elsewhere / "appliance.db")
    assert restored.rows("select count(*) as n from documents") == [{"n": 2}]
    restored.close()


@pytest.mark.guarantee("LGPD-02")
def test_what_was_erased_since_the_backup_stays_erased(
    library: House, made: Backup, settings: Settings, elsewhere: Path
) -> None:
    (conversation,) = library.parts.database.rows("select id from conversations")
    erased = library.client.post(
        "/api/subjects/erasures",
        json={"kind": "conversation", "subject": conversation["id"], "reason": "a seu pedido"},
    )
    assert erased.status_code == 202, erased.text
    elsewhere.mkdir(parents=True)
    shutil.copy(settings.data / "erasures.jsonl", elsewhere)

    restoring.restore(elsewhere, Path(made.file), PASSPHRASE, aside=True)

    restored = Database(elsewhere / "appliance.db")
    assert restored.rows("select id from conversations") == [conversation]
    restored.close()
    with House(Settings(data_dir=str(elsewhere)), embedder=WordEmbedder()) as again:
        assert again.parts.database.rows("select id from conversations") == []


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1000])


def flipped(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-5000] ^= 1
    file.write_bytes(bytes(content))


def newer(file: Path) -> None:
    content = file.read_bytes().replace(b'"format":1', b'"format":9', 1)
    file.write_bytes(content)


def another(file: Path) -> None:
    file.write_bytes(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (truncated, "backup_damaged"),
        (flipped, "backup_damaged"),
        (newer, "backup_format_newer"),
        (another, "not_a_backup"),
    ],
)
def test_a_spoilt_file_is_told_by_its_fault_and_leaves_the_folder_as_it_was(
    made: Backup, elsewhere: Path, spoil: Callable[[Path], None], code: str
) -> None:
    spoil(Path(made.file))

    with pytest.raises(Unreadable) as refusal:
        restoring.restore(elsewhere, Path(made.file), PASSPHRASE)

    assert refusal.value.code == code
    assert list(elsewhere.iterdir()) == []


def test_a_wrong_passphrase_leaves_the_folder_as_it_was(made: Backup, elsewhere: Path) -> None:
    with pytest.raises(Unreadable) as refusal:
        restoring.restore(elsewhere, Path(made.file), "another")

    assert refusal.value.code == "backup_wrong_passphrase"
    assert list(elsewhere.iterdir()) == []


def test_a_file_that_is_not_there_is_named(elsewhere: Path) -> None:
    with pytest.raises(NotFound) as refusal:
        restoring.restore(elsewhere, elsewhere / "nothing", PASSPHRASE)

    assert refusal.value.code == "backup_not_there"


def test_a_backup_of_a_newer_program_is_refused_by_its_steps(
    library: House, settings: Settings, elsewhere: Path, tmp_path: Path
) -> None:
    with library.parts.database.write() as db:
        db.run(
            "insert into _sqlite_migrations (migration_set, name, applied_at)"
            " values ('appliance', '9999_later', '')"
        )
    made = making.make(settings, PASSPHRASE, tmp_path / "later.balcao")

    with pytest.raises(Unreadable) as refusal:
        restoring.restore(elsewhere, Path(made.file), PASSPHRASE)
    with pytest.raises(Unavailable) as older:
        library.parts.database.migrate()

    assert refusal.value.code == "backup_program_newer"
    assert older.value.code == "data_newer"
    assert list(elsewhere.iterdir()) == []


@pytest.mark.guarantee("SEC-48")
@pytest.mark.parametrize(
    "name",
    [
        "../escape",
        "/etc/passwd",
        "files/ab/../../escape",
        "secrets/../../escape",
        "databases/../escape",
        "other.txt",
        "secrets/a\nb",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(elsewhere: Path, tmp_path: Path, name: str) -> None:
    file = packed(tmp_path / "bad.balcao", {name: b"bad"})

    with pytest.raises(Unreadable) as refusal:
        restoring.restore(elsewhere, file, PASSPHRASE)

    assert refusal.value.code == "backup_damaged"
    assert not (tmp_path / "escape").exists()
    assert list(elsewhere.iterdir()) == []


@pytest.mark.guarantee("SEC-48")
@pytest.mark.parametrize("kind", [b"1", b"2", b"3", b"5", b"6", b"S"])
def test_links_devices_and_holes_are_refused(elsewhere: Path, tmp_path: Path, kind: bytes) -> None:
    file = packed(tmp_path / "bad.balcao", {"secrets/link": b""}, kind=kind)

    with pytest.raises(Unreadable) as refusal:
        restoring.restore(elsewhere, file, PASSPHRASE)

    assert refusal.value.code == "backup_damaged"
    assert list(elsewhere.iterdir()) == []


def packed(file: Path, members: dict[str, bytes], kind: bytes = b"0") -> Path:
    """A backup that somebody made who knows the passphrase."""
    head = sealed.Head(
        format=1, id="x", made_at="2026-11-26T10:00:00.000Z", program="0.7.0", steps=0, bytes=10
    )
    with file.open("wb") as opened:
        sealer = sealed.Sealer(opened, head, PASSPHRASE)
        with tarfile.open(fileobj=sealer, mode="w|", format=tarfile.GNU_FORMAT) as tar:  # type: ignore[call-overload]
            for name, content in members.items():
                info = tarfile.TarInfo(name)
                info.type, info.size, info.linkname = kind, len(content), "/etc/passwd"
                tar.addfile(info, io.BytesIO(content))
        sealer.close()
    return file


def test_a_restore_that_was_broken_off_is_begun_again(made: Backup, elsewhere: Path) -> None:
    workshop = elsewhere / restoring.WORKSHOP
    (workshop / "files").mkdir(parents=True)
    (elsewhere / "secrets").mkdir()
    (workshop / ".placed").write_text("files\nsecrets")

    assert restoring.unfinished(elsewhere)
    restoring.restore(elsewhere, Path(made.file), PASSPHRASE)

    assert not restoring.unfinished(elsewhere)
    assert (elsewhere / "secrets" / "master.key").exists()
    assert not workshop.exists()


def test_a_verified_backup_is_known_as_one(made: Backup, settings: Settings) -> None:
    assert backups.last_verified(settings.data) is None

    proven, manifest = opening.verify(settings.data, Path(made.file), PASSPHRASE)

    known = backups.last_verified(settings.data)
    assert known == proven
    assert known is not None
    assert known.verified_at is not None
    assert len(manifest.references) == 2
    assert all(one.found for one in manifest.references)
    assert not list(backups.folder(settings.data).glob(".proof-*"))


@pytest.mark.guarantee("REL-20")
def test_a_damaged_one_is_known_as_damaged(made: Backup, settings: Settings) -> None:
    opening.verify(settings.data, Path(made.file), PASSPHRASE)
    flipped(Path(made.file))

    with pytest.raises(Unreadable):
        opening.verify(settings.data, Path(made.file), PASSPHRASE)

    (known,) = backups.every(settings.data)
    assert known.problem is not None
    assert known.problem.code == "backup_damaged"
    assert backups.last_verified(settings.data) is None


def test_a_wrong_passphrase_says_nothing_about_the_backup(made: Backup, settings: Settings) -> None:
    opening.verify(settings.data, Path(made.file), PASSPHRASE)

    with pytest.raises(Unreadable):
        opening.verify(settings.data, Path(made.file), "another")

    assert backups.last_verified(settings.data) is not None


@pytest.fixture
def opened(made: Backup, tmp_path: Path) -> tuple[Path, Manifest]:
    folder = tmp_path / "open"
    folder.mkdir()
    return folder, opening.unpack(Path(made.file), PASSPHRASE, folder)


def proof(folder: Path, manifest: Manifest) -> str:
    with pytest.raises(Refusal) as refusal:
        opening.prove(folder, manifest)
    return refusal.value.code


def test_a_search_that_finds_something_else_is_noticed(opened: tuple[Path, Manifest]) -> None:
    folder, manifest = opened
    database = Database(folder / "appliance.db")
    with database.write() as db:
        db.run("insert into chunk_terms(chunk_terms) values ('delete-all')")
    database.close()

    assert proof(folder, manifest) == "backup_finds_otherwise"


def test_pages_of_the_database_that_are_damaged_are_noticed(
    opened: tuple[Path, Manifest],
) -> None:
    folder, manifest = opened
    file = folder / "appliance.db"
    content = bytearray(file.read_bytes())
    for at in range(8192, len(content), 4096):
        content[at : at + 64] = b"\xff" * 64
    file.write_bytes(bytes(content))

    assert proof(folder, manifest) == "backup_database_damaged"


def test_an_original_that_the_manifest_does_not_name_is_noticed(
    opened: tuple[Path, Manifest],
) -> None:
    folder, manifest = opened
    fewer = tuple(one for one in manifest.items if not one.name.startswith("files/"))

    assert proof(folder, msgspec.structs.replace(manifest, items=fewer)) == (
        "backup_original_differs"
    )


def test_no_name_of_a_backup_leads_out_of_its_folder(tmp_path: Path) -> None:
    for name in ("databases/appliance.db", "secrets/engines/abc", "index/a/b.faiss"):
        assert contents.NAME.fullmatch(name)
        assert contents.place(name, tmp_path).is_relative_to(tmp_path)
    assert contents.place("databases/queue.db", tmp_path) == tmp_path / "queue.db"
