"""What assistants' prompts begin with, read before anybody asks.

Looks now and then whether there are instructions that the language model has not been told
of: those of an assistant saved in the console, by a program or in a terminal, and all of them
whenever a model is loaded. The engine reads them behind every question and keeps them over a
restart, so the first person waits for no more than what is new.
"""

import logging
import threading
from collections.abc import Callable

from appliance import assistants
from appliance.answering import prompts
from appliance.database import Database
from appliance.errors import Refusal, Unavailable
from appliance.models import OwnGenerator
from appliance.records import Language

LOOK_SECONDS = 3.0  # a look at 24 assistants takes 0.1 ms, and a word with the runner
MOST = 24  # the newest: an engine keeps the beginnings of some more on its disk
log = logging.getLogger(__name__)


class Warming:
    """Keeps the language model told, from a thread of its own for as long as a ``with`` block
    lasts. ``generator()`` gives the model, or None while there is none."""

    def __init__(self, database: Database, generator: Callable[[], OwnGenerator | None]) -> None:
        self._database = database
        self._generator = generator
        self._loaded = ""
        self._told: set[tuple[Language, str]] = set()
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
            except Exception:
                log.exception("instructions are not read ahead")

    def look(self) -> None:
        """Tell the model of what is new. What it refuses it is not told again: that would
        be refused for ever, every few seconds."""
        model = self._generator()
        if model is None:
            return
        if model.loaded != self._loaded:
            self._told, self._loaded = set(), model.loaded
        wanted = assistants.instructed(self._database, MOST)
        self._told.intersection_update(wanted)
        for said in wanted:
            if said not in self._told and not self._closed.is_set():
                self._told.add(said)
                self._tell(model, *said)

    def _tell(self, model: OwnGenerator, language: Language, instructions: str) -> None:
        # Here and not above: importing LangChain takes 0.4 s.
        from appliance.answering.chat_model import as_prompt

        try:
            model.warm(as_prompt(prompts.beginning(language, instructions)))
        except Unavailable:  # it went away, or gives way to another: at the next look
            self._told.discard((language, instructions))
        except Refusal as refusal:
            log.warning("instructions are not read ahead (%.40s): %s", instructions, refusal)
