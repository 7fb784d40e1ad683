"""What installer/install.sh promises: installed once, unchanged twice, removed as asked for."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.installer.conftest import CHECKOUT, Miniature

SETTINGS = """
import tomllib
class BadSettings(ValueError): ...
def load(environment, file):
    for name in tomllib.loads(file.read_text()):
        if name not in ("port", "language", "public_url", "data_dir"):
            raise BadSettings(f"{file}: Object contains unknown field `{name}`")
"""
ANSWERS = 'language = "en"\nport = 8099\n'


class Server:
    """A miniature of the program, and a root under which it is installed."""

    def __init__(self, house: Miniature) -> None:
        self.house = house
        self.root = house.root.parent / "root"
        self.answers = house.root.parent / "answers.toml"
        self.answers.write_text(ANSWERS)

    def run(
        self, *arguments: str, typed: str = "", by: Path | None = None
    ) -> "subprocess.CompletedProcess[str]":
        program = by or self.house.root
        return subprocess.run(
            [program / "installer" / "install.sh", *arguments, "--root", self.root],
            env=self.house.environment, input=typed, capture_output=True, text=True,
            timeout=300, cwd="/",
        )  # fmt: skip

    def install(self) -> "subprocess.CompletedProcess[str]":
        return self.run("--config", str(self.answers))

    def file(self, path: str) -> Path:
        return self.root / path

    def tree(self) -> dict[str, tuple[int, str]]:
        """Each file under the root with its mode and content."""
        return {
            str(file): (
                file.lstat().st_mode,
                hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "",
            )
            for file in sorted(self.root.rglob("*"))
            if "__pycache__" not in file.parts
        }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server on which Balcão was installed."""
    made = Server(Miniature(tmp_path_factory.mktemp("server") / "checkout"))
    program = made.house.root
    for name in (
        "installer/install.sh", "installer/releases.sh", "installer/balcao.service",
        "appliance/preflight.py",
    ):  # fmt: skip
        shutil.copy2(CHECKOUT / name, program / name)
    shutil.copytree(CHECKOUT / "appliance" / "sentences", program / "appliance" / "sentences")
    (program / "appliance" / "settings.py").write_text(SETTINGS)
    (program / "appliance" / "__init__.py").write_text('__version__ = "0.8.0"\n')
    (made.root / "etc").mkdir(parents=True)
    for name, line in (("passwd", "root:x:0:0::/root:/bin/sh"), ("group", "root:x:0:")):
        (made.root / "etc" / name).write_text(line + "\n")
    outcome = made.install()
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return made


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


@pytest.mark.guarantee("INS-02")
def test_everything_lies_where_it_belongs(server: Server) -> None:
    unit = server.file("etc/systemd/system/balcao.service")
    settings = server.file("etc/balcao/appliance.toml")

    assert unit.read_text() == (CHECKOUT / "installer" / "balcao.service").read_text()
    assert 'data_dir = "/var/lib/appliance"\n' in settings.read_text()
    assert settings.read_text().endswith(ANSWERS)
    assert [mode(one) for one in (unit, settings, settings.parent)] == [0o644, 0o640, 0o750]
    assert mode(server.file("var/lib/appliance")) == 0o700
    assert "/var/lib/appliance:/usr/sbin/nologin" in server.file("etc/passwd").read_text()
    assert server.file("opt/balcao/current/.venv/bin/appliance").exists()
    assert mode(server.file("usr/local/bin/appliance")) == 0o755


@pytest.mark.guarantee("INS-02")
def test_the_data_is_the_services_and_the_program_is_not(server: Server) -> None:
    people = server.file("etc/passwd").read_text().splitlines()
    line = next(one for one in people if one.startswith("balcao:"))
    # Only root gives files away; an installation under --root may be laid out by anybody.
    service = int(line.split(":")[2]) if os.geteuid() == 0 else os.geteuid()

    assert server.file("var/lib/appliance").stat().st_uid == service
    assert server.file("opt/balcao/current/appliance").stat().st_uid == os.geteuid()
    assert server.file("etc/balcao/appliance.toml").stat().st_uid == os.geteuid()


@pytest.mark.guarantee("INS-02")
def test_a_second_run_changes_nothing_and_says_so(server: Server) -> None:
    before = server.tree()

    outcome = server.install()

    assert outcome.returncode == 0, outcome.stderr
    assert "now:" not in outcome.stdout
    assert outcome.stdout.splitlines()[-1] == "Nothing to do: everything is as it should be."
    assert server.tree() == before


@pytest.mark.guarantee("INS-02")
def test_other_answers_change_the_settings_and_nothing_else(server: Server) -> None:
    before = server.tree()
    server.answers.write_text(ANSWERS + 'public_url = "https://balcao.example"\n')

    outcome = server.install()

    settings = str(server.file("etc/balcao/appliance.toml"))
    assert [line for line in outcome.stdout.splitlines() if "now:" in line] == [
        f"  now:     {settings}"
    ]
    assert outcome.stdout.splitlines()[-1] == "Installed."  # after the start; else "Nothing to do"
    changed = {name for name, state in server.tree().items() if before[name] != state}
    assert changed == {settings}
    server.answers.write_text(ANSWERS)
    assert server.install().returncode == 0


@pytest.mark.guarantee("INS-02")
@pytest.mark.parametrize(
    ("answers", "reason"),
    [("pord = 1\n", "unknown field `pord`"), ("port = \n", "is no TOML")],
)
def test_answers_that_are_none_are_refused_and_nothing_changes(
    server: Server, answers: str, reason: str
) -> None:
    before = server.tree()
    server.answers.write_text(answers)

    outcome = server.install()

    server.answers.write_text(ANSWERS)
    assert outcome.returncode == 2
    assert reason in outcome.stderr
    assert server.tree() == before


@pytest.mark.guarantee("INS-03")
def test_a_deficit_stops_it_before_anything_is_changed(server: Server) -> None:
    before = server.tree()
    preflight = server.house.root / "appliance" / "preflight.py"
    real = preflight.read_text()
    preflight.write_text(real.replace('"data": 2_000', '"data": 2_000_000_000'))

    outcome = server.install()

    preflight.write_text(real)
    assert outcome.returncode == 3
    assert "2000000000 MB are needed" in outcome.stdout
    assert "Balcão was not installed" in outcome.stderr
    assert server.tree() == before


def test_wrong_usage_says_how_it_is_used(server: Server) -> None:
    for wrong in (["--confg", "x"], ["--config"], ["remove"]):
        outcome = subprocess.run(
            [server.house.root / "installer" / "install.sh", *wrong],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (outcome.returncode, outcome.stderr[:6]) == (2, "usage:")


@pytest.mark.guarantee("INS-13")
def test_removing_keeps_the_data_and_purging_asks(server: Server) -> None:
    document = server.file("var/lib/appliance/appliance.db")
    document.write_text("everything")

    removed = server.run("uninstall", by=server.file("opt/balcao/current"))

    assert removed.returncode == 0, removed.stderr
    assert "Kept: " in removed.stdout
    assert "install.sh of the checkout or bundle that it came from, with purge" in removed.stdout
    gone = ("opt/balcao", "etc/systemd/system/balcao.service", "usr/local/bin/appliance")
    assert [name for name in gone if server.file(name).exists()] == []
    assert document.read_text() == "everything"
    assert server.file("etc/balcao/appliance.toml").exists()

    unsure = server.run("purge", typed="yes\n")
    assert unsure.returncode == 4
    assert document.exists()

    sure = server.run("purge", typed="erase\n")
    assert sure.returncode == 0, sure.stderr
    assert not document.parent.exists()
    assert not server.file("etc/balcao").exists()
    assert "balcao" not in server.file("etc/passwd").read_text()
    assert "Not removed" not in sure.stdout
    assert server.run("purge", "--yes").returncode == 0  # there is nothing left, which is well


def test_a_purge_does_not_claim_what_lies_elsewhere(server: Server) -> None:
    settings = server.file("etc/balcao/appliance.toml")
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('data_dir = "/srv/balcao"  # a larger disk\n')

    sure = server.run("purge", "--yes")

    assert sure.returncode == 0, sure.stderr
    assert "Not removed: /srv/balcao, where the settings had the data." in sure.stdout
