"""The switch from one language model to another, and what must hold before it.

Nothing is restarted: the runner sees the choice within a second, lets the answers at hand
come to their end and loads the other model; until it is ready, answers quote.
"""

from appliance.errors import BadRequest, Conflict
from appliance.jobs import pull
from appliance.models import catalogue, choice, hardware, weights
from appliance.models.wire import Condition
from appliance.settings import Settings


def use(name: str, settings: Settings, condition: Condition | None) -> None:
    """Let the server run this model.

    Raises ``NotFound`` (``unknown_model``), ``BadRequest`` (``not_a_language_model``),
    ``Conflict`` (``model_fixed``, ``model_not_here``) and
    ``Unavailable`` (``processor_too_old``, ``model_too_big``).
    """
    _free(settings)
    entry = catalogue.find(name)
    if entry.kind != "language":
        raise BadRequest("not_a_language_model", name=name)
    if not weights.there(entry, pull.folder_of(settings)):
        raise Conflict("model_not_here", name=name)
    hardware.require(entry, besides=_given_back(condition))
    choice.choose(pull.folder_of(settings), name)


def leave(name: str, settings: Settings) -> None:
    """Let the server run no language model any more: answers quote, its memory is free.

    Raises ``Conflict`` (``model_fixed``, ``model_not_used``).
    """
    _free(settings)
    folder = pull.folder_of(settings)
    if choice.chosen(folder).name != name:
        raise Conflict("model_not_used", name=name)
    choice.choose(folder, "")


def _free(settings: Settings) -> None:
    """Raises ``Conflict`` (``model_fixed``) where the settings name the model."""
    if settings.language_model:
        name = choice.name_of(settings.language_model, pull.folder_of(settings))
        raise Conflict("model_fixed", name=name)


def _given_back(condition: Condition | None) -> int:
    """Megabytes that the model at hand gives back when it goes."""
    loaded = condition.language if condition else None
    if loaded is None or loaded.state != "ready":
        return 0
    return catalogue.find(loaded.name).ram_mb
