"""The tombstones: a file beside the database that says what was erased, by ids alone.

A copy of the database from before an erasure would bring everything back. The file is
written in the erasure itself, before its commit, and lies outside of what a copy replaces:
at the next start what it names and the database does not know of is erased once more.
Whoever restores a copy takes care that the newer of two such files stays.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from appliance.subjects.erasures import Erasure

NAME = "erasures.jsonl"


def add(folder: Path, erasure: Erasure) -> None:
    """Append an erasure, and wait until the disk has it. The reason stays out: it is text."""
    line = msgspec.json.encode(msgspec.structs.replace(erasure, reason="", removed={}))
    path = folder / NAME
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)


def read(folder: Path) -> Iterator[Erasure]:
    """All erasures, the oldest first. A line that a power cut left half is passed over: its
    erasure was not committed either."""
    try:
        lines = (folder / NAME).read_bytes().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield msgspec.json.decode(line, type=Erasure)
        except msgspec.DecodeError:
            continue
