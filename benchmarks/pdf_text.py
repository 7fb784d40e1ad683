"""Words right in Portuguese PDFs that are hard to read, against the text they were made from.

Makes PDFs with reportlab from passages of a question set (laws, encyclopaedia), each with one
difficulty: ligatures, words cut at line ends, two columns, headers and footers on twenty pages,
tables, soft hyphens, writing turned on its side, and a font whose map to
Unicode lies. Reads them as the appliance does and counts the words of the source that came out
in their order. The lying font must come out as no text at all, with its note.

    .venv/bin/python benchmarks/pdf_text.py ../shared/data/questions/leis-sem-perguntas-pt
"""

import argparse
import json
import re
import sys
import tempfile
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import cycle
from pathlib import Path

import pypdf
import reportlab
from pypdf.generic import NameObject, StreamObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from appliance.errors import Refusal
from appliance.index.reading import pdf
from appliance.records import Page

FONTS = Path(reportlab.__file__).parent / "fonts"
SIZE, STEP, MARGIN = 11, 14, 64
HEADER, FOOTER = "Prefeitura Municipal de Aurora – Secretaria de Educação", "Rua das Acácias, 480"
LIGATURES = (("ffi", "\ufb03"), ("ff", "\ufb00"), ("fi", "\ufb01"), ("fl", "\ufb02"))
VOWELS = "aeiouáéíóúâêôãõàü"
Words = list[str]


def passages(folder: Path) -> Iterator[str]:
    """The texts of a question set, each on one line."""
    with (folder / "corpus.jsonl").open() as lines:
        for line in lines:
            text = json.loads(line)["text"].encode("cp1252", "ignore").decode("cp1252")
            text = " ".join(text.replace("\u00ad", "").split())
            if 300 < len(text) < 2000:
                yield text


def cut(word: str, room: Callable[[str], bool]) -> tuple[str, str]:
    """A word in two at the last syllable that fits, ("", word) where none does."""
    hyphen = word.rfind("-")
    if hyphen > 0 and room(word[: hyphen + 1]):
        return word[: hyphen + 1], word[hyphen + 1 :]
    for at in range(len(word) - 2, 2, -1):
        before, after = word[at - 1], word[at : at + 2]
        fits = word.isalpha() and before in VOWELS and after[0] not in VOWELS
        if fits and after[1:] in tuple(VOWELS) and word[at:].lower() != word and room(word[:at]):
            return word[:at] + "-", word[at:]
    return "", word


def wrapped(text: str, width: float, *, hyphens: bool) -> list[str]:
    """The text in lines of at most ``width`` points."""

    def fits(line: str) -> bool:
        return pdfmetrics.stringWidth(line, "Vera", SIZE) <= width

    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if fits(longer):
            line = longer
            continue
        start, rest = "", word
        if hyphens:
            space = line + " " if line else ""
            start, rest = cut(word, lambda part, space=space: fits(f"{space}{part}-"))
        lines.append(f"{line} {start}".strip())
        line = rest
    return [*lines, line] if line else lines


def justified(canvas: Canvas, x: float, y: float, line: str, width: float) -> None:
    """Write a line of ``width`` points (0: as wide as it is), word by word."""
    spare = width - pdfmetrics.stringWidth(line, "Vera", SIZE)
    wider = spare / max(line.count(" "), 1) if 0 < spare < 0.2 * width else 0.0
    canvas.setFont("Vera", SIZE)
    if not wider:
        canvas.drawString(x, y, line)
        return
    for word in line.split(" "):
        canvas.drawString(x, y, word)
        x += pdfmetrics.stringWidth(word + " ", "Vera", SIZE) + wider


def columns(canvas: Canvas, texts: list[str], count: int, *, hyphens: bool, across: bool) -> Words:
    """Fill one page with ``count`` columns; gives the words in the order they are read.

    ``across`` writes line by line over all columns, as some programs do.
    """
    gap = 22.0
    width = (A4[0] - 2 * MARGIN - gap * (count - 1)) / count
    height = int((A4[1] - 2 * MARGIN - 40) / STEP)
    placed: list[tuple[int, int, str, bool]] = []
    words: Words = []
    column = row = 0
    for text in texts:
        lines = wrapped(text, width, hyphens=hyphens)
        if (count - column - 1) * height + height - row < len(lines):
            continue
        words += text.split()
        for at, line in enumerate(lines):
            if row >= height:
                column, row = column + 1, 0
            placed.append((column, row, line, at == len(lines) - 1))
            row += 1
    if across:
        placed.sort(key=lambda one: (one[1], one[0]))
    for column, row, line, is_last in placed:
        x, y = MARGIN + column * (width + gap), A4[1] - MARGIN - 40 - row * STEP
        justified(canvas, x, y, line, 0 if is_last else width)
    return words


def paragraphs(
    change: Callable[[str], str] = str,
    *,
    count: int = 1,
    hyphens: bool = False,
    across: bool = False,
) -> Callable[[Canvas, Iterator[str]], Words]:
    def draw(canvas: Canvas, texts: Iterator[str]) -> Words:
        source = [next(texts) for _ in range(5)]
        changed = [change(text) for text in source]
        words = columns(canvas, changed, count, hyphens=hyphens, across=across)
        canvas.showPage()
        return [plain(word) for word in words]

    return draw


def plain(word: str) -> str:
    """A word of a changed text as it was."""
    for letters, one in LIGATURES:
        word = word.replace(one, letters)
    return unicodedata.normalize("NFC", word.replace("\u00ad", ""))


def ligatures(text: str) -> str:
    for letters, one in LIGATURES:
        text = text.replace(letters, one)
    return text


def softly(text: str) -> str:
    return re.sub(r"(\w{4})(\w{4})", "\\1\u00ad\\2", text)


def with_edges(canvas: Canvas, texts: Iterator[str]) -> Words:
    canvas.setFont("Vera", 8)
    canvas.drawString(MARGIN, A4[1] - 36, HEADER)
    canvas.drawString(MARGIN, 40, FOOTER)
    canvas.drawRightString(A4[0] - MARGIN, 40, f"Página {canvas.getPageNumber()} de 20")
    first = canvas.getPageNumber() == 1
    words = paragraphs()(canvas, texts)
    # What runs along the edges stays once, on the first page.
    return [*HEADER.split(), *words, *FOOTER.split()] if first else words


def sideways(canvas: Canvas, texts: Iterator[str]) -> Words:
    canvas.translate(A4[0], 0)
    canvas.rotate(90)
    canvas.translate(0, 0)
    width = A4[1] - 2 * MARGIN
    words: Words = []
    row = 0
    for text in (next(texts), next(texts)):
        for line in wrapped(text, width, hyphens=False):
            canvas.setFont("Vera", SIZE)
            canvas.drawString(MARGIN, A4[0] - MARGIN - row * STEP, line)
            row += 1
        words += text.split()
    canvas.showPage()
    return words


def table(canvas: Canvas, texts: Iterator[str]) -> Words:
    """Rows of three cells, of which the second runs over several lines."""
    y = A4[1] - MARGIN
    words: Words = []
    canvas.setFont("Vera", 9)
    rows = [("Item", "Descrição do serviço", "Valor")]
    rows += [(f"{n}", next(texts)[:180].rsplit(" ", 1)[0], f"R$ {n * 37},50") for n in range(1, 12)]
    for first, second, third in rows:
        lines = wrapped(second, 300, hyphens=False)
        canvas.drawString(MARGIN, y, first)
        for at, line in enumerate(lines):
            canvas.drawString(MARGIN + 60, y - 12 * at, line)
        canvas.drawString(MARGIN + 400, y, third)
        y -= 12 * len(lines) + 10
        words += [*first.split(), *second.split(), *third.split()]
    canvas.showPage()
    return words


def lying(path: Path) -> None:
    """Change the maps to Unicode of a PDF so that each letter says it is another."""
    writer = pypdf.PdfWriter(clone_from=path)
    for number in range(1, len(writer._objects) + 1):
        found = writer.get_object(number)
        if isinstance(found, pypdf.generic.DictionaryObject) and "/ToUnicode" in found:
            said = found["/ToUnicode"].get_data().decode()
            said = re.sub(
                r"<00(6[1-9a-f]|7[0-9a])>",
                lambda code: f"<00{0x61 + (int(code[1], 16) - 0x61 + 7) % 26:02X}>",
                said,
                flags=re.IGNORECASE,
            )
            stream = StreamObject()
            stream._data = zlib.compress(said.encode())
            stream[NameObject("/Filter")] = NameObject("/FlateDecode")
            found[NameObject("/ToUnicode")] = writer._add_object(stream)
    writer.write(path)


CASES: dict[str, tuple[int, Callable[[Canvas, Iterator[str]], Words]]] = {
    "plain": (10, paragraphs()),
    "ligatures": (10, paragraphs(ligatures)),
    "soft hyphens": (10, paragraphs(softly)),
    "words cut at line ends": (10, paragraphs(hyphens=True)),
    "two columns": (10, paragraphs(count=2)),
    "two columns, words cut": (10, paragraphs(count=2, hyphens=True)),
    "two columns, written across": (10, paragraphs(count=2, across=True)),
    "three columns, words cut": (10, paragraphs(count=3, hyphens=True)),
    "headers and footers": (20, with_edges),
    "tables": (5, table),
    "on its side": (5, sideways),
}


def read(path: Path) -> list[Page]:
    with path.open("rb") as file:
        return [page for page in pdf.read(file, path.name) if isinstance(page, Page)]


def words_of(text: str) -> Words:
    return re.findall(r"[^\W_]+(?:-[^\W_]+)*", unicodedata.normalize("NFC", text))


def right(expected: Words, got: Words) -> tuple[int, int]:
    """How many of the words expected came out in their order, and how many came out besides."""
    matcher = SequenceMatcher(None, expected, got, autojunk=False)
    found = sum(block.size for block in matcher.get_matching_blocks())
    return found, len(got) - found


def differences(expected: Words, got: Words) -> Iterator[str]:
    codes = SequenceMatcher(None, expected, got, autojunk=False).get_opcodes()
    for kind, a, b, c, d in codes:
        if kind != "equal":
            yield f"  {' '.join(expected[a:b])!r} -> {' '.join(got[c:d])!r}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a question set with corpus.jsonl")
    parser.add_argument("--keep", type=Path, help="write the PDFs here, and keep them")
    parser.add_argument("--show", action="store_true", help="print what differs")
    chosen = parser.parse_args()
    pdfmetrics.registerFont(TTFont("Vera", FONTS / "Vera.ttf"))
    texts = cycle(passages(chosen.folder))
    worst = 1.0
    print("| difficulty | pages | words | right | besides |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.keep or Path(scratch)
        for name, (pages, draw) in CASES.items():
            path = folder / f"{name.replace(' ', '_').replace(',', '')}.pdf"
            canvas = Canvas(str(path), pagesize=A4)
            expected = [draw(canvas, texts) for _ in range(pages)]
            canvas.save()
            total = found = besides = 0
            for words, page in zip(expected, read(path), strict=True):
                said = words_of(" ".join(words))
                good, more = right(said, words_of(page.text))
                if chosen.show:
                    print(*differences(said, words_of(page.text)), sep="\n", file=sys.stderr)
                total, found, besides = total + len(said), found + good, besides + more
            worst = min(worst, found / total)
            print(f"| {name} | {pages} | {total:,} | {found / total:.2%} | {besides} |")
        path = folder / "lying.pdf"
        canvas = Canvas(str(path), pagesize=A4)
        for _ in range(5):
            paragraphs()(canvas, texts)
        canvas.save()
        lying(path)
        try:
            read(path)
            verdict = "read as text"
        except Refusal as refusal:
            verdict = refusal.code
        print(f"| a map to Unicode that lies | 5 | | {verdict} | |")
    sys.exit(worst < 0.99 or verdict != "garbled")


if __name__ == "__main__":
    main()
