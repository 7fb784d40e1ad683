"""JSON and XML: records of named values, each as lines "name: value" that stay together.

What belongs to one record is one paragraph under the record's own path, so that a
passage holds a whole record and says which one it is. Numbers keep the digits that
the file has. XML that declares a document type or entities is refused; a name of an
entity that nobody declared is harmless, and stays as it is written.
"""

import html
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from appliance.errors import Unreadable
from appliance.index.reading import encodings, packages
from appliance.index.reading.sheet import Sheet, contents
from appliance.index.reading.wire import Outline
from appliance.records import Page

_DECLARED = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_ENCODING = re.compile(rb"^\s{0,20}<\?xml[^>]{0,100}?encoding=[\"']([\w.:-]{1,40})", re.I)
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;|#)([\w.:-]{1,60};)")
_LONE = re.compile(r"&(?![\w.:-]{1,60};|#\d{1,7};|#x[0-9a-fA-F]{1,6};)")


def read(file: BinaryIO, name: str) -> Iterator[Outline | Page]:
    """Outline, then the one page. Raises ``Unreadable``: damaged, type_mismatch (binary),
    dangerous_content, too_long, no_words."""
    data = contents(file, name)
    declared = _ENCODING.match(data)
    text = encodings.decode(data, declared.group(1).decode("ascii") if declared else None)
    if text is None:
        raise Unreadable("type_mismatch", name=name, claimed="JSON/XML", found="binary")
    sheet = Sheet(name)
    try:
        if text.lstrip("\ufeff \t\r\n").startswith("<"):
            path, value = _xml(text, name)
        else:
            path, value = "", _json(text)
        _Writer(sheet).record(path, value)
    except (ValueError, etree.XMLSyntaxError, RecursionError) as fault:
        raise Unreadable("damaged", name=name) from fault
    page = sheet.page()
    yield sheet.outline()
    yield page


def _json(text: str) -> Any:
    """The value in ``text``; of a file with one value a line, the list of them."""
    try:
        return _value(text)
    except json.JSONDecodeError as fault:
        lines = [line for line in text.splitlines() if line.strip()]
        if fault.msg != "Extra data" or len(lines) < 2:
            raise
        return [_value(line) for line in lines]


def _value(text: str) -> Any:
    # Numbers stay as they are written: 1.50 is a price, and 00123 would be an error anyway.
    return json.loads(text.lstrip("\ufeff"), parse_float=str, parse_int=str, parse_constant=str)


def _xml(text: str, name: str) -> tuple[str, Any]:
    """The root's name and what it holds, in the shapes that JSON has."""
    if _DECLARED.search(text):
        raise Unreadable("dangerous_content", name=name, reason="DOCTYPE")
    body = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1)
    body = _LONE.sub("&amp;", _ENTITY.sub(_spelled, body))
    root = packages.tree(body.encode("utf-8", "replace"))
    return _local(root.tag), _held(root)


def _spelled(found: re.Match[str]) -> str:
    """An entity that HTML knows as its character, any other as the words it is written with."""
    known = html.unescape(found.group(0))
    return f"&amp;{found.group(1)}" if known == found.group(0) else html.escape(known)


def _held(element: Any) -> Any:
    """An element as text, or as names and values: its attributes, then what stands in it."""
    children = [child for child in element if isinstance(child.tag, str)]
    between = [element.text, *(child.tail for child in children)]
    own = {_local(key): value for key, value in element.attrib.items() if value.strip()}
    if not children or any(text and text.strip() for text in between):
        text = "".join(element.itertext())
        return {**own, "": text} if own else text
    held: dict[str, Any] = dict(own)
    for child in children:
        key, value = _local(child.tag), _held(child)
        if key not in held:
            held[key] = value
        elif isinstance(held[key], list):
            held[key].append(value)
        else:
            held[key] = [held[key], value]
    return held


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


class _Writer:
    """Writes records onto the sheet: the plain values of each first, then those within it."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def record(self, path: str, value: Any) -> None:
        """A value under its path, "alunos[2]", as a paragraph of its own."""
        if isinstance(value, dict):
            self._fields(path, value)
        elif isinstance(value, list) and not _is_plain(value):
            for number, item in enumerate(value, 1):
                self.record(f"{path}[{number}]", item)
        elif written := _written(value):
            self.sheet.paragraph(f"{path}: {written}" if path else written)

    def _fields(self, path: str, fields: dict[str, Any]) -> None:
        lines: list[str] = []
        within: list[tuple[str, Any]] = []
        for key, value in _flat(fields):
            if _is_plain(value):
                written = _written(value)
                lines.extend([f"{key}: {written}" if key else written] * bool(written))
            else:
                within.append((f"{path}.{key}" if path else key, value))
        if lines:
            self.sheet.paragraph("\n".join([path, *lines] if path else lines))
        for place, value in within:
            self.record(place, value)


def _flat(fields: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """The fields, those of a field that is a record of plain values under "outer.inner"."""
    for key, value in fields.items():
        place = f"{before}.{key}".strip(".") if before else key
        if isinstance(value, dict) and all(map(_is_plain, value.values())):
            yield from _flat(value, place)
        else:
            yield place, value


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return not any(isinstance(item, (list, dict)) for item in value)
    return not isinstance(value, dict)


def _written(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_written, value)))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else " ".join(str(value).split())
