"""Originals as downloads: never shown, never run, whatever they hold."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.response import File

from appliance.errors import NotFound
from appliance.records import Document

HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def attachment(path: Path, document: Document) -> Response[Any]:
    """The file as an attachment under its own name, sandboxed. Raises ``NotFound``."""
    if not path.is_file():
        raise NotFound
    disposition = f"attachment; filename*=UTF-8''{quote(document.file_name, safe='')}"
    return File(
        path=path,
        media_type="application/octet-stream",
        headers=HARMLESS | {"Content-Disposition": disposition},
    )
