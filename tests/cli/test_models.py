"""``appliance models``: list, pull, import, use, leave and check, as somebody types them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import audit
from appliance.cli import progress
from appliance.jobs import measurement
from appliance.models import catalogue, hardware
from appliance.settings import Settings
from tests.cli.doors import Terminal, terminal
from tests.hosting import Site, site
from tests.models.runners import PROBE

__all__ = ["terminal"]
NAME = "qwen2.5-0.5b-instruct"
ENTRY = catalogue.find(NAME)
PATH = "/Qwen/Qwen2.5-0.5B-Instruct-GGUF/resolve/main/qwen2.5-0.5b-instruct-q4_k_m.gguf"


@pytest.fixture
def host(terminal: Terminal) -> Iterator[Site]:
    with site() as opened:
        opened.files[PATH] = PROBE.read_bytes()
        terminal.environment["APPLIANCE_MODEL_MIRRORS"] = opened.origin
        yield opened


def test_the_list_has_a_line_for_each_model(terminal: Terminal) -> None:
    lines = terminal.type("models", "list").stdout.splitlines()

    assert len(lines) == len([entry for entry in catalogue.entries() if not entry.tests_only])
    assert lines[0].startswith("* minilm")
    assert {one["name"] for one in terminal.json("models", "list")["items"]} >= {NAME, "minilm"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pt", ("vem com a instalação", "não está aqui")),
        ("en", ("comes along", "not here")),
        ("es", ("viene incluido", "no está aquí")),
    ],
)
def test_the_list_speaks_the_reader_s_language(
    terminal: Terminal, language: str, words: tuple[str, str]
) -> None:
    terminal.environment["APPLIANCE_LANGUAGE"] = language

    said = terminal.type("models", "list").stdout

    assert all(word in said for word in words)


def test_a_model_is_pulled_and_its_checksum_said(terminal: Terminal, host: Site) -> None:
    result = terminal.type("models", "pull", NAME)

    assert result.exit_code == 0, result.output
    assert "in its place, with the checksum" in result.stdout
    assert (terminal.folder / "models" / ENTRY.file).read_bytes() == PROBE.read_bytes()
    (row, *_) = audit.newest(terminal.database, limit=10)
    assert (row.act, row.subject, row.details) == ("model.pull", NAME, {"hosts": [host.origin]})


@pytest.mark.parametrize(
    ("language", "brought", "server", "whole"),
    [
        ("pt", "está no lugar, com a soma", "Este servidor tem", "os arquivos estão inteiros"),
        ("en", "is in its place, with the", "This server has", "the files are whole"),
        ("es", "está en su lugar, con la", "Este servidor tiene", "los archivos están enteros"),
    ],
)
def test_pull_and_check_speak_the_readers_language(
    terminal: Terminal, host: Site, language: str, brought: str, server: str, whole: str
) -> None:
    terminal.environment["APPLIANCE_LANGUAGE"] = language

    pulled = terminal.type("models", "pull", NAME)
    checked = terminal.type("models", "check", "--seconds", "0")

    assert brought in pulled.stdout
    assert server in checked.stdout
    assert f"{NAME}: {whole}." in checked.stdout


def test_with_json_a_pull_prints_the_record_alone(terminal: Terminal, host: Site) -> None:
    record = terminal.json("models", "pull", NAME)

    assert (record["name"], record["size"]) == (NAME, PROBE.stat().st_size)


def test_elsewhere_than_on_a_terminal_progress_is_a_line_now_and_then(
    terminal: Terminal, host: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0.0)

    assert "0 / 0 MB" in terminal.type("models", "pull", NAME).stderr


def test_a_refused_pull_is_one_sentence_and_exit_status_one(terminal: Terminal, host: Site) -> None:
    host.statuses = [404]

    result = terminal.type("models", "pull", NAME)

    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "does not give out the file (status 404)" in result.stderr


def test_a_file_is_imported_by_its_name_in_the_catalogue(
    terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / ENTRY.file
    file.write_bytes(PROBE.read_bytes())

    assert terminal.json("models", "import", str(file))["name"] == NAME
    assert terminal.type("models", "list").stdout.count(" on the server ") == 1


def test_a_file_of_another_name_needs_the_models(terminal: Terminal) -> None:
    unnamed = terminal.type("models", "import", str(PROBE))
    named = terminal.type("models", "import", str(PROBE), "--name", NAME)

    assert (unnamed.exit_code, named.exit_code) == (1, 0)
    assert "--name" in unnamed.stderr


def test_what_is_no_model_is_not_imported(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / ENTRY.file
    file.write_bytes(b"PK")

    result = terminal.type("models", "import", str(file))

    assert result.exit_code == 1
    assert "not a GGUF" in result.stderr


def test_check_says_what_the_server_is_and_that_files_are_whole(terminal: Terminal) -> None:
    terminal.type("models", "import", str(PROBE), "--name", NAME)

    result = terminal.type("models", "check", "--seconds", "0")

    assert result.exit_code == 0
    assert "cores" in result.stdout
    assert f"{NAME}: the files are whole." in result.stdout
    assert "fit into its memory" in result.stdout


def test_check_finds_a_damaged_file(terminal: Terminal) -> None:
    terminal.type("models", "import", str(PROBE), "--name", NAME)
    file = terminal.folder / "models" / ENTRY.file
    whole = bytearray(file.read_bytes())
    whole[5000] ^= 1
    file.write_bytes(whole)

    result = terminal.type("models", "check", "--seconds", "0")

    assert result.exit_code == 1
    assert "does not match" in result.stderr


def test_a_processor_without_avx2_is_a_sentence(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardware, "has_avx2", lambda: False)

    result = terminal.type("models", "check", "--seconds", "0")

    assert result.exit_code == 1
    assert "AVX2" in result.stderr


def test_check_measures_a_model_that_is_there_and_advises(terminal: Terminal) -> None:
    copyist = Path(__file__).parents[1] / "tiny" / "copyist.gguf"
    terminal.type("models", "import", str(copyist), "--name", "copyist")

    told = terminal.json("models", "check", "copyist", "--seconds", "3")

    assert told["measured"]["model"] == "copyist"
    assert told["measured"]["read"] > 0
    assert set(told["measured"]["written"]) >= {"1", "8"}
    assert told["measured"]["memory_mb"] > 0
    assert any("mistral" in one["facts"]["name"] for one in told["advice"])


def test_check_without_any_model_measures_nothing(terminal: Terminal) -> None:
    told = terminal.json("models", "check")

    assert (told["measured"], told["advice"], told["files"]) == (None, [], [])


def test_check_of_a_model_that_is_not_there_says_how_it_comes(terminal: Terminal) -> None:
    result = terminal.type("models", "check", NAME)

    assert result.exit_code == 1
    assert "models import" in result.stderr


@pytest.fixture
def plenty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory for every model of the catalogue."""
    memory = hardware.Memory(total_mb=64_000, available_mb=64_000)
    monkeypatch.setattr(hardware, "memory", lambda: memory)


@pytest.mark.usefixtures("plenty")
def test_a_model_is_used_and_left_again(terminal: Terminal) -> None:
    terminal.type("models", "import", str(PROBE), "--name", NAME)

    used = terminal.type("models", "use", NAME)
    assert used.exit_code == 0, used.output
    assert f"“{NAME}” was chosen and is loaded without a restart" in used.stdout
    assert f"* {NAME}" in terminal.type("models", "list").stdout

    left = terminal.type("models", "leave")
    assert f"“{NAME}” leaves the memory" in left.stdout
    acts = [(row.act, row.subject) for row in audit.newest(terminal.database, limit=2)]
    assert acts == [("model.leave", NAME), ("model.use", NAME)]


@pytest.mark.usefixtures("plenty")
def test_with_json_the_choice_is_printed_with_the_one_before_it(terminal: Terminal) -> None:
    terminal.type("models", "import", str(PROBE), "--name", NAME)

    assert terminal.json("models", "use", NAME) == {"name": NAME, "former": ""}
    assert terminal.json("models", "leave") == {"name": "", "former": NAME}


def test_a_model_that_is_not_here_cannot_be_used(terminal: Terminal) -> None:
    result = terminal.type("models", "use", NAME)

    assert result.exit_code == 1
    assert "is not on this server yet" in result.stderr
    assert audit.newest(terminal.database, limit=5) == []


def test_there_is_nothing_to_leave_where_no_model_is_used(terminal: Terminal) -> None:
    result = terminal.type("models", "leave")

    assert result.exit_code == 1
    assert "No language model is in use" in result.stderr


def test_what_the_settings_fix_is_not_changed_in_a_terminal(terminal: Terminal) -> None:
    terminal.environment["APPLIANCE_LANGUAGE_MODEL"] = NAME

    for typed in (("models", "use", NAME), ("models", "leave")):
        result = terminal.type(*typed)
        assert result.exit_code == 1
        assert f"language_model fixes the model “{NAME}”" in result.stderr


@pytest.mark.usefixtures("plenty")
def test_what_was_measured_in_a_terminal_is_kept_for_the_console(terminal: Terminal) -> None:
    copyist = Path(__file__).parents[1] / "tiny" / "copyist.gguf"
    terminal.type("models", "import", str(copyist), "--name", "copyist")
    terminal.type("models", "use", "copyist")

    told = terminal.json("models", "check", "--seconds", "1")

    assert told["measured"]["model"] == "copyist"
    settings = Settings(data_dir=str(terminal.folder))
    kept = measurement.figures(catalogue.find("copyist"), settings)
    assert kept is not None
    assert kept.memory_mb == told["measured"]["memory_mb"]
