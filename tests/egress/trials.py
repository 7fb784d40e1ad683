"""Results of self-tests, for tests of what is made of them."""

from typing import Any

import msgspec

from appliance.egress.selftest import Trial
from appliance.egress.tracing import Attempt
from appliance.records import Problem

PASSED = Trial(
    passed=True,
    isolated=True,
    tracer="strace",
    answered=True,
    model="",
    attempts=(),
    problem=None,
    seconds=12.5,
)
FAILED = msgspec.structs.replace(
    PASSED,
    passed=False,
    attempts=(Attempt(host="192.0.2.1", port=9, by="connect", times=3),),
    problem=Problem(code="egress_tried", facts={"hosts": "192.0.2.1"}),
)


def passing(*_: Any, **__: Any) -> Trial:
    """A self-test that passed."""
    return PASSED


def failing(*_: Any, **__: Any) -> Trial:
    """A self-test in which somebody tried to leave."""
    return FAILED
