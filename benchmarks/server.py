"""llama-server, built from the very source that llama-cpp-python vendors, with our flags."""

import http.client
import os
import shutil
import socket
import subprocess
import tarfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from appliance.models.tuning import Tuning
from benchmarks.asking import Heard, Question
from benchmarks.raw import CONTEXT

ROOT = Path(__file__).parents[1]
STARTING_SECONDS = 180.0
BUILD = (
    "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_SHARED_LIBS=ON", "-DCMAKE_BUILD_RPATH_USE_ORIGIN=ON",
    "-DLLAMA_CURL=OFF", "-DLLAMA_OPENSSL=OFF", "-DLLAMA_BUILD_TESTS=OFF",
    "-DLLAMA_BUILD_EXAMPLES=OFF", "-DLLAMA_BUILD_APP=OFF", "-DLLAMA_USE_PREBUILT_UI=OFF",
    f'-DCMAKE_CXX_FLAGS=-include "{ROOT / "installer" / "amx_tiles.h"}"',
)  # fmt: skip


class Absent(Exception):
    """There is no llama-server here, and why."""


class Server:
    """The program. ``serving`` runs it for one model."""

    def __init__(self, program: Path) -> None:
        self._program = program

    @classmethod
    def found(cls, program: Path | None, keep: Path, *, build: bool) -> "Server":
        """The program named, the one built before, or one built now. Raises ``Absent``."""
        program = program or keep / "llama-server" / "bin" / "llama-server"
        if not program.exists() and build:
            _build(keep)
        if not program.exists():
            raise Absent(f"{program} is not there; --build makes it, in about ten minutes")
        return cls(program)

    @contextmanager
    def serving(
        self, file: Path, tuning: Tuning
    ) -> Iterator[Callable[[Sequence[Question]], list[Heard]]]:
        """Answers questions while it runs. Raises ``Absent`` when it does not start."""
        port = _free_port()
        argv = [
            str(self._program), "--model", str(file), "--host", "127.0.0.1", "--port", str(port),
            "--ctx-size", str(CONTEXT * tuning.slots), "--parallel", str(tuning.slots),
            "--threads", str(tuning.threads), "--threads-batch", str(tuning.threads),
            "--batch-size", str(tuning.batch), "--ubatch-size", str(tuning.physical_batch),
            "--flash-attn", "on" if tuning.flash_attention else "off",
            "--kv-unified" if tuning.unified else "--no-kv-unified", "--no-webui",
        ]  # fmt: skip
        process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _until_it_answers(process, port)
            yield lambda asked: _answers(port, asked)
        finally:
            process.terminate()
            process.wait(30)


def _until_it_answers(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Absent(f"llama-server ended with status {process.returncode}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    raise Absent("llama-server did not answer")


def _answers(port: int, asked: Sequence[Question]) -> list[Heard]:
    heard = [Heard() for _ in asked]
    threads = [
        threading.Thread(target=_answer, args=(port, one, told))
        for one, told in zip(asked, heard, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard


def _answer(port: int, question: Question, heard: Heard) -> None:
    body = {
        "prompt": question.tokens,
        "n_predict": question.written,
        "temperature": 0,
        "ignore_eos": True,
        "cache_prompt": True,
        "stream": True,
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3600)
    try:
        connection.request(
            "POST", "/completion", msgspec.json.encode(body), {"content-type": "application/json"}
        )
        for line in connection.getresponse():
            if line.startswith(b"data: ") and not msgspec.json.decode(line[6:]).get("stop"):
                heard.token()
    finally:
        connection.close()


def _build(keep: Path) -> None:
    """Build it at the lowest priority, one job. Raises ``Absent`` when it does not compile."""
    place = keep / "llama-server"
    place.mkdir(parents=True, exist_ok=True)
    source = _source(place)
    log = place / "build.log"
    steps = (
        ["cmake", "-S", str(source), "-B", str(place), *BUILD],
        ["cmake", "--build", str(place), "--target", "llama-server", "--parallel", "1"],
    )
    with log.open("w") as told:
        for step in steps:
            if shutil.which("cmake") is None:
                raise Absent("cmake is not there")
            if subprocess.run(["nice", "-n", "19", *step], stdout=told, stderr=told).returncode:
                raise Absent(f"llama-server did not compile; see {log}")


def _source(place: Path) -> Path:
    """The llama.cpp inside the release that requirements.txt pins, checked by its hash."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("llama-cpp-python=="))
    pinned = [lines[first]]
    while pinned[-1].endswith("\\"):
        pinned.append(lines[first + len(pinned)])
    pin = place / "pin.txt"
    pin.write_text("\n".join(pinned), "utf-8")
    python = ROOT / ".venv" / "bin" / "python"
    argv = [str(python), "-m", "pip", "download", "--quiet", "--no-deps", "--no-build-isolation"]
    argv += ["--no-binary", ":all:", "--require-hashes", "--dest", str(place), "-r", str(pin)]
    environment = os.environ | {"CMAKE_ARGS": "-DLLAMA_BUILD=OFF"}
    if subprocess.run(argv, env=environment).returncode:
        raise Absent("the source of llama.cpp could not be fetched")
    archive = next(place.glob("llama_cpp_python-*.tar.gz"))
    with tarfile.open(archive) as packed:
        packed.extractall(place, filter="data")
    return next(place.glob("llama_cpp_python-*/vendor/llama.cpp"))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
