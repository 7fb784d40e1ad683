"""``installer/engine.sh``: what it does before and after the compiler, without compiling."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "installer" / "engine.sh"
BUILT = Path(sysconfig.get_path("purelib")) / "llama_cpp"
TOOLS = (
    "bash dirname cat printf rm mv mktemp sed awk grep sha256sum cut nproc cp mkdir find tail nice"
)

pytestmark = pytest.mark.skipif(
    not shutil.which("g++") or not shutil.which("cmake"), reason="needs the compiler's version"
)


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """An environment with llama.cpp's Python side and no libraries, in a path with a space."""
    venv = tmp_path / "an environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    site = venv / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    shutil.copytree(BUILT, site / "llama_cpp", ignore=shutil.ignore_patterns("lib", "__pycache__"))
    (site / "others.pth").write_text(f"{BUILT.parent}\n")
    return venv


def package(venv: Path) -> Path:
    return next(venv.glob("lib/python3.*/site-packages/llama_cpp"))


def run(venv: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shutil.which("bash") or "bash", SCRIPT, venv],
        env=os.environ | {"BALCAO_BUILD_CACHE": ""} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def built_before(venv: Path) -> Path:
    """Libraries in the cache, under the name that the script gives them here."""
    cache = venv / "engine"
    installer = venv.parent / "house" / "installer"
    installer.mkdir(parents=True)
    shutil.copy(SCRIPT.with_name("amx_tiles.h"), installer)
    shutil.copy(SCRIPT.parents[1] / "requirements.txt", installer.parent)
    text = SCRIPT.read_text()
    asking = installer / "engine.sh"
    asking.write_text(text[: text.index("check_tools\ncache=")] + "\nfingerprint\n")
    named = subprocess.run(
        ["bash", asking, venv], capture_output=True, text=True, check=True
    ).stdout.strip()
    shutil.copytree(BUILT / "lib", cache / named, symlinks=True)
    (cache / named / ".built-for").unlink(missing_ok=True)
    return cache / named


def test_a_folder_that_is_no_environment_is_refused(tmp_path: Path) -> None:
    outcome = run(tmp_path)

    assert outcome.returncode == 1
    assert "is not a Python environment" in outcome.stderr


def test_without_an_argument_it_says_how_it_is_called() -> None:
    outcome = subprocess.run(["bash", SCRIPT], capture_output=True, text=True, check=False)

    assert outcome.returncode == 2
    assert outcome.stderr.startswith("usage:")


def test_without_a_compiler_it_names_the_packages_to_install(venv: Path, tmp_path: Path) -> None:
    poor = tmp_path / "bin"
    poor.mkdir()
    for tool in TOOLS.split():
        found = shutil.which(tool)
        if found:
            (poor / tool).symlink_to(found)
    outcome = run(venv, PATH=str(poor))

    assert outcome.returncode == 1
    assert "apt-get install g++ cmake make" in outcome.stderr


def test_what_was_built_before_is_taken_and_decodes(venv: Path) -> None:
    built_before(venv)
    outcome = run(venv)

    assert outcome.returncode == 0, outcome.stderr
    assert "where it was built before" in outcome.stdout
    assert (package(venv) / "lib" / "libllama.so").exists()


def test_a_second_run_does_nothing(venv: Path) -> None:
    built_before(venv)
    assert run(venv).returncode == 0
    library = package(venv) / "lib" / "libllama.so"
    before = library.stat(follow_symlinks=False).st_mtime_ns

    outcome = run(venv)

    assert outcome.stdout.strip() == "The engine is built for this processor already."
    assert library.stat(follow_symlinks=False).st_mtime_ns == before


def test_an_engine_that_cannot_decode_is_refused_and_not_kept(venv: Path) -> None:
    kept = built_before(venv)
    for library in kept.glob("libllama.so*"):
        library.unlink()
    (kept / "libllama.so").write_bytes(b"no library")
    outcome = run(venv)

    assert outcome.returncode == 1
    assert "cannot decode on this processor" in outcome.stderr
    assert not kept.exists()
    assert not (package(venv) / "lib" / ".built-for").exists()
