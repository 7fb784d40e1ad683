"""What a copy of the disk gives away: no default, no weak key, no door left ajar (SEC-41)."""

import os
import stat
from pathlib import Path

import msgspec
import pytest

from appliance import app
from appliance.errors import Unavailable
from appliance.settings import Settings
from appliance.signin import setup_code
from tests.fakes import WordEmbedder
from tests.house import House

pytestmark = pytest.mark.guarantee("SEC-41")


def test_two_fresh_installations_share_no_secret(settings: Settings, tmp_path: Path) -> None:
    keys, codes = set(), set()
    for name in ("one", "other"):
        house = msgspec.structs.replace(settings, data_dir=str(tmp_path / name))
        parts = app.build(house, embedder=WordEmbedder())
        keys.add(parts.vault.file.read_text())
        codes.add(setup_code.prepare(parts.database, house.data))
        parts.close()

    assert (len(keys), len(codes)) == (2, 2)
    assert all(len(bytes.fromhex(key.strip())) * 8 >= 256 for key in keys)


def test_nobody_else_on_the_machine_reads_the_data(settings: Settings) -> None:
    with House(settings, embedder=WordEmbedder()) as house:
        setup_code.prepare(house.parts.database, settings.data)
        open_to_others = [
            str(path.relative_to(settings.data))
            for path in [settings.data, *settings.data.rglob("*")]
            if stat.S_ISREG(path.stat().st_mode) and path.stat().st_mode & 0o077
        ]
        folders = [settings.data, settings.data / "secrets"]

        assert [one for one in folders if one.stat().st_mode & 0o077] == []
        assert [one for one in open_to_others if one.startswith(("secrets", "appliance.db"))] == []


def test_no_secret_stands_in_the_environment(settings: Settings) -> None:
    with House(settings, embedder=WordEmbedder()) as house:
        key = house.parts.vault.file.read_text().strip()

        assert key not in "".join(os.environ.values())


def test_with_a_damaged_key_the_house_does_not_open(settings: Settings) -> None:
    (settings.data / "secrets").mkdir(parents=True)
    (settings.data / "secrets" / "master.key").write_text("0123")

    with pytest.raises(Unavailable) as refused:
        app.build(settings, embedder=WordEmbedder())

    assert refused.value.code == "master_key_damaged"


def test_there_is_no_account_that_nobody_made(settings: Settings) -> None:
    parts = app.build(settings, embedder=WordEmbedder())

    assert parts.database.rows("select * from people") == []
    assert parts.database.rows("select * from keys") == []
    parts.close()
