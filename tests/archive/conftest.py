"""A library worth a backup, and where its backups go."""

from pathlib import Path

import pytest

from appliance.archive import making
from appliance.backups import Backup
from appliance.settings import Settings
from tests.house import HANDBOOK, House

PASSPHRASE = "correct horse"


@pytest.fixture
def library(house: House) -> House:
    """A house with two documents, one of them in the trash, and a conversation."""
    assistant = house.assistant()
    (collection,) = assistant["collections"]
    house.upload(collection, HANDBOOK)
    house.upload(collection, "# Feriados\n\nA escola fecha no Carnaval e no Natal.", "feriados.md")
    house.ask(assistant["id"], "Quando os recibos devem ser entregues?")
    return house


@pytest.fixture
def made(library: House, settings: Settings, tmp_path: Path) -> Backup:
    """A backup of it."""
    return making.make(settings, PASSPHRASE, tmp_path / "one.balcao")


def contents_of(folder: Path) -> dict[str, bytes]:
    """Everything in a folder, to be compared."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
