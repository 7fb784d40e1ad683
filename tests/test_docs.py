"""The documents tell the truth, the three languages say the same, and the code keeps its habits."""

import ast
import re
import string
import subprocess
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import pytest

import appliance
from appliance.cli import appliance as command_line
from appliance.records import LANGUAGES
from appliance.settings import Settings

CHECKOUT = Path(__file__).parents[1]
HOUSE = CHECKOUT / "appliance"
MANUALS = ("README.md", "installer/README.md")
SENTENCES = HOUSE / "sentences"


def committed() -> list[Path]:
    """The files that are, or are about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    files = [CHECKOUT / name for name in listed.split("\0") if name]
    return [file for file in files if file.is_file()]


def ours(*suffixes: str) -> list[Path]:
    """Committed code that we wrote ourselves."""
    return [
        file
        for file in committed()
        if file.suffix in suffixes and "vendor" not in file.relative_to(CHECKOUT).parts
    ]


def words(language: str) -> dict[str, str]:
    merged: dict[str, str] = {}
    for file in sorted((SENTENCES / language).glob("*.toml")):
        merged |= tomllib.loads(file.read_text("utf-8"))
    return merged


def holes(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


# ------------------------------------------------------------------ settings


def setting_rows() -> dict[str, str]:
    """Name → default, as the manual's table gives them."""
    manual = (CHECKOUT / "installer" / "README.md").read_text("utf-8")
    return dict(re.findall(r"^\| `([a-z_]+)` \| `([^`]*)` \|", manual, re.M))


def test_every_setting_is_explained() -> None:
    manual = (CHECKOUT / "installer" / "README.md").read_text("utf-8")

    missing = [name for name in Settings.__struct_fields__ if f"`{name}`" not in manual]

    assert missing == []


def test_the_manual_gives_each_setting_its_real_default() -> None:
    defaults = Settings()
    real = {}
    for name in Settings.__struct_fields__:
        value = getattr(defaults, name)
        real[name] = f'"{value}"' if isinstance(value, str) else str(value).lower()

    assert setting_rows() == real


def test_every_variable_in_the_manuals_is_a_setting() -> None:
    others = {"APPLIANCE_CONFIG", "APPLIANCE_BACKUP_PASSPHRASE"}
    known = {f"APPLIANCE_{name.upper()}" for name in Settings.__struct_fields__} | others
    named = {
        variable
        for manual in MANUALS
        for variable in re.findall(r"APPLIANCE_[A-Z_]*[A-Z]", (CHECKOUT / manual).read_text())
    }

    assert named - known == set()


# ------------------------------------------------------------------ command line


def commands_named() -> Iterator[tuple[str, list[str]]]:
    """The words after each ``appliance`` in the manuals' code."""
    for manual in MANUALS:
        text = (CHECKOUT / manual).read_text("utf-8")
        for code in re.findall(r"```(?:sh|console)\n.*?```|`[^`\n]+`", text, re.S):
            for call in re.findall(r"(?:^|[\s`/$])appliance((?: [a-z][a-z-]*)+)", code):
                yield manual, call.split()


def unknown_word(call: list[str]) -> str | None:
    """The first word of a call that no command has, or None."""
    command: click.Command = command_line
    for word in call:
        if not isinstance(command, click.Group):
            return None
        found = command.get_command(click.Context(command), word)
        if found is None:
            return word
        command = found
    return None


def test_every_command_in_the_manuals_exists() -> None:
    named = list(commands_named())

    unknown = [f"{manual}: {' '.join(call)}" for manual, call in named if unknown_word(call)]

    assert len(named) > 5
    assert unknown == []


def commands_to_type(sentence: str) -> Iterator[list[str]]:
    """The arguments after each ``appliance`` that a sentence ends a remedy with."""
    filled = re.sub(r"{\w+}", "X", sentence)
    for call in re.findall(r"\bappliance ([a-z][^,;()`”]*?)(?:[,;()`”]|\. |\.?$)", filled):
        typed = call.partition("<")[0].split()
        if unknown_word(typed[:1]) is None:
            yield typed


def why_it_stops(typed: list[str]) -> str | None:
    """What the command line has against these arguments before it does anything."""
    command: click.Command = command_line
    context = click.Context(command)
    try:
        while isinstance(command, click.Group):
            _, command, typed = command.resolve_command(context, typed)
            assert command
        command.make_context(command.name, list(typed), parent=context)
    except click.UsageError as refused:
        return refused.format_message()
    return None


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_doctor_tells_to_type_is_whole(language: str) -> None:
    told = [
        (code, typed)
        for code, sentence in words(language).items()
        if code.startswith(("doctor_", "certificate_", "maintenance", "backup_", "restore_"))
        for typed in commands_to_type(sentence)
    ]

    assert len(told) > 12
    assert [(code, why) for code, typed in told if (why := why_it_stops(typed))] == []


def blocks_of_the_operators_manual() -> list[str]:
    text = (CHECKOUT / "installer" / "README.md").read_text("utf-8")
    return re.findall(r"^ *```(?:sh)?\n(.*?)^ *```$", text, re.S | re.M)


def test_the_operators_manual_types_the_command_that_is_installed() -> None:
    blocks = blocks_of_the_operators_manual()

    assert sum("appliance " in block for block in blocks) > 5
    assert [block for block in blocks if ".venv/bin/appliance" in block] == []


def test_the_service_may_write_where_the_manual_puts_backups() -> None:
    made = "install -d -o balcao -g balcao -m 700 "
    writing = [one for one in blocks_of_the_operators_manual() if "openssl rand" in one]

    assert len(writing) == 1
    folder = re.findall(r"^appliance backup (/\S+)$", writing[0], re.M)
    assert folder == re.findall(rf"^{made}(/\S+)$", writing[0], re.M) != []


def test_the_manuals_show_the_two_commands_and_they_exist() -> None:
    text = (CHECKOUT / "README.md").read_text("utf-8")

    for script in ("installer/try.sh", "installer/test.sh"):
        assert script in text
        assert (CHECKOUT / script).is_file()


def test_every_file_the_manuals_link_to_exists() -> None:
    broken = [
        f"{manual}: {target}"
        for manual in (*MANUALS, "benchmarks/README.md")
        for target in re.findall(r"\]\(([^)#:]+)\)", (CHECKOUT / manual).read_text("utf-8"))
        if not ((CHECKOUT / manual).parent / target).exists()
    ]

    assert broken == []


def test_the_changelog_has_the_version() -> None:
    changelog = (CHECKOUT / "CHANGELOG.md").read_text("utf-8")

    assert f"## [{appliance.__version__}]" in changelog


# ------------------------------------------------------------------ sentences


def test_no_code_has_two_sentences_in_one_language() -> None:
    for language in LANGUAGES:
        files = sorted((SENTENCES / language).glob("*.toml"))
        codes = [code for file in files for code in tomllib.loads(file.read_text("utf-8"))]

        assert sorted({code for code in codes if codes.count(code) > 1}) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_three_languages_have_the_same_sentences(language: str) -> None:
    assert words(language).keys() ^ words("pt").keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_three_languages_name_the_same_facts(language: str) -> None:
    portuguese = words("pt")

    differing = {
        code: holes(sentence) ^ holes(portuguese[code])
        for code, sentence in words(language).items()
        if code in portuguese and holes(sentence) != holes(portuguese[code])
    }

    assert differing == {}


def refusals() -> set[str]:
    """The names of every class of refusal, wherever it is written."""
    classes = [
        node
        for file in HOUSE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    found = {"Refusal"}
    while True:
        more = {
            node.name
            for node in classes
            if any(name_of(base) in found for base in node.bases) and node.name not in found
        }
        if not more:
            return found
        found |= more


def name_of(node: ast.expr) -> str:
    """``NotFound`` for both ``NotFound`` and ``errors.NotFound``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def codes_raised() -> Iterator[tuple[str, str]]:
    classes = refusals()
    for file in sorted(HOUSE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            said = list(node.args[:1]) if name_of(node.func) in classes else []
            if name_of(node.func) == "Problem":
                said += [word.value for word in node.keywords if word.arg == "code"]
            for word in said:
                if isinstance(word, ast.Constant) and isinstance(word.value, str):
                    yield f"{file.relative_to(CHECKOUT)}:{node.lineno}", word.value


def test_every_refusal_has_a_sentence() -> None:
    known, raised = words("pt").keys(), list(codes_raised())

    speechless = [f"{place} {code}" for place, code in raised if code not in known]

    assert len(raised) > 20
    assert speechless == []


# ------------------------------------------------------------------ the repository


def test_no_address_of_a_registry_is_committed() -> None:
    # In pieces, so that this file is not one that it looks for.
    hosts = (
        "pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs", "registry." + "yarnpkg",
        "deb." + "debian", "download." + "pytorch", "proxy." + "golang",
    )  # fmt: skip
    found = [
        f"{file.relative_to(CHECKOUT)}: {host}"
        for file in committed()
        for host in hosts
        if host.encode() in file.read_bytes()
    ]

    assert found == []


def test_no_file_is_too_long_to_read() -> None:
    long = {
        str(file.relative_to(CHECKOUT)): count
        for file in ours(".py", ".js", ".css", ".sh")
        if (count := len(file.read_text("utf-8").splitlines())) > 400
    }

    assert long == {}


def test_no_file_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}

    assert [str(file) for file in ours(".py", ".js", ".css", ".sh") if file.stem in drawers] == []


def test_nothing_is_left_for_later() -> None:
    # In pieces, as above.
    later = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|X" + r"XX)\b")

    left = [
        f"{file.relative_to(CHECKOUT)}:{number}"
        for file in ours(".py", ".js", ".css", ".sh", ".sql")
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if later.search(line)
    ]

    assert left == []


def test_every_module_says_what_it_owns() -> None:
    silent = [
        str(file.relative_to(CHECKOUT))
        for file in HOUSE.rglob("*.py")
        if (text := file.read_text("utf-8")).strip() and not ast.get_docstring(ast.parse(text))
    ]

    assert silent == []


def lines_of(folder: Path) -> int:
    return sum(
        bool(line.strip())
        for file in folder.rglob("*.py")
        if "node_modules" not in file.parts
        for line in file.read_text("utf-8").splitlines()
    )


def test_there_is_more_test_than_code() -> None:
    assert lines_of(CHECKOUT / "tests") >= 1.2 * lines_of(HOUSE)


def test_the_schema_files_are_numbered_without_gaps() -> None:
    numbers = sorted(int(file.name.partition("_")[0]) for file in HOUSE.glob("schema/*.sql"))

    assert numbers[0] == 1
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers))
