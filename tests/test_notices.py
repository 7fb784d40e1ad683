"""What visitors are told before they may ask: versions, acceptance, consent (LGPD-01)."""

import pytest

from appliance import assistants, facts, notices, options, visitors, widgets
from appliance.database import Database
from appliance.errors import Conflict, NotAllowed, NotFound
from appliance.keeping import Retention
from appliance.records import Caller, Language

SITE = "https://a.test"


def make(database: Database, language: Language = "pt", **fields: str) -> str:
    with database.write() as db:
        made = assistants.create(
            db, name="Portaria", language=language, collections=[], origins=[SITE], **fields
        )
    return made.id


def visitor(database: Database, assistant: str) -> Caller:
    public = assistants.get(database, assistant).public_id
    caller = visitors.resolve(database, visitors.begin(database, public, SITE).token, origin=None)
    assert caller is not None
    return caller


def change(database: Database, assistant: str, **written: str) -> notices.Notice:
    with database.write() as db:
        return notices.settle(db, assistant, **written)


@pytest.mark.guarantee("LGPD-01")
def test_every_assistant_has_a_notice_that_names_who_is_responsible(database) -> None:
    with database.write() as db:
        facts.put(db, "organization", "Escola Municipal")
    one = make(database, contact="encarregado@escola.example")

    notice = notices.current(database, one)

    assert (notice.version, notice.basis) == (1, "acknowledgement")
    assert "Portaria" in notice.text
    assert "consent" not in notice.text
    assert notice.controller == "Escola Municipal"
    assert notice.contact == "encarregado@escola.example"
    assert notice.purpose
    assert "90 dias" in notice.retention
    assert "dados pessoais sensíveis" in notice.sensitive
    assert notices.current(database, one) == notice, "asking again makes no new version"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "sensitive personal data"), ("es", "datos personales sensibles")]
)
def test_a_notice_speaks_the_assistants_language(database, language, said) -> None:
    assert said in notices.current(database, make(database, language)).sensitive


def test_an_assistant_that_does_not_exist_has_none(database) -> None:
    with pytest.raises(NotFound):
        notices.current(database, "never")


@pytest.mark.guarantee("LGPD-01")
def test_a_changed_text_is_a_new_version_and_the_old_one_stays_as_it_was(database) -> None:
    one = make(database)
    first = notices.current(database, one)

    second = change(database, one, text="Outro texto.", link="https://a.test/privacidade")
    same = change(database, one, text="Outro texto.")

    assert (second.version, second.text, second.purpose) == (2, "Outro texto.", first.purpose)
    assert same == second
    assert notices.every(database, one, before=0, limit=9) == [second, first]
    assert notices.every(database, one, before=2, limit=9) == [first]
    assert change(database, one, text="", link="").text == first.text


def test_how_long_conversations_are_kept_is_said_as_it_is_set(database) -> None:
    one = make(database)
    notices.current(database, one)
    with database.write() as db:
        widgets.keep(db, one, 12)
    assert "12 dias" in notices.current(database, one).retention
    with database.write() as db:
        options.store(db, Retention(keep_conversations=False))

    notice = notices.current(database, one)

    assert notice.version == 3
    assert "uma hora" in notice.retention


@pytest.mark.guarantee("LGPD-01")
def test_nothing_is_taken_from_a_visitor_who_has_not_accepted_what_is_in_force(database) -> None:
    one = make(database)
    somebody = visitor(database, one)
    with pytest.raises(NotAllowed) as refused:
        notices.check(database, somebody)
    assert refused.value.code == "notice_not_accepted"

    notices.accept(database, somebody, 1)
    notices.check(database, somebody)
    with pytest.raises(NotAllowed):
        notices.check(database, visitor(database, one))

    change(database, one, text="Outro texto.")
    with pytest.raises(NotAllowed):
        notices.check(database, somebody)
    with pytest.raises(Conflict) as stale:
        notices.accept(database, somebody, 1)
    assert stale.value.code == "notice_changed"


def test_people_and_keys_are_shown_no_notice(database) -> None:
    notices.check(database, Caller(kind="person", id="ana", name="Ana"))
    notices.check(database, Caller(kind="key", id="k", name="robô"))


def test_whoever_stays_the_same_visitor_has_accepted_already(database) -> None:
    one = make(database)
    somebody = visitor(database, one)
    notices.current(database, one)
    notices.accept(database, somebody, 1)
    public = assistants.get(database, one).public_id

    visitors.begin(database, public, SITE, following=somebody)

    assert [row["notice"] for row in database.rows("select notice from visitors")] == [1, 1]


def test_consent_is_taken_back_where_it_was_asked_for(database) -> None:
    one = make(database)
    somebody = visitor(database, one)
    notices.accept(database, somebody, 1)
    with pytest.raises(Conflict) as refused, database.write() as db:
        notices.take_back(db, somebody)
    assert refused.value.code == "notice_is_no_consent"

    notices.accept(database, somebody, change(database, one, basis="consent").version)
    with database.write() as db:
        notices.take_back(db, somebody)

    with pytest.raises(NotAllowed):
        notices.check(database, somebody)
