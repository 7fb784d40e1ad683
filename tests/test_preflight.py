"""Each deficit of a server gives one sentence with its remedy, in the language asked for."""

import socket
from pathlib import Path

import pytest

from appliance import preflight
from appliance.doctor import machine

pytestmark = pytest.mark.guarantee("INS-03")
CPU = "model name\t: Old One\nflags\t\t: fpu sse2{more}\n"


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    """A server on which nothing is missing, as /proc tells of it."""
    folder = tmp_path / "proc"
    folder.mkdir()
    (folder / "cpuinfo").write_text(CPU.format(more=" avx2"))
    (folder / "meminfo").write_text("MemTotal:       16384000 kB\n")
    (folder / "mounts").write_text("/dev/sda1 / ext4 rw 0 0\n")
    (tmp_path / "resolv.conf").write_text("nameserver 10.0.0.2\n")
    return folder


@pytest.fixture(autouse=True)
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the disk of the tests is, and whoever keeps their clock."""
    monkeypatch.setattr(preflight, "NEEDED_MB", {"program": 1, "data": 1})
    monkeypatch.setattr(preflight, "_UNSYNCHRONISED", -7)


def looked(proc: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, list[str]]:
    """The exit status and the lines."""
    status = preflight.main(
        ["--proc", str(proc), "--resolv", str(proc.parent / "resolv.conf"), "--port", "0",
         "--program", str(proc.parent / "opt"), "--data", str(proc.parent / "data"), *more]
    )  # fmt: skip
    return status, capsys.readouterr().out.splitlines()


def test_a_server_that_has_everything_hears_nothing(proc, capsys) -> None:
    assert looked(proc, capsys) == (0, [])


@pytest.mark.parametrize(
    ("file", "text", "status", "said"),
    [
        ("cpuinfo", CPU.format(more=""), 0, "! The processor has no AVX2 (Old One)"),
        ("meminfo", "MemTotal: 2048000 kB\n", 0, "! There are only 2000 MB of memory; 3500"),
        ("mounts", "files:/x / nfs4 rw 0 0\n", 3, "✗ The data in "),
        ("../resolv.conf", "nameserver 8.8.8.8\n", 0, "! Names of the intranet are asked"),
    ],
)
def test_a_deficit_is_one_sentence(proc, capsys, file, text, status, said) -> None:
    (proc / file).write_text(text)

    found, lines = looked(proc, capsys)

    assert (found, len(lines)) == (status, 1)
    assert lines[0].startswith(said)


def test_a_disk_that_is_too_small(proc, capsys, monkeypatch) -> None:
    monkeypatch.setattr(preflight, "NEEDED_MB", {"program": 1, "data": 10**9})

    status, (line,) = looked(proc, capsys)

    assert status == 3
    assert line.startswith(f"✗ {proc.parent / 'data'} has ")
    assert "1000000000 MB are needed" in line


def test_a_port_that_is_taken(proc, capsys) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        status, (line,) = looked(proc, capsys, "--port", port)
        again, lines = looked(proc, capsys, "--port", port, "--running")

    assert status == 3
    assert line.startswith(f"✗ Port {port} on 127.0.0.1 cannot be used: Address already in use")
    assert (again, lines) == (0, [])  # it is ours


def test_a_clock_that_nobody_keeps(proc, capsys, monkeypatch) -> None:
    class Kernel:
        @staticmethod
        def adjtimex(_: object) -> int:
            return 5

    monkeypatch.setattr(preflight, "_UNSYNCHRONISED", 5)
    monkeypatch.setattr(preflight.ctypes, "CDLL", lambda _: Kernel)

    status, (line,) = looked(proc, capsys)

    assert (status, line[:30]) == (0, "! Nobody keeps the clock of th")


@pytest.mark.parametrize(("language", "word"), [("pt", "Porta"), ("en", "Port"), ("es", "puerto")])
def test_it_speaks_the_language_that_was_answered(proc, capsys, language, word) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        _, (line,) = looked(proc, capsys, "--port", port, "--language", language)

    assert word in line


def test_a_machine_that_does_not_say_lacks_nothing(proc, capsys) -> None:
    for name in ("cpuinfo", "meminfo", "mounts"):
        (proc / name).unlink()

    assert looked(proc, capsys) == (0, [])


def test_its_limits_are_the_doctors() -> None:
    assert preflight.LEAST_MEMORY_MB == machine.LEAST_MEMORY_MB
    assert set(preflight.NETWORKED) == machine.NETWORKED
