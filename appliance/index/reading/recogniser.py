"""The start of tesseract: gives up its rights as readers do, then becomes that program.

Started by ``ocr`` alone, as ``recogniser MEMORY SECONDS PARENT PROGRAM …``: bytes
of address space, seconds of processor time, the process without which it ends,
and what to become. The rights given up in ``confinement`` are not given back by
starting a program: no network, nothing written, nothing of the house read.
"""

import os
import sys

from appliance.index.reading import confinement
from appliance.precedence import stand_back


def main() -> None:
    memory, seconds, parent, *program = sys.argv[1:]
    confinement.confine(int(memory), int(seconds), int(parent))
    stand_back()
    os.execv(program[0], program)  # noqa: S606 - no shell; the path is the house's own finding


if __name__ == "__main__":
    main()
