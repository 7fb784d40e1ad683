"""The rows that a figure stands on, as passages and as the spans that are cited."""

from collections.abc import Sequence

from appliance.answering.checking import Span
from appliance.answering.tables.computing import Computed
from appliance.chunks import Chunks
from appliance.database import Database
from appliance.records import Passage


def cited(database: Database, computed: Computed) -> tuple[tuple[Passage, ...], list[Span]]:
    """The passages that hold the header and the rows, in the order of the document, and each
    of these as a span: the header first, then the rows. What no passage holds is left out."""
    places = [(computed.table.start, computed.table.end)]
    places += [(line.start, line.end) for line in computed.lines]
    known = [(start, end) for start, end in places if start is not None and end is not None]
    chunks = Chunks(database).at(computed.table.document.id, [start for start, _ in known])
    passages = tuple(chunk.passage(n) for n, chunk in enumerate(chunks, start=1))
    spans = [span for start, end in known if (span := _span(passages, start, end)) is not None]
    return passages, spans


def _span(passages: Sequence[Passage], start: int, end: int) -> Span | None:
    """A line of the text as a span of the passage that holds it; a long one to its end."""
    for passage in passages:
        if passage.start <= start < passage.end:
            end = min(end, passage.end)
            text = passage.text[start - passage.start : end - passage.start]
            return Span(passage=passage, start=start, end=end, text=text)
    return None
