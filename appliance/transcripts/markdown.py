"""A transcript as Markdown, its sources as footnotes. Nothing in it that somebody wrote is
read as markup: not a link, not an image, not HTML."""

import re

from appliance.errors import sentence
from appliance.records import Language
from appliance.transcripts import telling
from appliance.transcripts.pieces import Block, Run, blocks
from appliance.transcripts.telling import Exchange, Transcript

_MEANS = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
_STARTS = re.compile(r"^(\s*\d+(?=[.)])|\s*(?=[-+=]))(.)(?=\s|$|[-+=])", re.MULTILINE)
# A bare address would become a link by itself in many readers.
_LEADS = re.compile(r"(?i)\b(https?|ftp|mailto|www)([:.])")


def written(transcript: Transcript, language: Language) -> str:
    """The whole text; ends with the footnotes."""
    notes: list[str] = []
    parts = [f"# {_line(transcript.title)}", f"*{_line(telling.lead(transcript, language))}*"]
    for one in transcript.exchanges:
        parts += _exchange(one, notes, language)
    parts.append(f"*{_line(sentence('transcript_check', {}, language))}*")
    parts += [f"[^{number}]: {text}" for number, text in enumerate(notes, 1)]
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """The text with everything escaped that Markdown reads as more than text."""
    escaped = _LEADS.sub(r"\1\\\2", _MEANS.sub(r"\\\1", text))
    return _STARTS.sub(r"\1\\\2", escaped)


def _line(text: str) -> str:
    return plain(" ".join(text.split()))


def _exchange(one: Exchange, notes: list[str], language: Language) -> list[str]:
    parts = [f"## {_line(one.question)}", f"*{telling.moment(one.at, language)}*"]
    if one.answer is None:
        return [*parts, f"*{_line(sentence('transcript_unanswered', {}, language))}*"]
    parts += [_block(block, notes, language) for block in blocks(one.answer)]
    return parts + [f"> {_line(caveat)}" for caveat in telling.caveats(one.answer, language)]


def _block(block: Block, notes: list[str], language: Language) -> str:
    text = "".join(_run(run, notes, language) for run in block.runs).strip()
    if not all(run.supported for run in block.runs):
        text += f" *\\[{_line(sentence('transcript_unsupported', {}, language))}\\]*"
    if block.kind == "heading":
        return f"### {text}"
    marker = "-" if block.marker == "•" else block.marker
    return f"{marker} {text}" if marker else text


def _run(run: Run, notes: list[str], language: Language) -> str:
    if not run.citations:
        text = plain(run.text)
        kept = text.strip()
        return text.replace(kept, f"**{kept}**", 1) if run.strong and kept else text
    numbers = []
    for one in run.citations:
        notes.append(_line(telling.source(one, language)))
        numbers.append(f"[^{len(notes)}]")
    return "".join(numbers)
