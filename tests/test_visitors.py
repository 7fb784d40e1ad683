"""Visitors: a quarter of an hour, one assistant, one exact origin (SEC-26, SEC-33)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance import assistants, engines, visitors
from appliance.database import Database
from appliance.errors import NotAllowed, NotFound
from appliance.records import timestamp

SITE = "https://intranet.test"
NOT_THE_SITE = [
    "", "null", "http://intranet.test", "https://intranet.test:8080",
    "https://intranet.test.evil.test", "https://evilintranet.test", "https://intranetXtest",
    "https://intranet.test.", "https://intranet.test/", "https://intranet.test/page",
    "https://a@intranet.test", "https://xn--intrnet-bwa.test", "https://intranet.test ",
    "https://intranet.test, https://evil.test", "https://intranet.test\n", "file://",
    "chrome-extension://intranet.test", "https://intrânet.test", "//intranet.test",
]  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "appliance.db")
    opened.migrate()
    for name, origins in (
        ("a1", f'["{SITE}"]'),
        ("a2", '["https://Other.test:443"]'),
        ("a3", "[]"),
    ):
        with opened.write() as writer:
            writer.run(
                """
                insert into assistants (id, slug, public_id, name, language, instructions,
                    greeting, suggestions, refusal, contact, mode, strictness, accent, origins,
                    created_at, engine)
                values (:name, :name, :public, 'Portaria', 'es',
                    'Segredo', 'Olá', '["Qual?"]', 'Não sei', 'c@d.e', null, 'balanced',
                    '#123456', :origins, '2030-01-01T00:00:00.000Z', null)
                """,
                {"name": name, "public": f"w{name}", "origins": origins},
            )
    yield opened
    opened.close()


def list_origins(database: Database, assistant: str, origins: str) -> None:
    with database.write() as writer:
        writer.run(
            "update assistants set origins = :origins where id = :id",
            {"origins": origins, "id": assistant},
        )


def test_a_visitor_on_a_listed_site_may_ask_and_search_in_that_assistant(
    database: Database,
) -> None:
    admission = visitors.begin(database, "wa1", SITE)

    caller = visitors.resolve(database, admission.token, origin=SITE)

    assert caller is not None
    assert caller.kind == "visitor"
    assert caller.scopes == {"ask", "search"}
    assert caller.assistants == {"a1"}
    assert caller.language == "es"


def test_a_visitor_learns_only_the_assistants_face(database: Database) -> None:
    face = visitors.begin(database, "wa1", SITE).assistant

    assert face == visitors.Face(
        name="Portaria",
        language="es",
        greeting="Olá",
        suggestions=("Qual?",),
        accent="#123456",
        contact="c@d.e",
    )


@pytest.mark.parametrize("origin", NOT_THE_SITE)
def test_any_other_origin_is_refused(database: Database, origin: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        visitors.begin(database, "wa1", origin)

    assert refused.value.code == "origin_not_allowed"


def test_no_origin_at_all_is_refused(database: Database) -> None:
    with pytest.raises(NotAllowed):
        visitors.begin(database, "wa1", None)


def test_an_assistant_that_lists_no_site_is_closed(database: Database) -> None:
    with pytest.raises(NotAllowed):
        visitors.begin(database, "wa3", SITE)


def test_hosts_are_compared_without_letter_case_and_the_usual_port(database: Database) -> None:
    assert visitors.begin(database, "wa1", "HTTPS://INTRANET.test")
    assert visitors.begin(database, "wa1", "https://intranet.test:443")
    assert visitors.begin(database, "wa2", "https://other.test")


def test_a_widget_that_does_not_exist_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        visitors.begin(database, "w9", SITE)


@pytest.mark.guarantee("SEC-33")
def test_tokens_are_made_here_long_and_stored_as_a_digest(database: Database) -> None:
    one, other = (visitors.begin(database, "wa1", SITE).token for _ in range(2))

    rows = str(database.rows("select * from visitors"))

    assert one != other
    assert one.startswith("bw_")
    assert len(one) >= 3 + 43
    assert one not in rows


@pytest.mark.guarantee("SEC-33")
def test_a_token_ends_after_a_quarter_of_an_hour(database: Database) -> None:
    now = datetime.now(UTC)
    admission = visitors.begin(database, "wa1", SITE, now=now)
    end = now + timedelta(minutes=15)

    assert admission.expires_at == timestamp(end)
    before = visitors.resolve(
        database, admission.token, origin=SITE, now=end - timedelta(seconds=1)
    )
    assert before is not None
    assert visitors.resolve(database, admission.token, origin=SITE, now=end) is None


@pytest.mark.parametrize("origin", [*NOT_THE_SITE, "https://other.test"])
def test_a_token_is_no_good_on_another_page(database: Database, origin: str) -> None:
    token = visitors.begin(database, "wa1", SITE).token

    assert visitors.resolve(database, token, origin=origin) is None


def test_a_token_is_good_inside_the_appliances_own_iframe(database: Database) -> None:
    token = visitors.begin(database, "wa1", SITE).token

    assert visitors.resolve(database, token, origin=None) is not None


def test_a_token_nobody_was_given_is_no_visitor(database: Database) -> None:
    assert visitors.resolve(database, "bw_invented", origin=SITE) is None


def test_a_site_taken_off_the_list_loses_its_visitors_at_once(database: Database) -> None:
    token = visitors.begin(database, "wa1", SITE).token
    list_origins(database, "a1", "[]")

    assert visitors.resolve(database, token, origin=SITE) is None


def test_a_removed_assistant_takes_its_visitors_along(database: Database) -> None:
    token = visitors.begin(database, "wa1", SITE).token
    with database.write() as writer:
        writer.run("delete from assistants where id = 'a1'")

    assert visitors.resolve(database, token, origin=SITE) is None
    assert database.rows("select * from visitors") == []


def test_old_visits_are_swept_when_somebody_comes(database: Database) -> None:
    now = datetime.now(UTC)
    visitors.begin(database, "wa1", SITE, now=now - timedelta(hours=2))
    visitors.begin(database, "wa1", SITE, now=now)

    assert len(database.rows("select * from visitors")) == 1


def test_only_listed_sites_may_frame_the_page(database: Database) -> None:
    assert visitors.frame_ancestors(database, "wa2") == ["https://other.test"]
    assert visitors.frame_ancestors(database, "wa3") == []
    assert visitors.frame_ancestors(database, "w9") == []


def test_what_is_no_origin_can_open_nothing_by_being_listed(database: Database) -> None:
    list_origins(database, "a1", '["*", "https://*.test", "https://x.test; script-src *", "null"]')

    assert visitors.frame_ancestors(database, "wa1") == []
    with pytest.raises(NotAllowed):
        visitors.begin(database, "wa1", "null")


@pytest.mark.parametrize(("kind", "leaves"), [("site", False), ("openai", True)])
def test_a_visitor_is_told_that_questions_leave_the_building(database, kind, leaves) -> None:
    engine = engines.new(name="x", kind=kind, addresses=["https://a.test"], model="m")
    with database.write() as writer:
        engines.add(writer, engine)
        assistants.change(writer, "a1", {"engine": engine.id})

    admission = visitors.begin(database, "wa1", SITE)

    assert admission.assistant.leaves_building is leaves
