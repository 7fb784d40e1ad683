"""How many questions one caller may ask, and that nobody pays for another."""

from pathlib import Path

import pytest

from appliance import assistants, visitors, widgets
from appliance.api import limits
from appliance.database import Database
from appliance.errors import TooMany
from appliance.records import Caller
from appliance.settings import Settings
from appliance.widgets import Limits

ROBOT = Caller(kind="key", id="robot", name="robô")
ANA = Caller(kind="person", id="ana", name="Ana")


@pytest.fixture
def few(tmp_path: Path) -> Settings:
    """Settings that let a key ask twice a minute."""
    return Settings(data_dir=str(tmp_path), key_questions_per_minute=2)


def test_a_key_may_ask_as_often_as_the_setting_says(database: Database, few: Settings) -> None:
    limits.count_question(database, few, ROBOT)
    limits.count_question(database, few, ROBOT)

    with pytest.raises(TooMany) as refused:
        limits.count_question(database, few, ROBOT)

    assert refused.value.code == "too_many"
    assert 0 < (refused.value.retry_after or 0) <= 60


def test_another_key_has_a_minute_of_its_own(database: Database, few: Settings) -> None:
    for name in ("one", "two", "three"):
        limits.count_question(database, few, Caller(kind="key", id=name, name=name))


def test_people_are_not_counted(database: Database, few: Settings) -> None:
    for _ in range(10):
        limits.count_question(database, few, ANA)


@pytest.fixture
def assistants_of_two(database: Database) -> tuple[str, str]:
    """Two assistants whose visitors may ask little."""
    small = Limits(per_session=2, per_address=3, sessions_per_address=2, per_minute=4, per_day=5)
    with database.write() as db:
        made = [assistants.create(db, name=n, language="pt", collections=[]).id for n in "ab"]
        for one in made:
            widgets.set_limits(db, one, small)
            db.run("update assistants set origins = '[\"https://a.test\"]'")
    return made[0], made[1]


def visitor(database: Database, assistant: str, address: str) -> Caller:
    public = database.row("select public_id from assistants where id = :id", {"id": assistant})
    assert public is not None
    begun = visitors.begin(database, public["public_id"], "https://a.test", address=address)
    caller = visitors.resolve(database, begun.token, origin=None)
    assert caller is not None
    return caller


def asked(database: Database, settings: Settings, caller: Caller) -> str:
    """How a question was taken: "" or the code of the refusal."""
    try:
        limits.count_question(database, settings, caller)
    except TooMany as refused:
        return refused.code if refused.retry_after else "no time was told"
    return ""


@pytest.mark.guarantee("SEC-47")
def test_visitors_count_for_their_session_address_assistant_and_day(
    database: Database, few: Settings, assistants_of_two: tuple[str, str]
) -> None:
    one, other = assistants_of_two
    ana, bia = (visitor(database, one, "10.0.0.1") for _ in range(2))

    assert [asked(database, few, ana) for _ in range(3)] == ["", "", "too_many"]
    assert [asked(database, few, bia) for _ in range(2)] == ["", "too_many"], "the address is full"
    caio = visitor(database, one, "10.0.0.2")
    assert [asked(database, few, caio) for _ in range(2)] == ["", "too_many"], "the minute is full"
    with database.write() as db:
        widgets.set_limits(db, one, Limits(per_day=5))
    davi = visitor(database, one, "10.0.0.3")
    assert [asked(database, few, davi) for _ in range(2)] == ["", "day_used_up"]
    assert asked(database, few, visitor(database, other, "10.0.0.1")) == "", "others are alone"


@pytest.mark.guarantee("SEC-47")
def test_an_address_begins_so_many_sessions_with_each_assistant(
    database: Database, assistants_of_two: tuple[str, str]
) -> None:
    one, other = assistants_of_two
    for _ in range(2):
        limits.count_session(database, one, "10.0.0.1")

    with pytest.raises(TooMany):
        limits.count_session(database, one, "10.0.0.1")
    limits.count_session(database, one, "10.0.0.2")
    limits.count_session(database, other, "10.0.0.1")


def test_everybody_may_send_so_many_files_in_an_hour(database: Database, tmp_path: Path) -> None:
    few = Settings(data_dir=str(tmp_path), uploads_per_hour=3)
    limits.count_uploads(database, few, ANA, 2)

    with pytest.raises(TooMany):
        limits.count_uploads(database, few, ANA, 2)

    limits.count_uploads(database, few, ANA, 1)
    limits.count_uploads(database, few, ROBOT, 3)
