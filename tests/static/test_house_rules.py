"""What static/ may not hold: foreign addresses, ways to make markup of text, files too long."""

import gzip
import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.static.browserless import HERE, STATIC, node_needed, sources

# The name of SVG is not an address: nothing is ever fetched from it.
NAMES = {"http://www.w3.org/2000/svg"}
# What a person types or reads in a form; never fetched either.
ADDRESS = re.compile(r"https?://[^\s\"'`<>)}]*")


@pytest.mark.guarantee("ZE-06")
def test_nothing_points_outside_this_server():
    found = {
        (path.name, address)
        for path in [*sources("js", "css", "html", "svg"), *STATIC.glob("vendor/*.js")]
        for address in ADDRESS.findall(path.read_text("utf-8"))
        if address not in NAMES
    }

    assert found <= {("share.js", "https://${text"), ("share.js", "https?:\\/\\/")}


@pytest.mark.guarantee("SEC-12", "SEC-13")
@pytest.mark.parametrize(
    "way",
    ["innerHTML", "outerHTML", "insertAdjacentHTML", "unsafeHTML", "unsafeSVG", "document.write",
     "eval(", "new Function", "DOMParser", "createContextualFragment", "sourceMappingURL"],
)  # fmt: skip
def test_text_has_no_way_to_become_markup(way: str):
    assert [path.name for path in sources("js") if way in path.read_text("utf-8")] == []


def test_pages_hold_no_inline_script_style_or_handler():
    for path in sources("html"):
        page = path.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)", page), path.name
        assert "<style" not in page, path.name
        assert not re.search(r"\s(style|on\w+)=", page), path.name


def test_templates_hold_no_style_attribute():
    """The policy blocks them; ``.style=${…}`` sets the property, which it allows."""
    for path in sources("js"):
        assert not re.search(r"\sstyle=[\"$]", path.read_text("utf-8")), path.name


@pytest.mark.guarantee("SEC-14")
def test_no_model_text_becomes_a_link_or_an_image():
    """Images are page pictures made here; links in shared parts lead into this console."""
    for path in (STATIC / "shared").rglob("*.js"):
        text = path.read_text("utf-8")
        assert set(re.findall(r"<img src=(\S+)", text)) <= {"${this.#picture}"}, path.name
        assert set(re.findall(r"<a [^>]*?href=(\$\{[^}]*\})", text)) <= {
            "${address(source)}",
            "${address(one)}",
        }, path.name


def test_files_stay_short():
    lengths = {
        path.relative_to(STATIC): path.read_text("utf-8").count("\n")
        for path in sources("js", "css")
    }
    parts = {path for path in lengths if "parts" in path.parts and path.suffix == ".js"}

    assert {path: n for path, n in lengths.items() if n > 400} == {}
    assert {path: lengths[path] for path in parts if lengths[path] > 150} == {}


def zipped(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


def test_the_loader_is_smaller_than_3_kb():
    assert zipped("widget/loader.js") < 3 * 1024


def imports(path: Path, seen: set[Path]) -> set[Path]:
    """A module and everything it imports at once."""
    if path not in seen:
        seen.add(path)
        for name in re.findall(r"(?:from|^import) \"(\.[^\"]+\.js)\"", path.read_text(), re.M):
            imports((path.parent / name).resolve(), seen)
    return seen


def test_the_whole_widget_is_smaller_than_40_kb():
    page = (STATIC / "widget/index.html").read_text()
    linked = {STATIC / name for name in re.findall(r"/static/([\w./-]+\.css)", page)}
    modules = imports(STATIC / "widget/widget.js", set())
    everything = modules | linked | {STATIC / "widget/index.html", STATIC / "widget/loader.js"}
    everything.add(STATIC / "shared/words/pt.js")  # one language is loaded

    size = zipped(*(str(path.relative_to(STATIC)) for path in everything))
    assert STATIC / "vendor/lit-html-3.3.3.js" in modules
    assert size < 40 * 1024
    assert [
        path.name for path in everything if "console" in path.parts or "bench" in path.name
    ] == []


def test_vendored_files_are_what_they_were():
    vendor = STATIC / "vendor"
    sums = dict(
        reversed(line.split("  ")) for line in (vendor / "SHA256SUMS").read_text().splitlines()
    )

    assert set(sums) == {path.name for path in vendor.glob("*.js")}
    for name, digest in sums.items():
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == digest
        assert name in (vendor / "LICENSES").read_text()


def test_the_type_checker_is_pinned_and_its_lock_names_no_registry():
    lock = (HERE / "package-lock.json").read_text()
    pinned = json.loads((HERE / "package.json").read_text())["devDependencies"]

    assert '"resolved"' not in lock
    assert all(version[0].isdigit() for version in pinned.values())


@node_needed
def test_the_types_agree():
    checker = HERE / "node_modules/typescript/bin/tsc"
    if not checker.exists():
        pytest.skip("npm ci has not run in tests/static")
    done = subprocess.run(
        ["node", str(checker), "-p", str(STATIC / "tsconfig.json")],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip

    assert done.stdout == ""
    assert done.returncode == 0
