"""A disk that refuses writes, or can only be read: what is asked goes on, what would be lost is
refused, and nothing ends and begins again (REL-05).

Writes fail for real: the kernel lets the processes write no byte into any file
(``RLIMIT_FSIZE``), which SQLite meets as it meets a broken disk, as an I/O error.
"""

import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.whole.running import Running, eventually, running
from tests.whole.small_disk import SmallDisk

pytestmark = [pytest.mark.crash, pytest.mark.guarantee("REL-05")]


@pytest.fixture
def appliance(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path / "data") as appliance:
        yield appliance


def writes(appliance: Running, *, allowed: bool) -> None:
    """Let the web process and the worker write into files, or not."""
    assert appliance.process
    worker = appliance.child("appliance work")
    assert worker
    for one in (psutil.Process(appliance.process.pid), worker):
        one.rlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY if allowed else 0, -1))


def ready(appliance: Running) -> Any:
    return appliance.client.get("/health/ready")


def test_a_disk_that_takes_no_writes_is_told_and_reading_goes_on_until_it_takes_them(
    appliance: Running,
) -> None:
    collection = appliance.assistant()["collections"][0]
    first = appliance.upload(collection, "biblioteca.txt", "Três livros por aluno.".encode())
    assert appliance.read(first)["state"] == "ready"

    writes(appliance, allowed=False)

    eventually(lambda: ready(appliance).status_code == 503, "it says that it is well")
    assert ready(appliance).json()["code"] == "disk_failing"
    made = appliance.client.post("/api/assistants", json={"name": "Outra"})
    assert (made.status_code, made.json()["code"]) == (503, "disk_failing")
    assert appliance.document(first)["state"] == "ready"
    assert "gravação" in appliance.system()["disk"]["reason"]
    assert appliance.client.get("/health/live").status_code == 200

    writes(appliance, allowed=True)

    eventually(lambda: ready(appliance).status_code == 200, "it did not recover")
    names = [one["name"] for one in appliance.client.get("/api/assistants").json()["items"]]
    assert names == ["Secretaria"]
    second = appliance.upload(collection, "salas.txt", b"A sala 101 fica no bloco B.")
    assert appliance.read(second)["state"] == "ready"
    assert appliance.process
    assert appliance.process.poll() is None
    assert [part["restarts"] for part in appliance.system()["parts"]] == [0, 0]


def test_a_folder_that_can_only_be_read_is_told_by_every_page_until_it_can_be_written(
    tmp_path: Path,
) -> None:
    disk = SmallDisk(tmp_path / "disk", first='mount -o remount,ro "$0"')
    try:
        disk.appliance.begin()
        page = eventually(lambda: disk.appliance.asked("/"), "nothing is served")
        told = disk.appliance.client.get("/api/session")
        assert (page.status_code, told.status_code) == (503, 503)
        assert told.json()["code"] == "maintenance_disk"
        assert "só permite leitura" in told.json()["detail"]
        assert disk.appliance.asked("/health/ready").status_code == 503  # type: ignore[union-attr]

        disk.remount("rw")

        eventually(disk.appliance.is_ready, "it did not begin")
    finally:
        disk.appliance.stop()
