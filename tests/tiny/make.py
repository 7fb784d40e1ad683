"""Make ``copyist.gguf`` again, from nothing: ``python -m tests.tiny.make``.

Draws the tokenizer, trains, writes the GGUF and says how often it is right.
It goes on from a checkpoint if ``--work`` has one. See README.md for how long.
"""

import argparse
import sys
from pathlib import Path

from tests.tiny import answers
from tests.tiny.export import export
from tests.tiny.model import Shape
from tests.tiny.train import train

STEPS = 4400
FRESH_CASES = 200


def report(path: Path) -> str:
    """The shares right, through llama.cpp, of cases never trained on."""
    llama = answers.load(path)
    written = answers.written_cases()
    groups = {
        "hand-written": written,
        **{
            f"hand-written, {code}": [case for case in written if case.language == code]
            for code in ("pt", "es", "en")
        },
        "freshly drawn": answers.drawn_cases(FRESH_CASES),
    }
    lines = [
        f"{name}: {answers.share_right(llama, cases):.3f} of {len(cases)}"
        for name, cases in groups.items()
    ]
    return "\n".join([f"{path}: {path.stat().st_size:,} bytes", *lines])


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--work", type=Path, default=Path("build/copyist"))
    asked.add_argument("--steps", type=int, default=STEPS)
    asked.add_argument("--threads", type=int, default=1)
    asked.add_argument("--to", type=Path, default=answers.MODEL)
    given = asked.parse_args()
    train(given.work, given.steps, Shape(), given.threads, every=150, rate=0.01)
    export(given.work, given.to)
    sys.stdout.write(report(given.to) + "\n")


if __name__ == "__main__":
    main()
