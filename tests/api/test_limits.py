"""How many questions one caller may ask, and that nobody pays for another."""

from pathlib import Path

import pytest

from appliance.api import limits
from appliance.database import Database
from appliance.errors import TooMany
from appliance.records import Caller
from appliance.settings import Settings

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


def test_a_visitor_has_a_limit_that_no_setting_lifts(database: Database, few: Settings) -> None:
    visitor = Caller(kind="visitor", id="v", name="")
    for _ in range(limits.QUESTIONS):
        limits.count_question(database, few, visitor)

    with pytest.raises(TooMany):
        limits.count_question(database, few, visitor)


def test_everybody_may_send_so_many_files_in_an_hour(database: Database, tmp_path: Path) -> None:
    few = Settings(data_dir=str(tmp_path), uploads_per_hour=3)
    limits.count_uploads(database, few, ANA, 2)

    with pytest.raises(TooMany):
        limits.count_uploads(database, few, ANA, 2)

    limits.count_uploads(database, few, ANA, 1)
    limits.count_uploads(database, few, ROBOT, 3)
