"""The documents of the preview: a school's rules as pages of text, as pictures, and as boxes.

A page is its lines. The picture is drawn from the same lines with the same
font that the boxes are measured with, so a highlight lies on its words.
"""

import io
import textwrap
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1000, 1414
LEFT, TOP, LEADING = 110, 190, 34

RULES = [
    "CAPÍTULO I. DA MATRÍCULA\n\n"
    "Art. 1º A matrícula dos alunos novos é feita na secretaria, de 4 a 29 de novembro, "
    "das 8h às 17h.\n\n"
    "Art. 2º São documentos obrigatórios: certidão de nascimento, comprovante de residência "
    "emitido há menos de noventa dias e histórico escolar da escola de origem.\n\n"
    "Parágrafo único. A falta do histórico pode ser suprida por declaração, por trinta dias.",
    "CAPÍTULO II. DA FREQUÊNCIA\n\n"
    "Art. 12. A frequência mínima para aprovação é de 75% das aulas dadas.\n\n"
    "Art. 13. As faltas por motivo de saúde são justificadas com atestado entregue à "
    "secretaria em até 48 horas após o retorno do aluno.",
    "CAPÍTULO III. DOS RECURSOS\n\n"
    "Art. 27. Os responsáveis podem pedir a revisão de nota ou de resultado final.\n\n"
    "Art. 28. Os recibos e requerimentos devem ser entregues na secretaria até o dia 5 de "
    "cada mês. Pedidos entregues depois desse dia são analisados no mês seguinte.\n\n"
    "Art. 29. A resposta ao requerimento é dada por escrito em dez dias úteis.",
    "CAPÍTULO IV. DO UNIFORME\n\n"
    "Art. 40. O uso do uniforme é obrigatório de segunda a sexta-feira. "
    "A escola empresta peças às famílias que as solicitarem.",
]  # fmt: skip


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype("DejaVuSerif.ttf", size)


def page_text(source: str) -> str:
    """A page's text, broken into the lines that the picture shows."""
    return "\n".join(
        line
        for block in source.split("\n")
        for line in (textwrap.wrap(block, 62) if block else [""])
    )


@cache
def pages() -> tuple[str, ...]:
    return tuple(page_text(source) for source in RULES)


def start_of(number: int) -> int:
    """Where a page begins in the document's text, pages joined by one form feed."""
    return sum(len(text) + 1 for text in pages()[: number - 1])


@cache
def picture(number: int) -> bytes:
    """A page as PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#fffef9")
    draw = ImageDraw.Draw(image)
    draw.text((LEFT, 96), "REGIMENTO INTERNO", font=font(17), fill="#555")
    draw.line((LEFT, 132, WIDTH - LEFT, 132), fill="#999", width=2)
    for row, line in enumerate(pages()[number - 1].split("\n")):
        draw.text((LEFT, TOP + row * LEADING), line, font=font(21), fill="#1c1c1c")
    draw.text((WIDTH / 2, HEIGHT - 90), str(number), font=font(17), fill="#555")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def boxes(number: int, start: int, end: int) -> dict[str, Any]:
    """The lines between two offsets of the document's text, as shares of the picture."""
    at = start_of(number)
    found = []
    for row, line in enumerate(pages()[number - 1].split("\n")):
        first, last = max(start, at), min(end, at + len(line))
        if first < last:
            before, inside = line[: first - at], line[first - at : last - at]
            found.append(
                {
                    "x": (LEFT + font(21).getlength(before)) / WIDTH,
                    "y": (TOP + row * LEADING - 2) / HEIGHT,
                    "width": font(21).getlength(inside) / WIDTH,
                    "height": 30 / HEIGHT,
                }
            )
        at += len(line) + 1
    return {"width": WIDTH, "height": HEIGHT, "boxes": found}


def place(words: str) -> tuple[int, int, int]:
    """Page, start and end of a phrase, line breaks or not."""
    whole = "\f".join(pages())
    start = whole.replace("\n", " ").index(words)
    return whole[:start].count("\f") + 1, start, start + len(words)
