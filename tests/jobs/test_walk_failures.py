"""What fails on a walk is unknown, not gone; what did not change is not sent again."""

from pathlib import Path

import pytest

from appliance.database import Database
from appliance.errors import Unavailable
from appliance.jobs import bounds, recall, visits, walk
from appliance.jobs.listing import Known, Missing
from tests.town import Reply, Town, Web, page


def held(*seen: walk.Entry) -> dict[str, Known]:
    """A library that has what a crawl gave."""
    return {entry.key: Known(changed=entry.changed, sha256="x") for entry in seen}


def memory(tmp_path: Path) -> Path:
    """The file in which the crawl's memory lies."""
    return recall.Recall(tmp_path / "data" / "crawls", "s1").file


# ------------------------------------------------------------------ what fails


def test_what_is_gone_is_told_from_what_fails(here: Town, web: Web) -> None:
    web.pages = {
        "/": page("/a", "/b", "/c", "/d"),
        "/b": Reply(status=410),
        "/c": Reply(status=500),
        "/d": Reply(status=403),
    }

    gaps = {gap.key.rpartition("/")[2]: gap for gap in here.crawl().gaps}

    assert {key: gap.kind for key, gap in gaps.items() if key} == {
        "a": "gone", "b": "gone", "c": "unseen", "d": "unseen",
    }  # fmt: skip
    assert gaps["c"].problem.facts["status"] == 500


def test_behind_a_page_that_fails_for_once_the_walk_goes_on(here: Town, web: Web) -> None:
    web.pages = {"/": page("/a"), "/a": page("/a/1"), "/a/1": page("/a/2"), "/a/2": page()}
    here.crawl()
    web.pages["/a"] = Reply(status=500)

    again = here.crawl()

    assert again.paths == ["/", "/a/1", "/a/2"]
    assert again.reasons == {"http://intranet.lan/a": "site_page_refused"}
    assert here.crawl().paths == ["/", "/a/1", "/a/2"]  # and the next time as well


def test_without_a_memory_a_failure_hides_what_lies_behind_it(
    here: Town, web: Web, tmp_path: Path
) -> None:
    web.pages = {"/": page("/a"), "/a": page("/a/1"), "/a/1": page()}
    library = held(*here.crawl().entries)
    memory(tmp_path).unlink()
    web.pages["/a"] = Reply(status=500)

    for _ in range(2):
        seen = here.crawl(known=library)
        assert seen.reasons[""] == "crawl_blind"  # a gap that covers everything
    web.pages["/a"] = page("/a/1")
    assert here.crawl(known=library).gaps == []


def test_a_page_that_never_could_be_read_hides_nothing(here: Town, web: Web) -> None:
    web.pages = {"/": page("/entrar"), "/entrar": Reply(status=403)}
    first = here.crawl()

    assert first.reasons == {"http://intranet.lan/entrar": "site_page_refused"}
    assert here.crawl(known=held(*first.entries)).reasons == first.reasons


def test_a_map_that_fails_for_once_leads_where_it_led(here: Town, web: Web) -> None:
    web.pages = {"/": page(), "/so": page()}
    web.pages["/sitemap.xml"] = "<urlset><url><loc>http://intranet.lan/so</loc></url></urlset>"
    assert here.crawl().paths == ["/", "/so"]
    web.pages["/sitemap.xml"] = Reply(status=500)

    assert here.crawl().paths == ["/", "/so"]


def test_a_first_page_that_is_gone_is_for_a_person_to_decide(here: Town, web: Web) -> None:
    with pytest.raises(Missing) as missed:
        here.crawl("http://intranet.lan/nada")

    assert missed.value.code == "site_page_gone"


def test_a_first_page_that_fails_is_tried_again_later(here: Town, web: Web) -> None:
    web.pages["/"] = Reply(status=502)

    with pytest.raises(Unavailable):
        here.crawl()


def test_rel_23_a_site_that_is_down_is_left_alone_and_nothing_follows(here: Town, web: Web) -> None:
    web.pages["/"] = page(*(f"/{n}" for n in range(20)))
    web.invent = lambda path: None if path.endswith((".xml", ".txt")) else Reply(status=503)

    with pytest.raises(Unavailable) as failed:
        here.crawl()

    assert failed.value.code == "site_not_answering"
    assert len({path for path in web.paths if path != "/"}) == visits.GIVEN_UP_AFTER
    here.names["intranet.lan"] = [["10.9.9.9"]]  # nobody is there
    with pytest.raises(Unavailable):
        here.crawl()


def test_a_page_that_cannot_be_parsed_is_a_gap(here: Town, web: Web) -> None:
    web.pages = {"/": page("/a"), "/a": Reply(body=bytes(range(256)) * 10)}

    assert here.crawl().reasons["http://intranet.lan/a"] == "type_mismatch"


# ------------------------------------------------------------------ the second time


def test_a_page_that_did_not_change_is_not_sent_again_and_leads_where_it_led(
    here: Town, web: Web
) -> None:
    web.pages["/"] = Reply(body=page("/a", title="Capa"), headers={"ETag": '"1"'})
    web.pages["/a"] = Reply(
        body=page(text="texto"), headers={"Last-Modified": "Mon, 02 Mar 2026 10:00:00 GMT"}
    )
    first = here.crawl()
    web.asked.clear()

    second = here.crawl(known=held(*first.entries))
    sent = dict(web.asked)

    assert second.keys == first.keys
    assert [one.changed for one in second.entries] == [one.changed for one in first.entries]
    assert sent["/"]["if-none-match"] == '"1"'
    assert sent["/a"]["if-modified-since"] == "Mon, 02 Mar 2026 10:00:00 GMT"
    file, content = here.fetched(second.entries[0])  # asked for now, if somebody wants it
    assert (file.title, b"href='/a'" in content) == ("Capa", True)


def test_a_page_that_the_library_does_not_have_is_asked_for_whole(here: Town, web: Web) -> None:
    web.pages["/"] = Reply(body=page(), headers={"ETag": '"1"'})
    here.crawl()

    here.crawl(known={"http://intranet.lan/": Known(changed="another", sha256=None)})
    here.crawl()

    assert all("if-none-match" not in headers for _, headers in web.asked)


def test_a_page_changes_with_its_words_and_not_with_its_furniture(here: Town, web: Web) -> None:
    def version(visits: int, text: str) -> str:
        return f"<h1>A</h1><p>{text}</p><footer>Visitas: {visits}</footer><!-- {visits} -->"

    changed = []
    for number, text in enumerate(["um", "um", "dois"]):
        web.pages["/"] = version(number, text)
        changed.append(here.crawl().entries[0].changed)

    assert changed[0] == changed[1] != changed[2]


def test_a_memory_that_cannot_be_read_is_none(here: Town, web: Web, tmp_path: Path) -> None:
    web.pages["/"] = page()
    here.crawl()
    memory(tmp_path).write_bytes(b"{")

    assert here.crawl().paths == ["/"]


# ------------------------------------------------------------------ manners


def test_there_is_a_pause_between_two_requests(here: Town, web: Web) -> None:
    web.pages = {"/": page("/a"), "/a": page()}

    here.crawl()

    assert here.paused == pytest.approx([visits.DELAY_SECONDS] * (len(web.asked) - 1))


def test_a_pause_that_the_site_asks_for_is_kept_within_reason(here: Town, web: Web) -> None:
    web.pages |= {"/": page(), "/robots.txt": "User-agent: *\nCrawl-delay: 3\n"}
    here.crawl()
    assert here.now() == pytest.approx(3 + visits.DELAY_SECONDS, abs=0.01)

    web.pages["/robots.txt"] = "User-agent: *\nCrawl-delay: 3600\n"
    here.paused.clear()
    here.crawl()
    assert here.now() < 6


def test_a_walk_that_has_to_end_ends_between_two_requests(here: Town, web: Web) -> None:
    web.invent = lambda path: page(f"{path}x")

    def check() -> None:
        if len(web.paths) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        here.crawl(check=check, depth=50)
    assert len(web.paths) == 3


def test_every_request_is_counted(here: Town, web: Web, database: Database) -> None:
    web.pages = {"/": page("/a"), "/a": page()}

    here.crawl()
    (row,) = database.rows("select origin, purpose, requests from outgoing")

    assert row == {"origin": "http://intranet.lan", "purpose": "crawl", "requests": len(web.asked)}


def test_a_real_child_looks_into_the_pages(here: Town, web: Web) -> None:
    web.pages = {"/": page("/a", title="Capa"), "/a": page()}

    seen = here.crawl(crawler=here.crawler(look_into=None))

    assert (seen.paths, seen.entries[0].name) == (["/", "/a"], "Capa")


def test_a_calendar_does_not_crowd_out_the_rest(
    here: Town, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "QUERIES", 5)
    web.pages["/"] = page("/agenda?mes=1", "/regimento")
    web.invent = lambda path: (
        page(f"/agenda?mes={int(path.rpartition('=')[2]) + 1}") if "=" in path else page()
    )

    seen = here.crawl(depth=50, pages=8)

    assert len([path for path in seen.paths if path.startswith("/agenda")]) == 5
    assert "/regimento" in seen.paths
    assert seen.reasons == {"": "crawl_queries"}
    assert seen.gaps[0].problem.facts["address"] == "http://intranet.lan/agenda"
