"""The files embedded in a PDF (ISO 32000-1, 7.11.4): a portfolio's documents, an invoice's XML."""

from collections.abc import Iterator
from typing import Any

from appliance.index.reading import characters
from appliance.index.reading.wire import (
    ATTACHED_LIMIT,
    ATTACHMENT_LIMIT,
    ATTACHMENTS,
    Attachment,
)


def files(structure: Any) -> Iterator[Attachment]:
    """The embedded files that pypdf's reader ``structure`` finds (None: none).

    One that is broken or too large comes without content: the house then notes that it was
    left out. What comes after the limits of one document does not come at all.
    """
    left = ATTACHED_LIMIT
    for name, held in _listed(structure)[:ATTACHMENTS]:
        content = _content(held)
        if len(content) > min(ATTACHMENT_LIMIT, left):
            content = b""
        left -= len(content)
        yield Attachment(file_name=name, content=content)


def _listed(structure: Any) -> list[tuple[str, Any]]:
    try:
        held = list(structure.attachment_list) if structure is not None else []
        return [(characters.one_line(str(one.name)) or "anexo", one) for one in held]
    except Exception:  # noqa: BLE001 - a broken list of files is no reason to refuse the pages
        return []


def _content(held: Any) -> bytes:
    try:
        return bytes(held.content)
    except Exception:  # noqa: BLE001 - pypdf meets broken files with any exception there is
        return b""
