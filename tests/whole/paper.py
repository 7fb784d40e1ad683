"""PDFs for tests, with a known sentence on every page."""

import io

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas


def rule(page: int) -> str:
    """The sentence that only this page holds."""
    return f"A sala {100 + page} pertence à turma {page} e tem {20 + page} carteiras."


def pdf(pages: int) -> bytes:
    """A PDF of so many pages; page n holds ``rule(n)`` among other sentences."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=True)
    for page in range(1, pages + 1):
        canvas.setFont("Helvetica-Bold", 14)
        canvas.drawString(72, 760, f"Art. {page}. Das salas de aula")
        canvas.setFont("Helvetica", 11)
        canvas.drawString(72, 730, rule(page))
        canvas.drawString(72, 712, "Cada sala deve ser entregue limpa ao fim do dia.")
        canvas.drawString(72, 694, f"O professor responsável assina a folha número {page}.")
        canvas.showPage()
    canvas.save()
    return target.getvalue()
