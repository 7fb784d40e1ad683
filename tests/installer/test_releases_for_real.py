"""The upgrade and the way back with the program itself: its server, its schema, its data."""

import os
import re
import shutil
import sqlite3
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import __version__
from appliance.database import known_steps
from tests.installer.conftest import CHECKOUT
from tests.installer.releases import Server, free_port, lay_out

NEXT = "9.9.0"
STEP = f"{int(known_steps()[-1][:4]) + 1:04}_next.sql"
PERSON = ("--name", "Ana", "--email", "ana@escola.example", "--password-stdin")


def release(folder: Path, *, version: str = __version__, sql: str = "") -> Path:
    """A checkout of this program, or of one to come that brings a step of the schema."""
    lay_out(folder, sys.executable)
    for part in ("appliance", "static", "models"):
        unwanted = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(CHECKOUT / part, folder / part, ignore=unwanted)
    house = folder / "appliance" / "__init__.py"
    house.write_text(house.read_text("utf-8").replace(__version__, version))
    if sql:
        (folder / "appliance" / "schema" / STEP).write_text(sql)
    return folder


class House(Server):
    """A server with this program."""

    scheme = "http"

    def type(self, *words: str | Path, typed: str = "") -> str:
        """A command of the release that is current, as an administrator types it."""
        done = subprocess.run(
            [self.program / "current" / ".venv" / "bin" / "appliance", *words],
            input=typed, capture_output=True, text=True, timeout=120, cwd="/",
            env=self.environment | {
                "APPLIANCE_CONFIG": str(self.root / "etc" / "balcao" / "appliance.toml"),
                "APPLIANCE_DATA_DIR": str(self.data),
            },
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        db = sqlite3.connect(self.data / "appliance.db", isolation_level=None)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def add_file(self, name: str, text: str) -> None:
        file = self.root.parent / name
        file.write_text(text)
        self.type("ingest", file, "--collection", "Normas", "--no-wait")

    def titles(self) -> list[str]:
        found = self.rows("select file_name from documents order by file_name")
        return [str(name) for (name,) in found]

    def version(self) -> str:
        """What the running server says that it is, to a monitoring system."""
        address = f"{self.scheme}://127.0.0.1:{self.port}/metrics"
        unknown = ssl._create_unverified_context()
        with urllib.request.urlopen(address, timeout=30, context=unknown) as page:
            found = re.search(r'version="([^"]+)"', page.read().decode())
        assert found
        return found[1]


@pytest.fixture(params=["http"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    """A server with this program, a person and a document."""
    made = House(tmp_path / "root", free_port(), PATH=os.environ["PATH"])
    made.scheme = request.param
    made.answer("tls = true\n" if made.scheme == "https" else "")
    outcome = made.install(release(tmp_path / "old"))
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    made.type("person", "create", *PERSON, typed="cavalo bateria grampo correto\n")
    made.rows("insert into collections (id, name, created_at) values ('c1', 'Normas', '2026')")
    made.add_file("prazo.txt", "A multa por atraso é de dois por cento.")
    yield made
    made.systemctl("stop")


@pytest.mark.guarantee("INS-08", "REL-18", "REL-19")
def test_program_and_data_go_up_and_back_together(house: House, tmp_path: Path) -> None:
    new = release(tmp_path / "new", version=NEXT, sql="create table next (id text primary key);\n")

    up = house.install(new)
    assert up.returncode == 0, up.stdout + up.stderr
    assert house.version() == NEXT
    assert house.rows("select * from next") == []
    assert (house.titles(), len(list((house.data / "snapshots").iterdir()))) == (["prazo.txt"], 1)
    house.add_file("recurso.txt", "O recurso cabe em cinco dias.")

    back = house.rollback()
    assert back.returncode == 0, back.stdout + back.stderr
    assert "1 document(s), 0 conversation(s) and 0 person(s)" in back.stdout
    assert house.version() == __version__
    assert house.titles() == ["prazo.txt"]
    assert "ana@escola.example" in house.type("person", "list")
    (lost,) = house.data.glob("rolled-back-*/documents/*/recurso.txt")
    assert lost.read_text() == "O recurso cabe em cinco dias."


@pytest.mark.guarantee("REL-18")
@pytest.mark.parametrize("house", ["https"], indirect=True)
def test_a_release_that_would_lose_something_gives_way(house: House, tmp_path: Path) -> None:
    losing = release(tmp_path / "losing", version=NEXT, sql="delete from people;\n")

    outcome = house.install(losing)

    assert outcome.returncode == 1
    assert "people: 1 -> 0" in outcome.stdout
    assert f"{__version__}-" in outcome.stderr
    assert house.version() == __version__
    assert "ana@escola.example" in house.type("person", "list")
