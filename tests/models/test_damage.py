"""A damaged model is a sentence on the status page, and the runner lives (REL-07)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.errors import Unavailable, sentence, sentences
from appliance.models import catalogue
from appliance.models.engines import Engines, Language
from appliance.models.weights import import_file
from appliance.models.wire import Condition
from tests.models.make_probe import make
from tests.models.runners import MISTRAL, PROBE, running, settled, until

WHOLE = PROBE.read_bytes()


def damaged(kind: str, file: Path) -> Path:
    """A model's file, damaged in one of the ways that happen."""
    contents = {
        "empty": b"",
        "text": b"this is no model\n" * 100,
        "header only": WHOLE[:4],
        "truncated at 10 %": WHOLE[: len(WHOLE) // 10],
        "truncated at 50 %": WHOLE[: len(WHOLE) // 2],
        "truncated at 99 %": WHOLE[: len(WHOLE) * 99 // 100],
        "another architecture": WHOLE.replace(b"llama", b"lhama"),
    }
    if kind in contents:
        file.write_bytes(contents[kind])
    if kind == "weights of NaN":
        make(file, weights="nan")
    return file


REASONS = {
    "missing": {"model_file_missing"},
    "empty": {"not_a_gguf"},
    "text": {"not_a_gguf"},
    "header only": {"not_a_gguf"},
    "truncated at 10 %": {"model_unreadable"},
    "truncated at 50 %": {"model_unreadable"},
    "truncated at 99 %": {"model_unreadable"},
    "another architecture": {"model_unreadable"},
    "weights of NaN": {"model_nonsense"},
}


def load(language: Language) -> str:
    """Load once; the code of the problem, or nothing."""
    part = language._load()
    return part.problem.code if part.problem else ""


@pytest.mark.guarantee("REL-07")
@pytest.mark.parametrize("kind", REASONS)
def test_each_damage_has_its_reason(tmp_path: Path, kind: str) -> None:
    file = damaged(kind, tmp_path / "model.gguf")
    language = Language(f"{MISTRAL}={file}", tmp_path / "models", threads=1)

    assert load(language) in REASONS[kind]
    with pytest.raises(Unavailable):
        language.ready()


@pytest.mark.guarantee("REL-08")
def test_a_model_that_needs_more_memory_than_there_is_is_refused_with_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from appliance.models import language as loading

    monkeypatch.setattr(
        loading.hardware, "memory", lambda: loading.hardware.Memory(total_mb=9, available_mb=8)
    )
    language = Language(f"{MISTRAL}={PROBE}", tmp_path, threads=1)
    part = language._load()

    assert part.problem is not None
    assert part.problem.code == "model_too_big"
    assert part.problem.facts["has_mb"] == 8
    assert part.problem.facts["need_mb"] == catalogue.find(MISTRAL).ram_mb
    assert "8 MB" in sentence(part.problem.code, part.problem.facts, "pt")


def test_a_processor_without_avx2_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from appliance.models import language as loading

    monkeypatch.setattr(loading.hardware, "has_avx2", lambda: False)

    assert load(Language(f"{MISTRAL}={PROBE}", tmp_path, threads=1)) == "processor_too_old"


def test_a_name_that_the_catalogue_does_not_know_is_a_reason_too(tmp_path: Path) -> None:
    assert load(Language("gpt-17", tmp_path, threads=1)) == "unknown_model"


def test_without_a_model_nothing_is_loaded(tmp_path: Path) -> None:
    engines = Engines(embedder="minilm", language="", folder=tmp_path, threads=1)
    condition = engines.condition()

    assert condition.language.state == "none"
    with pytest.raises(Unavailable) as refusal:
        engines.count(["x"])
    assert refusal.value.code == "no_language_model"


def test_a_question_does_not_wait_for_an_embedder_that_loads(tmp_path: Path) -> None:
    engines = Engines(embedder="minilm", language="", folder=tmp_path, threads=1)

    with pytest.raises(Unavailable) as refusal:
        engines.embeddings.main.submit(["x"], "query")

    assert refusal.value.code == "engine_loading"
    assert refusal.value.retry_after is not None


@pytest.fixture(scope="module")
def truncated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Condition]]:
    """A runner whose imported model was cut off afterwards, and what it says."""
    folder = tmp_path_factory.mktemp("damage")
    import_file(PROBE, MISTRAL, folder / "models")
    file = folder / "models" / catalogue.find(MISTRAL).file
    file.write_bytes(WHOLE[:1000])
    with running(folder, "--language", MISTRAL) as (client, child):
        before = until(client, settled)
        assert client.generator is None
        assert client.embedder.embed(["a busca continua"]).shape == (1, 384)
        import_file(PROBE, MISTRAL, folder / "models")
        after = until(client, lambda condition: condition.language.state == "ready")
        assert child.state.restarts == 0
        assert after.pid == before.pid
        yield file, before


def test_a_damaged_model_leaves_the_search_alive_and_a_correct_one_works_without_restart(
    truncated: tuple[Path, Condition],
) -> None:
    _, before = truncated

    assert before.language.state == "failed"
    assert before.language.problem is not None
    assert before.language.problem.code == "model_checksum"


def test_every_reason_is_a_sentence_in_three_languages() -> None:
    codes = set().union(*REASONS.values()) | {"model_too_big", "model_kills_engine"}
    for language in ("pt", "en", "es"):
        assert codes <= set(sentences(language))


def test_the_three_languages_say_the_same_things_with_the_same_facts() -> None:
    import re
    import tomllib

    folder = Path(catalogue.__file__).parents[1] / "sentences"
    words = {
        language: tomllib.loads((folder / language / "models.toml").read_text("utf-8"))
        for language in ("pt", "en", "es")
    }
    assert words["pt"].keys() == words["en"].keys() == words["es"].keys()
    for code, text in words["pt"].items():
        facts = sorted(re.findall(r"{(\w+)}", text))
        for language in ("en", "es"):
            assert sorted(re.findall(r"{(\w+)}", words[language][code])) == facts, code
