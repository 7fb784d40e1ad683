"""How llama.cpp is run for one model on one machine: what was tuned, and where it is kept.

Flash attention halves the decoding of one model here and speeds up another there; the
same goes for the layout of the KV cache and the threads (``design/engine.md``). So what
is best was measured (``measuring``), and is kept beside the weights for as long as the
file, the processor and the build of llama.cpp stay what they were.
"""

import msgspec


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
