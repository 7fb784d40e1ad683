"""What tesseract can no longer do, tried by a program that stands in its place."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from psutil import STATUS_ZOMBIE as ZOMBIE

from appliance.index.reading import ocr
from tests.index.reading import papers
from tests.jobs.conftest import eventually

MEMORY = 512 * 2**20


def inside(code: str, *, seconds: int = 20, memory: int = MEMORY) -> tuple[int, str]:
    """The exit status and the output of Python running ``code`` in tesseract's place."""
    process = ocr.launched(
        [str(memory), str(seconds), str(os.getpid()), sys.executable, "-S", "-c", code]
    )
    written, _ = process.communicate(b"", timeout=60)
    return process.returncode, written.decode().strip()


def refused(code: str) -> str:
    """The name of the error that ``code`` meets inside."""
    status, written = inside(
        f"try:\n    {code}\n    print('done')\n"
        "except Exception as fault:\n    print(type(fault).__name__)\n"
    )
    assert status == 0
    return written


def test_it_has_no_network_not_even_to_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), timeout=5)"
        assert refused(code) in ("OSError", "ConnectionRefusedError")


def test_it_writes_no_file(tmp_path: Path) -> None:
    target = tmp_path / "x"

    assert refused(f"open({str(target)!r}, 'w').write('x')") in ("PermissionError", "OSError")
    assert not target.exists()


def test_it_reads_nothing_of_the_house(tmp_path: Path) -> None:
    secret = papers.saved(tmp_path, "appliance.db", "segredo")

    assert refused(f"open({str(secret)!r}).read()") == "PermissionError"
    assert refused("open('/etc/passwd').read()") == "PermissionError"


def test_it_starts_no_program_beside_itself() -> None:
    if os.geteuid() == 0:
        assert refused("open('/tmp/x', 'w')") == "PermissionError"  # the number of processes
        return  # is not limited for root, who runs no appliance
    assert refused("import os; os.fork()") == "BlockingIOError"


def test_it_has_the_memory_and_the_time_that_it_was_given() -> None:
    assert refused("bytearray(600 * 2**20)") == "MemoryError"
    assert inside("while True: pass", seconds=1)[0] == -signal.SIGXCPU


def test_it_has_one_thread_and_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPLIANCE_BACKUP_PASSPHRASE", "segredo")

    _, written = inside("import os; print(os.environ)")

    assert "'OMP_THREAD_LIMIT': '1'" in written
    assert "segredo" not in written


def test_it_yields_to_everything_else() -> None:
    assert inside("import os; print(os.nice(0))")[1] == "19"


def test_it_runs_where_nobody_else_wants_the_processor() -> None:
    assert inside("import os; print(os.sched_getscheduler(0) == os.SCHED_IDLE)")[1] == "True"


def test_it_ends_with_the_process_that_began_it() -> None:
    script = (
        "import os, sys\n"
        "from appliance.index.reading import ocr\n"
        "code = 'import time; print(1, flush=True); time.sleep(60)'\n"
        f"limits = ['{MEMORY}', '20', str(os.getpid())]\n"
        "process = ocr.launched([*limits, sys.executable, '-S', '-c', code])\n"
        "process.stdout.readline()\n"
        "print(process.pid, flush=True)\n"
        "os._exit(0)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    pid = int(ended.stdout)

    eventually(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == ZOMBIE)


def test_a_program_that_is_not_there_is_a_failure() -> None:
    process = ocr.launched([str(MEMORY), "5", str(os.getpid()), "/usr/bin/tesseract-of-nowhere"])
    process.communicate(b"", timeout=60)

    assert process.returncode == 1
