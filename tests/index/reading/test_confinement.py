"""What a reader can no longer do once it is confined, tried in a process that tries it."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytestmark = pytest.mark.guarantee("SEC-05")

HOUSE = Path(__file__).parents[3]
MEGABYTE = 2**20


def confined(
    code: str, *, memory: int = 512 * MEGABYTE, seconds: int = 20
) -> subprocess.CompletedProcess[str]:
    """Runs ``code`` in a process confined as readers are; "granted" holds what it got."""
    script = (
        "import os, sys\n"
        "from appliance.index.reading import confinement\n"
        "sys.path.append(os.getcwd())\n"  # as where the checkout is installed in place
        f"granted = confinement.confine({memory}, {seconds}, os.getppid())\n"
    ) + textwrap.dedent(code)
    return subprocess.run(
        [sys.executable, "-B", "-c", script],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PATH": os.defpath},
    )


def refused(code: str) -> str:
    """The name of the error that ``code`` meets inside."""
    script = (
        f"try:\n    {code}\n    print('done')\n"
        "except Exception as fault:\n    print(type(fault).__name__)\n"
    )
    result = confined(script)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_this_machine_grants_everything() -> None:
    result = confined("print(sorted(granted))")

    assert result.stdout.strip() == "['folders', 'network', 'parent']", result.stderr


def test_memory_is_limited() -> None:
    assert refused("bytearray(600 * 2**20)") == "MemoryError"


def test_processor_time_is_limited() -> None:
    result = confined("while True: pass", seconds=1)

    assert result.returncode == -signal.SIGXCPU


def test_processor_time_is_renewed_for_each_page() -> None:
    result = confined(
        """
        import time
        def work(seconds):
            end = time.process_time() + seconds
            while time.process_time() < end: pass
        for _ in range(3):
            work(0.7)
            confinement.renew(1)
        print("done")
        """,
        seconds=2,
    )

    assert result.stdout.strip() == "done"


def test_nothing_is_written(tmp_path: Path) -> None:
    target = tmp_path / "x"

    assert refused(f"open({str(target)!r}, 'w').write('x')") in ("PermissionError", "OSError")
    assert not target.exists()


def test_nothing_is_removed(tmp_path: Path) -> None:
    target = tmp_path / "x"
    target.write_text("here")

    assert refused(f"os.remove({str(target)!r})") == "PermissionError"
    assert target.read_text() == "here"


def test_nothing_of_the_house_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "appliance.db"
    secret.write_text("secret")

    assert refused(f"open({str(secret)!r}).read()") == "PermissionError"
    assert refused("open('/etc/passwd').read()") == "PermissionError"
    assert refused("os.listdir('/')") == "PermissionError"


def test_a_checkout_on_the_path_does_not_open_its_data_folder() -> None:
    assert refused(f"open({str(HOUSE / 'pyproject.toml')!r}).read()") == "PermissionError"


def test_the_program_itself_can_still_load_its_parsers() -> None:
    result = confined("import pypdf, docx, lxml.etree, selectolax.lexbor, pypdfium2; print('done')")

    assert result.stdout.strip() == "done", result.stderr


def test_no_network_not_even_to_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), timeout=5)"

        assert refused(code) == "OSError"


def test_no_crash_leaves_a_copy_of_the_document() -> None:
    result = confined("import resource; print(resource.getrlimit(resource.RLIMIT_CORE))")

    assert result.stdout.strip() == "(0, 0)"


def test_few_files_are_open_at_once() -> None:
    assert refused("[os.dup(0) for _ in range(100)]") == "OSError"


def test_it_yields_to_everything_else() -> None:
    assert confined("print(os.nice(0))").stdout.strip() == "19"


def test_a_reader_whose_parent_is_gone_ends() -> None:
    script = (
        "import os\n"
        "from appliance.index.reading import confinement\n"
        "confinement.confine(2**29, 20, os.getppid() + 1)\n"
        "print('still here')\n"
    )
    result = subprocess.run(
        [sys.executable, "-B", "-c", script],
        cwd=HOUSE,
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert result.returncode == -signal.SIGKILL
    assert result.stdout == b""


@pytest.mark.parametrize("system", ["darwin", "freebsd14"])
def test_where_the_kernel_is_another_the_limits_still_hold(system: str) -> None:
    result = confined(
        f"""
        sys.platform = {system!r}
        import resource
        print(sorted(confinement.confine(2**29, 20, 1)), resource.getrlimit(resource.RLIMIT_AS)[0])
        """
    )

    assert result.stdout.strip() == f"[] {2**29}"
