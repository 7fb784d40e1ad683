"""``appliance backup``, ``verify`` and ``restore``, as an administrator types them."""

import json
import multiprocessing
import signal
from pathlib import Path

import pytest

from appliance import audit, backups, collections, library, options
from appliance.archive import restoring
from appliance.database import Database
from appliance.routine import PURPOSE, Routine
from appliance.vault import Vault
from tests.cli.doors import Terminal, terminal

__all__ = ["terminal"]

pytestmark = pytest.mark.guarantee("INS-07")
MOST_STEPS = 60
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.cli.backup_process"])


@pytest.fixture
def house(terminal: Terminal) -> Terminal:
    """A house with a secret and a document whose original lies where it belongs."""
    terminal.environment["APPLIANCE_BACKUP_PASSPHRASE"] = "correct horse"
    Vault(terminal.folder).prepare()
    with terminal.database.write() as db:
        collection = collections.create(db, "Normas")
        library.add(
            db, collection=collection.id, title="Normas", file_name="n.txt",
            media_type="text/plain", bytes=5, sha256=SHA256, paged=False,
        )  # fmt: skip
    original = terminal.folder / "files" / SHA256[:2] / SHA256
    original.parent.mkdir(parents=True)
    original.write_bytes(b"hello")
    return terminal


SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def test_the_whole_way_backup_proof_and_another_server(house: Terminal, tmp_path: Path) -> None:
    place, other = tmp_path / "out", tmp_path / "other"
    place.mkdir()
    file = place / "one.balcao"

    made = house.type("backup", str(file))
    proven = house.type("verify", str(file))
    house.environment["APPLIANCE_DATA_DIR"] = str(other)
    restored = house.type("restore", str(file))

    assert (made.exit_code, proven.exit_code, restored.exit_code) == (0, 0, 0), restored.output
    assert "1 document(s)" in made.output
    assert "is whole" in proven.output
    assert f"The folder {other} now has what there was" in restored.output
    assert (other / "files" / SHA256[:2] / SHA256).read_bytes() == b"hello"
    assert (other / "secrets" / "master.key").read_text() == (
        house.folder / "secrets" / "master.key"
    ).read_text()


def test_a_backup_that_is_proven_at_once_says_so(house: Terminal, tmp_path: Path) -> None:
    made = house.type("backup", str(tmp_path), "--verify")

    assert made.exit_code == 0
    assert "is whole" in made.stdout
    assert "Prove it" not in made.stdout


def test_each_act_stands_in_the_record(house: Terminal, tmp_path: Path) -> None:
    file, other = tmp_path / "one.balcao", tmp_path / "other"

    house.type("backup", str(file))
    house.type("verify", str(file))
    house.environment["APPLIANCE_DATA_DIR"] = str(other)
    house.type("restore", str(file))

    acts = {one.act for one in audit.newest(house.database, audit.wanted(), limit=9)}
    assert {"backup.make", "backup.verify"} <= acts
    restored = Database(other / "appliance.db")
    assert audit.newest(restored, audit.wanted(), limit=1)[0].act == "backup.restore"
    restored.close()


def test_as_json(house: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "one.balcao"

    made = house.json("backup", str(file))
    proven = house.json("verify", str(file))

    assert made["file"] == str(file)
    assert made["verified_at"] is None
    assert proven["id"] == made["id"]
    assert proven["verified_at"] >= made["made_at"]
    assert proven["missing"] == []


def test_without_a_target_it_goes_into_the_data_folder(house: Terminal) -> None:
    made = house.json("backup")

    assert Path(made["file"]).parent == house.folder / "backups"
    assert [one.id for one in backups.every(house.folder)] == [made["id"]]


def test_into_a_folder_that_takes_nothing_there_is_no_backup(house: Terminal) -> None:
    refused = house.type("backup", "/proc/one.balcao")  # not even root writes there

    assert refused.exit_code == 1
    assert refused.stderr.startswith("The service cannot write into the folder /proc (")
    assert backups.every(house.folder) == []


def test_the_passphrase_is_asked_for_twice(house: Terminal, tmp_path: Path) -> None:
    del house.environment["APPLIANCE_BACKUP_PASSPHRASE"]
    file = tmp_path / "one.balcao"

    made = house.type("backup", str(file), typed="a b c\na b c\n")
    proven = house.type("verify", str(file), typed="a b c\n")

    assert (made.exit_code, proven.exit_code) == (0, 0)
    assert "a b c" not in made.output + made.stderr


@pytest.mark.parametrize("typed", ["", "\n\n"])
def test_without_a_passphrase_there_is_no_backup(
    house: Terminal, tmp_path: Path, typed: str
) -> None:
    del house.environment["APPLIANCE_BACKUP_PASSPHRASE"]

    refused = house.type("backup", str(tmp_path / "one.balcao"), typed=typed)

    assert refused.exit_code == 1
    assert "APPLIANCE_BACKUP_PASSPHRASE" in refused.stderr
    assert not (tmp_path / "one.balcao").exists()


def test_each_refusal_is_one_sentence(house: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "one.balcao"
    house.type("backup", str(file))

    taken = house.type("backup", str(file))
    full = house.type("restore", str(file))
    nothing = house.type("verify", str(tmp_path / "nothing"))
    house.environment["APPLIANCE_BACKUP_PASSPHRASE"] = "another"
    wrong = house.type("verify", str(file))

    assert [one.exit_code for one in (taken, full, nothing, wrong)] == [1, 1, 1, 1]
    assert "exists already" in taken.stderr
    assert "is not empty" in full.stderr
    assert "--aside" in full.stderr
    assert "There is no backup at" in nothing.stderr
    assert "The passphrase does not open this backup" in wrong.stderr
    assert "Traceback" not in taken.output + full.output + nothing.output + wrong.output


def test_made_proven_and_the_older_ones_removed_in_one_go(house: Terminal, tmp_path: Path) -> None:
    first = house.json("backup", str(tmp_path))
    elsewhere = house.json("backup")

    second = house.json("backup", str(tmp_path), "--verify", "--keep", "1")

    assert second["verified_at"]
    assert second["removed"] == [first["file"]]
    assert not Path(first["file"]).exists()
    assert Path(elsewhere["file"]).exists()
    assert {one.id for one in backups.every(house.folder)} == {second["id"], elsewhere["id"]}


def test_a_rule_that_is_none_is_refused_before_anything_is_made(
    house: Terminal, tmp_path: Path
) -> None:
    refused = house.type("backup", str(tmp_path), "--keep", "all")

    assert refused.exit_code == 1
    assert "7,4,12" in refused.stderr
    assert not list(tmp_path.glob("*.balcao"))


@pytest.mark.guarantee("REL-16")
def test_one_command_brings_a_damaged_house_back(house: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "one.balcao"
    house.type("backup", str(file))
    house.database.close()
    (house.folder / "appliance.db").write_bytes(b"not a database")

    restored = house.type("restore", str(file), "--aside", "--json")

    assert restored.exit_code == 0, restored.output
    told = json.loads(restored.stdout)
    assert (Path(told["aside"]) / "appliance.db").read_bytes() == b"not a database"
    assert told["documents"] == 1


def test_a_house_in_use_is_not_restored_over(house: Terminal, tmp_path: Path) -> None:
    from appliance.cli.holding import alone

    file = tmp_path / "one.balcao"
    house.type("backup", str(file))

    with alone(house.folder):
        refused = house.type("restore", str(file), "--aside")

    assert refused.exit_code == 1
    assert "already uses the folder" in refused.stderr


def test_after_a_restore_that_was_broken_off_it_does_not_start(house: Terminal) -> None:
    house.database.close()
    (house.folder / "appliance.db").unlink()
    (house.folder / restoring.WORKSHOP).mkdir()

    refused = house.type("serve")

    assert refused.exit_code == 1
    assert "broken off" in refused.stderr
    assert not (house.folder / "appliance.db").exists()


def killed(*words: str, crash_at: int, environment: dict[str, str]) -> int:
    """Run a command that is killed at a step; its exit status."""
    from tests.cli import backup_process

    process = FORKS.Process(target=backup_process.run, args=(words, crash_at, environment))
    process.start()
    process.join(120)
    assert process.exitcode is not None
    return process.exitcode


@pytest.mark.crash
@pytest.mark.guarantee("REL-20")
def test_a_backup_killed_at_any_step_is_whole_or_is_not(house: Terminal, tmp_path: Path) -> None:
    house.database.close()
    for n in range(1, MOST_STEPS):
        place = tmp_path / f"out{n}"
        place.mkdir()
        file = place / "one.balcao"
        status = killed("backup", str(file), crash_at=n, environment=house.environment)
        if file.exists():
            assert house.type("verify", str(file)).exit_code == 0, n
        after = house.type("backup", str(place / "after.balcao"))
        assert after.exit_code == 0, after.output
        assert {path.name for path in place.iterdir()} <= {"one.balcao", "after.balcao"}
        assert not list((house.folder / "backups").glob(".making-*"))
        if status == 0:
            break
        assert status == -signal.SIGKILL
    else:
        pytest.fail("it never ran to its end")
    assert n > 5


@pytest.mark.crash
@pytest.mark.guarantee("REL-21")
def test_a_restore_killed_at_any_step_is_done_or_done_again(
    house: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "one.balcao"
    assert house.type("backup", str(file)).exit_code == 0
    for n in range(1, MOST_STEPS):
        other = tmp_path / f"other{n}"
        house.environment["APPLIANCE_DATA_DIR"] = str(other)
        status = killed("restore", str(file), crash_at=n, environment=house.environment)
        if not (other / "appliance.db").exists():
            assert house.type("restore", str(file)).exit_code == 0, n
        database = Database(other / "appliance.db")
        assert database.rows("select count(*) as n from documents") == [{"n": 1}]
        database.close()
        assert (other / "files" / SHA256[:2] / SHA256).read_bytes() == b"hello"
        assert (other / "secrets" / "master.key").exists()
        assert not restoring.unfinished(other)
        if status == 0:
            break
        assert status == -signal.SIGKILL
    else:
        pytest.fail("it never ran to its end")
    assert n > 5


def test_a_passphrase_is_kept_sealed_for_backups_that_make_themselves(house: Terminal) -> None:
    told = house.type("backup", "--keep-passphrase")

    assert told.exit_code == 0, told.output
    assert "nobody restores a backup without it" in told.output
    assert backups.every(house.folder) == []
    sealed = options.read(house.database, Routine).passphrase
    assert Vault(house.folder).open(sealed, purpose=PURPOSE) == "correct horse"
    assert house.json("backup", "--keep-passphrase") == {"passphrase": True}
    acts = [one.act for one in audit.newest(house.database, audit.wanted(), limit=9)]
    assert acts.count("backup.settings") == 2


def test_one_that_is_soon_guessed_is_not_kept(house: Terminal) -> None:
    house.environment["APPLIANCE_BACKUP_PASSPHRASE"] = "short"

    refused = house.type("backup", "--keep-passphrase")

    assert refused.exit_code == 1
    assert "at least 12" in refused.stderr
    assert options.read(house.database, Routine).passphrase == ""
