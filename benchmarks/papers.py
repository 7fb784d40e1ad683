"""PDFs of any length for the benchmarks of reading: laws, tables, scans, pages that say little.

The same arguments give the same bytes.
"""

import io
import random
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

LINES = 40  # of a page of law
ROWS = 45  # of a page of a table
WIDTH = 88  # characters of a line
SUBJECTS = (
    "O servidor público", "A administração municipal", "O conselho escolar", "A comissão",
    "O estudante matriculado", "A secretaria de educação", "O órgão competente", "O contratado",
)  # fmt: skip
DUTIES = (
    "apresentará à autoridade superior", "manterá em arquivo próprio", "publicará no diário",
    "encaminhará ao setor responsável", "comunicará por escrito", "submeterá à aprovação",
)  # fmt: skip
THINGS = (
    "a relação dos bens sob sua guarda", "o relatório circunstanciado das atividades",
    "a prestação de contas do exercício", "as alterações do regimento interno",
    "o comprovante de recolhimento das contribuições", "a justificativa das ausências",
)  # fmt: skip
SCAN_PIXELS = (2480, 3508)  # A4 at 300 dpi


def law(path: Path, pages: int, *, seed: int = 1) -> Path:
    """``pages`` pages of articles, 40 lines each."""
    canvas, lines = Canvas(str(path), pagesize=A4, invariant=1), _lines(random.Random(seed))
    for _ in range(pages):
        canvas.setFont("Helvetica", 11)
        for row in range(LINES):
            canvas.drawString(60, 780 - 18 * row, next(lines))
        canvas.showPage()
    canvas.save()
    return path


def _lines(dice: random.Random) -> Iterator[str]:
    article, line = 0, ""
    while True:
        article += 1
        words = (
            f"Art. {article}. {dice.choice(SUBJECTS)} {dice.choice(DUTIES)} {dice.choice(THINGS)}, "
            f"no prazo de {dice.randint(2, 90)} dias, observado o disposto no art. "
            f"{dice.randint(1, article)} e na Lei nº {dice.randint(1000, 14999)}, sob pena de "
            f"multa de R$ {dice.randint(10, 999)},{dice.randint(10, 99)}."
        ).split()
        line = ""
        for word in words:
            if len(line) + len(word) >= WIDTH:
                yield line
                line = ""
            line = f"{line} {word}".strip()
        yield line


def tables(path: Path, pages: int, *, seed: int = 2) -> Path:
    """``pages`` pages of one table of five columns, 45 rows each, every cell drawn for itself."""
    canvas, dice = Canvas(str(path), pagesize=A4, invariant=1), random.Random(seed)
    for page in range(pages):
        canvas.setFont("Helvetica", 9)
        for row in range(ROWS):
            cells = (
                f"{1 + page * ROWS + row:06d}",
                dice.choice(THINGS)[:34],
                f"{dice.randint(1, 28):02d}/{dice.randint(1, 12):02d}/2026",
                f"{dice.randint(1, 500)}",
                f"{dice.randint(1, 99)}.{dice.randint(100, 999)},{dice.randint(10, 99)}",
            )
            for column, cell in zip((50, 110, 330, 410, 470), cells, strict=True):
                canvas.drawString(column, 790 - 16 * row, cell)
        canvas.showPage()
    canvas.save()
    return path


def scan(path: Path, megabytes: int, *, seed: int = 3) -> Path:
    """Pages that are pictures (JPEG, A4 at 300 dpi, with noise) until the file has so many
    megabytes. Ten pictures take turns; each page has a copy of its own."""
    dice, pages = random.Random(seed), 0
    pictures = [_picture(dice, number) for number in range(10)]
    width, height = A4
    with path.open("wb") as file:
        file.write(b"%PDF-1.4\n")
        places: list[int] = []

        def put(body: bytes) -> None:
            places.append(file.tell())
            file.write(b"%d 0 obj\n%s\nendobj\n" % (len(places), body))

        draw = b"%d 0 0 %d 0 0 cm /P Do" % (width, height)
        put(b"<</Length %d>>stream\n%s\nendstream" % (len(draw), draw))
        while file.tell() < megabytes * 2**20:
            picture = pictures[pages % len(pictures)]
            pages += 1
            put(
                b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray"
                b"/BitsPerComponent 8/Filter/DCTDecode/Length %d>>stream\n%s\nendstream"
                % (*SCAN_PIXELS, len(picture), picture)
            )
        tree = 2 * pages + 2
        for number in range(pages):
            put(
                b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %d %d]/Contents 1 0 R"
                b"/Resources<</XObject<</P %d 0 R>>>>>>" % (tree, width, height, 2 + number)
            )
        kids = b" ".join(b"%d 0 R" % (2 + pages + number) for number in range(pages))
        put(b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids))
        put(b"<</Type/Catalog/Pages %d 0 R>>" % tree)
        table = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
        file.writelines(b"%010d 00000 n \n" % place for place in places)
        file.write(b"trailer<</Size %d/Root %d 0 R>>\n" % (len(places) + 1, len(places)))
        file.write(b"startxref\n%d\n%%%%EOF" % table)
    return path


def _picture(dice: random.Random, number: int) -> bytes:
    paper = Image.effect_noise(SCAN_PIXELS, 40).point(lambda grey: min(255, grey + 110))
    draw, lines = ImageDraw.Draw(paper), _lines(dice)
    draw.text((200, 150), f"Folha {number}", fill=0, font_size=60)
    for row in range(LINES):
        draw.text((200, 300 + 75 * row), next(lines), fill=20, font_size=42)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=80)
    return out.getvalue()
