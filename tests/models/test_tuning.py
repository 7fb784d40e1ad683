"""What was tuned is kept beside the weights, and holds for them and this machine alone."""

from pathlib import Path

import msgspec
import pytest

from appliance.models import catalogue, hardware, tuning
from appliance.models.engines import Language
from appliance.models.tuning import Kept, Key, Tuning
from appliance.models.weights import import_file
from appliance.records import Problem
from tests.models.runners import MISTRAL, PROBE

ENTRY = catalogue.find(MISTRAL)
COPYIST = Path(__file__).parents[1] / "tiny" / "copyist.gguf"
KEY = Key(model="ab", processor="A, 2 cores", engine="0.3.36")
FOUND = Kept(
    key=KEY,
    tuning=Tuning(flash_attention=True, threads=3),
    because=Problem(code="tuning_found", facts={"gain": "1.30"}),
)


def test_without_a_measurement_decoding_is_what_measured_fastest_on_most_machines() -> None:
    default = Tuning()

    assert (default.flash_attention, default.unified) == (False, False)
    assert (default.batch, default.physical_batch, default.slots) == (512, 256, 8)


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    tuning.keep(tmp_path / "models", tmp_path / "m.gguf", FOUND)

    assert (tmp_path / "models" / "m.gguf.tuning.json").exists()
    assert tuning.kept(tmp_path / "models", tmp_path / "m.gguf", KEY) == FOUND


@pytest.mark.parametrize("changed", ["model", "processor", "engine"])
def test_it_holds_for_nothing_else(tmp_path: Path, changed: str) -> None:
    tuning.keep(tmp_path, tmp_path / "m.gguf", FOUND)

    other = msgspec.structs.replace(KEY, **{changed: "another"})

    assert tuning.kept(tmp_path, tmp_path / "m.gguf", other) is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"key": 1}', b"\xff\xfe"])
def test_a_damaged_file_is_no_measurement(tmp_path: Path, content: bytes) -> None:
    tuning.kept_file(tmp_path, Path("m.gguf")).write_bytes(content)

    assert tuning.kept(tmp_path, Path("m.gguf"), KEY) is None


def test_nothing_half_written_is_left_in_the_folder(tmp_path: Path) -> None:
    tuning.keep(tmp_path, Path("m.gguf"), FOUND)
    tuning.keep(tmp_path, Path("m.gguf"), FOUND)

    assert [file.name for file in tmp_path.iterdir()] == ["m.gguf.tuning.json"]


def test_an_imported_file_goes_by_its_checksum(tmp_path: Path) -> None:
    record = import_file(PROBE, MISTRAL, tmp_path)

    key = tuning.key(ENTRY, tmp_path / ENTRY.file)

    assert key.model == record.sha256
    assert key.processor == hardware.processor()
    assert key.engine


def test_another_file_goes_by_what_it_looks_like(tmp_path: Path) -> None:
    file = tmp_path / "own.gguf"
    file.write_bytes(PROBE.read_bytes())
    before = tuning.key(ENTRY, file)
    assert tuning.key(ENTRY, file) == before

    file.write_bytes(b"GGUF")

    assert tuning.key(ENTRY, file) != before


def test_no_measurement_means_the_default_with_the_runners_threads() -> None:
    assert tuning.used(None, threads=5) == Tuning(threads=5)


def test_measured_threads_are_used_where_the_operator_left_them_open() -> None:
    assert tuning.used(FOUND, threads=hardware.physical_cores()).threads == 3


def test_threads_that_the_operator_set_count_more_than_what_was_measured() -> None:
    flags = tuning.used(FOUND, threads=hardware.physical_cores() + 1)

    assert flags.threads == hardware.physical_cores() + 1
    assert flags.flash_attention


def test_a_measurement_that_found_all_cores_best_uses_the_runners_threads() -> None:
    found = msgspec.structs.replace(FOUND, tuning=Tuning(unified=True))

    flags = tuning.used(found, threads=hardware.physical_cores())

    assert flags == Tuning(unified=True, threads=hardware.physical_cores())


def test_the_runner_loads_a_model_with_its_flags_and_says_why(tmp_path: Path) -> None:
    copyist = catalogue.find("copyist")
    found = msgspec.structs.replace(
        FOUND, key=tuning.key(copyist, COPYIST), tuning=Tuning(unified=True, slots=3)
    )
    tuning.keep(tmp_path, COPYIST, found)
    language = Language(f"copyist={COPYIST}", tmp_path, threads=1)

    part = language._load()

    assert (part.state, part.because) == ("ready", found.because)
    model, _ = language.ready()
    assert model.slots == 3
    assert model._unified
    language.close()


def test_without_a_measurement_the_runner_gives_no_reason(tmp_path: Path) -> None:
    language = Language(f"copyist={COPYIST}", tmp_path, threads=1)

    part = language._load()

    assert (part.state, part.because) == ("ready", None)
    language.close()
