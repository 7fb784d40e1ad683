"""``appliance bench``: this server measured with the model of its settings."""

import pytest

from appliance.cli import bench
from appliance.models import catalogue, hardware, tuning
from appliance.models.measuring import Measured
from appliance.models.tuning import Tuning
from appliance.models.weights import import_file
from appliance.records import Language, Problem
from appliance.settings import Settings
from tests.cli.doors import Terminal, terminal
from tests.models.runners import MISTRAL, PROBE

__all__ = ["terminal"]

COPYIST = PROBE.parents[1] / "tests" / "tiny" / "copyist.gguf"


def with_model(terminal: Terminal, choice: str) -> Terminal:
    terminal.environment |= {"APPLIANCE_LANGUAGE_MODEL": choice, "APPLIANCE_THREADS": "1"}
    return terminal


def test_a_server_without_a_model_has_nothing_to_measure(terminal: Terminal) -> None:
    result = terminal.type("bench")

    assert result.exit_code == 1
    assert "No language model is in use" in result.stderr


def test_a_model_that_is_not_there_is_named(terminal: Terminal) -> None:
    result = with_model(terminal, MISTRAL).type("bench")

    assert result.exit_code == 1
    assert catalogue.find(MISTRAL).file in result.stderr


def test_what_is_measured_is_told_and_its_flags_are_kept(terminal: Terminal) -> None:
    entry = catalogue.find("copyist")

    told = with_model(terminal, f"copyist={COPYIST}").json("bench", "--seconds", "1")

    assert told["model"] == "copyist"
    assert set(told["written"]) == {"1", "4", "8"}
    assert told["read"] > 0
    assert told["memory_mb"] > 0
    assert told["advice"][0]["code"].startswith("advice_serves")
    found = tuning.kept(terminal.folder / "models", COPYIST, tuning.key(entry, COPYIST))
    assert found is not None
    assert found.tuning.threads == told["tuning"]["threads"] == 1
    assert found.because.code == told["because"]["code"]


def test_without_json_it_says_the_figures_and_what_they_mean(terminal: Terminal) -> None:
    result = with_model(terminal, f"copyist={COPYIST}").type("bench", "--seconds", "1")

    assert result.exit_code == 0, result.output
    assert "tokens/s" in result.stdout
    assert "8 at once" in result.stdout
    assert hardware.processor_name() in result.stdout
    assert "on this machine" in result.stdout


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("pt", "modelo processador núcleos memória opções lê escreve"),
        ("en", "model processor cores memory flags reads writes"),
        ("es", "modelo procesador núcleos memoria opciones lee escribe"),
    ],
)
def test_the_figures_are_named_in_the_readers_language(
    language: Language, names: str, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = Measured(
        model="copyist",
        file="copyist.gguf",
        size_mb=2,
        read=1000.0,
        written={8: 300.0},
        memory_mb=90,
        tuning=Tuning(),
        because=Problem(code="tuning_default", facts={"count": 3, "seconds": 4, "people": 4}),
        trials=(),
    )

    bench.show(Settings(language=language), measured, [])

    *rows, because = capsys.readouterr().out.splitlines()
    assert [row.split()[0].rstrip(",") for row in rows] == names.split()
    assert rows[-1].endswith("  300.0 tokens/s")
    assert len({row.index("  ", len(row) - len(row.lstrip())) for row in rows}) == 1
    assert {"pt": "nesta máquina", "en": "on this machine", "es": "en esta máquina"}[
        language
    ] in because


def test_a_damaged_model_is_refused_before_it_is_measured(terminal: Terminal) -> None:
    folder = terminal.folder / "models"
    import_file(PROBE, MISTRAL, folder)
    (folder / catalogue.find(MISTRAL).file).write_bytes(PROBE.read_bytes()[:-1])

    result = with_model(terminal, MISTRAL).type("bench")

    assert result.exit_code == 1
    assert "checksum" in result.stderr
