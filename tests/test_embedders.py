"""The embedders in the tables: one in force, one that comes, and those that leave."""

import sqlite3

import msgspec
import pytest

from appliance.chunks import Chunks
from appliance.database import Database
from appliance.embedders import Embedders, Known
from appliance.segments import Segments
from tests.test_chunks import chunks, embedding, put
from tests.test_segments import root

__all__ = ["chunks"]  # the fixture

OLD = Known(stamp="model@1", name="model", dimensions=2)
NEW = Known(stamp="better@1", name="better", dimensions=2)
OTHER = Known(stamp="other@1", name="other", dimensions=2)


@pytest.fixture
def embedders(database: Database) -> Embedders:
    return Embedders(database)


def states(embedders: Embedders) -> tuple[Known | None, Known | None, list[Known]]:
    return embedders.in_force(), embedders.coming(), embedders.leaving()


def file(chunks: Chunks, known: Known, numbers: list[int]) -> None:
    """Put the vectors of these chunks into a file."""
    made = msgspec.structs.replace(root(chunks, known.name), stamp=known.stamp)
    Segments(chunks.database).publish(made, "aa", numbers)


def test_the_first_embedder_is_in_force_at_once(embedders: Embedders) -> None:
    assert states(embedders) == (None, None, [])

    embedders.settle(OLD)
    embedders.settle(OLD)

    assert states(embedders) == (OLD, None, [])


def test_another_one_comes_and_the_old_one_stays_in_force(embedders: Embedders) -> None:
    embedders.settle(OLD)
    embedders.settle(NEW)

    assert states(embedders) == (OLD, NEW, [])


def test_naming_the_old_one_again_takes_the_change_back(embedders: Embedders) -> None:
    for wanted in (OLD, NEW, OLD):
        embedders.settle(wanted)

    assert states(embedders) == (OLD, None, [NEW])


def test_one_that_leaves_can_come_again(embedders: Embedders) -> None:
    for wanted in (OLD, NEW, OTHER, NEW):
        embedders.settle(wanted)

    assert states(embedders) == (OLD, NEW, [OTHER])


def test_there_are_never_two_in_force(database: Database, embedders: Embedders) -> None:
    embedders.settle(OLD)
    embedders.settle(NEW)

    with pytest.raises(sqlite3.IntegrityError), database.write() as db:
        db.run("update embedders set state = 'in_force'")


def test_it_comes_in_force_when_no_chunk_lacks_its_vector(
    chunks: Chunks, embedders: Embedders
) -> None:
    embedders.settle(OLD)
    embedders.settle(NEW)
    one, two = put(chunks, "d1", "um", "dois")
    chunks.store(NEW.stamp, [embedding(one, 1, 0)])

    assert embedders.lacking(NEW.stamp, 0, 10) == [(two, "dois")]
    assert embedders.progress(NEW.stamp) == (1, 2)
    assert not embedders.enforce(NEW.stamp)

    chunks.store(NEW.stamp, [embedding(two, 1, 0)])
    assert not embedders.enforce(NEW.stamp)  # they are in no file yet, and nobody would find them

    file(chunks, NEW, [one, two])
    assert embedders.enforce(NEW.stamp)
    assert states(embedders) == (NEW, None, [OLD])


def test_a_chunk_that_came_while_it_was_looked_through_holds_it_up(
    chunks: Chunks, embedders: Embedders, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedders.settle(OLD)
    embedders.settle(NEW)
    lacking, looked = embedders.lacking, []

    def meanwhile(stamp: str, after: int, limit: int) -> list[tuple[int, str]]:
        found = lacking(stamp, after, limit)
        if not looked:
            looked.append(put(chunks, "d1", "veio agora"))
        return found

    monkeypatch.setattr(embedders, "lacking", meanwhile)

    assert not embedders.enforce(NEW.stamp)
    assert states(embedders) == (OLD, NEW, [])


def test_only_the_coming_one_can_come_in_force(embedders: Embedders) -> None:
    embedders.settle(OLD)
    embedders.settle(NEW)

    assert not embedders.enforce(OTHER.stamp)
    assert not embedders.enforce(OLD.stamp)
    assert embedders.in_force() == OLD


def test_chunks_that_lack_a_vector_are_listed_by_number(
    chunks: Chunks, embedders: Embedders
) -> None:
    one, two, three = put(chunks, "d1", "um", "dois", "três")
    chunks.store(NEW.stamp, [embedding(two, 1, 0)])

    assert embedders.lacking(NEW.stamp, 0, 10) == [(one, "um"), (three, "três")]
    assert embedders.lacking(NEW.stamp, 0, 1) == [(one, "um")]
    assert embedders.lacking(NEW.stamp, one, 10) == [(three, "três")]


def test_vectors_are_only_discarded_of_one_that_leaves(
    chunks: Chunks, embedders: Embedders
) -> None:
    numbers = put(chunks, "d1", "um", "dois", "três")
    chunks.store(OLD.stamp, [embedding(number, 1, 0) for number in numbers])
    Segments(chunks.database).publish(root(chunks, "s1", 2), "aa", numbers[:2])
    embedders.settle(OLD)
    assert embedders.discard(OLD.stamp, "s1", 10) == 0
    assert not embedders.forget(OLD.stamp)

    embedders.settle(NEW)
    chunks.store(NEW.stamp, [embedding(number, 1, 0) for number in numbers])
    file(chunks, NEW, numbers)
    assert embedders.enforce(NEW.stamp)

    assert embedders.files(OLD.stamp) == ["s1"]
    assert embedders.discard(OLD.stamp, "s1", 1) == 1
    assert embedders.discard(OLD.stamp, "s1", 10) == 1
    assert embedders.discard(OLD.stamp, None, 10) == 1
    assert embedders.discard(NEW.stamp, "better", 10) == 0
    embedders.forget_files(["s1"])
    assert embedders.files(OLD.stamp) == []
    assert embedders.forget(OLD.stamp)
    assert states(embedders) == (NEW, None, [])
    assert embedders.progress(NEW.stamp) == (3, 3)


def test_files_of_a_stamp_that_nobody_knows_are_to_be_removed(
    chunks: Chunks, embedders: Embedders
) -> None:
    embedders.settle(NEW)
    Segments(chunks.database).publish(root(chunks, "s1"), "aa")

    embedders.settle(NEW)

    assert [known.stamp for known in embedders.leaving()] == ["model@1"]


def test_a_house_from_before_this_table_has_its_embedder_in_force(
    chunks: Chunks, embedders: Embedders
) -> None:
    # As the migration does it, over files that were there before it.
    from appliance.database import _schema, _statements

    Segments(chunks.database).publish(root(chunks, "s1", 5), "aa")
    script = (_schema() / "0005_upkeep.sql").read_text("utf-8")
    (statement,) = [one for one in _statements(script) if "insert into embedders" in one]
    with chunks.database.write() as db:
        db.run(statement)

    assert embedders.in_force() == OLD
