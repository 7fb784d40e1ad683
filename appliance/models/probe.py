"""Whether this build of llama.cpp survives this processor, found out in a child.

GCC 12.2 (Debian 12) compiles llama.cpp's AMX code so that the first decode of any
quantised model dies of SIGSEGV; a build made for another processor dies of SIGILL.
So ten tokens of a tiny Q8_0 model (``probe.gguf``, made by ``tests/models/make_probe.py``)
are decoded in a throw-away process first. ``python -m appliance.models.probe`` is that
process, and what the installer runs after building.
"""

import signal
import sys

from appliance.errors import Unavailable
from appliance.models import throwaway
from appliance.models.throwaway import Ended

SECONDS = 60
PLAIN = "--plain"  # without the processor's extra buffer types: no repacking, no AMX


def fallbacks() -> tuple[str, ...]:
    """What must be left out for llama.cpp to work here: nothing, or ``plain``.

    Raises ``Unavailable`` (``engine_crashes``) with the signal or exit code, when it
    does not work either way.
    """
    found = run()
    if found.status == 0:
        return ()
    if run(PLAIN).status == 0:
        return ("plain",)
    raise Unavailable("engine_crashes", reason=found.reason)


def run(*flags: str, seconds: float = SECONDS) -> Ended:
    """Decode in a child; one that takes longer than ``seconds`` is killed."""
    return throwaway.run(__name__, *flags, seconds=seconds)


def main(arguments: list[str]) -> int:
    """Decode here. Exits 0 when ten tokens came out with finite logits."""
    signal.alarm(SECONDS)  # whoever started this may be gone
    from appliance.models.catalogue import Entry, Template
    from appliance.models.llama import LlamaModel
    from appliance.models.tuning import Tuning
    from appliance.places import catalogue_folder

    model = catalogue_folder() / "probe.gguf"
    template = Template(user_open="", user_close="", answer_close="")
    entry = Entry(
        name="probe",
        kind="language",
        licence="MIT",
        file=model.name,
        context=64,
        ram_mb=1,
        tests_only=True,
        template=template,
    )
    tuning = Tuning(threads=2, slots=1)
    LlamaModel(entry, model, tuning=tuning, plain=PLAIN in arguments).test()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
