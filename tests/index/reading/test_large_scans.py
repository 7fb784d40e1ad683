"""A scan of three hundred megabytes: page by page, small, and its first page soon (REL-14).

From a small process of its own, as in ``test_hostile``: what is measured is the reader and the
OCR that it has done, and the first pages tell of all of them.
"""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.index.reading import pictures

HOUSE = Path(__file__).parents[3]
A4 = (2480, 3508)  # pixels at 300 to the inch
PAGES = 37
READ = (
    "import resource, sys, time\n"
    "from pathlib import Path\n"
    "from appliance.index.reading import child, kinds\n"
    "path, began = Path(sys.argv[1]), time.monotonic()\n"
    "pages = child.read(path, kinds.PDF, name=path.name, memory_mb=1024, seconds=100)\n"
    "print(next(pages).pages)\n"
    "print(next(pages).text.split()[1], time.monotonic() - began)\n"
    "told = [next(pages).number for _ in range(3)]\n"
    "pages.close()\n"
    "print(told[-1], resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
)


def scanned(path: Path) -> Path:
    """A PDF of pages that are pictures, not packed: 8.7 MB each."""
    paper = pictures.notice().convert("L")
    sheet = bytearray(b"\xff" * (A4[0] * A4[1]))
    width, height = paper.size
    for row in range(height):
        start = (200 + row) * A4[0] + 100
        sheet[start : start + width] = paper.crop((0, row, width, row + 1)).tobytes()
    places: list[int] = []
    with path.open("wb") as file:

        def part(body: bytes) -> None:
            places.append(file.tell())
            file.write(b"%d 0 obj\n%s\nendobj\n" % (len(places), body))

        file.write(b"%PDF-1.4\n")
        part(b"<</Type/Catalog/Pages 2 0 R>>")
        kids = b" ".join(b"%d 0 R" % (3 + 3 * n) for n in range(PAGES))
        part(b"<</Type/Pages/Count %d/Kids[%s]>>" % (PAGES, kids))
        for number in range(PAGES):
            own = 3 + 3 * number
            part(
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
                b"/Resources<</XObject<</I %d 0 R>>>>>>" % (own + 1, own + 2)
            )
            part(b"<</Length 28>>stream\nq 595 0 0 842 0 0 cm /I Do Q\nendstream")
            head = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8" % A4
            part(
                head + b"/ColorSpace/DeviceGray/Length %d>>stream\n" % len(sheet)
                + bytes(sheet) + b"\nendstream"
            )  # fmt: skip
        table = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
        file.writelines(b"%010d 00000 n \n" % place for place in places)
        file.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" %
                   (len(places) + 1, table))  # fmt: skip
    return path


@pytest.mark.guarantee("REL-14")
def test_its_pages_come_one_by_one_and_it_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    path = scanned(tmp_path / "processo.pdf")
    assert path.stat().st_size > 300 * 2**20
    began = time.monotonic()

    ended = subprocess.run(
        [sys.executable, "-c", READ, path], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    path.unlink()  # pytest keeps the folders of three runs

    assert ended.returncode == 0, ended.stderr
    pages, word, first, last, kilobytes = ended.stdout.split()
    assert (int(pages), word, int(last)) == (PAGES, "matrícula", 4)
    assert int(kilobytes) < 2**20
    assert float(first) < time.monotonic() - began
