"""The lanes of embedding: questions beside passages, passages behind answers."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from appliance.errors import Unavailable
from appliance.models import Vectors
from appliance.models.engines import Engines
from appliance.models.lanes import Lanes

SECONDS = 30


class LengthEmbedder:
    """Embeds a text as its length, notes what it did, and waits for the gate."""

    stamp = "length@1"
    dimensions = 2

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.began = threading.Event()
        self.seen: list[str] = []

    def batches(self, texts: Sequence[str]) -> list[list[int]]:
        by_length = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        return [[row] for row in by_length]

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        self.began.set()
        assert self.gate.wait(SECONDS)
        if "bad" in texts:
            raise RuntimeError("no")
        self.seen += [f"{kind}:{text}" for text in texts]
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


@pytest.fixture
def embedder() -> LengthEmbedder:
    return LengthEmbedder()


@pytest.fixture
def open_lanes(embedder: LengthEmbedder) -> Iterator[Callable[..., Lanes]]:
    opened: list[Lanes] = []

    def opening(
        busy: Callable[[], bool] = lambda: False, patience: float = 600.0, at_once: int = 1
    ) -> Lanes:
        lanes = Lanes(busy=busy, patience_seconds=patience, passages_at_once=at_once)
        opened.append(lanes)
        return lanes

    yield opening
    embedder.gate.set()
    for lanes in opened:
        lanes.close()


def test_rows_come_back_in_the_order_of_the_texts(
    open_lanes: Callable[..., Lanes], embedder: LengthEmbedder
) -> None:
    vectors = open_lanes().submit(embedder, ["aaaa", "a", "aaa"], "passage").result(SECONDS)

    assert vectors[:, 0].tolist() == [4, 1, 3]


def test_no_texts_are_answered_at_once(
    open_lanes: Callable[..., Lanes], embedder: LengthEmbedder
) -> None:
    assert open_lanes().submit(embedder, [], "passage").result(0).shape == (0, 2)


def test_a_question_does_not_wait_for_the_passages_at_hand(
    open_lanes: Callable[..., Lanes], embedder: LengthEmbedder
) -> None:
    lanes, asked = open_lanes(), LengthEmbedder()
    embedder.gate.clear()
    passages = lanes.submit(embedder, ["p", "pp", "ppp"], "passage")
    assert embedder.began.wait(SECONDS)

    assert lanes.submit(asked, ["q"], "query").result(SECONDS).shape == (1, 2)
    assert not passages.done()

    embedder.gate.set()
    passages.result(SECONDS)
    assert embedder.seen == ["passage:p", "passage:pp", "passage:ppp"]


def test_passages_are_embedded_at_the_lowest_priority(
    open_lanes: Callable[..., Lanes],
) -> None:
    class Noting(LengthEmbedder):
        def embed(
            self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
        ) -> Vectors:
            thread = threading.get_native_id()
            idle = os.sched_getscheduler(thread) == os.SCHED_IDLE
            self.seen.append(f"{kind} {os.getpriority(os.PRIO_PROCESS, thread)} idle={idle}")
            return super().embed(texts, kind=kind)

    lanes, noting = open_lanes(), Noting()
    lanes.submit(noting, ["p"], "passage").result(SECONDS)
    lanes.submit(noting, ["q"], "query").result(SECONDS)

    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert noting.seen[0] == "passage 19 idle=True"
    assert noting.seen[2] == f"query {ours} idle=False"


def test_passages_step_back_while_an_answer_is_written_and_questions_do_not(
    open_lanes: Callable[..., Lanes], embedder: LengthEmbedder
) -> None:
    writing = threading.Event()
    writing.set()
    lanes = open_lanes(busy=writing.is_set)
    passages = lanes.submit(embedder, ["p"], "passage")
    lanes.submit(embedder, ["q"], "query").result(SECONDS)
    assert not passages.done()

    writing.clear()

    passages.result(SECONDS)
    assert embedder.seen == ["query:q", "passage:p"]


def test_under_endless_answers_passages_go_on_all_the_same(
    open_lanes: Callable[..., Lanes], embedder: LengthEmbedder
) -> None:
    lanes = open_lanes(busy=lambda: True, patience=0.05)

    assert lanes.submit(embedder, ["p", "pp"], "passage").result(SECONDS).shape == (2, 2)


def test_a_text_the_library_chokes_on_fails_alone(
    open_lanes: Callable[..., Lanes], caplog: pytest.LogCaptureFixture, embedder: LengthEmbedder
) -> None:
    lanes = open_lanes()
    bad = lanes.submit(embedder, ["bad", "never reached"], "passage")
    good = lanes.submit(embedder, ["good"], "passage")

    with pytest.raises(Unavailable) as refusal:
        bad.result(SECONDS)
    assert refusal.value.code == "embedding_failed"
    assert good.result(SECONDS).shape == (1, 2)
    assert "embedding failed" in caplog.text


def test_what_nobody_waits_for_any_more_is_dropped(
    open_lanes: Callable[..., Lanes], embedder: LengthEmbedder
) -> None:
    lanes = open_lanes()
    embedder.gate.clear()
    unwanted = lanes.submit(embedder, ["p", "pp", "ppp"], "passage")
    assert embedder.began.wait(SECONDS)
    unwanted.cancel()
    embedder.gate.set()
    lanes.submit(embedder, ["last"], "passage").result(SECONDS)

    assert embedder.seen == ["passage:p", "passage:last"]


def test_closing_fails_what_is_left(
    open_lanes: Callable[..., Lanes], embedder: LengthEmbedder
) -> None:
    lanes = open_lanes()
    embedder.gate.clear()
    left = lanes.submit(embedder, ["p", "pp"], "passage")
    assert embedder.began.wait(SECONDS)
    closing = threading.Thread(target=lanes.close)
    closing.start()
    embedder.gate.set()
    closing.join(SECONDS)

    with pytest.raises(Unavailable):
        left.result(SECONDS)
    with pytest.raises(Unavailable):
        lanes.submit(embedder, ["x"], "query")


def test_two_embedders_take_turns_in_one_lane(
    open_lanes: Callable[..., Lanes], embedder: LengthEmbedder
) -> None:
    lanes, other = open_lanes(), LengthEmbedder()
    embedder.gate.clear()
    passages = lanes.submit(embedder, ["p", "pp"], "passage")
    assert embedder.began.wait(SECONDS)
    others = lanes.submit(other, ["o"], "passage")
    assert not other.began.is_set()  # one batch at a time, whoever embeds it
    embedder.gate.set()

    passages.result(SECONDS)
    assert others.result(SECONDS).shape == (1, 2)
    assert other.seen == ["passage:o"]
    assert embedder.seen == ["passage:p", "passage:pp"]


class Meeting(LengthEmbedder):
    """A batch of it ends when another one has begun beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.both = threading.Barrier(2)

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        self.both.wait(SECONDS)
        return super().embed(texts, kind=kind)


def test_batches_of_passages_are_embedded_side_by_side(open_lanes: Callable[..., Lanes]) -> None:
    vectors = open_lanes(at_once=2).submit(Meeting(), ["ppp", "p", "pp", "pppp"], "passage")

    assert vectors.result(SECONDS)[:, 0].tolist() == [3, 1, 2, 4]


def test_the_last_batch_of_one_document_goes_beside_the_first_of_the_next(
    open_lanes: Callable[..., Lanes],
) -> None:
    lanes, meeting = open_lanes(at_once=2), Meeting()
    documents = [lanes.submit(meeting, texts, "passage") for texts in (["p"], ["pp"])]

    assert [one.result(SECONDS)[0, 0] for one in documents] == [1, 2]


def test_two_batches_that_fail_side_by_side_are_one_refusal(
    open_lanes: Callable[..., Lanes],
) -> None:
    class Choking(Meeting):
        def embed(
            self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
        ) -> Vectors:
            self.both.wait(SECONDS)
            raise RuntimeError("no")

    lanes, good = open_lanes(at_once=2), LengthEmbedder()
    with pytest.raises(Unavailable, match="RuntimeError"):
        lanes.submit(Choking(), ["p", "pp", "ppp", "pppp"], "passage").result(SECONDS)

    for _ in range(2):  # both threads are there yet
        assert lanes.submit(good, ["p", "pp"], "passage").result(SECONDS).shape == (2, 2)


@pytest.mark.guarantee("REL-14")
@pytest.mark.parametrize("answering", [True, False])
def test_passages_also_step_back_for_an_answer_that_no_model_writes(
    tmp_path: Path, answering: bool
) -> None:
    engines = Engines(
        embedder="minilm", language="", folder=tmp_path, threads=1, answering=lambda: answering
    )

    assert engines.embeddings._lanes._busy() is answering
    engines.embeddings.close()
