"""Pictures of pages made for the tests: drawn by reportlab, whose letters are always there,
and photographed by pdfium, with what a scanner adds. Small ones: OCR reads 20 words a tenth of
a second, and a whole page in 2 to 3."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from appliance.index.reading import scans
from appliance.index.reading.wire import Scan

NOTICE = (
    "A matrícula será feita até 15 de março.",
    "Não há exceção para alunos novos.",
    "A mensalidade é de R$ 1.250,00 por mês.",
)


def paper(
    lines: Sequence[str] = NOTICE,
    *,
    size: tuple[float, float] = (320, 130),
    top: float = 100,
    left: float = 30,
) -> bytes:
    """A PDF of one page, in points, with ``lines`` at 12 points from the top left."""
    whole = io.BytesIO()
    canvas = Canvas(whole, pagesize=size, invariant=1)
    canvas.setFont("Helvetica", 12)
    for number, line in enumerate(lines):
        canvas.drawString(left, top - 16 * number, line)
    canvas.save()
    return whole.getvalue()


def photographed(
    pdf: bytes, *, dpi: int = 200, skew: float = 0.0, noise: float = 10.0
) -> Image.Image:
    """The first page of ``pdf`` in gray, laid down ``skew`` degrees askew (counterclockwise)."""
    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
    if skew:
        picture = picture.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    grays = np.asarray(picture, dtype="float32") * 0.85 + 30
    grays += np.random.default_rng(1).normal(0.0, noise, grays.shape)
    return Image.fromarray(np.clip(grays, 0, 255).astype("uint8"))


def notice(lines: Sequence[str] = NOTICE, **how: Any) -> Image.Image:
    """A small scan of ``lines``."""
    return photographed(paper(lines), **how)


def scanned(picture: Image.Image, *, number: int = 1, note: str = "no_text") -> Scan:
    """``picture``, made at 200 dpi, as the child would send it."""
    enlarged = picture.resize((picture.width * 3 // 2, picture.height * 3 // 2))
    scan = scans.prepared(number, note, enlarged)
    assert isinstance(scan, Scan)
    return scan


def pdf_of(path: Path, *pages: Image.Image | Sequence[str]) -> Path:
    """A PDF whose pages are pictures, or lines of digital text."""
    canvas = Canvas(str(path), invariant=1)
    for page in pages:
        canvas.setPageSize((320, 130))
        if isinstance(page, Image.Image):
            canvas.drawInlineImage(page, 0, 0, 320, 130)
        else:
            canvas.setFont("Helvetica", 12)
            for number, line in enumerate(page):
                canvas.drawString(30, 100 - 16 * number, line)
        canvas.showPage()
    canvas.save()
    return path
