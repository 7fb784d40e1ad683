"""Old Office files become today's, by LibreOffice, where it is installed.

LibreOffice is a program of ten million lines that starts others, so it cannot run inside a
reader. It gets a process tree of its own (``converting``): no network, a profile and a folder
that exist for this one file, limits on memory and time, and an end of all that it started
when it ends or is ended. What it makes is as untrusted as the original, and goes to a
reader like any file that was uploaded.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import appliance
from appliance.errors import Unreadable
from appliance.index.reading.kinds import DOC, DOCX, PPT, PPTX, Kind
from appliance.index.reading.process import Stopped, never

MEMORY_MB = 4096  # address space: half of it are libraries that are mapped and hardly touched
SECONDS = 120  # a start takes 1 to 5, on a cold disk 20
_MADE = {DOC: ("docx", DOCX), PPT: ("pptx", PPTX)}
_ELSEWHERE = Path("/usr/lib/libreoffice/program/soffice")
# No macro runs and nothing that a file links to is loaded, also where the kernel would permit it.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
</item></oor:items>
"""
_POLL = 0.1
_FAREWELL = 5.0  # seconds; killing a world of processes takes milliseconds
_HOUSE = Path(appliance.__file__).parents[1]


def program() -> str | None:
    """Where LibreOffice is; None where it is not installed."""
    found = shutil.which("soffice")
    return found or (str(_ELSEWHERE) if _ELSEWHERE.exists() else None)


@contextlib.contextmanager
def readable(
    path: Path,
    kind: Kind,
    *,
    name: str,
    seconds: int,
    stop: Callable[[], bool] = never,
    scratch: Path | None = None,
) -> Iterator[tuple[Path, Kind]]:
    """The file itself, or for an old one what LibreOffice made of it, as long as the block lasts.

    ``seconds`` is the least time that the conversion gets. Raises ``Stopped``, and
    ``Unreadable`` with needs_libreoffice, too_slow or damaged (nothing came of it: broken, or
    under a password).
    """
    if kind not in _MADE:
        yield path, kind
        return
    office = program()
    if office is None:
        raise Unreadable("needs_libreoffice", name=name, type=kind.name)
    ending, becomes = _MADE[kind]
    with tempfile.TemporaryDirectory(prefix="converting-", dir=scratch) as place:
        folder = Path(place).resolve()
        shutil.copyfile(path, folder / "original")
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(_SETTINGS)
        _convert(office, ending, folder, name, max(seconds, SECONDS), stop)
        made = folder / "made" / f"original.{ending}"
        if made.is_symlink() or not made.is_file():
            raise Unreadable("damaged", name=name)
        yield made, becomes


def _convert(
    office: str, ending: str, folder: Path, name: str, seconds: int, stop: Callable[[], bool]
) -> None:
    process = subprocess.Popen(  # noqa: S603 - our own module, no shell
        [
            *(sys.executable, "-B", "-s", "-X", "utf8", "-m", f"{__package__}.converting"),
            *(office, ending, str(folder), str(MEMORY_MB), str(seconds)),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=_HOUSE,
        env={
            **{"PATH": os.defpath, "LANG": "C.UTF-8"},
            **{"HOME": str(folder), "TMPDIR": str(folder), "OMP_NUM_THREADS": "1"},
        },
    )
    ends_at = time.monotonic() + seconds
    try:
        while process.poll() is None:
            if stop():
                raise Stopped
            if time.monotonic() > ends_at:
                raise Unreadable("too_slow", name=name, seconds=seconds)
            time.sleep(_POLL)
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the converter and all that it started, and wait until they are gone."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.terminate()
        process.wait(_FAREWELL)
    # The whole session: where the kernel gives no world of its own, its processes are here.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
