"""The sides of the engine's benchmark that are ours, and what is measured of ours alone.

Each opener gives a function from questions, all asked at once, to what was heard.
"""

import logging
import math
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import llama_cpp
import msgspec

from appliance.models import Prompt, Sampling, Turn, catalogue
from appliance.models import tuning as kept_tuning
from appliance.models.ask import Ask
from appliance.models.client import RunnerClient
from appliance.models.hardware import LARGE_PAGES
from appliance.models.llama import LlamaModel
from appliance.models.measuring import flags
from appliance.models.prefixes import Prefixes
from appliance.models.scheduler import Scheduler
from appliance.models.tuning import Kept, Tuning
from appliance.processes import Supervised
from appliance.records import Problem
from benchmarks import raw
from benchmarks.asking import SHARED, Heard, Question, questions

__all__ = ["OPENERS", "alone", "flags", "runner", "scheduler"]

Answering = Callable[[Sequence[Question]], list[Heard]]
NAME = "mistral-7b-instruct-v0.3"  # whose marks the models' vocabulary has
LOG = logging.getLogger("benchmarks")
LONG = 600  # tokens of the answers that run while a ninth question comes
READY_SECONDS = 180.0
WARM_ROUNDS = 3


def _model(file: Path, tuning: Tuning) -> LlamaModel:
    # What a context costs is reckoned from the memory left besides the entry's own need.
    size_mb = (file.stat().st_size >> 20) + 256
    entry = msgspec.structs.replace(catalogue.find(NAME), ram_mb=size_mb)
    return LlamaModel(entry, file, tuning=tuning)


def _asked(
    scheduler: Scheduler, tokens: Sequence[int], written: int, person: int, prefix: int = 0
) -> "Waited":
    waited = Waited()
    sampling = Sampling(max_tokens=written)
    scheduler.submit(Ask(tokens, sampling, waited.report, person=str(person), prefix=prefix))
    return waited


class Waited:
    """What is heard of one generation, and its end."""

    def __init__(self) -> None:
        self.heard = Heard()
        self._ended = threading.Event()

    def report(self, event: Any) -> None:
        """An event of the scheduler, from its thread."""
        if self.heard.took(event):
            self._ended.set()

    def end(self) -> Heard:
        """Wait for the last event."""
        self._ended.wait()
        assert not self.heard.failed, self.heard.failed
        return self.heard


@contextmanager
def scheduler(file: Path, tuning: Tuning) -> Iterator[Answering]:
    """The scheduler in this process."""
    with closing(_model(file, tuning)) as model, closing(Scheduler(model)) as serving:

        def answer(asked: Sequence[Question]) -> list[Heard]:
            waiting = [
                _asked(serving, one.tokens, one.written, person) for person, one in enumerate(asked)
            ]
            return [one.end() for one in waiting]

        yield answer


@contextmanager
def runner(file: Path, tuning: Tuning) -> Iterator[Answering]:
    """The model runner, a process of its own, through its socket: one thread for each person."""
    with tempfile.TemporaryDirectory(prefix="engine-") as place:
        folder = Path(place)
        key = kept_tuning.key(catalogue.find(NAME), file)
        because = Problem(code="tuning_default")
        kept_tuning.keep(folder, file, Kept(key=key, tuning=tuning, because=because))
        argv = [sys.executable, "-m", "appliance.models.runner", "--embedder", "none"]
        argv += ["--socket", str(folder / "runner.sock"), "--folder", str(folder)]
        argv += ["--language", f"{NAME}={file}", "--threads", str(tuning.threads)]
        child = Supervised("runner", [*argv, "--log-level", "error"], LARGE_PAGES, log=LOG)
        child.start()
        try:
            client = RunnerClient(folder / "runner.sock")
            _until_ready(client)
            yield lambda asked: _in_threads(client, asked)
        finally:
            child.stop()


def _until_ready(client: RunnerClient) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while client.generator is None:
        assert time.monotonic() < deadline, client.health()
        time.sleep(0.1)


def _in_threads(client: RunnerClient, asked: Sequence[Question]) -> list[Heard]:
    heard = [Heard() for _ in asked]

    def ask(number: int) -> None:
        one, generator = asked[number], client.generator
        assert generator is not None
        prompt = Prompt(system="", turns=(Turn(role="user", text=one.shared + one.own),))
        sampling = Sampling(max_tokens=one.written)
        writing = generator.generate(prompt, sampling, person=str(number))
        for piece in writing:
            if piece:
                heard[number].token()
        assert writing.done is not None
        heard[number].took(writing.done)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(asked))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard


OPENERS: dict[str, Callable[[Path, Tuning], AbstractContextManager[Answering]]] = {
    "raw": raw.opened,
    "scheduler": scheduler,
    "runner": runner,
}


def alone(file: Path, tuning: Tuning, *, written: int) -> Iterator[str]:
    """What is measured of our scheduler beside no other, a line each."""
    with closing(_model(file, tuning)) as model:
        with closing(Scheduler(model)) as serving:
            yield second_question(serving, written)
            yield python_cost(serving, min(tuning.slots, 8))
        with closing(raw.Raw(file, msgspec.structs.replace(tuning, slots=1))) as beside:
            yield warm_prefix(model, beside)
    nine = msgspec.structs.replace(tuning, slots=9)
    with closing(_model(file, nine)) as model, closing(Scheduler(model)) as serving:
        if model.slots < 9:
            yield f"a ninth question: there is memory for {model.slots} slots only"
        else:
            yield longest_gap(serving)


def second_question(serving: Scheduler, written: int) -> str:
    """The first token of a second question over that of the first: 100 new tokens behind
    the prompt. The answer between them is left out: its tokens are not told as text."""
    ratios = []
    for seed in range(3):
        first, other = questions(1, seed=70 + seed)[0], questions(1, seed=80 + seed)[0]
        took = []
        for tokens in (first.tokens, first.tokens + other.tokens[-100:]):
            began = time.monotonic()
            took.append(_asked(serving, tokens, written, 0).end().first - began)
        ratios.append(took[1] / took[0])
    return f"second question of a conversation: {statistics.median(ratios):.3f} of the first's time"


def warm_prefix(model: LlamaModel, beside: raw.Raw) -> str:
    """The first token of somebody's first question, whose assistant's instructions were read
    ahead and saved before a restart, over raw llama.cpp's reading of what is new in it."""
    ratios = []
    for seed in range(60, 60 + WARM_ROUNDS):
        tokens = (asked := questions(1, seed=seed)[0]).tokens
        with tempfile.TemporaryDirectory(prefix="engine-") as place:
            with closing(Scheduler(model, prefixes=Prefixes(Path(place), ""))) as serving:
                one = Sampling(max_tokens=1)
                serving.warm(
                    Ask(tokens[: SHARED + 1], one, Waited().report, prefix=SHARED, background=True)
                )
                while not list(Path(place).glob("[!.]*")):
                    time.sleep(0.05)
            with closing(Scheduler(model, prefixes=Prefixes(Path(place), ""))) as serving:
                began = time.monotonic()
                heard = _asked(serving, tokens, 1, 0, SHARED).end()
        ratios.append((heard.first - began) / beside.prefill(asked))
    each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    return (
        f"a first question behind a warm prefix: {statistics.median(ratios):.3f} of raw "
        f"llama.cpp's time for what is new ({each})"
    )


def python_cost(serving: Scheduler, people: int) -> str:
    """What a token costs besides llama_decode, while ``people`` write and nobody reads."""
    decode, spent = llama_cpp.llama_decode, []

    def timed(*given: Any) -> Any:
        began = time.perf_counter()
        try:
            return decode(*given)
        finally:
            spent.append((began, time.perf_counter()))

    llama_cpp.llama_decode = timed
    try:
        asked = questions(people, seed=90)
        waiting = [_asked(serving, one.tokens, LONG, person) for person, one in enumerate(asked)]
        heard = [one.end() for one in waiting]
    finally:
        llama_cpp.llama_decode = decode
    # From when the last of them was read, to when the first of them ended.
    began, ended = max(one.first for one in heard), min(one.last for one in heard)
    inside = [(start, end) for start, end in spent if began <= start and end <= ended]
    between = [after - before for (_, before), (after, _) in pairwise(inside)]
    each = statistics.median(between) / people if between else math.nan
    return f"Python: {1000 * each:.3f} ms a token with {people} writing"


def longest_gap(serving: Scheduler) -> str:
    """The longest pause of eight running answers while a ninth question is read."""
    asked = questions(9, seed=95)
    running = [_asked(serving, one.tokens, LONG, person) for person, one in enumerate(asked[:8])]
    while not all(one.heard.times for one in running):
        time.sleep(0.05)
    began = time.monotonic()
    ninth = _asked(serving, asked[8].tokens, 16, 9).end()
    gaps = [gap for one in running for gap in one.heard.gaps(began, ninth.first)]
    waited = ninth.first - began
    serving.close(0.0)
    if not gaps:
        return "a ninth question: the others had ended before it was read"
    return (
        f"a ninth question while eight write: longest gap {max(gaps):.2f} s, "
        f"median {statistics.median(gaps):.2f} s; its first token after {waited:.1f} s"
    )
