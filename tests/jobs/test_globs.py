"""The patterns by which a source takes some files and leaves others."""

import time

import pytest

from appliance.jobs.globs import matches, takes


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.pdf", "ata.pdf"),
        ("*.pdf", "2026/março/ATA.PDF"),
        ("rascunhos", "2026/rascunhos/ata.txt"),
        ("2026/*", "2026/ata.txt"),
        ("2026/*", "2026/março/ata.txt"),  # beneath what it names
        ("2026", "2026/ata.txt"),
        ("2026/*/ata.txt", "2026/março/ata.txt"),
        ("**/ata.txt", "ata.txt"),
        ("**/ata.txt", "2026/março/ata.txt"),
        ("2026/**", "2026/março/ata.txt"),
        ("ata-?.txt", "ata-1.txt"),
        ("/2026/", "2026/ata.txt"),
        ("ata [1].txt", "ata [1].txt"),  # brackets are letters like others
    ],
)
def test_a_pattern_names_a_path(pattern: str, path: str) -> None:
    assert matches(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.pdf", "ata.pdf.txt"),
        ("2026/*.txt", "2026/março/ata.txt"),
        ("março/*", "2026/março/ata.txt"),
        ("ata-?.txt", "ata-12.txt"),
        ("ata.txt", "ataxtxt"),
    ],
)
def test_a_pattern_leaves_a_path_alone(pattern: str, path: str) -> None:
    assert not matches(pattern, path)


def test_what_is_excluded_is_not_taken_whatever_includes_it() -> None:
    assert takes("ata.pdf", (), ())
    assert takes("ata.pdf", ("*.pdf", "*.txt"), ())
    assert not takes("ata.odt", ("*.pdf", "*.txt"), ())
    assert not takes("rascunhos/ata.pdf", ("*.pdf",), ("rascunhos",))


@pytest.mark.guarantee("SEC-45")
@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "a*" * 200 + "b", "**/" * 100 + "b", "*?" * 100 + "/b", "**a" * 100 + "/x"],
)
def test_no_pattern_takes_longer_than_its_path(pattern: str) -> None:
    """Whoever may edit a source writes them, and the worker reads them for each file."""
    began = time.process_time()
    for path in ("a" * 4000, "a/" * 2000, "a" * 4000 + "/"):
        assert not matches(pattern, path)

    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("pattern", "path", "named"),
    [
        ("a/**b", "a/x/yb", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "ax/b", False),
        ("***", "a/b", True),
        ("*/", "a", True),
        ("a?c", "a/c", False),
        ("**/?", "xx/yz", False),
        ("(a+)+$", "(a+)+$", True),
    ],
)
def test_wildcards_stand_beside_each_other(pattern: str, path: str, named: bool) -> None:
    assert matches(pattern, path) is named
