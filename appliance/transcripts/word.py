"""A transcript as a DOCX file: questions as headings, answers as text, sources as footnotes."""

import io
import re
from typing import Any

import docx
from docx.enum.text import WD_UNDERLINE
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from appliance.errors import sentence
from appliance.records import Language
from appliance.transcripts import telling
from appliance.transcripts.footnotes import Footnotes
from appliance.transcripts.pieces import Block, Run, blocks
from appliance.transcripts.telling import Exchange, Transcript

# What XML cannot hold; an old document's text may.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_INK, _SOFT = RGBColor(0x1E, 0x20, 0x26), RGBColor(0x54, 0x57, 0x60)
_STYLES = {"paragraph": None, "item": "List Paragraph", "heading": "Heading 3"}
_TONGUES = {"pt": "pt-BR", "en": "en-US", "es": "es-ES"}


def written(transcript: Transcript, language: Language) -> bytes:
    """The document's bytes."""
    document = _sheet(transcript, language)
    notes = Footnotes(document)
    document.add_heading(clean(transcript.title), level=0)
    _aside(document, telling.lead(transcript, language))
    for one in transcript.exchanges:
        _exchange(document, notes, one, language)
    _aside(document, sentence("transcript_check", {}, language))
    notes.close()
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def clean(text: str) -> str:
    """The text without what XML cannot hold."""
    return _UNWRITABLE.sub("", text)


def _sheet(transcript: Transcript, language: Language) -> Any:
    """An empty document in the house's look and the reader's language."""
    document = docx.Document()
    about = document.core_properties
    about.title, about.author = clean(transcript.title)[:255], clean(transcript.assistant)[:255]
    about.comments = ""
    for name, size in (("Title", 20), ("Heading 2", 13), ("Heading 3", 11)):
        style = document.styles[name]
        style.font.color.rgb, style.font.size = _INK, Pt(size)
    spoken = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    spoken.set(qn("w:val"), _TONGUES[language])
    return document


def _exchange(document: Any, notes: Footnotes, one: Exchange, language: Language) -> None:
    document.add_heading(clean(one.question), level=2)
    _aside(document, telling.moment(one.at, language))
    if one.answer is None:
        _aside(document, sentence("transcript_unanswered", {}, language))
        return
    for block in blocks(one.answer):
        _block(document, notes, block, language)
    for caveat in telling.caveats(one.answer, language):
        _aside(document, caveat)


def _block(document: Any, notes: Footnotes, block: Block, language: Language) -> None:
    paragraph = document.add_paragraph(style=_STYLES[block.kind])
    if block.marker:
        paragraph.add_run(f"{block.marker} ")
    for run in block.runs:
        _run(paragraph, notes, run, language)
    if not all(run.supported for run in block.runs):
        doubt = paragraph.add_run(f" [{sentence('transcript_unsupported', {}, language)}]")
        doubt.italic = True


def _run(paragraph: Any, notes: Footnotes, run: Run, language: Language) -> None:
    if run.text:
        said = paragraph.add_run(clean(run.text))
        said.bold = run.strong or None
        said.underline = None if run.supported else WD_UNDERLINE.DOTTED
    for index, one in enumerate(run.citations):
        if index:  # or the numbers 1 and 2 would read as 12
            paragraph.add_run(",", style="footnote reference")
        notes.add(paragraph, clean(telling.source(one, language)))


def _aside(document: Any, text: str) -> None:
    run = document.add_paragraph().add_run(clean(text))
    run.font.size, run.font.color.rgb = Pt(9), _SOFT
