"""A house in miniature: the real scripts, over packages small enough to install in seconds.

Everything is real (bash, pip, a virtual environment, hashes, a source package with a
build backend); only the packages are tiny and lie in a folder, so no network is needed.
The folder's name has a space and accents, as people's folders do.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]

# An appliance that behaves as far as the scripts look: it serves, gets ready, and is asked.
APPLIANCE = """
import http.server, os, pathlib, sys

data = pathlib.Path(os.environ.get("APPLIANCE_DATA_DIR", "data"))

class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health/ready" else 404)
        self.end_headers()

def serve():
    if os.environ.get("MINIATURE_BREAKS"):
        sys.exit("no room for the database")
    data.mkdir(parents=True, exist_ok=True)
    (data / "pid").write_text(str(os.getpid()))
    address = os.environ["APPLIANCE_HOST"], int(os.environ["APPLIANCE_PORT"])
    http.server.HTTPServer(address, Pages).serve_forever()

match sys.argv[1:]:
    case ["serve"]:
        serve()
    case ["sample"]:
        print("Secretaria is ready")
    case ["sample", "--check"]:
        print("3 of 3 right, in", data)
        sys.exit(int(os.environ.get("MINIATURE_WRONG", "0")))
    case ["setup-code"]:
        print("The code that makes the first administrator: ABCD-1234")
    case other:
        print("appliance", *other)
"""

# Builds a wheel from a source package in the way PEP 517 asks, with nothing but Python.
BACKEND = """
import os, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "llama_cpp_python-0.3.36-py3-none-any.whl"
    info = "llama_cpp_python-0.3.36.dist-info"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("llama_cpp_built_with.txt", os.environ.get("CMAKE_ARGS", ""))
        wheel.writestr(f"{info}/METADATA",
            "Metadata-Version: 2.1\\nName: llama-cpp-python\\nVersion: 0.3.36\\n")
        wheel.writestr(f"{info}/WHEEL",
            "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def wheel(folder: Path, name: str, version: str, files: Mapping[str, str]) -> str:
    """Make a wheel; the line that pins it."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        archive.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(f"{info}/RECORD", "")
    return f"{name}=={version} \\\n    --hash=sha256:{sha256(path)}\n"


def source_package(folder: Path) -> str:
    """Make the package that only comes as source; the line that pins it."""
    path = folder / "llama_cpp_python-0.3.36.tar.gz"
    files = {
        "backend.py": BACKEND,
        "pyproject.toml": '[build-system]\nrequires = ["not-there"]\n'
        'build-backend = "backend"\nbackend-path = ["."]\n',
        "PKG-INFO": "Metadata-Version: 2.1\nName: llama-cpp-python\nVersion: 0.3.36\n",
    }
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"llama_cpp_python-0.3.36/{name}")
            entry.size = len(text.encode())
            archive.addfile(entry, BytesIO(text.encode()))
    return f"llama-cpp-python==0.3.36 \\\n    --hash=sha256:{sha256(path)}\n"


class Miniature:
    """A small checkout and the environment its scripts run in."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.packages = root.parent / "packages"
        self.environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(root.parent),
            "BALCAO_PYTHON": os.path.realpath(shutil.which("python3.11") or "python3"),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.packages),
            "PIP_NO_CACHE_DIR": "1",
            "LANG": "C.UTF-8",
        }
        self._lay_out()

    def run(
        self, script: str, *arguments: str, timeout: float = 120, **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(self.root / "installer" / script), *arguments],
            env=self.environment | variables,
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd="/",
        )

    def pin(self, list_name: str, *lines: str) -> None:
        (self.root / list_name).write_text("".join(lines))

    def engine_builds(self) -> int:
        log = self.root / "engine-builds"
        return len(log.read_text().splitlines()) if log.exists() else 0

    def _lay_out(self) -> None:
        installer = self.root / "installer"
        installer.mkdir(parents=True)
        self.packages.mkdir()
        for name in ("setup.sh", "try.sh"):
            shutil.copy2(CHECKOUT / "installer" / name, installer / name)
        engine = installer / "engine.sh"
        engine.write_text('#!/bin/sh\necho "$1" >>"$(dirname "$0")/../engine-builds"\n')
        engine.chmod(0o755)
        (installer / "amx_tiles.h").write_text("/* tiles */\n")
        (self.root / "appliance").mkdir()
        (self.root / "appliance" / "__main__.py").write_text(APPLIANCE)
        self.pin("requirements-build.txt", wheel(self.packages, "tools", "1", {"tools.py": ""}))
        self.pin(
            "requirements-torch.txt",
            wheel(self.packages, "torch", "2.0", {"torch/version.py": "cuda = None\n"}),
        )
        libraries = (
            wheel(self.packages, "library", "1", {"library.py": "answer = 42\n"}),
            source_package(self.packages),
        )
        self.pin("requirements.txt", *libraries)
        self.pin("requirements-test.txt", *libraries)


@pytest.fixture
def empty_house(tmp_path: Path) -> Miniature:
    """A miniature in which nothing was set up yet."""
    return Miniature(tmp_path / "Casa do Balcão")


@pytest.fixture(scope="session")
def set_up_once(tmp_path_factory: pytest.TempPathFactory) -> Miniature:
    """A miniature that is set up."""
    made = Miniature(tmp_path_factory.mktemp("miniature") / "Casa do Balcão")
    outcome = made.run("setup.sh")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return made


@pytest.fixture
def house(set_up_once: Miniature) -> Iterator[Miniature]:
    """A miniature that is set up; what a test changes in it is put back."""
    root = set_up_once.root
    files = [*root.glob("*.txt"), *root.glob("installer/*"), *root.glob(".venv/stamps/*")]
    before = {file: file.read_bytes() for file in files}
    yield set_up_once
    for file, content in before.items():
        file.write_bytes(content)


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Ctrl-C reaches the scripts even where the tests themselves were started in the
    background with it ignored: a program inherits that, and no shell can undo it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
