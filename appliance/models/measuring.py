"""How fast a model is on this machine, and with which flags: measured, not assumed.

Each combination of flags is tried in a child of its own, because one of them may abort:
that is an answer too. The child reads a prompt as long as the time allows, copies it to
other sequences and lets all of them write; the next child reads as much, so that the two
can be compared. What counts is how long four people together wait for a typical answer.
"""

import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import psutil

from appliance.errors import Refusal, Unavailable
from appliance.models import hardware, probe, throwaway, weights
from appliance.models.catalogue import Entry
from appliance.models.tuning import Tuning
from appliance.records import Problem

if TYPE_CHECKING:
    from appliance.models.llama import LlamaModel
    from appliance.models.rows import Part

SECONDS = 40.0  # for all trials of a model together, roughly
SHARE = 6  # of the time: at most five trials and the last look at the best
LOADING_SECONDS = 240.0  # a large file from a slow disk, before a child is given up
SHARED, OWN, WRITTEN = 300, 900, 128  # tokens of a typical question
TYPICAL = SHARED + OWN
CHUNK = 128  # tokens read at once: a large model on two cores takes five seconds for them
FEWEST_STEPS, MOST_STEPS = 3, 64
PEOPLE = (1, 4, 8)
COMPARED = 4  # people at whom the flags are compared
LEAST_GAIN = 1.1  # times as fast; less is noise, and the default is what is known best


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What a child is to try: ``depth`` tokens of prompt, 0 for as many as the time allows."""

    entry: Entry
    file: str
    tuning: Tuning
    plain: bool
    seconds: float
    people: tuple[int, ...]
    depth: int = 0


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one combination of flags: tokens read a second, and tokens written a
    second by so many people together; or why it cannot be used."""

    tuning: Tuning
    depth: int = 0
    read: float = 0.0
    written: dict[int, float] = {}
    memory_mb: int = 0
    problem: Problem | None = None

    @property
    def seconds(self) -> float:
        """For how long four people together wait for a typical answer each; without end
        where it cannot be used."""
        written = self.written.get(COMPARED, 0.0)
        if self.problem is not None or not self.read or not written:
            return float("inf")
        return (SHARED + COMPARED * OWN) / self.read + COMPARED * WRITTEN / written


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """A model on this machine: tokens read and written a second with the best flags, the
    memory it took, and every trial. ``because`` says why these flags."""

    model: str
    file: str
    size_mb: int
    read: float
    written: dict[int, float]
    memory_mb: int
    tuning: Tuning
    because: Problem
    trials: tuple[Trial, ...]


def measure(
    entry: Entry,
    file: Path,
    folder: Path,
    *,
    seconds: float = SECONDS,
    threads: int = 0,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> Measured:
    """Try the flags and measure the best, in about ``seconds`` besides loading.

    ``threads`` other than 0 is what the operator set, and is not tried. ``told`` hears the
    trials done and in all, before each and twice a second; what it raises ends the measurement.
    Raises ``Unavailable`` and what ``weights.verify`` raises: a file that cannot be used has
    its reason, and the reason of the first trial where none of them works.
    """
    weights.verify(entry, file, folder)
    hardware.require(entry)
    plain = bool(probe.fallbacks())
    cores = hardware.physical_cores()
    total = 2 + len(layouts(threads)) + (0 if threads else len(fewer_threads(cores)))
    done = 0

    def attempt(tuning: Tuning, depth: int, people: tuple[int, ...]) -> Trial:
        task = Task(
            entry=entry,
            file=str(file),
            tuning=tuning,
            plain=plain,
            seconds=seconds / SHARE,
            people=people,
            depth=depth,
        )
        nonlocal done
        told(done, total)
        trial = in_child(task, look=lambda: told(done, total))
        done += 1
        return trial

    trials = tried(attempt, cores=cores, threads=threads, seconds=seconds)
    best, because = chosen(trials)
    last = attempt(best.tuning, best.depth, PEOPLE)
    shown = best if last.problem else last
    return Measured(
        model=entry.name,
        file=file.name,
        size_mb=file.stat().st_size >> 20,
        read=shown.read,
        written=shown.written,
        memory_mb=shown.memory_mb,
        tuning=best.tuning,
        because=because,
        trials=tuple(trials),
    )


def tried(
    attempt: Callable[[Tuning, int, tuple[int, ...]], Trial],
    *,
    cores: int,
    threads: int,
    seconds: float,
) -> list[Trial]:
    """The trials, the default first; those for which no time is left are not made."""
    began = time.monotonic()
    trials = [attempt(Tuning(threads=threads), 0, (COMPARED,))]
    depth = trials[0].depth

    def more(tunings: Sequence[Tuning]) -> None:
        for tuning in tunings:
            if time.monotonic() - began < seconds:
                trials.append(attempt(tuning, depth, (COMPARED,)))

    more(layouts(threads))
    if threads == 0:
        best = min(trials, key=lambda trial: trial.seconds).tuning
        more([msgspec.structs.replace(best, threads=fewer) for fewer in fewer_threads(cores)])
    return trials


def layouts(threads: int) -> list[Tuning]:
    """Flash attention and the layout of the KV cache, without what is the default."""
    return [
        Tuning(flash_attention=flash, unified=unified, threads=threads)
        for flash, unified in ((False, True), (True, False), (True, True))
    ]


def fewer_threads(cores: int) -> list[int]:
    """Numbers of threads worth trying besides all cores: memory may be full with fewer."""
    return sorted({count for count in (cores - 1, cores // 2) if 0 < count < cores}, reverse=True)


def chosen(trials: Sequence[Trial]) -> tuple[Trial, Problem]:
    """The best trial, and why. The first one is the default, which stays unless another
    gains. Raises ``Unavailable``, the reason of the first, where none can be used."""
    default, best = trials[0], min(trials, key=lambda trial: trial.seconds)
    if best.seconds == float("inf"):
        problem = default.problem or Problem(code="measuring_failed", facts={"reason": "?"})
        raise Unavailable(problem.code, **problem.facts)
    if default.problem is None and default.seconds < LEAST_GAIN * best.seconds:
        facts = {"count": len(trials), "seconds": f"{default.seconds:.1f}", "people": COMPARED}
        return default, Problem(code="tuning_default", facts=facts)
    facts = {"flags": flags(best.tuning), "seconds": f"{best.seconds:.1f}", "people": COMPARED}
    if default.problem is not None:
        return best, Problem(code="tuning_only", facts=facts)
    gain = f"{default.seconds / best.seconds:.2f}"
    return best, Problem(code="tuning_found", facts=facts | {"gain": gain})


def flags(tuning: Tuning) -> str:
    """A tuning as llama.cpp's own options, the same in every language."""
    words = [
        f"--flash-attn {'on' if tuning.flash_attention else 'off'}",
        "--kv-unified" if tuning.unified else "--no-kv-unified",
        *([f"--threads {tuning.threads}"] if tuning.threads else []),
    ]
    return " ".join(words)


def in_child(task: Task, *, look: Callable[[], None] = lambda: None) -> Trial:
    """Try it in a child of its own. Raises what ``look`` raises and nothing else: a crash
    is the trial's problem."""
    ended = throwaway.run(
        __name__,
        msgspec.json.encode(task).decode(),
        seconds=LOADING_SECONDS + 10 * task.seconds,
        look=look,
    )
    try:
        if ended.status == 0:
            return msgspec.json.decode(ended.printed, type=Trial)
    except msgspec.MsgspecError:
        pass
    problem = Problem(code="measuring_failed", facts={"reason": ended.reason})
    return Trial(tuning=task.tuning, problem=problem)


def try_out(task: Task) -> Trial:
    """Load the model here, read and write. A refusal is the trial's problem."""
    from appliance.models.llama import LlamaModel

    before = psutil.virtual_memory().available
    try:
        model = LlamaModel(task.entry, Path(task.file), tuning=task.tuning, plain=task.plain)
        model.test()
        depth, read = _read(model, task)
        written = dict(_write(model, depth, task))
    except Refusal as refusal:
        return Trial(tuning=task.tuning, problem=refusal.problem)
    # What is mapped counts as available; what the process holds does not. The larger of
    # the two is what the model takes away from others.
    took = max(before - psutil.virtual_memory().available, psutil.Process().memory_info().rss)
    return Trial(tuning=task.tuning, depth=depth, read=read, written=written, memory_mb=took >> 20)


def _read(model: "LlamaModel", task: Task) -> tuple[int, float]:
    """Read a prompt into the first sequence: its length, and tokens a second."""
    from appliance.models.rows import Part

    most = min(task.depth or TYPICAL, model.context - MOST_STEPS - 1)
    chunk = min(CHUNK, model.batch)
    depth, began = 0, time.monotonic()
    rates = []
    while depth < most:
        tokens = [1 + (depth + place) % 97 for place in range(min(chunk, most - depth))]
        rates.append(len(tokens) / _seconds(model, [Part(0, depth, tokens)]))
        depth += len(tokens)
        if not task.depth and time.monotonic() - began > task.seconds / 2:
            break
    return depth, statistics.median(rates)


def _write(model: "LlamaModel", depth: int, task: Task) -> Iterator[tuple[int, float]]:
    """People, and the tokens a second that they write together behind the prompt."""
    from appliance.models.rows import Part

    for people in task.people:
        if people > model.slots:
            continue
        lengths = [depth] + [model.bring(0, slot, depth) for slot in range(1, people)]
        took: list[float] = []
        allowed = task.seconds / (2 * len(task.people))
        while len(took) < FEWEST_STEPS or (len(took) < MOST_STEPS and sum(took) < allowed):
            step = len(took)
            parts = [Part(slot, lengths[slot] + step, [1], 1) for slot in range(people)]
            took.append(_seconds(model, parts))
        yield people, people / statistics.median(took)
        for slot in range(people):
            model.keep(slot, lengths[slot])


def _seconds(model: "LlamaModel", parts: "list[Part]") -> float:
    """For how long one batch takes. Medians are made of these: a machine that does
    something else for a moment must not decide which flags are best."""
    began = time.monotonic()
    model.read(parts)
    return max(time.monotonic() - began, 1e-9)


def main(arguments: list[str]) -> int:
    """The child: a task as JSON in, a trial as JSON out."""
    task = msgspec.json.decode(arguments[0], type=Task)
    signal.alarm(int(LOADING_SECONDS + 10 * task.seconds))  # whoever started this may be gone
    sys.stdout.write(msgspec.json.encode(try_out(task)).decode())
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
