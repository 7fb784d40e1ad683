"""What the tests of ingestion stand on: documents, and an engine that can be away."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from reportlab.pdfgen.canvas import Canvas

from appliance.errors import Unavailable
from appliance.models import Vectors
from tests.fakes import WordEmbedder


class FarEmbedder(WordEmbedder):
    """An embedder that can be away, as behind a model runner; counts what it embedded."""

    def __init__(self) -> None:
        self.away = False
        self.texts = 0

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        if self.away:
            raise Unavailable("engine_down")
        self.texts += len(texts)
        return super().embed(texts, kind=kind)


def pdf(path: Path, pages: int) -> Path:
    """A PDF with text on every page; each page says its own number in words of its own."""
    canvas = Canvas(str(path))
    for number in range(1, pages + 1):
        for line in range(12):
            canvas.drawString(
                72,
                760 - 20 * line,
                f"Artigo {number}-{line}. O regimento interno trata da matéria {number}.",
            )
        canvas.showPage()
    canvas.save()
    return path
