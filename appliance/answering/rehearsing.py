"""A question answered for nobody: nothing is stored, nobody stands in line behind it, and it
is never sent out of the building. Golden questions are asked so.
"""

from collections.abc import Callable

from appliance import engines
from appliance.answering.draft import Draft
from appliance.answering.flow import Answering
from appliance.answering.steps import Steps, Telling
from appliance.answering.stopping import Stop
from appliance.database import Database
from appliance.errors import Unavailable
from appliance.models import choice
from appliance.models.wire import Condition
from appliance.records import ITSELF, Answer, AnswerState, Assistant
from appliance.settings import Settings


class Rehearsal:
    """Answers as ``answering`` would answer the first question of a conversation."""

    def __init__(self, answering: Answering) -> None:
        self.answering = answering

    def __call__(
        self, assistant: Assistant, question: str, check: Callable[[], None] = lambda: None
    ) -> Answer:
        """The answer; ``check`` is called at each step and may raise to end it.

        An assistant whose engine is somebody else's machine quotes here: nobody asked for
        its documents to be sent there. Raises ``Unavailable`` where the engine dies on the way.
        """
        writes = assistant.mode != "quote" and not assistant.leaves_building
        model = self.answering.generator(assistant) if writes else None
        draft = Draft(message="", conversation="", mode="generate" if model else "quote")
        steps = Steps(
            self.answering.database, self.answering.finder, ITSELF, assistant, question, draft
        )
        steps.told = ()
        return draft.finished(_ended(steps.answer(model, self.answering.passages, Stop()), check))


def _ended(telling: Telling, check: Callable[[], None]) -> AnswerState:
    """The state that the events lead to."""
    try:
        while True:
            check()
            next(telling)
    except StopIteration as end:
        state: AnswerState = end.value
        return state
    finally:
        telling.close()


class Parts:
    """What a rehearsal needs: which model writes, and whether all is there. ``condition``
    gives the runner's, None while it is away; ``by_runner`` says whether it embeds."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        condition: Callable[[], Condition | None],
        *,
        by_runner: bool,
    ) -> None:
        self.database = database
        self.settings = settings
        self.condition = condition
        self.by_runner = by_runner

    def model(self, assistant: Assistant) -> str:
        """The name of the model that is to write for an assistant in a rehearsal, "" where it
        quotes; the same while the model loads."""
        if assistant.mode == "quote" or assistant.leaves_building:
            return ""
        if assistant.engine is not None:
            return engines.get(self.database, assistant.engine).model
        return choice.name_of(self.settings.language_model, self.settings.data / "models")

    def wait(self, assistant: Assistant) -> None:
        """Raises ``Unavailable`` (``engine_down``, ``engine_loading``) while the runner or one
        of its models is on its way; one that failed is no reason to wait."""
        built_in = assistant.engine is None and bool(self.model(assistant))
        if not (self.by_runner or built_in):
            return
        condition = self.condition()
        if condition is None:
            raise Unavailable("engine_down")
        wanted = [condition.embedder] * self.by_runner + [condition.language] * built_in
        if any(part.state == "loading" for part in wanted):
            raise Unavailable("engine_loading")
