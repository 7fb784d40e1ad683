"""The model that writes the answers, chosen over HTTP: what is refused, and what is told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance import audit
from appliance.jobs import pull
from appliance.models import catalogue, choice, hardware
from appliance.models.hardware import Memory
from appliance.models.weights import import_file
from appliance.models.wire import Condition, Part
from appliance.records import Problem
from appliance.settings import Settings
from tests.fakes import WordEmbedder
from tests.house import House
from tests.models.runners import PROBE

SMALL, OTHER, ABSENT = "qwen2.5-0.5b-instruct", "qwen2.5-1.5b-instruct", "qwen2.5-7b-instruct"
NEEDS = catalogue.find(OTHER).ram_mb


@pytest.fixture(autouse=True)
def plenty(monkeypatch: pytest.MonkeyPatch) -> None:
    has(monkeypatch, 64_000)


def has(monkeypatch: pytest.MonkeyPatch, available_mb: int) -> None:
    """Let the machine have so much memory free."""
    monkeypatch.setattr(
        hardware, "memory", lambda: Memory(total_mb=64_000, available_mb=available_mb)
    )


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    for name in (SMALL, OTHER):
        import_file(PROBE, name, pull.folder_of(settings))
    with House(settings, embedder=WordEmbedder()) as opened:
        yield opened


def use(house: House, name: str) -> Any:
    return house.client.post(f"/api/models/{name}/use")


def told(house: House) -> dict[str, Any]:
    return dict(house.client.get("/api/models").json()["language_model"])


def runner(house: House, monkeypatch: pytest.MonkeyPatch, **part: Any) -> None:
    """Let the model runner tell of a language model."""
    condition = Condition(pid=1, embedder=Part(), language=Part(**part))
    monkeypatch.setattr(house.parts.client, "health", lambda: condition)


def test_a_model_that_is_here_is_used_and_stays_chosen(house: House) -> None:
    assert told(house)["state"] == "none"
    answer = use(house, SMALL)

    assert answer.status_code == 200
    assert answer.json() == {
        "name": SMALL,
        "state": "away",  # no runner in this house
        "reason": None,
        "numbers": None,
        "numbers_reason": None,
        "fixed": False,
        "former": None,
        "notices": [],
    }
    assert choice.chosen(pull.folder_of(house.settings)).name == SMALL
    items = house.client.get("/api/models").json()["items"]
    assert [one["name"] for one in items if one["in_use"]] == ["minilm", SMALL]


def test_until_the_runner_has_it_the_model_is_loading(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(house, SMALL)
    runner(house, monkeypatch, name=SMALL, state="ready")
    assert told(house)["state"] == "ready"

    assert use(house, OTHER).json()["state"] == "loading"
    assert house.client.get("/api/system").json()["language_model"]["state"] == "loading"


def test_one_that_fails_says_why_and_the_former_is_offered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(house, SMALL)
    use(house, OTHER)
    problem = Problem(code="model_no_memory", facts={"name": OTHER})
    runner(house, monkeypatch, name=OTHER, state="failed", problem=problem)

    for shown in (told(house), house.client.get("/api/system").json()["language_model"]):
        assert (shown["name"], shown["state"], shown["former"]) == (OTHER, "failed", SMALL)
        assert "Falta memória" in shown["reason"]


def test_a_former_model_that_was_removed_is_not_offered(house: House) -> None:
    use(house, SMALL)
    use(house, OTHER)

    assert house.client.delete(f"/api/models/{SMALL}").status_code == 204
    assert told(house)["former"] is None


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("gpt-17", 404, "unknown_model"),
        ("minilm", 400, "not_a_language_model"),
        (ABSENT, 409, "model_not_here"),
    ],
)
def test_only_language_models_that_are_here_are_used(
    house: House, name: str, status: int, code: str
) -> None:
    answer = use(house, name)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert told(house)["name"] == ""
    assert [row.act for row in audit.newest(house.parts.database, limit=5)] == []


def test_a_model_too_large_for_the_free_memory_is_refused_with_both_figures(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(monkeypatch, NEEDS - 1)

    answer = use(house, OTHER)

    assert (answer.status_code, answer.json()["code"]) == (503, "model_too_big")
    assert f"{NEEDS} MB" in answer.json()["detail"]
    assert f"{NEEDS - 1} MB" in answer.json()["detail"]


def test_what_the_model_at_hand_gives_back_counts_as_free(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(house, SMALL)
    runner(house, monkeypatch, name=SMALL, state="ready")
    has(monkeypatch, NEEDS - 500)

    assert use(house, OTHER).status_code == 200


def test_a_model_that_the_settings_name_wins_and_the_page_says_so(settings: Settings) -> None:
    fixed = msgspec.structs.replace(settings, language_model=f"{OTHER}=/srv/m.gguf")
    import_file(PROBE, SMALL, pull.folder_of(settings))
    with House(fixed, embedder=WordEmbedder()) as house:
        refused = [use(house, SMALL), house.client.delete(f"/api/models/{OTHER}/use")]

        assert [one.json()["code"] for one in refused] == ["model_fixed", "model_fixed"]
        assert OTHER in refused[0].json()["detail"]
        assert (told(house)["name"], told(house)["fixed"]) == (OTHER, True)


def test_a_model_is_left_and_answers_quote_again(house: House) -> None:
    use(house, SMALL)
    kept = house.client.delete(f"/api/models/{SMALL}")
    other = house.client.delete(f"/api/models/{OTHER}/use")
    left = house.client.delete(f"/api/models/{SMALL}/use")

    assert (kept.status_code, kept.json()["code"]) == (409, "model_in_use")
    assert (other.status_code, other.json()["code"]) == (409, "model_not_used")
    assert (left.json()["name"], left.json()["former"]) == ("", SMALL)
    assert house.client.delete(f"/api/models/{SMALL}").status_code == 204


def test_each_choice_leaves_a_row_in_the_audit(house: House) -> None:
    use(house, SMALL)
    house.client.delete(f"/api/models/{SMALL}/use")

    rows = audit.newest(house.parts.database, limit=2)
    assert [(row.act, row.subject) for row in rows] == [
        ("model.leave", SMALL),
        ("model.use", SMALL),
    ]


@pytest.mark.parametrize("role", ["member", "editor", "auditor"])
def test_only_administrators_choose(house: House, role: Any) -> None:
    with house.as_a(role) as client:
        assert client.post(f"/api/models/{SMALL}/use").status_code == 403
        assert client.delete(f"/api/models/{SMALL}/use").status_code == 403


def test_the_house_without_models_has_nothing_to_choose(settings: Settings, tmp_path: Path) -> None:
    with House(settings, embedder=WordEmbedder()) as house:
        assert use(house, SMALL).json()["code"] == "model_not_here"
