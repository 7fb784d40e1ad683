"""The model runner over its socket: a process of its own, with real models in it."""

import contextlib
import os
import signal
import socket
import stat
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from appliance.errors import BadRequest, Unavailable
from appliance.models import Prompt, Sampling, Turn, wire
from appliance.models.client import RemoteGenerator, RunnerClient
from appliance.models.wire import Condition
from appliance.processes import Supervised
from tests.models.make_probe import make
from tests.models.runners import MISTRAL, running, settled, until

QUESTION = Prompt(system="", turns=(Turn(role="user", text="Qual é o prazo de entrega?"),))
# Seconds long on any machine: the probe writes its 400 tokens before a closed socket is
# noticed, so a model that never ends, with a context for thousands, stands in for it.
LONG_ANSWER = Sampling(max_tokens=7000, temperature=1.5, seed=11)
CONTEXT = 8192


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunnerClient, Supervised]]:
    folder = tmp_path_factory.mktemp("runner")
    endless = make(folder / "endless.gguf", context=CONTEXT, endless=True)
    with running(folder, "--language", f"{MISTRAL}={endless}") as (client, child):
        until(client, settled)
        yield client, child


@pytest.fixture
def client(kept: tuple[RunnerClient, Supervised]) -> RunnerClient:
    until(kept[0], lambda condition: settled(condition) and not condition.active)
    return kept[0]


@pytest.fixture
def generator(client: RunnerClient) -> RemoteGenerator:
    generator = client.generator
    assert generator is not None
    return generator


def test_health_says_what_is_loaded(client: RunnerClient) -> None:
    condition = client.health()

    assert (condition.embedder.name, condition.embedder.state) == ("minilm", "ready")
    assert (condition.language.name, condition.language.state) == (MISTRAL, "ready")
    assert condition.embedder.numbers in ("fp32", "bf16")
    assert condition.embedder.because is not None
    assert condition.dimensions == 384
    assert condition.context == CONTEXT
    assert condition.fallbacks == ()


def test_the_socket_is_for_its_owner_alone(client: RunnerClient) -> None:
    assert stat.S_IMODE(client.path.stat().st_mode) == 0o600


def test_texts_come_back_as_unit_vectors(client: RunnerClient) -> None:
    vectors = client.embedder.embed(["prazo de entrega", "um gato preto", ""])

    assert vectors.shape == (3, client.embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_stamp_names_the_model_and_its_version(client: RunnerClient) -> None:
    assert client.embedder.stamp.startswith("minilm@53aa5117")


def test_no_texts_are_no_vectors(client: RunnerClient) -> None:
    assert client.embedder.embed([]).shape == (0, 384)


def test_an_answer_comes_in_pieces_and_says_what_it_cost(generator: RemoteGenerator) -> None:
    writing = generator.generate(QUESTION, Sampling(max_tokens=12))
    pieces = list(writing)

    assert pieces
    assert writing.done is not None
    assert writing.done.tokens <= 12
    assert writing.done.prompt_tokens > 10


def test_the_same_question_twice_gives_the_same_answer_and_is_read_once(
    generator: RemoteGenerator,
) -> None:
    first = generator.generate(QUESTION, Sampling(max_tokens=12))
    before = "".join(first)
    second = generator.generate(QUESTION, Sampling(max_tokens=12))

    assert "".join(second) == before
    assert second.done is not None
    assert second.done.reused_tokens == second.done.prompt_tokens - 1


def test_tokens_are_counted_as_the_model_counts_them(generator: RemoteGenerator) -> None:
    assert generator.context == CONTEXT
    counts = generator.count(["", "oi", "[/INST]"])

    assert counts[0] == 0
    assert 0 < counts[1] < counts[2]  # the mark is text here: seven letters, not one token


def test_instructions_to_read_ahead_are_taken_at_once(
    client: RunnerClient, generator: RemoteGenerator
) -> None:
    one = (Turn(role="user", text="-"),)
    reply = client.call(wire.Warm(Prompt(system="prazo " * 20, turns=one)), wire.Warming, 60)

    assert reply.tokens > 100
    generator.warm(Prompt(system="prazo", turns=one))
    with pytest.raises(BadRequest) as refusal:
        generator.warm(Prompt(system="prazo " * 1500, turns=one))
    assert refusal.value.code == "prompt_too_long"


def test_a_prompt_that_does_not_fit_is_refused_with_the_figures(
    generator: RemoteGenerator,
) -> None:
    endless = Prompt(system="", turns=(Turn(role="user", text="prazo " * 1500),))

    with pytest.raises(BadRequest) as refusal:
        list(generator.generate(endless, Sampling(max_tokens=100)))

    assert refusal.value.code == "prompt_too_long"
    assert refusal.value.facts["limit"] == CONTEXT - 100
    assert refusal.value.facts["tokens"] > CONTEXT - 100


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(max_tokens=0),
        Sampling(max_tokens=CONTEXT),
        Sampling(temperature=-1),
        Sampling(temperature=float("nan")),
        Sampling(top_k=0),
        Sampling(seed=-1),
        Sampling(seed=2**32),
    ],
)
def test_sampling_out_of_bounds_never_reaches_the_library(
    generator: RemoteGenerator, sampling: Sampling
) -> None:
    with pytest.raises(BadRequest) as refusal:
        list(generator.generate(QUESTION, sampling))

    assert refusal.value.code == "bad_sampling"


def test_a_prompt_without_a_question_is_refused(generator: RemoteGenerator) -> None:
    with pytest.raises(BadRequest, match="must end with a person's question"):
        list(generator.generate(Prompt(system="x", turns=()), Sampling(max_tokens=5)))


def test_closing_the_answer_stops_the_model(
    client: RunnerClient, generator: RemoteGenerator
) -> None:
    before = client.health()
    writing = generator.generate(QUESTION, LONG_ANSWER)
    next(writing)
    writing.close()
    closed = time.monotonic()

    after = until(client, lambda condition: condition.stopped > before.stopped)
    assert time.monotonic() - closed < 2
    assert after.active == 0
    assert after.tokens - before.tokens < LONG_ANSWER.max_tokens
    assert client.health().tokens == after.tokens
    assert list(writing) == []


def test_several_answers_are_written_at_once(
    client: RunnerClient, generator: RemoteGenerator
) -> None:
    with contextlib.ExitStack() as stack:
        writings = [
            stack.enter_context(generator.generate(QUESTION, LONG_ANSWER, person=person))
            for person in ("ana", "rui", "eva")
        ]
        for _ in range(3):
            assert all(any(piece for piece in writing) for writing in writings)
        during = client.health()

    assert during.active == 3
    assert during.waiting == 0
    after = until(client, lambda condition: not condition.active)
    assert after.stopped >= 3


def test_an_answer_ends_before_a_stop_text(generator: RemoteGenerator) -> None:
    whole = "".join(generator.generate(QUESTION, Sampling(max_tokens=24)))
    stop = whole[4:7]

    short = "".join(generator.generate(QUESTION, Sampling(max_tokens=24, stop=(stop,))))

    assert short == whole[: whole.index(stop)]


def test_a_thread_that_waits_for_a_piece_is_woken_by_close(generator: RemoteGenerator) -> None:
    first = generator.generate(QUESTION, LONG_ANSWER)
    next(first)
    second = generator.generate(QUESTION, LONG_ANSWER)
    ended = threading.Event()

    def wait() -> None:
        list(second)
        ended.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    second.close()
    assert ended.wait(10)
    waiting.join()
    first.close()


def test_who_stands_in_line_is_told_so(generator: RemoteGenerator) -> None:
    places: list[tuple[int, float]] = []
    first = generator.generate(QUESTION, LONG_ANSWER, person="ana")
    next(first)
    second = generator.generate(
        QUESTION,
        Sampling(max_tokens=3),
        person="rui",
        on_waiting=lambda position, eta_ms: places.append((position, eta_ms)),
    )
    assert next(second) == ""  # the place is told before the first word
    assert places
    first.close()
    assert "".join(second) is not None

    assert places[0][0] == 0
    assert places[0][1] >= 0


def test_a_question_is_embedded_while_an_answer_is_being_written(
    client: RunnerClient, generator: RemoteGenerator
) -> None:
    with generator.generate(QUESTION, LONG_ANSWER) as writing:
        next(writing)
        vectors = client.embedder.embed(["prazo de entrega"], kind="query")
        during = client.health()

    assert vectors.shape == (1, 384)
    assert during.active == 1


def test_many_threads_use_one_client_at_once(
    client: RunnerClient, generator: RemoteGenerator
) -> None:
    def work(number: int) -> int:
        if number % 3 == 0:
            return len("".join(generator.generate(QUESTION, Sampling(max_tokens=4))))
        if number % 3 == 1:
            return client.embedder.embed([f"texto {number}"], kind="query").shape[0]
        return generator.count(["oi"])[0]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(24)))


def test_nonsense_on_the_socket_is_refused_and_the_runner_lives(client: RunnerClient) -> None:
    for nonsense in (b"GET / HTTP/1.1\r\n\r\n", b"\x00\x00\x00\x02\xc1\xc1", b"\x00\x00\x00\x00"):
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.settimeout(10)
            stranger.connect(str(client.path))
            stranger.sendall(nonsense)
            assert b"bad_request" in stranger.recv(4096)

    assert client.health().embedder.state == "ready"


def test_a_client_that_says_nothing_holds_nobody_up(client: RunnerClient) -> None:
    silent = [socket.socket(socket.AF_UNIX) for _ in range(30)]
    for stranger in silent:
        stranger.connect(str(client.path))
        stranger.sendall(b"\x00\x00")

    began = time.monotonic()
    client.health()
    assert time.monotonic() - began < 5
    for stranger in silent:
        stranger.close()


def test_too_many_texts_at_once_are_refused_by_the_runner_and_split_by_the_client(
    generator: RemoteGenerator,
) -> None:
    assert generator.count(["a"] * 5000) == generator.count(["a"]) * 5000


def test_a_second_runner_on_the_same_socket_gives_way(client: RunnerClient, tmp_path: Path) -> None:
    before = client.health().pid
    with running(client.path.parent) as (_, second):
        wait_for(lambda: second.state.restarts >= 1)
        reason = second.state.reason

    assert reason is not None
    assert reason.code == "child_exited"
    assert client.health().pid == before


def wait_for(happened: object) -> None:
    assert callable(happened)
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_after_a_kill_9_the_runner_comes_back_and_the_client_finds_it(
    kept: tuple[RunnerClient, Supervised],
) -> None:
    client, child = kept
    generator = client.generator
    assert generator is not None
    before = client.health().pid
    writing = generator.generate(QUESTION, LONG_ANSWER)
    next(writing)

    os.kill(before, signal.SIGKILL)

    with pytest.raises(Unavailable) as refusal:
        list(writing)
    assert refusal.value.code == "engine_down"
    assert refusal.value.retry_after is not None
    after = until(client, lambda condition: condition.pid != before and settled(condition))
    assert after.language.state == "ready"
    assert client.embedder.embed(["de volta"]).shape == (1, 384)
    assert child.state.restarts == 1
    assert child.state.reason is not None
    assert child.state.reason.facts["signal"] == "SIGKILL"


def test_while_the_runner_is_away_everything_says_so(tmp_path: Path) -> None:
    client = RunnerClient(tmp_path / "nobody.sock")

    assert client.generator is None
    for attempt in (
        client.health,
        lambda: client.embedder.embed(["x"]),
        lambda: client.embedder.stamp,
    ):
        with pytest.raises(Unavailable) as refusal:
            attempt()
        assert refusal.value.code == "engine_down"


def test_without_a_language_model_there_is_no_generator_but_an_embedder(tmp_path: Path) -> None:
    with running(tmp_path) as (client, _):
        first = until(client, lambda condition: True)
        assert first.embedder.state in {"loading", "ready"}
        assert first.language.state == "none"
        assert client.generator is None
        generator = RemoteGenerator(client, "none", 0)
        with pytest.raises(Unavailable) as refusal:
            list(generator.generate(QUESTION, Sampling()))
        assert refusal.value.code == "no_language_model"
        assert client.embedder.embed(["espera o modelo carregar"]).shape == (1, 384)


def test_sigterm_ends_it_cleanly_and_takes_the_socket_along(tmp_path: Path) -> None:
    with running(tmp_path, "--embedder", "nenhum") as (client, child):
        condition = until(client, settled)
        assert _code(condition) == "unknown_model"
        child.stop(grace=20)
        assert not client.path.exists()


def _code(condition: Condition) -> str:
    problem = condition.embedder.problem
    return problem.code if problem else ""
