"""The hostile files of the security plan end quickly, small and with a reason."""

import runpy
import subprocess
import sys
import time
from pathlib import Path

import pytest

from appliance.errors import Refusal
from appliance.index.reading import child, kinds
from tests.index.reading import papers

HOUSE = Path(__file__).parents[3]
GENERATOR = HOUSE.parent / "shared" / "fixtures" / "security_fixtures.py"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of hostile files, generated once."""
    if not GENERATOR.exists():
        pytest.skip(f"the generator of hostile files is not at {GENERATOR}")
    folder = tmp_path_factory.mktemp("FX")
    before = sys.argv
    sys.argv = [str(GENERATOR), str(folder)]
    try:
        runpy.run_path(str(GENERATOR), run_name="__main__")
    finally:
        sys.argv = before
    return folder


def outcome(path: Path) -> tuple[str, float]:
    """The refusal's code or "read", and the seconds it took."""
    begun = time.monotonic()
    try:
        papers.read(path, seconds=100)
    except Refusal as refusal:
        return refusal.code, time.monotonic() - begun
    return "read", time.monotonic() - begun


@pytest.mark.guarantee("SEC-02", "SEC-03", "SEC-05", "SEC-06", "SEC-45")
@pytest.mark.parametrize(
    ("name", "codes", "seconds"),
    [
        ("bomb.docx", {"dangerous_content"}, 2),
        ("laughs.docx", {"dangerous_content"}, 5),
        ("xxe.docx", {"dangerous_content"}, 5),
        ("slip.docx", {"dangerous_content"}, 5),
        ("trunc.docx", {"damaged"}, 5),
        ("bomb.pdf", {"too_big_in_memory"}, 30),
        ("slow.pdf", {"read", "poor_scan", "too_slow"}, 120),
        ("slow9.pdf", {"too_big_in_memory", "too_slow"}, 120),
        ("html_as.pdf", {"type_mismatch"}, 1),
        ("logo.svg", {"unsupported_type"}, 1),
        ("redos.txt", {"read"}, 10),
        ("exfil.md", {"read"}, 5),
        ("inject.txt", {"read"}, 5),
        ("p5000.pdf", {"read"}, 60),
    ],
)
def test_each_ends_in_time_with_its_reason(
    hostile: Path, name: str, codes: set[str], seconds: float
) -> None:
    code, took = outcome(hostile / name)

    assert code in codes
    assert took < seconds


@pytest.mark.guarantee("SEC-02", "SEC-05")
def test_no_reader_took_more_than_a_gigabyte(hostile: Path) -> None:
    """Read from a small process of its own: Linux hands a child the peak of the one that
    starts it, and the tests' own process has had browsers and an embedder by now."""
    for name in ("bomb.pdf", "slow9.pdf", "bomb.docx"):
        script = (
            "import resource, sys\n"
            "from pathlib import Path\n"
            "from tests.index.reading.test_hostile import outcome\n"
            "outcome(Path(sys.argv[1]))\n"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
        )
        ended = subprocess.run(
            [sys.executable, "-c", script, hostile / name],
            cwd=HOUSE,
            capture_output=True,
            text=True,
            check=True,
        )

        assert 0 < int(ended.stdout) < 2**20, name  # kilobytes


@pytest.mark.guarantee("SEC-02")
def test_nothing_slipped_out_of_the_package(hostile: Path) -> None:
    outcome(hostile / "slip.docx")

    assert not Path("/tmp/sec_slip.txt").exists()
    assert not Path("/tmp/sec_slip_abs.txt").exists()


@pytest.mark.guarantee("SEC-05")
def test_a_good_document_is_read_right_after(hostile: Path, tmp_path: Path) -> None:
    outcome(hostile / "bomb.pdf")

    _, (page,) = papers.read(papers.pdf(tmp_path / "ok.pdf", ["Tudo bem"]))

    assert page.text == "Tudo bem"


def test_addresses_in_markdown_never_reach_the_text(hostile: Path) -> None:
    text = papers.text_of(hostile / "exfil.md")

    assert "canary" not in text
    assert "javascript:" not in text


@pytest.mark.guarantee("REL-14")
def test_five_thousand_pages_come_one_by_one(hostile: Path) -> None:
    path = hostile / "p5000.pdf"
    begun = time.monotonic()
    pages = child.read(path, kinds.PDF, name=path.name, memory_mb=512, seconds=60)
    next(pages)
    next(pages)
    first = time.monotonic() - begun
    count = 1 + sum(1 for _ in pages)

    assert count == 5000
    assert first < time.monotonic() - begun
