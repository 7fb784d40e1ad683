"""What prompts begin with: read once, kept in memory and over a restart."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from appliance.models import prefixes
from appliance.models.prefixes import Prefixes
from appliance.records import Problem
from tests.models.desk import Desk, alone, asking, open_desk

TOKENS = list(range(100))
STATE = bytearray(b"what the model knows after them")
SYSTEM = "Responda apenas com base nas fontes, e cite a fonte de cada frase."


def saved(folder: Path) -> Path:
    """The one file in a folder."""
    (file,) = folder.iterdir()
    return file


def keep(folder: Path | None, **options: Any) -> Prefixes:
    kept = Prefixes(folder, "model flags", **options)
    kept.keep(TOKENS, STATE)
    return kept


def test_a_state_is_found_by_exactly_its_tokens() -> None:
    kept = keep(None)

    assert kept.find(TOKENS) == STATE
    assert kept.find(TOKENS[:-1]) is None
    assert kept.find([*TOKENS, 1]) is None
    kept.close()


def test_a_state_is_found_again_after_a_restart(tmp_path: Path) -> None:
    keep(tmp_path / "new" / "folder").close()

    assert Prefixes(tmp_path / "new" / "folder", "model flags").find(TOKENS) == STATE


def test_a_saved_state_is_for_its_owner_alone(tmp_path: Path) -> None:
    keep(tmp_path / "prefixes").close()

    assert stat.S_IMODE(saved(tmp_path / "prefixes").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "prefixes").stat().st_mode) == 0o700


def test_a_state_of_another_model_or_other_flags_is_none_of_ours(tmp_path: Path) -> None:
    keep(tmp_path).close()
    other = Prefixes(tmp_path, "other flags")
    assert other.find(TOKENS) is None

    # Not even under the name that ours would have.
    saved(tmp_path).rename(tmp_path / other._name(TOKENS))
    assert other.find(TOKENS) is None


@pytest.mark.parametrize("place", [0, 31, 32, 60, -1])
def test_a_damaged_file_is_no_file(
    tmp_path: Path, place: int, caplog: pytest.LogCaptureFixture
) -> None:
    keep(tmp_path).close()
    data = bytearray(saved(tmp_path).read_bytes())
    data[place] ^= 1
    saved(tmp_path).write_bytes(data)

    assert Prefixes(tmp_path, "model flags").find(TOKENS) is None
    assert "damaged" in caplog.text


@pytest.mark.parametrize("length", [0, 10, 32, 100])
def test_a_file_cut_short_is_no_file(tmp_path: Path, length: int) -> None:
    keep(tmp_path).close()
    saved(tmp_path).write_bytes(saved(tmp_path).read_bytes()[:length])

    assert Prefixes(tmp_path, "model flags").find(TOKENS) is None


def test_memory_holds_the_states_used_last() -> None:
    kept = Prefixes(None, "", most_bytes=3 * len(STATE))
    for number in range(3):
        kept.keep([number], STATE)
    kept.find([0])
    kept.keep([3], STATE)

    assert kept.find([1]) is None
    assert all(kept.find([number]) for number in (0, 2, 3))
    kept.close()


def test_one_state_is_kept_however_large() -> None:
    kept = keep(None, most_bytes=1)

    assert kept.find(TOKENS) == STATE
    kept.close()


def test_the_folder_holds_so_many_files_and_drops_those_unused_for_longest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefixes, "MOST_FILES", 2)
    kept = Prefixes(tmp_path, "")
    names = [kept._name([number]) for number in range(3)]
    for number in range(2):
        kept.keep([number], STATE)
    kept.close()
    for age, name in enumerate(names[:2]):
        os.utime(tmp_path / name, (1000 + age, 1000 + age))
    again = Prefixes(tmp_path, "")
    again.find([0])  # used again: now it is the other one that goes
    again.keep([2], STATE)
    again.close()

    assert {file.name for file in tmp_path.iterdir()} == {names[0], names[2]}


def test_a_disk_that_refuses_costs_nothing_but_the_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    kept = keep(blocked / "prefixes")
    kept.close()

    assert kept.find(TOKENS) == STATE
    assert "could not be saved" in caplog.text


def read(desk: Desk, question: str) -> tuple[str, int]:
    """An answer, and how much of its prompt was there already."""
    text, outcome = desk.write(asking(question, SYSTEM))
    return text, outcome.reused_tokens


def test_an_assistants_prefix_is_copied_for_who_asks_next(tmp_path: Path) -> None:
    with open_desk(prefixes=Prefixes(tmp_path, "")) as desk:
        assert read(desk, "primeira pergunta " * 10)[1] == 0
        text, reused = read(desk, "segunda?")

    assert reused >= len(SYSTEM)
    assert text == alone(asking("segunda?", SYSTEM))


def test_a_warm_prefix_comes_from_disk_after_a_restart(tmp_path: Path) -> None:
    with open_desk(prefixes=Prefixes(tmp_path, "")) as desk:
        read(desk, "primeira?")
    with open_desk(prefixes=Prefixes(tmp_path, "")) as desk:
        text, reused = read(desk, "segunda?")

    assert reused >= len(SYSTEM)
    assert text == alone(asking("segunda?", SYSTEM))


def test_a_damaged_prefix_is_read_again_and_saved_again(tmp_path: Path) -> None:
    with open_desk(prefixes=Prefixes(tmp_path, "")) as desk:
        read(desk, "primeira?")
    whole = saved(tmp_path).read_bytes()
    saved(tmp_path).write_bytes(whole[:-1] + b"x")

    told: list[Problem] = []
    with open_desk(prefixes=Prefixes(tmp_path, "", notice=told.append)) as desk:
        text, reused = read(desk, "segunda?")

    assert reused == 0
    assert [problem.code for problem in told] == ["state_damaged"]
    assert text == alone(asking("segunda?", SYSTEM))
    assert len(saved(tmp_path).read_bytes()) == len(whole)
    with open_desk(prefixes=Prefixes(tmp_path, "")) as desk:
        assert read(desk, "terceira?")[1] >= len(SYSTEM)


def test_a_prompt_without_instructions_leaves_nothing_behind(tmp_path: Path) -> None:
    with open_desk(prefixes=Prefixes(tmp_path, "")) as desk:
        desk.write("uma pergunta sem instruções")

    assert list(tmp_path.iterdir()) == []
