"""What a program and all its children try to reach: told by strace, which sees every system
call, or else by a hook inside Python, which sees Python's own sockets."""

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from appliance.egress import witness
from appliance.hosts import is_here
from appliance.processes import finished
from appliance.records import Record

Tracer = Literal["strace", "hook"]
CALLS = "connect,sendto,sendmsg,sendmmsg"
# "…sin_port=htons(53), sin_addr=inet_addr("10.0.0.1")", and the same with sin6_ and inet_pton.
_ADDRESS = re.compile(r'sin6?_port=htons\((\d+)\).*?(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"')
_CALL = re.compile(r"\b(connect|sendto|sendmsg|sendmmsg)\(")


class Attempt(Record, frozen=True):
    """An address outside this machine that was tried, or a name that was asked for (``port``
    0): ``by`` the system call or the event, so many ``times``."""

    host: str
    port: int
    by: str
    times: int


class Trace:
    """One traced run. ``file`` is where it is written down, empty before."""

    def __init__(self, file: Path, tracer: Tracer) -> None:
        self.file = file
        self.tracer = tracer

    def around(self, program: Sequence[str]) -> list[str]:
        """The command that runs a program under the trace."""
        if self.tracer == "hook":
            return list(program)
        strace = shutil.which("strace") or "strace"
        # Without any text of what is sent (-s 0); only these calls stop (--seccomp-bpf).
        options = ["-f", "-qq", "--seccomp-bpf", "-s", "0", "-e", "signal=none"]
        return [strace, *options, "-e", f"trace={CALLS}", "-o", str(self.file), *program]

    @property
    def environment(self) -> Mapping[str, str]:
        """What the program needs in its environment to be traced."""
        if self.tracer == "strace":
            return {}
        folder = str(Path(witness.__file__).parent)
        path = os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH", "")]))
        return {"PYTHONPATH": path, "BALCAO_WITNESS": str(self.file)}

    def attempts(self) -> list[Attempt]:
        """What was tried outside this machine, each address once."""
        lines = self.file.read_text("utf-8", "replace").splitlines() if self.file.exists() else []
        read = _calls if self.tracer == "strace" else _events
        found: dict[tuple[str, int, str], int] = {}
        for host, port, by in read(lines):
            if not is_here(host):
                found[host, port, by] = found.get((host, port, by), 0) + 1
        return [
            Attempt(host=host, port=port, by=by, times=times)
            for (host, port, by), times in sorted(found.items())
        ]


def tracer() -> Tracer:
    """The better of the two that works here: containers may forbid the first."""
    strace = shutil.which("strace")
    if strace is None or sys.platform != "linux":
        return "hook"
    probe = [strace, "-f", "-qq", "--seccomp-bpf", "-e", "trace=connect", "-o", os.devnull]
    return "strace" if finished([*probe, sys.executable, "-c", ""]).status == 0 else "hook"


def _calls(lines: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    for line in lines:
        if (call := _CALL.search(line)) is None:
            continue
        for port, host in _ADDRESS.findall(line):
            yield host, int(port), call[1]


def _events(lines: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    for line in lines:
        event, host, port = json.loads(line)
        yield host, port, event
