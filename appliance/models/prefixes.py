"""The beginnings that prompts share, read once and kept: in memory, and on disk for the
next start.

What an assistant's prompts begin with is the same for everybody who asks it. The model's
state after it is copied in milliseconds; reading it takes seconds. llama.cpp aborts the
process over a damaged state, so a file carries its own checksum, and one that does not
match is no file. The file, the flags and the tokens must be those of now, too.
"""

import hashlib
import logging
import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from appliance.records import Problem

LEAST = 32  # tokens: fewer are read as quickly as a state is brought
MOST_BYTES = 256 << 20  # of states in memory
MOST_FILES = 32
DIGEST_BYTES = 32
LOG = logging.getLogger("appliance.models")


class Saved(msgspec.Struct, frozen=True):
    """What a file holds behind its checksum."""

    key: str
    tokens: list[int]
    state: bytes


class Prefixes:
    """States by the tokens that were read. ``key`` says of which model, with which flags;
    without a ``folder`` nothing is saved. ``notice`` is told of a file that is damaged.
    Called by the decode thread alone."""

    def __init__(
        self,
        folder: Path | None,
        key: str,
        *,
        most_bytes: int = MOST_BYTES,
        notice: Callable[[Problem], object] = lambda problem: None,
    ) -> None:
        self._folder = folder
        self._key = key
        self._most_bytes = most_bytes
        self._notice = notice
        self._states: OrderedDict[str, bytearray] = OrderedDict()
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="prefixes")

    def find(self, tokens: Sequence[int]) -> bytearray | None:
        """The model's state after exactly these tokens; None where it is not known."""
        name = self._name(tokens)
        state = self._states.get(name) or self._load(name, tokens)
        if state is not None:
            self._remember(name, state)
        return state

    def keep(self, tokens: Sequence[int], state: bytearray) -> None:
        """Remember the state after these tokens, and save it meanwhile."""
        name = self._name(tokens)
        self._remember(name, state)
        if self._folder is not None:
            self._writing.submit(self._save, self._folder, name, list(tokens), state)

    def close(self) -> None:
        """Wait for what is being saved."""
        self._writing.shutdown()

    def _name(self, tokens: Sequence[int]) -> str:
        said = msgspec.msgpack.encode((self._key, list(tokens)))
        return hashlib.sha256(said).hexdigest()

    def _remember(self, name: str, state: bytearray) -> None:
        self._states[name] = state
        self._states.move_to_end(name)
        while len(self._states) > 1 and self._size() > self._most_bytes:
            self._states.popitem(last=False)

    def _size(self) -> int:
        return sum(map(len, self._states.values()))

    def _load(self, name: str, tokens: Sequence[int]) -> bytearray | None:
        if self._folder is None:
            return None
        file = self._folder / name
        try:
            data = file.read_bytes()
            os.utime(file)  # used last, dropped last
        except OSError:
            return None
        digest, body = data[:DIGEST_BYTES], data[DIGEST_BYTES:]
        if hashlib.sha256(body).digest() != digest:
            LOG.warning("the saved prefix %s is damaged; it is read again", name)
            self._notice(Problem(code="state_damaged", facts={"file": f"{name[:12]}…"}))
            return None
        try:
            saved = msgspec.msgpack.decode(body, type=Saved)
        except msgspec.MsgspecError:
            return None  # of another version of this product
        if (saved.key, saved.tokens) != (self._key, list(tokens)):
            return None
        return bytearray(saved.state)

    def _save(self, folder: Path, name: str, tokens: list[int], state: bytearray) -> None:
        """Beside its place, then renamed: a file that is there is whole."""
        body = msgspec.msgpack.encode(Saved(self._key, tokens, bytes(state)))
        fresh = folder / f".{name}.part"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(
                os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
            ) as to:
                to.write(hashlib.sha256(body).digest())
                to.write(body)
            fresh.replace(folder / name)
            _thin_out(folder)
        except OSError as fault:
            # A full disk makes the next start slower, not the answers worse.
            LOG.warning("a prefix could not be saved: %s", fault)
            fresh.unlink(missing_ok=True)


def _thin_out(folder: Path) -> None:
    """Drop the files unused for longest above ``MOST_FILES``."""
    files = [file for file in folder.iterdir() if file.is_file()]
    for file in sorted(files, key=_used_at, reverse=True)[MOST_FILES:]:
        file.unlink(missing_ok=True)


def _used_at(file: Path) -> int:
    return file.stat().st_mtime_ns
