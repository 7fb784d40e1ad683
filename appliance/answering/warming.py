"""What assistants' prompts begin with, read before anybody asks.

Looks now and then whether there is an assistant, or a change to one, that the language
model has not been told of: one saved in the console, by a program or in a terminal, and all
of them when the model becomes ready. The engine reads them behind every question and keeps
them over a restart, so the first person waits for no more than what is new.
"""

import logging
import threading
from collections.abc import Callable

from appliance import assistants
from appliance.answering import prompts
from appliance.database import Database
from appliance.errors import BadRequest, Refusal
from appliance.models import OwnGenerator, Prompt

LOOK_SECONDS = 3.0
MOST = 24  # assistants, the newest: an engine keeps the beginnings of some more on its disk
log = logging.getLogger(__name__)


class Warming:
    """Keeps the language model told, from a thread of its own for as long as a ``with`` block
    lasts. ``generator()`` gives the model, or None while there is none."""

    def __init__(self, database: Database, generator: Callable[[], OwnGenerator | None]) -> None:
        self._database = database
        self._generator = generator
        self._model = ""
        self._told: dict[str, tuple[str, str]] = {}
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="warming", daemon=True)

    def __enter__(self) -> "Warming":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join()

    def _serve(self) -> None:
        while not self._closed.wait(LOOK_SECONDS):
            try:
                self.look()
            except Refusal as refusal:  # the engine went away: told again when it is back
                log.info("prompts are not read ahead: %s", refusal)
            except Exception:
                log.exception("prompts are not read ahead")

    def look(self) -> None:
        """Tell the model of what is new. Raises what the generator raises."""
        model = self._generator()
        if model is None or model.name != self._model:
            self._told, self._model = {}, model.name if model else ""
        if model is None:
            return
        # Here and not above: importing LangChain takes 0.4 s.
        from appliance.answering.chat_model import as_prompt

        for one in assistants.every(self._database, limit=1000)[-MOST:]:
            says = (one.language, one.instructions)
            written_here = one.mode != "quote" and one.engine is None
            if written_here and self._told.get(one.id) != says:
                _tell(model, as_prompt(prompts.beginning(one.language, one.instructions)))
                self._told[one.id] = says


def _tell(model: OwnGenerator, prompt: Prompt) -> None:
    try:
        model.warm(prompt)
    except BadRequest as refusal:  # too long for this model: its questions say so, every time
        log.info("a prompt is not read ahead: %s", refusal)
