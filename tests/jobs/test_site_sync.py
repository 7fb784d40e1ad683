"""A site as a source: its pages become documents, and nothing is removed by a failure."""

import pytest

from appliance import sources, trash
from appliance.jobs import sync
from appliance.jobs.listing import Way
from appliance.sources import Source, SourceOptions
from appliance.sources.runs import Run
from tests.jobs.office import Office, counts
from tests.town import Reply, Town, Web


class Site:
    """An office that reads a site; ``run`` does a run of it as the worker would."""

    def __init__(self, office: Office, here: Town, web: Web) -> None:
        self.office = office
        self.here = here
        self.web = web
        crawler = here.crawler()
        way = Way(allowed=crawler.allowed, look=crawler.look)
        office.sync = office.syncing({"site": way, "page": way})
        with office.database.write() as db:
            self.source: Source = sources.add(
                db,
                collection=office.collection,
                kind="site",
                address="http://intranet.lan/",
                schedule="manual",
                options=SourceOptions(),
            )

    def fill(self, count: int) -> None:
        """A first page, and so many more that it leads to."""
        self.web.pages["/"] = "<h1>Capa</h1>" + "".join(
            f"<p><a href='/{number}'>Página {number}</a></p>" for number in range(count)
        )
        for number in range(count):
            self.web.pages[f"/{number}"] = f"<title>P{number}</title><p>Texto {number}.</p>"

    def run(self, *, dry_run: bool = False) -> Run:
        run = self.office.run(source=self.source, dry_run=dry_run)
        self.office.read()
        return run

    @property
    def titles(self) -> set[str]:
        return {document.title for document in self.office.documents()}


@pytest.fixture
def site(office: Office, here: Town, web: Web) -> Site:
    return Site(office, here, web)


def test_pages_become_documents_under_their_titles(site: Site) -> None:
    site.fill(2)
    site.web.pages["/1"] = "<title>Férias</title><p>Trinta dias.</p>"

    assert counts(site.run()) == (3, 0, 0, 0, 0, 0)
    assert site.titles == {"Capa", "P0", "Férias"}


def test_sec_13_a_title_is_text_whatever_it_looks_like(site: Site) -> None:
    hostile = "\"><img src=x onerror=fetch('/canary-xss')>"
    escaped = hostile.replace("<", "&lt;")
    site.web.pages["/"] = f"<title>{escaped}</title><p>x</p>"

    site.run()

    assert site.titles == {hostile}


def test_a_second_run_fetches_nothing_and_finds_nothing_to_do(site: Site) -> None:
    site.fill(3)
    site.run()
    before = len(site.web.asked)

    assert counts(site.run()) == (0, 0, 0, 0, 4, 0)
    assert len(site.web.asked) == 2 * before


def test_a_page_that_says_something_else_replaces_its_document(site: Site) -> None:
    site.fill(3)
    site.run()
    site.web.pages["/1"] = "<title>P1</title><p>Outro texto.</p>"
    site.web.pages["/2"] = "<title>P2</title><p>Texto 2.</p><footer>visto 3 vezes</footer>"

    assert counts(site.run()) == (0, 1, 0, 0, 3, 0)


def test_a_page_that_is_gone_goes_to_the_trash(site: Site) -> None:
    site.fill(5)
    site.run()
    del site.web.pages["/4"]

    run = site.run()

    assert (run.state, run.removed) == ("done", 1)
    assert "P4" not in site.titles
    (thrown,) = trash.of_collection(site.office.database, site.office.collection)
    assert thrown.title == "P4"


@pytest.mark.parametrize("status", [401, 403, 418, 500, 502, 504])
def test_a_page_that_fails_keeps_its_document(site: Site, status: int) -> None:
    site.fill(5)
    site.run()
    site.web.pages["/4"] = Reply(status=status)

    run = site.run()

    assert (run.state, run.removed) == ("done", 0)
    assert "P4" in site.titles


def test_what_lies_behind_a_page_that_fails_keeps_its_documents(site: Site) -> None:
    site.fill(2)
    site.web.pages["/1"] = "<title>P1</title><a href='/1/a'>x</a>"
    site.web.pages["/1/a"] = "<title>Atrás</title><p>x</p>"
    site.run()
    site.web.pages["/1"] = Reply(status=500)

    assert site.run().removed == 0
    assert {"P1", "Atrás"} <= site.titles


def test_a_budget_that_is_used_up_removes_nothing(site: Site) -> None:
    site.fill(6)
    site.run()
    with site.office.database.write() as db:
        sources.change(db, site.source.id, options=SourceOptions(pages=3))

    run = site.run()

    assert run.removed == 0
    assert "P5" in site.titles


def test_a_page_that_is_gone_goes_although_the_budget_left_others_out(site: Site) -> None:
    site.fill(9)
    site.run()
    with site.office.database.write() as db:
        sources.change(db, site.source.id, options=SourceOptions(pages=6))
    del site.web.pages["/2"]  # met within the budget
    del site.web.pages["/8"]  # not asked for any more

    run = site.run()

    assert (run.state, run.removed) == ("done", 1)
    assert "P2" not in site.titles
    assert {"P6", "P7", "P8"} <= site.titles


def test_rel_23_a_site_that_answers_mostly_404_removes_nothing_by_itself(site: Site) -> None:
    site.fill(10)
    site.run()
    for number in range(7):
        del site.web.pages[f"/{number}"]

    run = site.run()

    assert run.state == "held"
    assert len(site.titles) == 11


def test_rel_23_a_first_page_that_is_gone_removes_nothing_by_itself(site: Site) -> None:
    site.fill(3)
    site.run()
    site.web.pages.clear()

    run = site.run()

    assert run.state == "held"
    assert run.problem is not None
    assert run.problem.code == "site_page_gone"
    assert len(site.titles) == 4


def test_rel_23_a_site_that_is_down_is_tried_again_and_keeps_its_documents(site: Site) -> None:
    site.fill(3)
    site.run()
    site.here.names["intranet.lan"] = [["10.9.9.9"]]

    site.run()
    job = site.office.job()

    assert job.state == "queued"  # for later
    assert job.kind == sync.KIND
    assert len(site.titles) == 4


def test_a_site_that_sends_us_elsewhere_removes_nothing(site: Site) -> None:
    site.fill(3)
    site.run()
    site.web.pages["/"] = Reply(status=302, headers={"Location": "http://other.lan/"})

    site.run()

    assert len(site.titles) == 4
    assert site.here.connected.count("10.1.2.3") == len(site.here.connected)
