"""The appliance's side of the socket, before runners that behave and some that do not."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from appliance.errors import BadRequest, Unavailable
from appliance.models import Embedder, Generator, Prompt, Sampling, Turn, catalogue, sockets, wire
from appliance.models.client import MOST_BYTES, RemoteGenerator, RunnerClient, _parts

QUESTION = Prompt(system="", turns=(Turn(role="user", text="oi"),))
READY = wire.Condition(
    pid=1,
    embedder=wire.Part(name="m", state="ready"),
    language=wire.Part(name="l", state="ready"),
    stamp="m@1",
    dimensions=2,
    context=64,
)
DONE = wire.Done(prompt_tokens=1, reused_tokens=0, tokens=2, ending="end")

Answering = Callable[[wire.Request, socket.socket], None]


class StandIn:
    """A runner of one thread that answers as it is told and remembers what it was asked."""

    def __init__(self, path: Path, answering: Answering) -> None:
        self.asked: list[wire.Request] = []
        self._answering = answering
        self._listening = sockets.listen(path)
        self._listening.settimeout(30)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(30)
                request = self._read(connection)
                if request is None:
                    return
                self.asked.append(request)
                self._answering(request, connection)

    def _read(self, connection: socket.socket) -> wire.Request | None:
        head = wire._exactly(connection, wire.LENGTH_BYTES)
        if head is None:
            return None
        body = wire._exactly(connection, wire.body_length(head))
        return None if body is None else wire.request(body)

    def close(self, path: Path) -> None:
        sockets.connect(path, timeout=5).close()  # an empty call ends it
        self._thread.join(30)
        self._listening.close()


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[Callable[[Answering], tuple[RunnerClient, StandIn]]]:
    path = tmp_path / "runner.sock"
    standing: list[StandIn] = []

    def stand(answering: Answering) -> tuple[RunnerClient, StandIn]:
        standing.append(StandIn(path, answering))
        return RunnerClient(path), standing[0]

    yield stand
    for runner in standing:
        runner.close(path)


def replying(*replies: wire.Reply) -> Answering:
    def answer(_: wire.Request, connection: socket.socket) -> None:
        connection.sendall(b"".join(map(wire.frame, replies)))

    return answer


Stand = Callable[[Answering], tuple[RunnerClient, StandIn]]


def test_the_client_keeps_both_contracts(tmp_path: Path) -> None:
    client = RunnerClient(tmp_path / "x")
    embedder: Embedder = client.embedder
    generator: Generator = RemoteGenerator(client, "m", 64)

    assert embedder is client.embedder
    assert (generator.name, generator.context) == ("m", 64)


def test_making_a_client_asks_nobody(tmp_path: Path) -> None:
    RunnerClient(tmp_path / "not" / "there").embedder  # noqa: B018  (that it does not raise)


def test_an_answer_is_its_pieces_and_its_end(stand_in: Stand) -> None:
    client, _ = stand_in(replying(wire.Piece("bom "), wire.Piece("dia"), DONE))
    writing = RemoteGenerator(client, "l", 64).generate(QUESTION, Sampling(), person="ana")

    assert list(writing) == ["bom ", "dia"]
    assert writing.done == DONE


def test_what_was_asked_arrives_with_who_asked(stand_in: Stand) -> None:
    client, runner = stand_in(replying(DONE))
    generator = RemoteGenerator(client, "l", 64)
    list(generator.generate(QUESTION, Sampling(seed=3), person="ana", assistant="rh"))

    assert runner.asked == [wire.Generate(QUESTION, Sampling(seed=3), "ana", "rh")]


def test_waiting_is_told_and_adds_nothing_to_the_answer(stand_in: Stand) -> None:
    places: list[tuple[int, float]] = []
    client, _ = stand_in(replying(wire.Waiting(1, 900), wire.Waiting(0, 100), DONE))
    generator = RemoteGenerator(client, "l", 64)
    writing = generator.generate(
        QUESTION, Sampling(), on_waiting=lambda place, eta_ms: places.append((place, eta_ms))
    )

    # An empty piece for each place: who iterates gets to pass it on before the first word.
    assert list(writing) == ["", ""]
    assert places == [(1, 900), (0, 100)]


def test_nobody_needs_to_listen_to_the_waiting(stand_in: Stand) -> None:
    client, _ = stand_in(replying(wire.Waiting(0, 100), wire.Piece("a"), DONE))

    assert list(RemoteGenerator(client, "l", 64).generate(QUESTION, Sampling())) == ["a"]


def test_a_refusal_in_the_stream_is_raised(stand_in: Stand) -> None:
    refusal = BadRequest("prompt_too_long", tokens=9, limit=3)
    client, _ = stand_in(replying(wire.failed(refusal)))

    with pytest.raises(BadRequest, match="takes 9 tokens and 3 fit"):
        list(RemoteGenerator(client, "l", 64).generate(QUESTION, Sampling()))


def test_a_stream_that_breaks_off_is_never_taken_for_a_whole_answer(stand_in: Stand) -> None:
    client, _ = stand_in(replying(wire.Piece("metade")))
    writing = RemoteGenerator(client, "l", 64).generate(QUESTION, Sampling())

    assert next(writing) == "metade"
    with pytest.raises(Unavailable) as refusal:
        next(writing)
    assert refusal.value.code == "engine_down"
    assert writing.done is None


def test_closing_reaches_the_runner_as_the_end_of_the_connection(stand_in: Stand) -> None:
    left = threading.Event()

    def wait(_: wire.Request, connection: socket.socket) -> None:
        connection.sendall(wire.frame(wire.Piece("a")))
        if connection.recv(1) == b"":
            left.set()

    client, _ = stand_in(wait)
    with RemoteGenerator(client, "l", 64).generate(QUESTION, Sampling()) as writing:
        assert next(writing) == "a"

    assert left.wait(30)
    assert list(writing) == []


def test_an_answer_that_nobody_holds_any_more_is_closed(stand_in: Stand) -> None:
    left = threading.Event()

    def wait(_: wire.Request, connection: socket.socket) -> None:
        if connection.recv(1) == b"":
            left.set()

    client, _ = stand_in(wait)
    RemoteGenerator(client, "l", 64).generate(QUESTION, Sampling())

    assert left.wait(30)


def test_a_reply_of_the_wrong_kind_is_a_runner_that_is_down(stand_in: Stand) -> None:
    client, _ = stand_in(replying(wire.Counted([1])))

    with pytest.raises(Unavailable) as refusal:
        client.health()
    assert refusal.value.code == "engine_down"


def test_nonsense_from_the_socket_is_a_runner_that_is_down(stand_in: Stand) -> None:
    client, _ = stand_in(lambda _, connection: connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n"))

    with pytest.raises(Unavailable) as refusal:
        client.health()
    assert refusal.value.code == "engine_down"


def test_the_stamp_is_asked_once_and_learnt_anew_with_every_reply(stand_in: Stand) -> None:
    def answer(request: wire.Request, connection: socket.socket) -> None:
        rows = np.eye(2, dtype="<f4").tobytes()
        newer = wire.Embedded(rows=2, dimensions=2, data=rows, stamp="m@2")
        connection.sendall(wire.frame(READY if isinstance(request, wire.Health) else newer))

    client, runner = stand_in(answer)
    assert [client.embedder.stamp, client.embedder.stamp] == ["m@1", "m@1"]
    assert runner.asked == [wire.Health()]

    client.embedder.embed(["a", "b"])
    assert client.embedder.stamp == "m@2"


def test_an_embedder_can_be_asked_for_by_name_and_its_stamp_is_known_beforehand(
    stand_in: Stand,
) -> None:
    rows = np.eye(2, 384, dtype="<f4").tobytes()
    entry = catalogue.find("minilm", "embedder")
    client, runner = stand_in(
        replying(wire.Embedded(rows=2, dimensions=384, data=rows, stamp=entry.stamp))
    )
    named = client.named(entry)

    assert (named.stamp, named.dimensions) == (entry.stamp, 384)
    assert runner.asked == []
    named.embed(["a", "b"], kind="query")
    assert runner.asked == [wire.Embed(["a", "b"], "query", "minilm")]


def test_whether_there_is_a_generator_is_not_asked_for_every_question(stand_in: Stand) -> None:
    client, runner = stand_in(replying(READY))

    assert all(client.generator is not None for _ in range(50))
    assert len(runner.asked) <= 5  # one, and one more for every second that this took


def test_a_model_that_was_loaded_again_is_told_from_the_one_before(stand_in: Stand) -> None:
    conditions = [
        msgspec.structs.replace(READY, pid=pid, loads=loads)
        for pid, loads in ((1, 1), (1, 1), (1, 2), (2, 1))
    ]
    client, _ = stand_in(lambda _, to: to.sendall(wire.frame(conditions.pop(0))))

    seen = []
    for _ in range(4):
        client.health()
        assert client.generator is not None
        seen.append(client.generator.loaded)

    assert seen[0] == seen[1]
    assert len(set(seen)) == 3


@pytest.mark.parametrize("state", ["none", "loading", "failed"])
def test_a_model_that_is_not_ready_is_no_generator(stand_in: Stand, state: wire.Readiness) -> None:
    part = wire.Part(name="l", state=state)
    client, _ = stand_in(replying(wire.Condition(pid=1, embedder=part, language=part)))

    assert client.generator is None


def test_texts_are_cut_into_requests_that_fit_a_frame() -> None:
    texts = ["x" * (MOST_BYTES // 8)] * 5 + ["y"] * (wire.MOST_TEXTS + 1)
    parts = list(_parts(texts))

    assert [text for part in parts for text in part] == texts
    assert all(len(part) <= wire.MOST_TEXTS for part in parts)
    assert all(len(wire.frame(wire.Count(part))) < wire.LARGEST_FRAME for part in parts)
    assert len(parts) > 2


def test_a_socket_deep_in_the_folders_is_reached_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / ("d" * 120) / ("e" * 60) / "runner.sock"
    with sockets.listen(path) as listening, sockets.connect(path, timeout=5) as calling:
        listening.settimeout(5)
        answering, _ = listening.accept()
        with answering:
            answering.sendall(b"x")
            assert calling.recv(1) == b"x"


def test_the_socket_of_a_dead_runner_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "runner.sock"
    sockets.listen(path).close()
    assert path.exists()

    with sockets.listen(path), sockets.connect(path, timeout=5):
        pass


def test_the_socket_of_a_living_runner_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "runner.sock"
    with sockets.listen(path):
        with pytest.raises(Unavailable) as refusal:
            sockets.listen(path)
        assert refusal.value.code == "engine_already_running"
        sockets.connect(path, timeout=5).close()


def test_a_socket_needs_its_folder_and_makes_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "runner.sock"
    with sockets.listen(path):
        assert path.is_socket()
        assert path.stat().st_mode & 0o077 == 0
