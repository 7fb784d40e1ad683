"""Sources that answer, that do not, and that answer with nothing (REL-23, its last part)."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from appliance import sources
from appliance.errors import Refusal, Unavailable, Unreadable
from appliance.jobs import folders, sync
from appliance.jobs.listing import Entry, FetchedFile, Gap, Known, Way
from appliance.records import Problem
from appliance.sources import Source, SourceOptions
from tests.jobs.office import Office, counts

NOT_THERE = Problem(code="source_file_went")


class Site:
    """A site of a few pages; ``pages`` maps addresses to texts, or to what is wrong there."""

    def __init__(self, count: int) -> None:
        self.pages: dict[str, str | Gap] = {
            f"https://escola.example/{n}": f"Página número {n} do site." for n in range(count)
        }
        self.away: Refusal | None = None
        self.asked: list[str] = []
        self.known: dict[str, Known | None] = {}

    def look(
        self,
        source: Source,
        *,
        known: Callable[[str], Known | None],
        check: Callable[[], None],
        scratch: Path,
    ) -> Iterator[Entry | Gap]:
        if self.away:
            raise self.away
        for address, found in self.pages.items():
            check()
            self.known[address] = known(address)
            (scratch / "seen").write_text(address)
            yield found if isinstance(found, Gap) else self.entry(address, found)

    def entry(self, address: str, text: str) -> Entry:
        digest = hashlib.sha256(text.encode()).hexdigest()

        def fetch(place: Path) -> FetchedFile:
            self.asked.append(address)
            place.write_text(text)
            return FetchedFile(
                file_name="pagina.txt", bytes=len(text.encode()), sha256=digest, title=text[:15]
            )

        return Entry(key=address, name=address, changed=f'"{digest[:8]}"', fetch=fetch)

    def lose(self, count: int, kind: Any = "gone") -> None:
        for address in list(self.pages)[:count]:
            self.pages[address] = Gap(key=address, problem=NOT_THERE, kind=kind)


@pytest.fixture
def site(office: Office) -> Site:
    """The office's source is a site of ten pages, which was read once."""
    site = Site(10)
    office.sync = office.syncing({"site": Way(allowed=str, look=site.look)})
    with office.database.write() as db:
        office.source = sources.add(
            db, collection=office.collection, kind="site", address="https://escola.example/",
            schedule="manual", options=SourceOptions(),
        )  # fmt: skip
    assert office.run().added == 10
    office.read()
    site.asked.clear()
    return site


def test_a_page_is_known_by_its_title_and_its_mark(office: Office, site: Site) -> None:
    assert {document.title for document in office.documents()} >= {"Página número 1"}

    office.run()

    assert site.asked == []  # the etag says that nothing changed
    known = site.known["https://escola.example/3"]
    assert known is not None
    assert known.changed is not None
    assert known.changed.startswith('"')


def test_nothing_of_a_run_is_left_behind(office: Office, site: Site) -> None:
    site.pages["https://escola.example/3"] = "Página que mudou."

    office.run()

    assert list((office.settings.data / "scratch").iterdir()) == []
    assert list((office.settings.data / "incoming").iterdir()) == []


@pytest.mark.guarantee("REL-23")
def test_a_site_that_does_not_answer_is_tried_again_and_keeps_its_pages(
    office: Office, site: Site
) -> None:
    office.clock = datetime.now(UTC)
    site.away = Unavailable("host_not_reached", origin="https://escola.example", reason="…")

    run = office.run()

    assert run.state == "running"
    assert run.problem is not None
    assert run.problem.code == "host_not_reached"
    assert office.job().state == "queued"
    assert len(office.documents()) == 10


@pytest.mark.guarantee("REL-23")
def test_a_site_that_is_back_is_read_by_the_run_that_waited(office: Office, site: Site) -> None:
    office.clock = datetime.now(UTC)
    site.away = Unavailable("host_not_reached", origin="https://escola.example", reason="…")
    office.run()
    site.away = None
    with office.database.write() as db:
        db.run("update jobs set not_before = created_at")

    run = office.work()

    assert (run.state, run.problem, counts(run)) == ("done", None, (0, 0, 0, 0, 10, 0))


def test_after_an_hour_of_silence_the_run_fails_and_the_next_one_will_try(
    office: Office, site: Site
) -> None:
    site.away = Unavailable("host_not_reached", origin="https://escola.example", reason="…")
    office.clock = datetime.now(UTC) + timedelta(hours=2)

    run = office.run()

    assert (run.state, office.job().state) == ("failed", "failed")
    assert len(office.documents()) == 10
    site.away = None
    assert office.run().state == "done"


@pytest.mark.guarantee("REL-23")
def test_a_site_without_a_page_removes_nothing(office: Office, site: Site) -> None:
    site.pages.clear()

    run = office.run()

    assert run.state == "held"
    assert run.problem is not None
    assert run.problem.code == "source_empty"
    assert len(office.documents()) == 10


@pytest.mark.guarantee("REL-23")
@pytest.mark.parametrize("kind", ["gone", "unseen"])
def test_a_site_of_which_most_pages_are_errors_removes_nothing(
    office: Office, site: Site, kind: str
) -> None:
    site.lose(6, kind)

    run = office.run()

    assert run.state == "held"
    assert run.problem is not None
    assert run.problem.code == "source_mostly_failed"
    assert len(office.documents()) == 10


def test_a_page_that_is_not_there_any_more_goes_and_one_that_failed_stays(
    office: Office, site: Site
) -> None:
    site.lose(1)
    site.pages["https://escola.example/9"] = Gap(
        key="https://escola.example/9", problem=Problem(code="source_not_read")
    )

    run = office.run()

    assert (run.state, counts(run)) == ("done", (0, 0, 1, 0, 8, 2))
    assert len(office.documents()) == 9


def test_a_page_that_moved_keeps_its_document_and_its_title(office: Office, site: Site) -> None:
    moved = site.pages.pop("https://escola.example/4")
    site.pages["https://escola.example/quatro"] = moved
    before = {document.id: document.title for document in office.documents()}

    run = office.run()

    assert counts(run) == (0, 0, 0, 1, 9, 0)
    assert {document.id: document.title for document in office.documents()} == before


def test_a_listing_that_breaks_in_the_middle_removes_nothing(office: Office, site: Site) -> None:
    class Broken(Site):
        def look(self, *wanted: Any, **how: Any) -> Iterator[Entry | Gap]:
            yield from list(site.look(*wanted, **how))[:3]
            raise RuntimeError("the crawler has a fault")

    office.sync = office.syncing({"site": Way(allowed=str, look=Broken(10).look)})

    office.run()

    assert office.job().state == "queued"  # it has two attempts left
    assert len(office.documents()) == 10
    assert office.last().removed == 0


def test_a_source_that_is_refused_as_a_whole_says_why(office: Office, site: Site) -> None:
    site.away = Unreadable("source_not_read", reason="TLS")

    run = office.run()

    assert run.state == "failed"
    assert run.problem == Problem(code="source_not_read", facts={"reason": "TLS"})


def test_a_file_that_cannot_be_opened_any_more_keeps_its_document(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.write("ata.txt", "Ata.", age=60)
    office.fill(3)
    office.run()
    office.write("ata.txt", "Ata que mudou.")

    def closed(root: Path, path: str, place: Path) -> FetchedFile:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(folders, "_fetch", closed)

    run = office.run()

    assert (run.state, counts(run)) == ("done", (0, 0, 0, 0, 3, 1))
    (line,) = office.log(run)
    assert line.problem == Problem(code="source_no_permission")
    assert "ata.txt" in office.names()


def test_a_kind_that_nobody_can_reach_here_fails_with_a_sentence(office: Office) -> None:
    office.sync = office.syncing({})

    run = office.run()

    assert run.state == "failed"
    assert run.problem == Problem(code="source_kind_unknown")


def test_a_full_disk_waits_and_loses_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.write("ata.txt", "Ata.")

    def full(root: Path, path: str, place: Path) -> FetchedFile:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(folders, "_fetch", full)
        assert office.run().state == "running"
        assert office.job().problem == Problem(code="disk_full")

    with office.database.write() as db:
        db.run("update jobs set not_before = created_at")
    assert counts(office.work()) == (1, 0, 0, 0, 0, 0)


def test_of_two_orders_at_the_same_moment_one_is_refused(office: Office) -> None:
    sync.order(office.database, office.queue, office.source)
    office.work()
    _, job = sync.order(office.database, office.queue, office.source)

    with pytest.raises(Refusal) as refusal:
        sync.order(office.database, office.queue, office.source)

    assert refusal.value.code == "source_already_running"
    assert office.job().id == job.id
