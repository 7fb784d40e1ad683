"""A conversation as a file that people keep, print or hand in: DOCX with footnotes, or Markdown.

Every answer takes its evidence along (title, page, the cited lines) as footnotes, in the
order of the text, and what the documents do not confirm stays marked. Whatever people,
models and documents wrote comes in as text alone: no link, no field, no markup.
"""

from appliance.records import Language
from appliance.transcripts import markdown, word
from appliance.transcripts.telling import Exchange, Transcript


def as_docx(transcript: Transcript, language: Language) -> bytes:
    """The conversation as a DOCX file with footnotes."""
    return word.written(transcript, language)


def as_markdown(transcript: Transcript, language: Language) -> str:
    """The conversation as Markdown, its sources as footnotes (``[^1]``)."""
    return markdown.written(transcript, language)


__all__ = ["Exchange", "Transcript", "as_docx", "as_markdown"]
