"""Every benchmark starts: what one imports is where it looks for it."""

import importlib
from pathlib import Path

import pytest

import benchmarks

NAMES = sorted(file.stem for file in Path(benchmarks.__path__[0]).glob("*.py"))


@pytest.mark.parametrize("name", NAMES)
def test_its_imports_are_there(name: str) -> None:
    importlib.import_module(f"benchmarks.{name}")
