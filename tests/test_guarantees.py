"""What the product promises is a list, and every line of it has its test."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PROMISES: dict[str, str] = tomllib.loads((TESTS / "guarantees.toml").read_text("utf-8"))


def marked() -> Iterator[tuple[str, str]]:
    """The ids that tests are marked with, and the file of each mark."""
    for file in sorted(TESTS.rglob("test_*.py")):
        if "node_modules" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.guarantee":
                for one in node.args:
                    yield str(ast.literal_eval(one)), str(file.relative_to(TESTS))


PROVEN = list(marked())
PAGE = TESTS.parent / "installer" / "GUARANTEES.md"
HEAD = """# What Balcão promises

Every promise has its tests, which bear its id: `pytest -m guarantee` runs them all. A promise that
is not on this list is not made. Made by `python -m tests.test_guarantees`.

| id | promise | tests |
| --- | --- | --- |
"""


def page() -> str:
    """The page of the promises, as it has to stand in ``installer/``."""
    return HEAD + "".join(
        f"| {one} | {said} | {', '.join(files(one))} |\n" for one, said in PROMISES.items()
    )


def files(promise: str) -> list[str]:
    return sorted({f"`{file}`" for one, file in PROVEN if one == promise})


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_has_a_test_that_bears_its_id(promise: str) -> None:
    assert [file for one, file in PROVEN if one == promise] != []


def test_no_test_proves_what_nobody_promised() -> None:
    assert sorted({one for one, _ in PROVEN} - PROMISES.keys()) == []


def test_a_promise_is_one_sentence() -> None:
    bad = [one for one, said in PROMISES.items() if not said.endswith(".") or "\n" in said]

    assert bad == []


def test_the_list_is_in_order_family_by_family() -> None:
    families = list(dict.fromkeys(one.partition("-")[0] for one in PROMISES))

    assert list(PROMISES) == sorted(
        PROMISES, key=lambda one: (families.index(one.partition("-")[0]), one)
    )


def test_the_page_says_what_is_proven() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.test_guarantees"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
