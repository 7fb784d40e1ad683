"""Golden questions prove a backup and an upgrade: what they found before, they find after."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from appliance import database as databases
from appliance import golden
from appliance.archive import expected, making, opening, snapshot, upgrading
from appliance.archive.contents import Expected, Manifest
from appliance.database import Database
from appliance.errors import Unavailable, Unreadable, sentence
from appliance.golden import Wanted
from appliance.settings import Settings
from tests.archive.conftest import PASSPHRASE
from tests.house import House

FINE = "Quando a escola fecha?"
RED = "Quanto custa o estacionamento?"
Opened = tuple[Path, Manifest]


@pytest.fixture
def examined(library: House) -> House:
    """A library with a golden question that finds its document, one that is red already, one
    that expects a page which there is not, and one that must be refused."""
    (assistant,) = library.client.get("/api/assistants").json()["items"]
    with library.parts.database.write() as db:
        for wanted in (
            Wanted(question=FINE, document="feriados.md", phrases=("Natal",)),
            Wanted(question=RED, document="estacionamento.pdf"),
            Wanted(question="Quando é o Carnaval?", document="feriados.md", page=99),
            Wanted(question="Quem ganhou a copa?", must_refuse=True),
        ):
            golden.add(db, assistant["id"], wanted)
    return library


@pytest.fixture
def opened(examined: House, settings: Settings, tmp_path: Path) -> Opened:
    """Its backup, unpacked."""
    made = making.make(settings, PASSPHRASE, tmp_path / "one.balcao")
    folder = tmp_path / "open"
    folder.mkdir()
    return folder, opening.unpack(Path(made.file), PASSPHRASE, folder)


def lose(folder: Path) -> None:
    """The document is there, but nothing finds it."""
    database = Database(folder / "appliance.db")
    with database.write() as db:
        db.run("update documents set state = 'failed' where file_name = 'feriados.md'")
    database.close()


@pytest.mark.guarantee("REL-21")
def test_a_question_that_was_red_before_does_not_stop_a_backup(opened: Opened) -> None:
    folder, manifest = opened

    opening.prove(folder, manifest)

    assert manifest.golden is not None
    assert [one.question for one in manifest.golden] == [FINE]


@pytest.mark.guarantee("REL-21")
def test_a_copy_that_lost_a_document_is_told_by_its_question(opened: Opened) -> None:
    folder, manifest = opened
    lose(folder)

    with pytest.raises(Unreadable) as refusal:
        opening.prove(folder, manifest)

    assert refusal.value.code == "backup_golden_lost"
    told = sentence(refusal.value.code, refusal.value.facts, "en")
    assert "1 of 1 golden question(s)" in told
    assert f"“{FINE}”" in told


def test_a_backup_of_before_says_that_they_were_not_asked(opened: Opened) -> None:
    folder, manifest = opened
    older = {name: value for name, value in msgspec.to_builtins(manifest).items()
             if name != "golden"}  # fmt: skip

    read = msgspec.convert(older, Manifest)

    assert read.golden is None
    opening.prove(folder, read)


Step = Callable[[str], None]


@pytest.fixture
def next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Step:
    """Be a program whose schema has one more step."""

    def become(sql: str) -> None:
        schema = shutil.copytree(databases._schema(), tmp_path / "schema")
        (schema / "9999_next.sql").write_text(sql, "utf-8")
        monkeypatch.setattr(databases, "_schema", lambda: schema)

    return become


@pytest.fixture
def older(examined: House, settings: Settings, tmp_path: Path) -> Path:
    """The data of a house that nobody has open."""
    snapshot.copy(settings.data / "appliance.db", tmp_path / "older" / "appliance.db")
    return tmp_path / "older"


@pytest.mark.guarantee("REL-18")
def test_a_step_after_which_a_question_finds_nothing_is_not_put_in_place(
    older: Path, next_step: Step
) -> None:
    next_step("update documents set state = 'failed' where file_name = 'feriados.md';")

    with pytest.raises(Unavailable) as refusal:
        upgrading.upgrade(older)

    assert refusal.value.code == "upgrade_golden_lost"
    assert refusal.value.facts == {"count": 1, "questions": f"“{FINE}”"}
    assert upgrading.pending(older) == ("9999_next",)


@pytest.mark.guarantee("REL-18")
def test_an_upgrade_goes_by_what_was_found_before(older: Path, next_step: Step) -> None:
    next_step("update documents set title = title || '.';")

    assert upgrading.upgrade(older)
    assert upgrading.pending(older) == ()


def test_they_are_bounded_and_spread_over_the_assistants(
    examined: House, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = examined.parts.database
    (collection,) = [one["id"] for one in examined.client.get("/api/collections").json()["items"]]
    other = examined.client.post(
        "/api/assistants", json={"name": "Segunda", "collections": [collection]}
    ).json()
    with database.write() as db:
        golden.add(db, other["id"], Wanted(question="Natal?", document="feriados.md"))
    monkeypatch.setattr(expected, "MOST", 2)

    most = expected.taken(database, settings.data)
    monkeypatch.setattr(expected, "SECONDS", 0.0)

    assert [one.question for one in most or ()] == [FINE, "Natal?"]
    assert expected.taken(database, settings.data) == ()


def test_a_sentence_names_a_few_of_many() -> None:
    one = Expected(
        assistant="a", question="Qual?", document="d", page=None, collections=(), as_of=""
    )

    assert expected.named([one] * 2) == "“Qual?”, “Qual?”"
    assert expected.named([one] * 9).endswith("“Qual?”, …")
