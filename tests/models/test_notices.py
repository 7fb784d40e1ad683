"""What the engine survived is told, each kind once and the newest first."""

from appliance.models import notices
from appliance.models.notices import Notices
from appliance.records import Problem


def test_each_kind_of_problem_is_told_once_as_it_was_last_and_the_newest_first() -> None:
    kept = Notices()
    for code, file in (("state_damaged", "a"), ("bad_grammar", "b"), ("state_damaged", "c")):
        kept.add(Problem(code=code, facts={"file": file}))

    assert [(one.code, one.facts["file"]) for one in kept.newest()] == [
        ("state_damaged", "c"),
        ("bad_grammar", "b"),
    ]


def test_the_oldest_are_forgotten() -> None:
    kept = Notices()
    for number in range(notices.MOST + 2):
        kept.add(Problem(code=f"kind {number}"))

    assert len(kept.newest()) == notices.MOST
    assert kept.newest()[-1].code == "kind 2"
