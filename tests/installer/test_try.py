"""What installer/try.sh promises: one command to a running appliance, and nothing left behind."""

import os
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

from tests.installer.conftest import Miniature


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def is_running(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def test_the_check_asks_and_leaves_neither_data_nor_process(house: Miniature) -> None:
    outcome = house.run("try.sh", "--check", TMPDIR=str(house.packages))

    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.splitlines()[-1].startswith("3 of 3 right, in ")
    assert not (house.root / "data").exists()
    assert list(house.packages.glob("balcao-check.*")) == []


def test_the_check_fails_when_an_answer_is_wrong(house: Miniature) -> None:
    outcome = house.run("try.sh", "--check", MINIATURE_WRONG="1")

    assert outcome.returncode == 1


def test_an_appliance_that_does_not_start_shows_why(house: Miniature) -> None:
    outcome = house.run("try.sh", "--check", MINIATURE_BREAKS="yes")

    assert outcome.returncode == 1
    assert "    no room for the database" in outcome.stderr
    assert "Balcão did not start" in outcome.stderr


def test_a_busy_port_is_refused_with_a_sentence(house: Miniature) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        outcome = house.run("try.sh", "--port", port)

    assert outcome.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be used: Address already in use" in outcome.stderr
    assert "choose another port" in outcome.stderr


def test_a_port_that_is_none_is_refused(house: Miniature) -> None:
    assert house.run("try.sh", "--port", "70000").returncode == 2
    assert house.run("try.sh", "--port").returncode == 2


def test_try_prints_address_and_code_and_stops_everything_when_told(
    house: Miniature, tmp_path: Path
) -> None:
    port = a_free_port()
    trying = subprocess.Popen(
        [house.root / "installer" / "try.sh", "--port", str(port)],
        env=house.environment | {"APPLIANCE_DATA_DIR": str(tmp_path / "dados")},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert trying.stdout is not None
    words = [next(trying.stdout)]
    while not words[-1].startswith("Ctrl-C stops it"):
        words.append(next(trying.stdout))
    server = int((tmp_path / "dados" / "pid").read_text())

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready") as answer:
        assert answer.status == 200
    os.killpg(trying.pid, signal.SIGINT)  # as Ctrl-C does
    trying.communicate(timeout=30)

    assert f"Balcão is running:  http://127.0.0.1:{port}\n" in words
    assert "The code that makes the first administrator: ABCD-1234\n" in words
    assert trying.returncode == 130
    assert not is_running(server)


def test_an_appliance_that_dies_is_reported(house: Miniature, tmp_path: Path) -> None:
    port = a_free_port()
    trying = subprocess.Popen(
        [house.root / "installer" / "try.sh", "--port", str(port)],
        env=house.environment | {"APPLIANCE_DATA_DIR": str(tmp_path / "dados")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert trying.stdout is not None
    while not next(trying.stdout).startswith("Ctrl-C stops it"):
        pass

    os.kill(int((tmp_path / "dados" / "pid").read_text()), signal.SIGKILL)
    _, words = trying.communicate(timeout=30)

    assert trying.returncode == 1
    assert "Balcão stopped by itself (status 137)" in words
