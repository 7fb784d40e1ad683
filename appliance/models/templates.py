"""How a prompt is laid out for a model: control text here, people's text there.

Our own rendering, not the one inside a GGUF: a file's own template can loop for ever,
and Mistral's puts the system text into the last turn, so that the next question shares
two tokens with the one before. Here the system text comes first and answered turns stay
as they were, which makes every prompt begin like the one before it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from appliance.errors import BadRequest
from appliance.models import Prompt, Turn
from appliance.models.catalogue import Template


class Span(NamedTuple):
    """A piece of a prompt. Only ``control`` spans may become special tokens."""

    text: str
    control: bool


def lay_out(template: Template, prompt: Prompt) -> list[Span]:
    """The prompt in order, neighbours of a kind joined, up to where the answer begins.

    Raises ``BadRequest`` (``bad_prompt``) unless the last turn is a person's.
    """
    if not prompt.turns or prompt.turns[-1].role != "user":
        raise BadRequest("bad_prompt")
    turns = prompt.turns if template.turns == "all" else prompt.turns[-1:]
    return _join(_spans(template, prompt.system, turns))


def _spans(template: Template, system: str, turns: Sequence[Turn]) -> Iterator[Span]:
    yield Span(template.start, True)
    if template.system == "own_turn" and system:
        yield Span(template.system_open, True)
        yield Span(system, False)
        yield Span(template.system_close, True)
    before = f"{system}\n\n" if template.system == "first_user" and system else ""
    for turn in turns:
        if turn.role == "user":
            yield Span(template.user_open, True)
            yield Span(before + turn.text, False)
            yield Span(template.user_close, True)
            before = ""
        else:
            yield Span(template.answer_open, True)
            yield Span(turn.text, False)
            yield Span(template.answer_close, True)
    yield Span(template.answer_open, True)


def _join(spans: Iterator[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].control == span.control:
            joined[-1] = Span(joined[-1].text + span.text, span.control)
        elif span.text:
            joined.append(span)
    return joined


def marks(template: Template) -> list[str]:
    """The template's control texts that must exist as special tokens of the model."""
    texts = (
        template.start,
        template.system_open,
        template.system_close,
        template.user_open,
        template.user_close,
        template.answer_open,
        template.answer_close,
    )
    return [text for text in texts if text]
