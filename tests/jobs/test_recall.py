"""What a crawl remembers of the last one, and what it forgets."""

from pathlib import Path

import pytest

from appliance.index.reading.wire import Leads
from appliance.jobs.recall import Recall, Seen


def seen(**rest: str) -> Seen:
    told = {"etag": "", "modified": "", "media_type": "text/html", "changed": "1"} | rest
    return Seen(**told, leads=Leads(links=("/a",)))  # type: ignore[arg-type]


@pytest.fixture
def first(tmp_path: Path) -> Recall:
    memory = Recall(tmp_path, "s1")
    memory.now = {"a": seen(), "b": seen()}
    memory.keep(whole=True)
    return Recall(tmp_path, "s1")


def test_what_was_seen_is_remembered(first: Recall) -> None:
    assert first.was_there
    assert first.before == {"a": seen(), "b": seen()}


def test_each_source_has_a_memory_of_its_own(first: Recall, tmp_path: Path) -> None:
    assert not Recall(tmp_path, "s2").was_there
    assert Recall(tmp_path, "../../x").file.parent == tmp_path


def test_what_was_not_met_is_forgotten_after_a_whole_walk_alone(
    first: Recall, tmp_path: Path
) -> None:
    first.now = {"c": seen()}
    first.gone = {"b"}
    first.keep(whole=False)
    part = Recall(tmp_path, "s1")
    part.now = {"c": seen()}
    part.keep(whole=True)

    assert part.before.keys() == {"a", "c"}
    assert Recall(tmp_path, "s1").before.keys() == {"c"}


def test_a_page_that_failed_counts_as_it_was(first: Recall, tmp_path: Path) -> None:
    assert first.again("a") == seen()
    assert first.again("new") is None
    first.keep(whole=True)

    assert Recall(tmp_path, "s1").before.keys() == {"a"}
    assert first.unknown == set()  # nothing can lie behind a page that never was read


def test_without_a_memory_a_page_that_fails_is_unknown_until_it_is_read(tmp_path: Path) -> None:
    lost = Recall(tmp_path, "s1")
    lost.again("a")
    lost.now = {"b": seen()}
    assert lost.unknown == {"a"}
    lost.keep(whole=True)

    later = Recall(tmp_path, "s1")
    later.again("a")
    assert later.unknown == {"a"}
    later.keep(whole=True)

    read = Recall(tmp_path, "s1")
    read.now = {"a": seen()}
    read.keep(whole=False)
    last = Recall(tmp_path, "s1")
    last.again("c")
    assert last.unknown == set()


def test_what_was_remembered_of_a_source_that_was_removed_goes(
    first: Recall, tmp_path: Path
) -> None:
    for name in ("s2", "s3"):
        Recall(tmp_path, name).keep(whole=True)

    first.forget_others(lambda source: source == "s3")

    assert {file.stem for file in tmp_path.glob("*.json")} == {"s1", "s3"}


def test_a_condition_names_the_version_that_the_server_named() -> None:
    assert seen().condition == {}
    assert seen(etag='"1"').condition == {"If-None-Match": '"1"'}
    assert seen(modified="Mon, 02 Mar").condition == {"If-Modified-Since": "Mon, 02 Mar"}


def test_a_memory_that_cannot_be_read_is_none(first: Recall, tmp_path: Path) -> None:
    for damage in (b"", b"{", b"[]", b'{"pages": 3}'):
        first.file.write_bytes(damage)
        assert not Recall(tmp_path, "s1").was_there
