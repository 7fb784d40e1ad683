"""What is inside the wheel that people install, and inside the lists of what it needs."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
PARTS = ("appliance", "static", "models", "pyproject.toml", "README.md", "LICENSE")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "node_modules")


def pins(name: str) -> dict[str, str]:
    """Package → version, as a requirements file pins them."""
    text = (CHECKOUT / name).read_text()
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*\])?==([^\s;]+)", text, re.M)
    return dict(found)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel built, without the network, from a copy of the checkout."""
    source = tmp_path_factory.mktemp("source")
    for part in PARTS:
        if (CHECKOUT / part).is_dir():
            shutil.copytree(CHECKOUT / part, source / part, ignore=NOT_COPIED)
        else:
            shutil.copy2(CHECKOUT / part, source / part)
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"),
            *("--no-build-isolation", "--wheel-dir", str(source / "built"), str(source)),
        ],
        check=True,
        capture_output=True,
    )
    (built,) = (source / "built").glob("balcao-*.whl")
    return set(zipfile.ZipFile(built).namelist())


def test_the_wheel_brings_the_browser_s_files(wheel: set[str]) -> None:
    ours = {
        f"appliance/static/{file.relative_to(CHECKOUT / 'static')}"
        for file in (CHECKOUT / "static").rglob("*")
        if file.is_file() and "node_modules" not in file.parts
    }

    assert ours - wheel == set()
    assert {"appliance/static/console/index.html", "appliance/static/widget/loader.js"} <= wheel


def test_the_wheel_brings_the_models_catalogue_and_the_probe(wheel: set[str]) -> None:
    assert {"appliance/catalogue/catalogue.toml", "appliance/catalogue/probe.gguf"} <= wheel


def test_the_wheel_brings_schema_and_sentences(wheel: set[str]) -> None:
    house = CHECKOUT / "appliance"
    needed = [*house.glob("schema/*.sql"), *house.glob("sentences/*/*.toml")]

    assert {str(file.relative_to(CHECKOUT)) for file in needed} - wheel == set()


def test_the_wheel_brings_every_module(wheel: set[str]) -> None:
    modules = {str(file.relative_to(CHECKOUT)) for file in (CHECKOUT / "appliance").rglob("*.py")}

    assert modules - wheel == set()


def test_the_wheel_brings_its_licences(wheel: set[str]) -> None:
    licences = {name.partition("/licenses/")[2] for name in wheel if "/licenses/" in name}

    assert licences == {"LICENSE", "static/vendor/LICENSES"}


def test_the_wheel_brings_nothing_else(wheel: set[str]) -> None:
    strangers = [
        name
        for name in wheel
        if not name.startswith(("appliance/", "balcao-"))
        or "__pycache__" in name
        or "node_modules" in name
        or "/tests/" in name
    ]

    assert strangers == []


def test_what_is_installed_is_among_what_is_tested() -> None:
    ran, tested = pins("requirements.txt"), pins("requirements-test.txt")

    assert {name: tested.get(name) for name in ran} == ran


def test_the_build_tools_agree_with_the_libraries() -> None:
    tools, libraries = pins("requirements-build.txt"), pins("requirements-test.txt")

    assert {name: libraries[name] for name in tools if name in libraries} == {
        name: version for name, version in tools.items() if name in libraries
    }
    assert {"pip", "setuptools", "scikit-build-core"} <= tools.keys()


@pytest.mark.parametrize(
    "name",
    [
        "requirements.txt",
        "requirements-test.txt",
        "requirements-build.txt",
        "requirements-providers.txt",
        "requirements-torch.txt",
    ],
)
def test_every_requirement_is_pinned_by_hash(name: str) -> None:
    text = (CHECKOUT / name).read_text()

    unpinned = [
        block.splitlines()[0]
        for block in re.split(r"^(?=[A-Za-z])", text, flags=re.M)
        if block.strip() and not re.search(r"==.*\\\n +--hash=sha256:[0-9a-f]{64}", block)
    ]

    assert unpinned == []


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["test"], *extras["providers"]]
    names = {re.match(r"[A-Za-z0-9._-]+", line).group().lower() for line in wanted}  # type: ignore[union-attr]

    pinned = pins("requirements-test.txt").keys() | pins("requirements-torch.txt").keys()
    assert names - pinned == {project["name"]}  # the tests' extra takes the providers' along


def test_the_providers_packages_are_what_is_tested_and_the_product_needs_none() -> None:
    extra, tested = pins("requirements-providers.txt"), pins("requirements-test.txt")

    assert {name: tested[name] for name in extra} == extra
    assert {"langchain-openai", "langchain-anthropic", "langchain-mistralai"} <= extra.keys()
    assert extra.keys() & pins("requirements.txt").keys() == set()


def test_nothing_for_graphics_cards_is_pinned() -> None:
    heavy = [
        name
        for name in pins("requirements-test.txt")
        if name.startswith(("nvidia", "cuda")) or name in {"torch", "triton"}
    ]

    assert heavy == []
    assert pins("requirements-torch.txt")["torch"].endswith("+cpu")
