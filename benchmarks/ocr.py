"""How well scans are read: pages of Portuguese laws, drawn, scanned as offices scan, read again.

Each page is drawn by reportlab in one of three faces, photographed by pdfium, laid
askew, given noise and saved as a picture without a letter in it; then the house reads
it as it reads any upload. Its text is held against what was drawn: wrong, missing and
added characters, in the share of those drawn (spaces and line ends count as one space).
"""

import argparse
import io
import json
import os
import re
import resource
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import pypdfium2
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from appliance.index.reading import child, kinds
from appliance.records import Page

FACES = ("Times-Roman", "Helvetica", "Courier")
CONDITIONS = ((200, 0.0), (200, 1.0), (200, 2.0), (200, 3.0), (150, 1.0), (300, 1.0))
NOISE = 12.0  # grays of 256, standard deviation
_SIZE = 11.0  # points
_SAME = {"–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'"}  # told apart by taste


class Scanned(NamedTuple):
    """A picture of a page, and the text that was drawn on it."""

    picture: Image.Image
    text: str


class Result(msgspec.Struct):
    """One condition: errors per character, of accented letters, words; seconds of processor."""

    dpi: int
    skew: float
    pages: int
    characters: int
    cer: float
    accents_wrong: float
    words_wrong: float
    worst_page: float
    confidence: float
    pages_per_cpu_second: float
    cores_used: float


def main() -> None:
    """Read the arguments, measure, print one line of JSON a condition."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a set of questions with corpus.jsonl")
    parser.add_argument("--pages", type=int, default=6, help="pages for each condition")
    parser.add_argument("--one", action="store_true", help="200 dpi and 1 degree alone")
    chosen = parser.parse_args()
    conditions = ((200, 1.0),) if chosen.one else CONDITIONS
    for dpi, skew in conditions:
        found = measured(texts(chosen.folder), chosen.pages, dpi, skew)
        print(json.dumps(msgspec.to_builtins(found)), flush=True)


def texts(folder: Path) -> list[str]:
    """The passages of a set, those that the faces of every PDF can write."""
    found = []
    for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines():
        text = " ".join(json.loads(line)["text"].split())
        if text.encode("cp1252", "ignore").decode("cp1252") == text and 80 < len(text) < 900:
            found.append(text)
    return found


def measured(passages: Sequence[str], pages: int, dpi: int, skew: float) -> Result:
    """Draw, scan and read ``pages`` pages."""
    scans = [
        scanned(passages, number * len(passages) // pages, FACES[number % len(FACES)], dpi, skew)
        for number in range(pages)
    ]
    begun, before = time.monotonic(), _processor()
    found = read([one.picture for one in scans], dpi)
    spent, took = _processor() - before, time.monotonic() - begun
    pairs = [(plain(one.text), plain(page.text)) for one, page in zip(scans, found, strict=True)]
    wrong = [distance(drawn, got) for drawn, got in pairs]
    characters = sum(len(drawn) for drawn, _ in pairs)
    return Result(
        dpi=dpi,
        skew=skew,
        pages=pages,
        characters=characters,
        cer=round(sum(wrong) / characters, 5),
        accents_wrong=round(_missed(pairs, r"[À-ÿ]"), 5),
        words_wrong=round(_missed(pairs, r"\w+"), 5),
        worst_page=round(max(w / len(d) for w, (d, _) in zip(wrong, pairs, strict=True)), 5),
        confidence=round(float(np.mean([page.confidence or 0.0 for page in found])), 4),
        pages_per_cpu_second=round(pages / spent, 3),
        cores_used=round(spent / took, 2),
    )


def scanned(passages: Sequence[str], start: int, face: str, dpi: int, skew: float) -> Scanned:
    """A4 with the passages from number ``start`` on, as a scanner sees it."""
    pdf, text = _drawn(passages, start, face)
    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
    picture = picture.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    grays = np.asarray(picture, dtype="float32") * 0.82 + 30
    grays += np.random.default_rng(start).normal(0.0, NOISE, grays.shape)
    return Scanned(Image.fromarray(np.clip(grays, 0, 255).astype("uint8")), text)


def _drawn(passages: Sequence[str], start: int, face: str) -> tuple[bytes, str]:
    whole, drawn, top = io.BytesIO(), [], 780.0
    canvas = Canvas(whole, pagesize=A4)
    canvas.setFont(face, _SIZE)
    for passage in [*passages[start:], *passages[:start]]:
        lines = simpleSplit(passage, face, _SIZE, 450)
        if top - len(lines) * 1.25 * _SIZE < 60:
            break
        for line in lines:
            canvas.drawString(72, top, line)
            top -= 1.25 * _SIZE
        top -= 0.8 * _SIZE
        drawn.append(passage)
    canvas.save()
    return whole.getvalue(), " ".join(drawn)


def read(pictures: Sequence[Image.Image], dpi: int) -> list[Page]:
    """The pages of a TIFF of ``pictures``, as the house reads it."""
    first, *rest = pictures
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan.tiff"
        first.save(path, save_all=True, append_images=rest, dpi=(dpi, dpi))
        found = child.read(path, kinds.TIFF, name=path.name, memory_mb=1024, seconds=600)
        return [page for page in found if isinstance(page, Page)]


def plain(text: str) -> str:
    """The text composed, on one line, with the dashes and quotes of a typewriter."""
    whole = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(_SAME.get(character, character) for character in whole)


def distance(one: str, other: str) -> int:
    """How many characters have to be put in, left out or changed (Levenshtein)."""
    codes = np.array([ord(character) for character in other])
    places = np.arange(len(codes) + 1)
    row = places.copy()
    for number, character in enumerate(one, 1):
        changed = np.minimum(row[1:] + 1, row[:-1] + (codes != ord(character)))
        # Leaving out runs along the row: the least of what stands before, plus the way from there.
        changed = np.concatenate(([number], changed)) - places
        row = np.minimum.accumulate(changed) + places
    return int(row[-1])


def _missed(pairs: Sequence[tuple[str, str]], pattern: str) -> float:
    """The share of what ``pattern`` finds in what was drawn that is not in what was read."""
    wanted = missing = 0
    for drawn, got in pairs:
        left = list(re.findall(pattern, got))
        for one in re.findall(pattern, drawn):
            wanted += 1
            if one in left:
                left.remove(one)
            else:
                missing += 1
    return missing / max(wanted, 1)


def _processor() -> float:
    """Seconds of processor time of this process and of those that it has waited for."""
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def doubts(passages: Sequence[str]) -> Iterator[tuple[int, bool]]:
    """The confidence of each word read off a poor page, and whether that word was drawn."""
    one = scanned(passages, 0, FACES[0], 100, 1.0)
    (page,) = read([one.picture], 100)
    drawn = set(plain(one.text).split())
    for word in page.words:
        yield word.confidence, plain(page.text[word.start : word.end]) in drawn


if __name__ == "__main__":
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    main()
