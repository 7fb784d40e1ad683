"""How llama.cpp is run for one model on one machine: what was tuned, and where it is kept.

Flash attention halves the decoding of one model here and speeds up another there; the
same goes for the layout of the KV cache and the threads (``design/engine.md``). So what
is best was measured (``measuring``), and is kept beside the weights for as long as the
file, the processor and the build of llama.cpp stay what they were.
"""

from importlib.metadata import version
from pathlib import Path

import msgspec

from appliance.models import hardware
from appliance.models.catalogue import Entry
from appliance.models.weights import identity
from appliance.records import Problem


class Tuning(msgspec.Struct, frozen=True, kw_only=True):
    """The flags of a context. ``threads`` 0 means the physical cores; ``batch`` tokens of
    a prompt are read between two looks at whether it is still wanted, ``physical_batch``
    of them at once (n_ubatch); ``slots`` answers are written side by side."""

    flash_attention: bool = False
    unified: bool = False
    threads: int = 0
    batch: int = 512
    physical_batch: int = 256
    slots: int = 8


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """What a measurement holds for: the file's checksum, the processor, llama.cpp's build."""

    model: str
    processor: str
    engine: str


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured with a tuning: tokens read a second, tokens written a second by so
    many people together, and the memory it took. ``disturbed`` says that the machine did
    something else meanwhile."""

    read: float
    written: dict[int, float]
    memory_mb: int
    measured_at: str
    disturbed: bool = False


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A tuning, what it was measured for, why it was chosen, as a sentence's code, and how
    fast the model was with it."""

    key: Key
    tuning: Tuning
    because: Problem
    figures: Figures | None = None


def key(entry: Entry, file: Path) -> Key:
    """What a measurement of this file on this machine would hold for.

    Raises ``OSError`` where there is no file and ``Unavailable`` (``model_record_damaged``).
    """
    return Key(
        model=identity(entry, file),
        processor=hardware.processor(),
        engine=version("llama-cpp-python"),
    )


def kept_file(folder: Path, file: Path) -> Path:
    """Where the tuning of a file of weights lies: in the models' ``folder``, like imports."""
    return folder / f"{file.name}.tuning.json"


def keep(folder: Path, file: Path, kept: Kept) -> None:
    """Write what was measured. Raises ``OSError``."""
    target = kept_file(folder, file)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.part")
    fresh.write_bytes(msgspec.json.encode(kept))
    fresh.replace(target)


def kept(folder: Path, file: Path, wanted: Key) -> Kept | None:
    """What was measured for just this; None where nothing was, or it cannot be read."""
    try:
        found = msgspec.json.decode(kept_file(folder, file).read_bytes(), type=Kept)
    except (OSError, msgspec.MsgspecError):
        return None
    return found if found.key == wanted else None


def used(found: Kept | None, *, threads: int) -> Tuning:
    """The flags to load a model with: those found, or the default.

    ``threads`` are the runner's; where the operator set others than the physical cores,
    they count more than what was measured.
    """
    if found is None:
        return Tuning(threads=threads)
    if found.tuning.threads and threads == hardware.physical_cores():
        return found.tuning
    return msgspec.structs.replace(found.tuning, threads=threads)
