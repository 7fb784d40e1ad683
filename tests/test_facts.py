"""What is true of an installation is kept by name."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import facts
from appliance.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "appliance.db")
    opened.migrate()
    yield opened
    opened.close()


def test_a_fact_that_was_never_set_is_none(database: Database) -> None:
    assert facts.get(database, "organization") is None


def test_a_fact_is_remembered(database: Database) -> None:
    with database.write() as writer:
        facts.put(writer, "organization", "Condomínio Aurora")

    assert facts.get(database, "organization") == "Condomínio Aurora"


def test_setting_a_fact_again_replaces_it(database: Database) -> None:
    with database.write() as writer:
        facts.put(writer, "organization", "Aurora")
        facts.put(writer, "organization", "Crepúsculo")

    assert facts.get(database, "organization") == "Crepúsculo"


def test_a_removed_fact_is_gone_and_can_be_removed_twice(database: Database) -> None:
    with database.write() as writer:
        facts.put(writer, "organization", "Aurora")
        facts.remove(writer, "organization")
        facts.remove(writer, "organization")

    assert facts.get(database, "organization") is None


def test_a_fact_set_in_a_transaction_that_fails_was_never_set(database: Database) -> None:
    with contextlib.suppress(ZeroDivisionError), database.write() as writer:
        facts.put(writer, "organization", "Aurora")
        _ = 1 / 0

    assert facts.get(database, "organization") is None
