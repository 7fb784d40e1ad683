"""The benchmark of the engine: the same questions for every side, and figures that are right."""

import string
import subprocess
import sys
import time
from pathlib import Path

import gguf
import pytest

from appliance.models.tuning import Tuning
from appliance.models.wire import Done, Failed, Piece
from benchmarks import engine, raw, server, sides
from benchmarks.asking import OWN, SHARED, Heard, questions
from benchmarks.engine import Turn
from benchmarks.shapes import FIRST_LETTER, SHAPES, made
from tests.models.make_probe import vocabulary

TINY = SHAPES["tiny"]
TUNING = Tuning(threads=1, slots=4)
WRITTEN = 8


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(TINY, tmp_path_factory.mktemp("shapes"))


def heard(*times: float) -> Heard:
    told = Heard()
    told.times, told.tokens = list(times), len(times)
    return told


# ------------------------------------------------------------------ the models


def test_a_model_is_made_once(file: Path) -> None:
    before = file.stat().st_mtime_ns

    assert made(TINY, file.parent) == file
    assert file.stat().st_mtime_ns == before


def test_the_same_shape_gives_the_same_bytes(file: Path, tmp_path: Path) -> None:
    assert made(TINY, tmp_path).read_bytes() == file.read_bytes()


def test_matrices_are_q4_0_and_of_the_shape(file: Path) -> None:
    tensors = {tensor.name: tensor for tensor in gguf.GGUFReader(file).tensors}

    gate = tensors["blk.0.ffn_gate.weight"]
    assert gate.tensor_type == gguf.GGMLQuantizationType.Q4_0
    assert list(gate.shape) == [TINY.width, TINY.feed]
    assert f"blk.{TINY.layers - 1}.attn_q.weight" in tensors


def test_weights_vary_as_those_of_a_model_do(file: Path) -> None:
    tensors = {tensor.name: tensor for tensor in gguf.GGUFReader(file).tensors}
    gate = tensors["blk.0.ffn_gate.weight"]

    weights = gguf.quants.dequantize(gate.data, gate.tensor_type)

    assert weights.std() * TINY.width**0.5 == pytest.approx(1.0, abs=0.1)


def test_the_large_shapes_have_as_many_weights_as_their_names_say() -> None:
    for name, billions in (("0.5b", 0.5), ("1.1b", 1.1), ("7b", 7.2)):
        one = SHAPES[name]
        narrow = one.width // one.heads * one.kv_heads
        layer = 2 * one.width**2 + 2 * one.width * narrow + 3 * one.width * one.feed
        # Qwen's 0.5B has one table of words; ours has two.
        tables = 1 if name == "0.5b" else 2
        weights = one.layers * layer + tables * one.words * one.width
        assert weights / 1e9 == pytest.approx(billions, rel=0.05)


def test_the_first_letter_is_where_the_vocabulary_has_it() -> None:
    assert vocabulary()[0][FIRST_LETTER] == b"a"


# ------------------------------------------------------------------ the questions


def test_all_share_a_beginning_and_each_has_its_own_end() -> None:
    asked = questions(4, seed=1)

    assert {len(one.tokens) for one in asked} == {SHARED + OWN}
    assert len({one.shared for one in asked}) == 1
    assert len({one.own for one in asked}) == 4


def test_nobody_has_seen_the_questions_of_another_turn() -> None:
    assert questions(1, seed=1)[0].shared != questions(1, seed=2)[0].shared
    assert questions(2, seed=1) == questions(2, seed=1)


def test_a_letter_is_a_token(file: Path) -> None:
    model = sides._model(file, TUNING)
    asked = questions(1, seed=1)[0]

    # The tokeniser puts a space in front.
    assert model.text_tokens(asked.shared + asked.own)[1:] == asked.tokens
    assert model.text_tokens(string.ascii_lowercase)[-26] == FIRST_LETTER
    model.close()


def test_what_is_heard_is_pieces_and_the_end() -> None:
    told = Heard()

    assert not told.took(Piece("ab"))
    assert told.took(Done(prompt_tokens=1, reused_tokens=0, tokens=2, ending="length"))
    assert (len(told.times), told.tokens) == (1, 2)
    assert told.took(Failed(kind="Unavailable", code="engine_failed"))
    assert told.failed == "engine_failed"


def test_gaps_are_those_that_touch_the_time_asked_about() -> None:
    assert heard(1.0, 2.0, 5.0, 5.5, 9.0).gaps(3.0, 5.2) == [3.0, 0.5]


# ------------------------------------------------------------------ the sides


@pytest.mark.parametrize("side", ["raw", "scheduler"])
def test_each_side_writes_what_was_asked_for_even_when_more_ask_than_there_are_slots(
    file: Path, side: str
) -> None:
    with sides.OPENERS[side](file, TUNING) as answer:
        told = answer(questions(6, seed=1, written=WRITTEN))

    assert [one.tokens for one in told] == [WRITTEN] * 6


def test_the_runner_answers_through_its_socket(file: Path) -> None:
    with sides.runner(file, TUNING) as answer:
        told = answer(questions(2, seed=1, written=WRITTEN))

    assert [one.tokens for one in told] == [WRITTEN] * 2


@pytest.mark.parametrize("unified", [False, True])
def test_the_raw_loop_copies_the_shared_beginning_and_reads_the_rest(
    file: Path, unified: bool
) -> None:
    tuning = Tuning(threads=1, slots=4, unified=unified)
    with raw.opened(file, tuning) as answer:
        told = answer(questions(4, seed=1, written=WRITTEN))

    assert all(one.tokens == WRITTEN for one in told)


def test_what_is_ours_alone_is_measured_too(file: Path) -> None:
    lines = list(sides.alone(file, TUNING, written=WRITTEN))

    assert len(lines) == 4
    assert "of the first's time" in lines[0]
    assert "ms a token" in lines[1]
    assert "nan" not in lines[1]
    assert "behind a warm prefix" in lines[2]
    assert "longest gap" in lines[3] or "had ended" in lines[3]


def test_where_there_is_no_llama_server_the_benchmark_says_so(tmp_path: Path) -> None:
    with pytest.raises(server.Absent) as reason:
        server.Server.found(None, tmp_path, build=False)

    assert "--build" in str(reason.value)


def test_a_llama_server_that_does_not_start_is_absent(tmp_path: Path, file: Path) -> None:
    program = tmp_path / "llama-server"
    program.write_text("#!/bin/sh\nexit 7\n")
    program.chmod(0o755)

    with (
        pytest.raises(server.Absent) as reason,
        server.Server.found(program, tmp_path, build=False).serving(file, TUNING),
    ):
        pass

    assert "status 7" in str(reason.value)


# ------------------------------------------------------------------ the figures


def test_a_turn_is_all_tokens_over_the_time_until_the_last() -> None:
    told = engine.turn("raw", 2, [heard(11.0, 12.0, 14.0), heard(13.0, 20.0)], 10.0)

    assert told == Turn(side="raw", people=2, rate=0.5, first=2.0, first_p95=3.0)


def test_processor_time_counts_what_children_take() -> None:
    before = engine.cpu_seconds()
    burning = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        while engine.cpu_seconds() < before + 0.2:
            time.sleep(0.05)
    finally:
        burning.kill()
        burning.wait()


def test_every_side_is_asked_each_time_and_the_first_one_changes() -> None:
    order: list[str] = []

    def answering(side: str):  # type: ignore[no-untyped-def]
        def answer(asked):  # type: ignore[no-untyped-def]
            order.append(side)
            now = time.monotonic()
            return [heard(now + 1, now + 2) for _ in asked]

        return answer

    opened = {side: answering(side) for side in ("raw", "runner")}
    done = list(engine.turns(opened, [1, 4], rounds=2, written=WRITTEN))

    assert order == ["raw", "runner", "raw", "runner", "runner", "raw", "runner", "raw"]
    assert [one.people for one in done] == [1, 1, 4, 4, 1, 1, 4, 4]


def test_the_table_has_medians_and_their_ratios() -> None:
    done = [
        Turn(side=side, people=1, rate=rate, first=1.0, first_p95=2.0, cpu=3.0)
        for side, rates in (("raw", (9.0, 10.0, 90.0)), ("runner", (5.0, 8.0, 9.0)))
        for rate in rates
    ]

    assert engine.table(done)[2:] == [
        "| 1 | raw | 10.0 | 1.00 | 2.00 | 3.0 | 1.00 | – |",
        "| 1 | runner | 8.0 | 1.00 | 2.00 | 3.0 | 0.80 | – |",
    ]
