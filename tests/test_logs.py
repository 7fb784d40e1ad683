"""The log is one line of JSON for one event, whatever is in it (SEC-44)."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest

from appliance import logs

pytestmark = [pytest.mark.guarantee("SEC-44"), pytest.mark.guarantee("INS-10")]

HOSTILE = [
    "a\r\nb",
    "\x1b[31mred\x1b[0m",
    "\x9b31m",
    "%n%s%d%x",
    "\x00\x07\x7f",
    "\u2028line\u2029",
    "\u202egpj.exe",
    "\ufeff\u200b",
    '"}\n{"level":"error"}',
    "\ud800",
    "{0.__class__}",
]


def line(message: str, *values: object, **more: object) -> str:
    record = logging.LogRecord("appliance.x", logging.INFO, "x.py", 1, message, values, None)
    for name, value in more.items():
        setattr(record, name, value)
    return logs.Lines().format(record)


def test_an_event_is_told_with_its_moment_level_and_logger() -> None:
    told = json.loads(line("job %s was late", "j1"))

    assert told.pop("at").endswith("Z")
    assert told == {"level": "info", "logger": "appliance.x", "message": "job j1 was late"}


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_from_outside_breaks_a_line_or_commands_a_terminal(text: str) -> None:
    told = line("file %s", text)

    assert told.isprintable()
    assert json.loads(told)["message"] == f"file {text}"


@pytest.mark.parametrize("text", HOSTILE)
def test_nor_does_it_as_a_fact_or_in_an_exception(text: str) -> None:
    try:
        raise RuntimeError(text)
    except RuntimeError:
        told = line("went wrong", exc_info=sys.exc_info(), facts={text: text})

    assert told.isprintable()
    assert json.loads(told)[text] == text
    assert "RuntimeError" in json.loads(told)["trace"]


def test_accents_stay_readable() -> None:
    assert "ação" in line("ação")


@pytest.fixture
def within() -> Iterator[str]:
    number = logs.REQUEST.set("ab12")
    yield "ab12"
    logs.REQUEST.reset(number)


def test_what_happens_within_a_request_bears_its_number(within: str) -> None:
    assert json.loads(line("x"))["request"] == within


def test_a_process_writes_its_log_to_standard_error_from_a_level_on() -> None:
    program = (
        "import logging; from appliance import logs; logs.begin('warning');"
        "logging.getLogger('a').info('no'); logging.getLogger('a').error('one\\ntwo');"
        "logging.getLogger('httpx').info('GET http://x/?token=1')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    (only,) = done.stderr.splitlines()
    assert (json.loads(only)["message"], done.stdout) == ("one\ntwo", "")


def test_libraries_that_tell_addresses_are_quiet_at_info() -> None:
    program = (
        "import logging; from appliance import logs; logs.begin('info');"
        "logging.getLogger('httpx').info('GET http://x/?token=1')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stderr == ""
