"""Zip-made documents written by hand for the tests of reading: OpenDocument and books."""

import zipfile
from pathlib import Path

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in [
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("style", "style"),
        ("presentation", "presentation"),
        ("svg", "svg-compatible"),
    ]
)
MANIFEST = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
KINDS = {".odt": "text", ".odp": "presentation", ".ods": "spreadsheet"}


def zipped(path: Path, parts: dict[str, str | bytes]) -> Path:
    """A zip with ``parts`` in their order; the first is stored as it is."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for number, (name, content) in enumerate(parts.items()):
            way = zipfile.ZIP_STORED if number == 0 else zipfile.ZIP_DEFLATED
            package.writestr(name, content, compress_type=way)
    return path


def open_document(
    path: Path,
    body: str,
    *,
    styles: str = "",
    before: str = "",
    shared: str = "",
    title: str = "",
    manifest: str = "",
) -> Path:
    """An OpenDocument of the kind that the path's ending says, around the XML ``body``."""
    kind = KINDS[path.suffix]
    parts: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": (
            f'<?xml version="1.0"?>{before}<office:document-content {NAMES}>'
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
            "</office:document-content>"
        ),
        "styles.xml": (
            f'<?xml version="1.0"?><office:document-styles {NAMES}>'
            f"<office:styles>{shared}</office:styles></office:document-styles>"
        ),
        "meta.xml": (
            f'<?xml version="1.0"?><office:document-meta {NAMES} '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
            f"<dc:title>{title}</dc:title></office:meta></office:document-meta>"
        ),
        "META-INF/manifest.xml": manifest or f"<manifest:manifest {MANIFEST}/>",
    }
    return zipped(path, parts)


def book(path: Path, chapters: dict[str, str], **more: str) -> Path:
    """A book of ``chapters`` (place in the package: markup), read in their order; ``more`` are
    parts whose names end in ``_xml``, with "META_INF" for the folder of that name."""
    items = "".join(
        f'<item id="c{number}" href="{place}" media-type="application/xhtml+xml"/>'
        for number, place in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(len(chapters)))
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": (
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OPS/content.opf"/></rootfiles></container>'
        ),
        "OPS/content.opf": (
            '<package xmlns="http://www.idpf.org/2007/opf" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
            "<dc:title>Manual do aluno</dc:title></metadata>"
            f'<manifest>{items}<item id="toc" href="toc.ncx" '
            'media-type="application/x-dtbncx+xml"/></manifest>'
            f"<spine>{spine}</spine></package>"
        ),
        **{f"OPS/{place}": markup for place, markup in chapters.items() if markup},
        **{
            name.replace("META_INF_", "META-INF/").replace("_xml", ".xml"): content
            for name, content in more.items()
            if name != "toc"
        },
    }
    if "toc" in more:
        parts["OPS/toc.ncx"] = more["toc"]
    return zipped(path, parts)


def contents(**names: str) -> str:
    """A table of contents: the name of each part, by its place with "_" for the dot."""
    points = "".join(
        f"<navPoint><navLabel><text>{name}</text></navLabel>"
        f'<content src="{place.replace("_", ".")}#inicio"/></navPoint>'
        for place, name in names.items()
    )
    return (
        '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" '
        '"http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">'
        f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{points}</navMap></ncx>'
    )
