"""The trail says what went wrong and where, and not a word of anybody's (INS-12)."""

import ast
import json
import logging
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance import logs, trail
from appliance.errors import BadRequest

pytestmark = pytest.mark.guarantee("INS-12")

HOUSE = Path(trail.__file__).parent
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
Told = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    """The lines that a process called ``web`` has left in its data folder."""
    root = logging.getLogger()
    before = root.handlers[:]
    trail.begin(tmp_path, "web")
    yield lambda: [json.loads(one) for one in trail.lines(tmp_path)["web"].splitlines()]
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()


def test_a_warning_is_told_by_its_place_and_the_words_of_the_code(told: Told) -> None:
    number = logs.REQUEST.set("ab12")
    logging.getLogger("appliance.x").warning("job %s of %s is late", "segredo", "Ana")
    logs.REQUEST.reset(number)

    (line,) = told()
    assert line.pop("at").endswith("Z")
    where = line.pop("where")
    assert where.startswith("test_trail.py:")
    assert line == {
        "level": "warning", "logger": "appliance.x", "message": "job %s of %s is late",
        "request": "ab12",
    }  # fmt: skip


def test_others_may_have_put_values_into_their_messages_and_are_told_without(told: Told) -> None:
    logging.getLogger("uvicorn.error").error("segredo of Ana")

    (line,) = told()
    assert "message" not in line
    assert line["logger"] == "uvicorn.error"


def test_of_facts_only_those_are_kept_that_the_code_made(told: Told) -> None:
    facts = {"route": "/api/x/{id}", "status": 500, "caller": "person:ana", "note": "segredo"}
    logging.getLogger("appliance.x").error("request", extra={"facts": facts})

    (line,) = told()
    assert (line["route"], line["status"]) == ("/api/x/{id}", 500)
    assert line.keys().isdisjoint({"caller", "note"})


def test_a_fault_is_told_by_its_types_codes_and_lines_of_code(told: Told) -> None:
    def read() -> None:
        raise ValueError('segredo\n  File "segredo.py", line 1, in segredo')

    try:
        try:
            read()
        except ValueError as fault:
            raise BadRequest("backup_no_passphrase", name="segredo") from fault
    except BadRequest:
        logging.getLogger("appliance.x").exception("went wrong")

    (line,) = told()
    outer, inner = line["faults"]
    assert (outer["type"], outer["code"]) == ("BadRequest", "backup_no_passphrase")
    assert inner["type"] == "ValueError"
    assert all(one.startswith("test_trail.py:") for one in [*outer["at"], *inner["at"]])
    assert "segredo" not in json.dumps(line)


def test_a_long_chain_of_faults_is_cut(told: Told) -> None:
    def deep(left: int) -> None:
        try:
            raise KeyError(left)
        except KeyError as fault:
            if left:
                deep(left - 1)
            raise RuntimeError from fault

    try:
        deep(50)
    except RuntimeError:
        logging.getLogger("appliance.x").exception("went wrong")

    (line,) = told()
    assert len(line["faults"]) == 4
    assert all(len(one["at"]) <= 12 for one in line["faults"])


def test_what_is_no_warning_leaves_nothing(told: Told, tmp_path: Path) -> None:
    logging.getLogger("appliance.x").info("as always")

    assert not (tmp_path / "log").exists()
    assert trail.lines(tmp_path) == {}


def test_it_is_its_owners_alone_and_has_an_end(told: Told, tmp_path: Path) -> None:
    log = logging.getLogger("appliance.x")
    for _ in range(4000):
        log.warning("the pulse of a job was late, and the next one comes with the next sweep")

    folder = tmp_path / "log"
    files = sorted(folder.iterdir())
    assert [one.name for one in files] == ["web.jsonl", "web.jsonl.1"]
    assert all(one.stat().st_size <= trail.BYTES for one in files)
    assert [stat.S_IMODE(one.stat().st_mode) for one in [folder, *files]] == [0o700, 0o600, 0o600]
    assert len(told()) > 1000


def test_that_it_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    program = (
        "import sys, logging; from pathlib import Path; from appliance import logs, trail;"
        "logs.begin('info'); trail.begin(Path(sys.argv[1]) / 'nowhere', 'web');"
        "logging.getLogger('appliance').error('one')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )

    (only,) = done.stderr.splitlines()
    assert json.loads(only)["message"] == "one"
    assert list(tmp_path.iterdir()) == []


def messages() -> Iterator[tuple[str, ast.expr]]:
    """The message of every call of a logger in the house, and where it stands."""
    for file in sorted(HOUSE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            name = ast.unparse(node.func.value).lower()
            if node.func.attr in LEVELS and name in {"log", "self._log", "logger"}:
                message = node.args[1 if node.func.attr == "log" else 0]
                yield f"{file.relative_to(HOUSE)}:{node.lineno}", message


def test_every_message_of_the_house_is_written_in_the_code() -> None:
    found = list(messages())

    assert len(found) > 20
    put_together = [
        where
        for where, one in found
        if not (isinstance(one, ast.Constant) and isinstance(one.value, str))
    ]
    assert put_together == []
