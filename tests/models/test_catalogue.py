"""The catalogue: what each model is, where its prompts' marks are, what vouches for it."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from appliance.errors import NotFound
from appliance.models import catalogue
from appliance.records import LANGUAGES

ENTRIES = catalogue.entries()


def test_every_model_has_a_name_of_its_own() -> None:
    names = [entry.name for entry in ENTRIES]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_model_says_its_licence_and_what_it_needs(entry: catalogue.Entry) -> None:
    assert entry.licence
    assert entry.ram_mb > 0
    assert all(entry.description.get(language) for language in LANGUAGES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_model_is_explained_in_the_readme(entry: catalogue.Entry) -> None:
    readme = Path(__file__).parents[2] / "models" / "README.md"

    assert f"`{entry.name}`" in readme.read_text("utf-8")


def test_every_field_is_explained_in_the_readme() -> None:
    readme = (Path(__file__).parents[2] / "models" / "README.md").read_text("utf-8")
    fields = [
        field
        for struct in (
            catalogue.Entry,
            catalogue.Template,
            catalogue.Fusion,
            catalogue.Evidence,
            catalogue.Site,
        )
        for field in struct.__struct_fields__
    ]

    assert [field for field in fields if f"`{field}`" not in readme] == []


def test_the_embedder_that_comes_along_is_known_by_checksum_and_weights() -> None:
    minilm = catalogue.find("minilm", "embedder")

    assert minilm.stamp == f"minilm@{minilm.sha256[:16]}"
    assert minilm.dimensions == 384
    assert minilm.fusion is not None
    assert minilm.evidence is not None
    assert minilm.evidence.unknown < 0 < minilm.evidence.score


def test_an_embedder_without_checksum_says_so_in_its_stamp() -> None:
    minilm = msgspec.structs.replace(catalogue.find("minilm"), sha256="")

    assert minilm.stamp == "minilm@unversioned"


def test_the_test_model_is_never_offered() -> None:
    assert "copyist" not in [entry.name for entry in catalogue.offered("language")]
    assert catalogue.find("copyist").tests_only


def test_a_name_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(NotFound) as refusal:
        catalogue.find("mistral", "language")

    assert refusal.value.code == "unknown_model"
    assert "mistral-7b-instruct-v0.3" in refusal.value.facts["known"]
    assert "copyist" not in refusal.value.facts["known"]


def test_an_embedder_is_no_language_model() -> None:
    with pytest.raises(NotFound):
        catalogue.find("minilm", "language")


def test_a_configured_name_means_the_imported_file(tmp_path: Path) -> None:
    entry, file = catalogue.configured("mistral-7b-instruct-v0.3", tmp_path)

    assert file == tmp_path / entry.file


def test_a_configured_path_means_that_file_with_the_named_models_prompts(tmp_path: Path) -> None:
    entry, file = catalogue.configured(f"copyist={tmp_path}/other = name.gguf", Path("/nowhere"))

    assert entry.name == "copyist"
    assert file == tmp_path / "other = name.gguf"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[[model]]\nname = "x"', "missing required field"),
        ("[[modell]]", "unknown field"),
        (
            '[[model]]\nname="x"\nkind="language"\nlicence="MIT"\nfile="x"\ncontext=512\nram_mb=1',
            "needs a template",
        ),
        (
            '[[model]]\nname="x"\nkind="embedder"\nlicence="MIT"\nfile="x"\ncontext=512\nram_mb=1',
            "needs dimensions",
        ),
        (
            '[[model]]\nname="x"\nkind="embedder"\nlicence="MIT"\nfile="x"\ncontext=512\nram_mb=1'
            '\nsha256="abc"',
            "regex",
        ),
    ],
)
def test_a_catalogue_that_is_not_well_formed_says_why(
    tmp_path: Path, text: str, complaint: str
) -> None:
    file = tmp_path / "catalogue.toml"
    file.write_text(text)

    with pytest.raises(msgspec.ValidationError, match=complaint):
        catalogue.entries(file)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_a_source_is_an_address_over_tls(entry: catalogue.Entry) -> None:
    assert entry.source == "" or entry.source.startswith("https://")
    assert not entry.source.endswith("/")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_embedder_of_the_data_folder_names_the_files_it_needs(entry: catalogue.Entry) -> None:
    """And its weights are safetensors: a pickle would be a program."""
    if entry.kind == "embedder" and not entry.package:
        assert {"modules.json", "config.json", "tokenizer.json"} <= set(entry.files)
        assert entry.file.endswith(".safetensors")


def test_where_the_files_of_an_origin_come_from_is_known() -> None:
    assert "https://cas-bridge.xethub.hf.co" in catalogue.hosts_of("https://huggingface.co")
    assert catalogue.hosts_of("https://elsewhere.test") == frozenset()


def test_a_file_outside_its_folder_is_no_file_of_a_model(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.toml"
    text = catalogue.catalogue_file().read_text("utf-8")
    for bad in ("../weights", "/etc/weights", "a/../../b"):
        file.write_text(text.replace('"1_Pooling/config.json"', f'"{bad}"'))
        with pytest.raises(msgspec.ValidationError, match="outside its folder"):
            catalogue.entries(file)


def test_embedders_that_nobody_measured_have_the_default_weights_and_no_evidence() -> None:
    minilm = catalogue.find("minilm")
    others = [entry for entry in catalogue.offered("embedder") if entry.name != "minilm"]

    assert others
    assert all(entry.fusion == minilm.fusion for entry in others)
    assert all(entry.evidence is None for entry in others)


TOGETHER = """
import sys, threading
from appliance.models import catalogue

sys.setswitchinterval(1e-5)
go = threading.Barrier(4)


def read():
    go.wait()
    catalogue.entries()


threads = [threading.Thread(target=read) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


@pytest.mark.parametrize("attempt", range(8))
def test_threads_may_be_the_first_to_read_it_all_at_once(attempt: int) -> None:
    # As those that load a runner's models are: one runner in ten died of it.
    done = subprocess.run([sys.executable, "-c", TOGETHER], capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()
