"""The program is upgraded beside the one that runs, goes back by itself, and by one command."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installer.releases import Server, free_port, small_release

OLD, NEW, NEXT = "0.8.0", "0.9.0", "0.10.0"


class Makers:
    """The checkouts that servers are installed from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.old = small_release(folder / "old", OLD, schema=1)
        self.new = small_release(folder / "new", NEW, schema=2, knows="new_setting")
        self.next = small_release(folder / "next", NEXT, schema=3)

    def bad(self, how: str, version: str = NEW, schema: int = 2) -> Path:
        """A release that upgrades the data, and then does not serve."""
        place = self.folder / f"{how}-{version}"
        return place if place.exists() else small_release(place, version, schema=schema, how=how)


@pytest.fixture(scope="module")
def makers(tmp_path_factory: pytest.TempPathFactory) -> Makers:
    return Makers(tmp_path_factory.mktemp("makers"))


@pytest.fixture(scope="module")
def installed(makers: Makers, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server with the old release and a document, stopped; nobody changes it."""
    made = Server(tmp_path_factory.mktemp("server") / "root", free_port())
    outcome = made.install(makers.old)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert made.says() == OLD
    made.add("norms.pdf")
    made.systemctl("stop")
    return made


@pytest.fixture
def server(installed: Server, tmp_path: Path) -> Iterator[Server]:
    """A copy of that server, at work."""
    made = installed.copied(tmp_path / "root")
    made.systemctl("start")
    yield made
    made.systemctl("stop")


def ended(outcome: "subprocess.CompletedProcess[str]", status: int = 0) -> str:
    said = outcome.stdout + outcome.stderr
    assert outcome.returncode == status, said
    return said


@pytest.mark.guarantee("INS-08")
def test_installing_a_newer_release_is_the_upgrade_of_program_and_data(
    server: Server, makers: Makers
) -> None:
    said = ended(server.install(makers.new))

    assert f"Upgrading from {OLD}-" in said
    assert "install.sh rollback" in said.splitlines()[-1]
    assert (server.says(), server.current(), server.releases()) == (NEW, NEW, [OLD, NEW])
    assert server.has() == {"schema": 2, "has": ["norms.pdf"]}
    again = ended(server.install(makers.new))
    assert again.splitlines()[-1] == "Nothing to do: everything is as it should be."


@pytest.mark.guarantee("INS-08", "REL-19")
def test_one_command_puts_program_and_data_back_and_says_what_is_lost(
    server: Server, makers: Makers
) -> None:
    ended(server.install(makers.new))
    server.add("minutes.pdf")

    said = ended(server.rollback())

    assert "No longer in the data: 2 document(s)" in said
    assert (server.says(), server.current(), server.releases()) == (OLD, OLD, [OLD])
    assert server.has() == {"schema": 1, "has": ["norms.pdf"]}
    nothing = server.rollback()
    assert nothing.returncode == 2
    assert "there is no release before" in nothing.stderr
    assert server.says() == OLD


@pytest.mark.guarantee("REL-19")
def test_going_back_loses_nothing_where_the_data_was_not_changed(
    server: Server, makers: Makers, tmp_path: Path
) -> None:
    ended(server.install(small_release(tmp_path / "small", "0.8.1", schema=1)))
    server.add("minutes.pdf")

    said = ended(server.rollback())

    assert "nothing of it is lost" in said
    assert (server.says(), server.has()["has"]) == (OLD, ["norms.pdf", "minutes.pdf"])


@pytest.mark.guarantee("INS-08", "REL-18")
@pytest.mark.parametrize("how", ["dies", "silent", "loses"])
def test_a_release_that_does_not_get_ready_gives_way_to_the_former_one(
    server: Server, makers: Makers, how: str
) -> None:
    patience = {"BALCAO_READY_SECONDS": "15"} if how == "silent" else {}
    said = ended(server.install(makers.bad(how), **patience), 1)

    assert "is back, with its data and settings, and runs" in said
    assert f"{NEW}-" in said
    assert (server.says(), server.current(), server.releases()) == (OLD, OLD, [OLD])
    assert server.has() == {"schema": 1, "has": ["norms.pdf"]}


@pytest.mark.guarantee("REL-18")
def test_killed_at_any_step_of_the_upgrade_the_old_or_the_new_works_and_a_second_run_ends_it(
    installed: Server, makers: Makers, tmp_path: Path
) -> None:
    worked = set()
    for step in range(1, 40):
        server = installed.copied(tmp_path / f"root-{step}")
        killed = server.install(makers.new, BALCAO_CRASH_AT=str(step))
        if killed.returncode == 0:
            server.systemctl("stop")
            break
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        server.systemctl("restart")  # as after a power cut
        worked.add(server.says())
        assert server.has()["has"] == ["norms.pdf"]
        ended(server.install(makers.new))
        assert (server.says(), server.releases()) == (NEW, [OLD, NEW])
        assert server.has() == {"schema": 2, "has": ["norms.pdf"]}
        server.systemctl("stop")
        shutil.rmtree(server.root)
    assert (killed.returncode, step > 9, worked) == (0, True, {OLD, NEW})


@pytest.mark.guarantee("REL-18")
def test_killed_at_any_step_of_the_way_back_the_old_or_the_new_works(
    installed: Server, makers: Makers, tmp_path: Path
) -> None:
    upgraded = installed.copied(tmp_path / "upgraded")
    upgraded.answer("new_setting = 1\n")  # which the old program would refuse
    ended(upgraded.install(makers.new))
    upgraded.systemctl("stop")
    worked = set()
    for step in range(1, 40):
        server = upgraded.copied(tmp_path / f"root-{step}")
        killed = server.rollback(BALCAO_CRASH_AT=str(step))
        if killed.returncode == 0:
            server.systemctl("stop")
            break
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        server.systemctl("restart")
        worked.add(works := server.says())
        assert works == server.current()
        if works == NEW:
            ended(server.rollback())
        assert server.says() == OLD
        assert server.has() == {"schema": 1, "has": ["norms.pdf"]}
        server.systemctl("stop")
        shutil.rmtree(server.root)
    assert (killed.returncode, step > 3, worked) == (0, True, {OLD, NEW})


@pytest.mark.guarantee("INS-08")
def test_two_releases_are_kept(server: Server, makers: Makers) -> None:
    for checkout in (makers.new, makers.next):
        ended(server.install(checkout))

    assert (server.says(), server.releases()) == (NEXT, [NEXT, NEW])
    assert not list(server.program.glob(".gone*"))
    ended(server.rollback())
    assert (server.says(), server.has()["schema"]) == (NEW, 2)


@pytest.mark.guarantee("INS-08")
def test_an_older_release_is_refused_and_told_the_way_back(server: Server, makers: Makers) -> None:
    ended(server.install(makers.new))

    said = ended(server.install(makers.old), 2)

    assert f"this is version {OLD}, and {NEW} is installed" in said
    assert "current/installer/install.sh rollback" in said
    assert server.says() == NEW


@pytest.mark.guarantee("REL-18")
def test_data_that_a_release_does_not_know_is_refused_before_the_service_is_stopped(
    server: Server, makers: Makers, tmp_path: Path
) -> None:
    behind = small_release(tmp_path / "behind", "0.8.5", schema=0)

    said = ended(server.install(behind), 3)

    assert "newer version" in said
    assert "Nothing was changed; 0.8.0 goes on" in said
    assert (server.says(), server.current()) == (OLD, OLD)


@pytest.mark.guarantee("REL-19")
def test_settings_that_only_the_new_release_knows_go_back_with_it(
    server: Server, makers: Makers
) -> None:
    settings = server.root / "etc" / "balcao" / "appliance.toml"
    before = settings.read_text()
    theirs = settings.with_name("appliance.toml.bak")
    theirs.write_text("somebody's own")
    server.answer("new_setting = 1\n")
    ended(server.install(makers.new))
    assert "new_setting" in settings.read_text()
    ended(server.install(makers.bad("dies", NEXT, 3)), 2)  # its answers are none of its settings
    server.answer()
    ended(server.install(makers.bad("dies", NEXT, 3)), 1)
    assert "new_setting" in settings.read_text()

    ended(server.rollback())

    assert settings.read_text() == before
    assert {one.name for one in settings.parent.iterdir()} == {settings.name, theirs.name}
    assert server.says() == OLD


@pytest.mark.guarantee("REL-18")
def test_a_terminal_that_is_closed_does_not_leave_the_service_stopped(
    server: Server, makers: Makers
) -> None:
    """From the moment that the service stops, neither a hang-up nor an end of output counts."""
    told = makers.folder / "hangs-up"
    told.write_text(
        f'#!/bin/sh\n[ "$1" != stop ] || kill -HUP $PPID\n'
        f'exec {server.environment["BALCAO_SYSTEMCTL"]} "$@"\n'
    )
    told.chmod(0o755)

    ended(server.install(makers.new, BALCAO_SYSTEMCTL=str(told)))

    assert server.says() == NEW


def test_two_at_once_are_one_after_the_other(server: Server, makers: Makers) -> None:
    with subprocess.Popen(
        ["flock", server.program / ".lock", "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        holder.stdin.write(b"held\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == b"held\n"
        said = ended(server.install(makers.new), 1)
        holder.stdin.close()

    assert "another installation is at work" in said
    assert server.says() == OLD


def test_what_was_laid_out_before_the_first_release_is_named(
    installed: Server, makers: Makers, tmp_path: Path
) -> None:
    server = Server(tmp_path / "root", installed.port)
    (server.program / ".venv").mkdir(parents=True)

    said = ended(server.install(makers.old), 3)

    assert "installer/install.sh uninstall" in said
    ended(server.run(makers.old, "uninstall"))
    ended(server.run(makers.old, "--config", str(server.answers), BALCAO_READY_SECONDS="30"))
    server.systemctl("stop")
