"""Assembly: one folder, its parts, and the routes that say who may call them."""

import msgspec
import pytest

from appliance import QUIET, app, children
from appliance.answering import evidence
from appliance.api import guards
from appliance.embedders import Known
from appliance.errors import BadRequest, NotFound
from appliance.index.fusion import Weights
from appliance.models import catalogue
from appliance.settings import Settings
from tests.fakes import WordEmbedder
from tests.house import House


def test_every_route_says_who_may_call_it(house: House) -> None:
    assert guards.unguarded(house.app) == []


def test_the_parts_of_a_folder_find_what_was_there_before(settings: Settings) -> None:
    with House(settings, embedder=WordEmbedder()) as first:
        made = first.assistant()
        first.upload(made["collections"][0])

    parts = app.build(settings, embedder=WordEmbedder())
    try:
        found = parts.finder.search(made["collections"], "multa por atraso")
    finally:
        parts.close()

    assert "R$ 1,50" in found.passages[0].text


def test_a_question_left_by_a_dead_process_is_marked_when_it_starts_again(
    settings: Settings,
) -> None:
    with House(settings, embedder=WordEmbedder()) as first:
        made = first.assistant()
        first.ask(made["id"], "Qual é a multa?")
        with first.parts.database.write() as db:
            db.run("update messages set state = 'asked', answer = null")

    again = app.assemble(settings, embedder=WordEmbedder())
    rows = again.state.database.rows("select state from messages")
    again.state.parts.close()

    assert rows == [{"state": "failed"}]


def test_children_get_the_settings_of_their_parent(tmp_path) -> None:
    settings = Settings(data_dir=str(tmp_path), threads=2, language_model="copyist=/x.gguf")

    runner, worker = children.runner(settings), children.worker(settings)

    assert str(children.socket_path(settings)) in runner._argv
    assert "copyist=/x.gguf" in runner._argv
    assert worker._environment["APPLIANCE_DATA_DIR"] == str(tmp_path)
    assert worker._environment["APPLIANCE_THREADS"] == "2"


@pytest.mark.parametrize(("name", "said"), QUIET.items())
def test_the_environment_cannot_switch_tracing_on(name: str, said: str) -> None:
    import os
    import subprocess
    import sys

    printed = subprocess.run(
        [sys.executable, "-c", f"import os, appliance; print(os.environ['{name}'])"],
        env=os.environ | {name: "hostile"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert printed.stdout.strip() == said


@pytest.mark.guarantee("ZE-08")
@pytest.mark.parametrize(
    "name", ["LANGSMITH_TRACING_V3", "LANGCHAIN_ENDPOINT", "LANGSMITH_API_KEY"]
)
def test_no_other_switch_of_tracing_is_left_in_the_environment(name: str) -> None:
    import os
    import subprocess
    import sys

    printed = subprocess.run(
        [sys.executable, "-c", f"import os, appliance; print(os.environ.get('{name}'))"],
        env=os.environ | {name: "hostile"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert printed.stdout.strip() == "None"


def test_the_data_folder_is_closed_to_other_users(house: House) -> None:
    assert house.settings.data.stat().st_mode & 0o077 == 0
    for name in ("appliance.db", "queue.db"):
        assert (house.settings.data / name).stat().st_mode & 0o077 == 0


def test_what_was_measured_for_the_embedder_is_what_search_uses(house: House) -> None:
    entry = catalogue.find("minilm", "embedder")
    measured = house.parts.finder.measured()

    assert msgspec.structs.asdict(measured.weights) == msgspec.to_builtins(entry.fusion)
    assert measured.judged_by == msgspec.to_builtins(entry.evidence)


def test_each_search_goes_by_the_embedder_that_is_in_force_then(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = catalogue.find("minilm", "embedder")
    other = msgspec.structs.replace(entry, name="other", evidence=None)
    monkeypatch.setattr(catalogue, "entries", lambda: (entry, other))
    parts = app.build(house.settings)
    assert parts.finder.measured().judged_by is not None

    with house.parts.database.write() as db:
        db.run(
            "insert or replace into embedders (stamp, name, dimensions, state)"
            " values ('other@1', 'other', 384, 'in_force')"
        )

    assert parts.finder.measured().judged_by is None
    parts.close()


def test_what_the_code_takes_by_default_is_what_was_measured_for_the_embedder_inside() -> None:
    entry = catalogue.find("minilm", "embedder")

    assert msgspec.structs.asdict(Weights()) == msgspec.to_builtins(entry.fusion)
    assert msgspec.to_builtins(entry.evidence) == evidence.WITH_VECTORS


def test_an_embedder_that_the_catalogue_does_not_know_is_named_at_the_start(tmp_path) -> None:
    with pytest.raises(NotFound) as refusal:
        app.build(Settings(data_dir=str(tmp_path), embedder="minilmm"))

    assert refusal.value.facts["name"] == "minilmm"


@pytest.mark.parametrize("setting", ["open_hosts", "model_mirrors"])
def test_a_host_that_is_no_host_is_named_at_the_start_with_its_setting(tmp_path, setting) -> None:
    wrong = Settings(data_dir=str(tmp_path / "data"), **{setting: "a.lan,b.lan"})

    with pytest.raises(BadRequest) as refused:
        app.build(wrong)

    assert refused.value.code == "bad_host_setting"
    assert refused.value.facts == {"setting": setting, "address": "https://a.lan,b.lan"}
    assert not wrong.data.exists()


@pytest.mark.parametrize("site", ["intranet.lan", "http://127.1", "http://a.lan/%2e%2e/b"])
def test_a_site_that_could_mean_another_is_named_at_the_start(tmp_path, site) -> None:
    with pytest.raises(BadRequest) as refused:
        app.build(Settings(data_dir=str(tmp_path / "data"), source_sites=f"http://a.lan {site}"))

    assert refused.value.code == "bad_host_setting"
    assert refused.value.facts == {"setting": "source_sites", "address": site}


def test_while_an_embedder_comes_the_old_one_answers_and_the_runner_holds_both(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = catalogue.entries()
    (minilm,) = (entry for entry in entries if entry.name == "minilm")
    monkeypatch.setattr(
        catalogue, "entries", lambda: (*entries, msgspec.structs.replace(minilm, name="melhor"))
    )
    old = app.build(Settings(data_dir=str(tmp_path)))
    old.worker()
    assert "--also" not in old.runner()._argv
    old.close()

    new = app.build(Settings(data_dir=str(tmp_path), embedder="melhor"))
    new.worker()
    new.worker().rounds()
    argv = list(new.runner()._argv)
    told = new.status.system("pt")["embedder_change"]
    new.close()

    assert new.finder.embedder is new.in_force
    assert argv[argv.index("--embedder") + 1] == "melhor"
    assert argv[argv.index("--also") + 1] == "minilm"
    assert (told["old"], told["new"], told["by_keywords"]) == ("minilm", "melhor", False)
    assert told["job"]


def test_an_old_embedder_that_the_catalogue_lost_is_said_to_be_gone(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=str(tmp_path))
    before = app.build(settings)
    gone = Known(stamp="antigo@1", name="antigo", dimensions=384)
    before.in_force.embedders.settle(gone)
    before.close()

    parts = app.build(settings)
    parts.worker().rounds()
    told = parts.status.system("pt")["embedder_change"]
    argv = parts.runner()._argv
    parts.close()

    assert told["by_keywords"] is True
    assert "“antigo”" in told["reason"]
    assert "--also" not in argv
