"""The engine beside raw llama.cpp, in the same run: models of known shapes with random weights.

So many people ask at once: a system prompt of 300 tokens that all share, passages of 900
tokens of their own, an answer of 128. Each side serves them in turns, with the same file,
flags and slots, and every turn has prompts that nobody saw before.

* ``raw``: llama_decode in a loop on the low-level interface, no server and no fairness:
  the prefix is read once and copied, then the prompts one by one, then all write at once.
* ``scheduler``: the appliance's own scheduler, in this process.
* ``runner``: the same through the socket of the model runner, as the appliance asks.
* ``llama-server``: built from the source that llama-cpp-python vendors (``--server``).

    .venv/bin/python -m benchmarks.engine --keep FOLDER [--shape 0.5b] [--people 1,4,8,16]
        [--slots 8] [--rounds 3] [--server PATH | --build] [--threads 0] [--json FILE]
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from appliance.models.throwaway import ENVIRONMENT

os.environ |= ENVIRONMENT  # of every side, before anything loads OpenMP

import msgspec
import psutil

from appliance.models import hardware
from appliance.models.tuning import Tuning
from benchmarks import sides
from benchmarks.asking import Heard, Question, questions
from benchmarks.server import Absent, Server
from benchmarks.shapes import SHAPES, made


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What one side did for so many people: tokens written a second by all together, seconds
    to the first token, and seconds of processor time, its own processes' included."""

    side: str
    people: int
    rate: float
    first: float
    first_p95: float
    cpu: float = 0.0


def cpu_seconds() -> float:
    """Processor time of this process and its children so far. On a machine that is shared
    it says more than the clock: it does not count what others took."""
    us = psutil.Process()
    times = [one.cpu_times() for one in (us, *us.children(recursive=True))]
    return sum(one.user + one.system for one in times)


def turn(side: str, people: int, heard: Sequence[Heard], began: float, cpu: float = 0.0) -> Turn:
    """The figures of one turn. ``began`` is when all asked, ``cpu`` what it took."""
    ended = max(one.last for one in heard)
    firsts = sorted(one.first - began for one in heard)
    return Turn(
        side=side,
        people=people,
        rate=sum(one.tokens for one in heard) / (ended - began),
        first=statistics.median(firsts),
        first_p95=firsts[min(len(firsts) - 1, int(0.95 * len(firsts)))],
        cpu=cpu,
    )


def turns(
    opened: dict[str, Callable[[Sequence[Question]], list[Heard]]],
    people: Sequence[int],
    rounds: int,
    written: int,
) -> Iterator[Turn]:
    """Every side in turns, the first one changing."""
    names = list(opened)
    for number in range(rounds):
        shift = number % len(names)
        for count in people:
            for place, side in enumerate(names[shift:] + names[:shift]):
                asked = questions(count, seed=1000 * number + 10 * count + place, written=written)
                began, before = time.monotonic(), cpu_seconds()
                heard = opened[side](asked)
                yield turn(side, count, heard, began, cpu_seconds() - before)


def table(done: Sequence[Turn]) -> list[str]:
    """The medians as lines of a table, each side over raw and over llama-server."""
    sides_of = dict.fromkeys((one.side, one.people) for one in done)
    medians = {
        key: {
            figure: statistics.median(
                getattr(one, figure) for one in done if (one.side, one.people) == key
            )
            for figure in ("rate", "first", "first_p95", "cpu")
        }
        for key in sides_of
    }
    lines = [
        "| people | side | tokens/s | first s | p95 s | CPU s | over raw | over llama-server |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for (side, people), own in sorted(medians.items(), key=lambda item: item[0][1]):
        over = [
            f"{own['rate'] / medians[other, people]['rate']:.2f}"
            if (other, people) in medians
            else "–"
            for other in ("raw", "llama-server")
        ]
        lines.append(
            f"| {people} | {side} | {own['rate']:.1f} | {own['first']:.2f} "
            f"| {own['first_p95']:.2f} | {own['cpu']:.1f} | {' | '.join(over)} |"
        )
    return lines


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path, required=True, help="where models are kept")
    parser.add_argument("--shape", choices=sorted(SHAPES), default="0.5b")
    parser.add_argument("--people", default="1,4,8,16")
    parser.add_argument("--slots", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--written", type=int, default=128, help="tokens of an answer")
    parser.add_argument("--threads", type=int, default=0, help="0: the physical cores")
    parser.add_argument("--flash-attention", action="store_true")
    parser.add_argument("--unified", action="store_true")
    parser.add_argument("--sides", default="raw,scheduler,runner,llama-server")
    parser.add_argument("--server", type=Path, help="a llama-server of the same source")
    parser.add_argument("--build", action="store_true", help="build llama-server into --keep")
    parser.add_argument("--json", type=Path, help="also write every turn to this file")
    return parser.parse_args()


def main() -> None:
    """Print each turn, the table of medians, and what is measured of ours alone."""
    wanted = arguments()
    file = made(SHAPES[wanted.shape], wanted.keep)
    tuning = Tuning(
        flash_attention=wanted.flash_attention,
        unified=wanted.unified,
        threads=hardware.threads(wanted.threads),
        slots=wanted.slots,
    )
    people = [int(count) for count in wanted.people.split(",")]
    print(f"{file.name}, {sides.flags(tuning)}, {hardware.processor()}")
    done: list[Turn] = []
    with ExitStack() as stack:
        opened: dict[str, Callable[[Sequence[Question]], list[Heard]]] = {}
        for side in wanted.sides.split(","):
            try:
                if side == "llama-server":
                    server = Server.found(wanted.server, wanted.keep, build=wanted.build)
                    opened[side] = stack.enter_context(server.serving(file, tuning))
                else:
                    opened[side] = stack.enter_context(sides.OPENERS[side](file, tuning))
            except Absent as reason:
                print(f"{side}: {reason}")
        for one in turns(opened, people, wanted.rounds, wanted.written):
            done.append(one)
            print(
                f"{one.people:>3} {one.side:<13} {one.rate:7.1f} tokens/s, "
                f"first {one.first:.2f} s, p95 {one.first_p95:.2f} s, "
                f"{one.cpu:.1f} s of CPU",
                flush=True,
            )
    print("\n".join(table(done)))
    for line in sides.alone(file, tuning, written=wanted.written):
        print(line, flush=True)
    if wanted.json:
        wanted.json.write_bytes(msgspec.json.encode(done))


if __name__ == "__main__":
    main()
