"""A new user's whole way where there is no network, with an empty HOME, and nothing in it even
tries to leave (ZE-01, ZE-02): watched by strace, and once more by the hook inside Python."""

import json
import sys
from pathlib import Path

import pytest

from appliance.egress.selftest import ROOM
from appliance.egress.tracing import Trace, Tracer
from appliance.processes import finished

JOURNEY = [sys.executable, "-m", "tests.whole.journey"]
ELSEWHERE = "\n".join(
    ["import contextlib, socket", "with contextlib.suppress(OSError), socket.socket() as tried:",
     "    tried.settimeout(1)", "    tried.connect(('192.0.2.1', 9))"]
)  # fmt: skip


@pytest.mark.guarantee("ZE-01", "ZE-02")
@pytest.mark.parametrize("tracer", ["strace", "hook"])
def test_everything_works_without_a_route_and_nothing_looks_for_one(
    tmp_path: Path, tracer: Tracer
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    trace = Trace(tmp_path / "trace", tracer)
    nowhere = dict.fromkeys(("HF_HOME", "XDG_CACHE_HOME", "TORCH_HOME"), str(home / "none"))

    ended = finished(
        [*ROOM, *trace.around([*JOURNEY, str(tmp_path / "walk")])],
        {"HOME": str(home), **nowhere, **trace.environment},
        seconds=500,
    )

    assert ended.status == 0, ended.complaint
    told = json.loads(ended.printed.splitlines()[-1])
    assert (told["document"], told["mode"], told["cited"]) == ("ready", "generate", True)
    assert (told["recall@1"], told["contacts"]) == (1.0, [])
    assert trace.attempts() == []


@pytest.mark.guarantee("ZE-02")
@pytest.mark.parametrize("tracer", ["strace", "hook"])
def test_the_watch_of_this_test_would_have_seen_it(tmp_path: Path, tracer: Tracer) -> None:
    trace = Trace(tmp_path / "trace", tracer)

    finished([*ROOM, *trace.around([sys.executable, "-c", ELSEWHERE])], trace.environment)

    assert [one.host for one in trace.attempts()] == ["192.0.2.1"]
