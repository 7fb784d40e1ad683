"""``appliance retention``: seen and run in a terminal (LGPD-06)."""

import pytest

from tests.cli.doors import Terminal, terminal
from tests.test_keeping import assistant, conversations, left

__all__ = ["terminal"]

pytestmark = pytest.mark.guarantee("LGPD-06")


def test_the_lots_are_listed_with_their_days(terminal: Terminal) -> None:
    typed = terminal.type("retention", "show")

    assert typed.exit_code == 0
    assert "conversations: 0 of 0 over their time (kept for 90 days)" in typed.output
    assert [one["name"] for one in terminal.json("retention", "show")["lots"]][1:] == [
        "audit",
        "log",
        "addresses",
        "trash",
    ]


def test_what_waits_exits_1_with_a_sentence_and_goes_when_confirmed(terminal: Terminal) -> None:
    conversations(terminal.database, assistant(terminal.database), *[5000] * 12)

    waiting = terminal.type("retention", "run")
    assert waiting.exit_code == 1
    assert "confirm that number" in waiting.stderr
    assert "waiting to be confirmed" in waiting.stdout
    assert len(left(terminal.database)) == 12

    assert terminal.type("retention", "run", "--confirm", "11").exit_code == 1
    assert terminal.json("retention", "run", "--confirm", "12")["due"] == 0
    assert left(terminal.database) == set()


def test_a_number_that_is_none_is_wrong_usage(terminal: Terminal) -> None:
    assert terminal.type("retention", "run", "--confirm", "many").exit_code == 2
    assert terminal.type("retention", "run", "--confirm", "-1").exit_code == 2
