"""What people wrote into a PDF: the values of its fields, and comments.

Both are drawn over the page and are no part of its content, so pdfium's text has neither.
"""

from typing import Any

from pypdf.generic import DictionaryObject

from appliance.index.reading import characters

_LIMIT = 1_000  # annotations of one page that are read
_LONGEST = 4_000  # characters of one value
_HIDDEN = 1 << 1 | 1 << 5  # flags of an annotation: hidden, no view
_PASSWORD = 1 << 13  # flag of a field
_NO_COMMENT = ("/Widget", "/Link", "/Popup", "/FileAttachment", "/PrinterMark", "/TrapNet")


def written(page: Any) -> list[str]:
    """One line for each field of a pypdf page that has a value, "name: value", and one for
    each comment, in the order of the page."""
    found: list[str] = []
    annotations = page.get("/Annots")
    for entry in list(annotations.get_object() if annotations is not None else ())[:_LIMIT]:
        annotation = entry.get_object()
        if not isinstance(annotation, DictionaryObject) or _flags(annotation, "/F") & _HIDDEN:
            continue
        kind = str(annotation.get("/Subtype", ""))
        if kind == "/Widget":
            line = _field(annotation)
        else:
            line = "" if kind in _NO_COMMENT else _comment(annotation)
        if line and line not in found:  # a field may stand at several places
            found.append(line)
    return found


def _field(widget: DictionaryObject) -> str:
    kind = _inherited(widget, "/FT")
    if kind not in ("/Tx", "/Ch", "/Btn") or _flags(widget, "/Ff") & _PASSWORD:
        return ""
    value = _inherited(widget, "/V")
    if kind == "/Btn":
        # A box or a round button is on where its own look is that of the value.
        look = str(widget.get("/AS", value or ""))
        if look in ("", "/Off", "None") or (value is not None and str(value) != look):
            return ""
        shown = "✓" if look.lower() in ("/yes", "/on", "/1", "/sim", "/true") else look.lstrip("/")
    else:
        values = value if isinstance(value, list) else [value]
        shown = ", ".join(_plain(one) for one in values if one is not None)
    name = _plain(_inherited(widget, "/TU") or _name(widget)).rstrip(" :*")
    return f"{name}: {shown}".removeprefix(": ") if shown else ""


def _name(widget: DictionaryObject) -> str:
    """The field's own name; a button has that of its parent."""
    for one in _ancestry(widget):
        if one.get("/T") is not None:
            return str(one["/T"])
    return ""


def _comment(annotation: DictionaryObject) -> str:
    text = _plain(annotation.get("/Contents"))
    author = _plain(annotation.get("/T"))
    return f"{author}: {text}" if text and author else text


def _plain(value: Any) -> str:
    return characters.one_line(str(value)[:_LONGEST]) if value is not None else ""


def _inherited(widget: DictionaryObject, key: str) -> Any:
    return next((one[key] for one in _ancestry(widget) if one.get(key) is not None), None)


def _flags(annotation: DictionaryObject, key: str) -> int:
    value = _inherited(annotation, key) if key == "/Ff" else annotation.get(key)
    return int(value) if isinstance(value, int) else 0


def _ancestry(widget: DictionaryObject) -> list[DictionaryObject]:
    found = [widget]
    while len(found) < 8:
        parent = found[-1].get("/Parent")
        parent = parent.get_object() if parent is not None else None
        if not isinstance(parent, DictionaryObject):
            break
        found.append(parent)
    return found
