"""The footnotes of a DOCX file: a part of its own, which python-docx does not write.

As Word writes it (ECMA-376, 17.11): two separators with the ids -1 and 0, then the notes
from 1 on; styles for the note's text and for its number; and the separators named in the
document's settings.
"""

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from lxml import etree

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_EMPTY = f"""<w:footnotes {nsdecls("w")}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p>
</w:footnote></w:footnotes>"""


class Footnotes:
    """The footnotes of one document; ``add`` them in order, then ``close``."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._root = etree.fromstring(_EMPTY)
        self._last = 0
        self._add_styles()

    def add(self, paragraph: Any, text: str) -> None:
        """A footnote at the end of a paragraph; ``text`` must be writable in XML."""
        self._last += 1
        paragraph.add_run()._r.append(_numbered("w:footnoteReference", self._last))
        paragraph.runs[-1].style = "footnote reference"
        note = etree.SubElement(self._root, qn("w:footnote"), {qn("w:id"): str(self._last)})
        body = etree.SubElement(note, qn("w:p"))
        style = etree.SubElement(etree.SubElement(body, qn("w:pPr")), qn("w:pStyle"))
        style.set(qn("w:val"), self._document.styles["footnote text"].style_id)
        number = etree.SubElement(body, qn("w:r"))
        style = etree.SubElement(etree.SubElement(number, qn("w:rPr")), qn("w:rStyle"))
        style.set(qn("w:val"), self._document.styles["footnote reference"].style_id)
        etree.SubElement(number, qn("w:footnoteRef"))
        said = etree.SubElement(etree.SubElement(body, qn("w:r")), qn("w:t"))
        said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        said.text = f" {text}"

    def close(self) -> None:
        """Put the part into the document."""
        blob = etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)
        home = self._document.part
        part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE, blob, home.package)
        home.relate_to(part, RELATION)
        named = OxmlElement("w:footnotePr")
        named.extend([_numbered("w:footnote", -1), _numbered("w:footnote", 0)])
        # The order of settings is part of the format: before what it is compatible with.
        self._document.settings.element.find(qn("w:compat")).addprevious(named)

    def _add_styles(self) -> None:
        styles = self._document.styles
        text = styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH)
        text.base_style = styles["Normal"]
        text.font.size = Pt(9)
        text.paragraph_format.space_after = Pt(2)
        text.paragraph_format.line_spacing = 1.0
        reference = styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER)
        reference.font.superscript = True


def _numbered(name: str, number: int) -> Any:
    element = OxmlElement(name)
    element.set(qn("w:id"), str(number))
    return element
