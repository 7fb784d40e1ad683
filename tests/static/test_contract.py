"""The types of the faces are those of the API."""

import re
from typing import Any

import pytest

from tests.static import contract


@pytest.fixture(scope="module")
def shapes() -> dict[str, Any]:
    return contract.schemas()


def test_the_types_are_those_of_the_openapi_document_of_today(shapes: dict[str, Any]) -> None:
    """When this fails: ``.venv/bin/python -m tests.static.contract``, and look at what changed."""
    assert contract.KEPT.read_text("utf-8") == contract.written(shapes)


def test_a_shape_that_changes_changes_them(shapes: dict[str, Any]) -> None:
    longer = shapes["DocumentName"]["properties"] | {"pages": {"type": "integer"}}
    other = shapes | {"DocumentName": shapes["DocumentName"] | {"properties": longer}}

    assert contract.written(other) != contract.written(shapes)


def test_what_the_server_names_is_written_by_nobody_else(shapes: dict[str, Any]) -> None:
    """A page's own shape has another name than the server's; or it is the server's."""
    words = contract.KEPT.with_name("types.d.ts").read_text("utf-8")
    by_hand = set(re.findall(r"^export interface (\w+)", words, re.MULTILINE))

    assert by_hand & shapes.keys() == set()
