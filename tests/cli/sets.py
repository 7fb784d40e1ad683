"""A small set of questions made by hand, as three files in a folder."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def lines(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as the lines of a file."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def put(
    folder: Path,
    corpus: Sequence[dict[str, Any]],
    queries: Sequence[dict[str, Any]],
    qrels: Sequence[dict[str, Any]],
) -> Path:
    """The folder, now with the three files of a set."""
    folder.mkdir()
    for name, rows in (("corpus", corpus), ("queries", queries), ("qrels", qrels)):
        (folder / f"{name}.jsonl").write_text(lines(rows), "utf-8")
    return folder
