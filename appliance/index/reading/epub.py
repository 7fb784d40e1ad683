"""Books: each part of the spine is read as the web page that it is, in the order of the book,
under the name that the book's table of contents gives it: a chapter's own heading is often a
picture.

Parts are pages of the document here, but nobody counts them: a book shows other pages
on every screen, and a citation names its headings instead.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import unquote

import msgspec

from appliance.errors import Unreadable
from appliance.index.reading import characters, html, packages
from appliance.index.reading.sheet import bound, under
from appliance.index.reading.wire import Outline
from appliance.records import Page

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_OPF = "{http://www.idpf.org/2007/opf}"
_NCX, _IN_NCX = "application/x-dtbncx+xml", "{http://www.daisy.org/z3986/2005/ncx/}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_METHOD = "{http://www.w3.org/2001/04/xmlenc#}EncryptionMethod"
# Fonts are scrambled so that nobody takes them from the book; its words are as they are.
_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_WEB_PAGES = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml"))


def read(stream: BinaryIO, name: str) -> Iterator[Outline | Page]:
    """Outline, then the parts of the spine, each a page.

    Raises ``Unreadable``: damaged, encrypted (copy protection), dangerous_content,
    too_long, no_words.
    """
    with packages.opened(stream, name, doctypes=True) as package:
        _check_open(package, name)
        place = _book(package, name)
        book = packages.parsed(package, place, name)
        parts = list(_spine(book, posixpath.dirname(place)))
        names = _names(package, book, posixpath.dirname(place), name)
        title = _line(next(book.iter(_TITLE), None))
        yield Outline(pages=len(parts), title=title or None, paged=False)
        yield from bound(_pages(package, parts, names, name), name)


def _check_open(package: zipfile.ZipFile, name: str) -> None:
    if "META-INF/encryption.xml" not in package.namelist():
        return
    locks = packages.parsed(package, "META-INF/encryption.xml", name)
    if any(lock.get("Algorithm") not in _FONTS_ONLY for lock in locks.iter(_METHOD)):
        raise Unreadable("encrypted", name=name)


def _book(package: zipfile.ZipFile, name: str) -> str:
    """Where the description of the book is in the package."""
    container = packages.parsed(package, "META-INF/container.xml", name)
    found = next(container.iter(_CONTAINER), None)
    if found is None:
        raise Unreadable("damaged", name=name)
    return str(found.get("full-path") or "")


def _spine(book: Any, folder: str) -> Iterator[str]:
    """The places in the package of the book's parts, in reading order."""
    items = {item.get("id"): item for item in book.iter(f"{_OPF}item")}
    for reference in book.iter(f"{_OPF}itemref"):
        item = items.get(reference.get("idref"))
        if item is not None and item.get("media-type") in _WEB_PAGES:
            yield _place(item.get("href"), folder)


def _place(address: str | None, folder: str) -> str:
    """Where in the package an address leads that stands in a file of ``folder``."""
    path = unquote((address or "").partition("#")[0])
    return posixpath.normpath(posixpath.join(folder, path))


def _names(package: zipfile.ZipFile, book: Any, folder: str, name: str) -> dict[str, str]:
    """What the table of contents calls each part, by its place; the first name counts."""
    tables = [
        _place(item.get("href"), folder)
        for item in book.iter(f"{_OPF}item")
        if item.get("media-type") == _NCX
    ]
    names: dict[str, str] = {}
    for table in tables[:1]:
        if table in package.namelist():
            contents = packages.parsed(package, table, name)
            for point in contents.iter(f"{_IN_NCX}navPoint"):
                target = point.find(f"{_IN_NCX}content")
                if target is not None:
                    place = _place(target.get("src"), posixpath.dirname(table))
                    names.setdefault(place, _line(point.find(f"{_IN_NCX}navLabel")))
    return names


def _line(element: Any) -> str:
    return "" if element is None else characters.one_line("".join(element.itertext()))


def _pages(
    package: zipfile.ZipFile, parts: list[str], names: dict[str, str], name: str
) -> Iterator[Page]:
    for number, part in enumerate(parts, 1):
        page = _part(package, part, name)
        yield under(names.get(part, ""), msgspec.structs.replace(page, number=number))


def _part(package: zipfile.ZipFile, part: str, name: str) -> Page:
    try:
        _, page = html.read(io.BytesIO(package.read(part)), name)
    except KeyError:  # named in the spine, and not in the package
        return Page(number=1, how="unreadable", text="", notes=("damaged",))
    except Unreadable as refusal:
        if refusal.code != "no_words":  # a cover is a picture
            raise
        return Page(number=1, how="digital", text="")
    assert isinstance(page, Page)  # noqa: S101 -- an outline, then the page
    return page
