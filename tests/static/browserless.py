"""What the tests of static/ share: where it lies, and modules run by Node without a browser."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

STATIC = Path(__file__).parents[2] / "static"
HERE = Path(__file__).parent

# Node is a developer's tool: an operator's machine runs these tests without it.
node_needed = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def sources(*endings: str) -> Iterator[Path]:
    """The files we wrote ourselves, by ending ("js", "css", "html")."""
    for path in sorted(STATIC.rglob("*")):
        if path.is_file() and "vendor" not in path.parts and path.suffix[1:] in endings:
            yield path


def run(script: str) -> Any:
    """Runs a module that calls ``give(value)`` once; gives that value back."""
    head = "const give = (value) => console.log(JSON.stringify(value));\n"
    done = subprocess.run(
        ["node", "--no-warnings", "--experimental-default-type=module", "--input-type=module",
         "-e", head + script],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return json.loads(done.stdout)
