"""The runner's language model: another one is chosen, and takes its place while it runs."""

import threading
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from appliance.errors import Unavailable
from appliance.models import Prompt, Sampling, Turn, catalogue, choice, hardware, tuning
from appliance.models.ask import Ask
from appliance.models.engines import Engines
from appliance.models.hardware import Memory
from appliance.models.language import Language
from appliance.models.llama import LlamaModel
from appliance.models.rows import Part, Reading
from appliance.models.tuning import Tuning
from appliance.models.weights import import_file
from appliance.models.wire import Done, Event
from appliance.records import Problem
from tests.models.make_probe import make
from tests.models.runners import PROBE
from tests.whole.running import eventually

COPYIST = Path(__file__).parents[1] / "tiny" / "copyist.gguf"
SMALL, LARGE = "copyist", "qwen2.5-0.5b-instruct"
PLENTY = Memory(total_mb=64_000, available_mb=64_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two models, of which the second one has the marks of no template: it fails."""
    import_file(COPYIST, SMALL, tmp_path)
    import_file(PROBE, LARGE, tmp_path)
    return tmp_path


@pytest.fixture
def language(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Language]:
    """Kept loading by a thread, as the runner does."""
    monkeypatch.setattr(hardware, "memory", lambda: PLENTY)
    monkeypatch.setattr("appliance.models.language.LOOK_AGAIN_SECONDS", 0.02)
    kept = Language("", folder, threads=1)
    thread = threading.Thread(target=kept.keep_loading)
    thread.start()
    yield kept
    kept.close()
    thread.join()


def stands(language: Language, name: str, state: str) -> None:
    eventually(
        lambda: (language.part.name, language.part.state) == (name, state), f"not {name} {state}"
    )


def test_a_model_that_is_chosen_is_loaded_and_one_that_is_not_any_more_is_let_go(
    language: Language, folder: Path
) -> None:
    stands(language, "", "none")

    choice.choose(folder, SMALL)
    stands(language, SMALL, "ready")
    gone = weakref.ref(language.ready()[0])

    choice.choose(folder, "")
    stands(language, "", "none")
    eventually(lambda: gone() is None, "its memory was not given back")
    with pytest.raises(Unavailable) as refusal:
        language.ready()
    assert refusal.value.code == "no_language_model"


def test_only_the_thread_that_answers_has_decoded_and_lives(
    language: Language, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[threading.Thread] = []
    read = LlamaModel.read

    def noting(model: LlamaModel, parts: Sequence[Part]) -> Reading:
        decoded.append(threading.current_thread())
        return read(model, parts)

    monkeypatch.setattr(LlamaModel, "read", noting)
    choice.choose(folder, SMALL)
    stands(language, SMALL, "ready")

    assert decoded, "it was not tested"
    eventually(
        lambda: not any(thread.is_alive() for thread in decoded),
        "the thread that tested the model keeps OpenMP's helpers",
    )


def test_one_that_fails_has_its_reason_and_the_former_comes_back(
    language: Language, folder: Path
) -> None:
    choice.choose(folder, SMALL)
    stands(language, SMALL, "ready")

    choice.choose(folder, LARGE)
    stands(language, LARGE, "failed")
    assert language.part.problem is not None
    assert language.part.problem.code == "model_template"

    choice.choose(folder, choice.chosen(folder).former)
    stands(language, SMALL, "ready")


def test_the_answers_of_a_model_that_gives_way_come_to_their_end(
    language: Language, folder: Path
) -> None:
    choice.choose(folder, SMALL)
    stands(language, SMALL, "ready")
    model, scheduler = language.ready()
    told: list[Event] = []
    question = Prompt(system="", turns=(Turn(role="user", text="Qual é a multa?"),))
    sampling = Sampling(max_tokens=40)
    scheduler.submit(Ask(model.prompt_tokens(question, sampling), sampling, told.append, person=""))
    del model, scheduler

    choice.choose(folder, "")
    stands(language, "", "none")

    ends = [event for event in told if isinstance(event, Done)]
    assert [end.ending for end in ends if end.ending != "stopped"]


def test_a_question_is_taken_back_although_its_model_gives_way(tmp_path: Path) -> None:
    engines = Engines(embedder="minilm", language="", folder=tmp_path, threads=1)
    ask = Ask([1], Sampling(max_tokens=1), lambda event: None, person="")

    engines.cancel(ask)

    assert ask.stop


def test_flags_that_were_measured_anew_are_used_at_once(language: Language, folder: Path) -> None:
    choice.choose(folder, SMALL)
    stands(language, SMALL, "ready")
    entry, file = catalogue.configured(SMALL, folder)
    found = tuning.Kept(
        key=tuning.key(entry, file),
        tuning=Tuning(slots=3),
        because=Problem(code="tuning_default", facts={}),
    )

    tuning.keep(folder, file, found)
    eventually(lambda: language.model and language.model.slots == 3, "not renewed")

    stands(language, SMALL, "ready")
    assert language.loads == 2
    tuning.keep(folder, file, msgspec.structs.replace(found, because=Problem(code="tuning_found")))
    assert not language._is_other((0, 0)), "the same flags are no reason to load it again"


def test_a_model_that_the_settings_fix_stays_whatever_is_chosen(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardware, "memory", lambda: PLENTY)
    language = Language(f"{SMALL}={COPYIST}", folder, threads=1)
    choice.choose(folder, LARGE)

    assert language.part.name == SMALL
    assert not language._is_other((0, 0))


def test_a_file_that_was_corrected_is_loaded(
    language: Language, folder: Path, tmp_path: Path
) -> None:
    file = folder / catalogue.find(SMALL).file
    file.write_bytes(make(tmp_path / "other.gguf").read_bytes()[:4000])
    choice.choose(folder, SMALL)
    stands(language, SMALL, "failed")

    import_file(COPYIST, SMALL, folder)
    stands(language, SMALL, "ready")
