"""A file from another server: whole in the end, however often the line is cut."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.errors import NoSpace, TooLarge, Unavailable, Unreadable
from appliance.jobs.download import RESTS, Download, note_file
from appliance.net import Gate
from tests.hosting import Site, site

DATA = bytes(number % 251 for number in range(300_000))


@pytest.fixture
def host() -> Iterator[Site]:
    with site() as opened:
        opened.files["/m"] = DATA
        yield opened


@pytest.fixture
def fetch(host: Site, tmp_path: Path) -> Callable[..., Download]:
    """A download of the file that rests for no time; what it was told is in ``rests``."""

    def begun(path: str = "/m", **given: Any) -> Download:
        given = {"pause": lambda _: None, "fits": lambda _: None, "told": lambda *_: None} | given
        limit = given.pop("limit", 10_000_000)
        out = Gate(
            purpose="pull", opened=frozenset({host.origin}), limit=limit, record=lambda *_: None
        )
        return Download(out, host.origin + path, tmp_path / "part", **given)

    return begun


def part(download: Download) -> bytes:
    return download.part.read_bytes()


def test_a_file_comes_whole(fetch, host) -> None:
    download = fetch()

    note = download.run()

    assert part(download) == DATA
    assert (note.done, note.total) == (len(DATA), len(DATA))


def test_progress_is_told_in_bytes(fetch) -> None:
    told: list[tuple[int, int]] = []

    fetch(told=lambda *bytes_: told.append(bytes_)).run()

    assert told[-1] == (len(DATA), len(DATA))
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_cut_connection_is_continued_where_it_broke(fetch, host) -> None:
    host.cuts, host.cut_after = 2, 100_000
    download = fetch()

    download.run()

    assert part(download) == DATA
    assert host.parts_asked == [None, "bytes=100000-", "bytes=200000-"]
    assert [headers.get("if-range") for _, headers in host.asked] == [None, '"one"', '"one"']


def test_a_server_that_gives_no_parts_begins_anew(fetch, host) -> None:
    host.cuts, host.cut_after, host.ranges = 1, 100_000, False
    download = fetch()

    download.run()

    assert part(download) == DATA


def test_a_server_that_gives_no_parts_and_always_cuts_is_given_up(fetch, host) -> None:
    host.cuts, host.cut_after, host.ranges = 1000, 100_000, False

    with pytest.raises(Unavailable):
        fetch().run()
    assert len(host.asked) == len(RESTS) + 1


def test_a_file_that_changed_meanwhile_begins_anew(fetch, host) -> None:
    host.cuts, host.cut_after = 1, 100_000
    other = bytes(reversed(DATA))

    def change(_: float) -> None:
        host.files["/m"], host.tag = other, '"two"'

    download = fetch(pause=change)
    download.run()

    assert part(download) == other
    assert host.parts_asked == [None, "bytes=100000-"]


def test_a_part_of_another_version_is_not_appended(fetch, host) -> None:
    """Even by a server that forgets to look at If-Range."""
    host.cuts, host.cut_after = 1, 100_000
    other = bytes(reversed(DATA))

    def change(_: float) -> None:
        if host.tag == '"one"':
            host.files["/m"], host.tag = other, '"two"'
            host.RequestHandlerClass = careless(host.RequestHandlerClass)

    download = fetch(pause=change)
    download.run()

    assert part(download) == other


def careless(handler: Any) -> Any:
    class Careless(handler):  # type: ignore[misc]
        def _start(self, headers: dict[str, str]) -> int:
            return super()._start({"range": headers.get("range", "")})

    return Careless


def test_without_a_version_nothing_is_continued(fetch, host) -> None:
    host.cuts, host.cut_after, host.tag = 1, 100_000, 'W/"weak"'
    download = fetch()

    download.run()

    assert part(download) == DATA
    assert host.parts_asked == [None, None]


def test_the_next_run_goes_on_from_what_is_there(fetch, host) -> None:
    def stop(done: int, total: int) -> None:
        if done > 150_000:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fetch(told=stop).run()
    kept = len(part(fetch()))
    download = fetch()
    download.run()

    assert kept > 150_000
    assert part(download) == DATA
    assert host.parts_asked == [None, f"bytes={kept}-"]


def test_what_was_not_surely_on_the_disk_is_asked_for_again(fetch, host) -> None:
    """As after a power cut: the part is longer than its note says, the rest may be zeros."""
    host.cuts, host.cut_after = 1, 100_000
    with pytest.raises(InterruptedError):
        fetch(pause=interrupt).run()
    (download := fetch()).part.write_bytes(part(download) + bytes(50_000))

    fetch().run()

    assert part(download) == DATA


def interrupt(_: float) -> None:
    raise InterruptedError


@pytest.mark.parametrize("damage", ["shorter", "gone", "no note"])
def test_a_part_that_is_not_what_its_note_says_is_begun_anew(fetch, host, damage) -> None:
    host.cuts, host.cut_after = 1, 100_000
    with pytest.raises(InterruptedError):
        fetch(pause=interrupt).run()
    download = fetch()
    match damage:
        case "shorter":
            download.part.write_bytes(b"x")
        case "gone":
            download.part.unlink()
        case "no note":
            note_file(download.part).write_text("half a n")

    (again := fetch()).run()

    assert part(again) == DATA
    assert host.parts_asked == [None, None]


def test_a_whole_file_is_not_asked_for_again(fetch, host) -> None:
    fetch().run()
    fetch().run()

    assert len(host.asked) == 1


def test_a_busy_server_is_asked_again_after_ever_longer_rests(fetch, host) -> None:
    host.statuses = [503, 429, 500]
    rests: list[float] = []
    download = fetch(pause=rests.append)

    download.run()

    assert part(download) == DATA
    assert rests == list(RESTS[:3])


def test_a_server_that_stays_busy_is_given_up_with_a_sentence(fetch, host) -> None:
    host.statuses = [503] * 20

    with pytest.raises(Unavailable) as refused:
        fetch().run()

    assert refused.value.code == "source_busy"
    assert refused.value.facts["status"] == 503


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_server_that_refuses_is_asked_once(fetch, host, status) -> None:
    host.statuses = [status]

    with pytest.raises(Unreadable) as refused:
        fetch().run()

    assert refused.value.code == "source_refuses"
    assert len(host.asked) == 1


def test_a_server_that_is_not_there_is_given_up(fetch, host) -> None:
    host.shutdown()
    host.server_close()

    with pytest.raises(Unavailable) as refused:
        fetch().run()
    assert refused.value.code == "host_not_reached"


def test_the_disk_is_asked_before_anything_is_written(fetch) -> None:
    def full(size: int) -> None:
        assert size == len(DATA)
        raise NoSpace("no_space")

    download = fetch(fits=full)
    with pytest.raises(NoSpace):
        download.run()
    assert not download.part.exists()


def test_a_file_beyond_the_limit_is_refused_by_its_announced_size(fetch, host) -> None:
    with pytest.raises(TooLarge):
        fetch(limit=1000).run()


def test_an_empty_file_is_whole_at_once(fetch, host) -> None:
    host.files["/empty"] = b""
    download = fetch("/empty")

    download.run()

    assert part(download) == b""


def test_the_checksum_that_a_host_announces_when_it_sends_us_on_is_kept(fetch, host) -> None:
    host.redirects["/r"] = "/m"
    host.headers["X-Linked-Etag"] = f'"{"ab" * 32}"'

    assert fetch("/r").run().announced == "ab" * 32


def test_several_cuts_in_every_place_end_in_the_same_bytes(fetch, host, tmp_path) -> None:
    for place in itertools.islice(itertools.count(1, 37_777), 8):
        host.cuts, host.cut_after = 3, place
        (tmp_path / "part").unlink(missing_ok=True)
        download = fetch()
        download.run()
        assert part(download) == DATA
