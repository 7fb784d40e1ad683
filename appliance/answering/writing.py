"""Writing an answer with the language model: prompt, tokens, checked sentences.

The prompt is cut to fit before it is sent: history goes first, then the weakest
source. A finished sentence is checked as soon as the next one begins.

Balanced and helpful assistants tell the tokens as they come and mark the sentences
that no passage supports. A strict one tells a sentence only after its check: a
supported one as one token and its verdict, an unsupported one not at all. It is
neither streamed nor in the answer; ``draft.withheld`` counts it, and ``steps`` puts
the best quote in its place, once, at the end.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from appliance.answering import prompts
from appliance.answering.checking import Checker
from appliance.answering.draft import Draft, without_marks
from appliance.answering.events import Checked, Event, Queue, Token
from appliance.answering.prompts import Exchange, Source
from appliance.answering.stopping import Stop
from appliance.index.sentences import sentences
from appliance.models import Generator, Sampling
from appliance.records import Assistant, Record

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

MOST_TOKENS = 400  # of an answer; the prompt gets the rest of the context
TEMPLATE_TOKENS = 32  # control tokens that the chat template puts around the texts


class Bounds(Record, frozen=True):
    """Where the asker wants the model to end, if it would write on: after so many tokens
    (never more than ``MOST_TOKENS``) or before one of the ``stop`` texts."""

    most_tokens: int = MOST_TOKENS
    stop: tuple[str, ...] = ()


UNBOUND = Bounds()


class Stopped(Exception):
    """The reader has left; what is written so far is the answer."""


def write(
    draft: Draft,
    generator: Generator,
    assistant: Assistant,
    question: str,
    *,
    sources: Sequence[Source],
    history: Sequence[Exchange],
    person: str,
    stop: Stop,
    bounds: Bounds = UNBOUND,
) -> Iterator[Event]:
    """Write and check the answer; its sentences collect in ``draft``, and so does the
    number of those that a strict assistant withheld, and whether a limit cut it off.

    Raises ``Stopped`` when ``stop`` is set, and what the generator raises.
    """
    from appliance.answering.chat_model import LocalChat

    waiting: list[tuple[int, float]] = []
    messages = fitted(generator, assistant, question, sources, history)
    stream = LocalChat(generator=generator).stream(
        messages,
        sampling=Sampling(max_tokens=min(MOST_TOKENS, bounds.most_tokens), stop=bounds.stop),
        person=person,
        assistant=str(assistant.id),
        on_waiting=lambda position, eta_ms: waiting.append((position, eta_ms)),
        stop_when=stop,
    )
    checker = Checker(draft.passages, assistant.language)
    strict = assistant.strictness == "strict"
    buffer = ""
    for piece in stream:
        for position, eta_ms in _drained(waiting):
            draft.mark("waiting")
            yield Queue(position=position, eta_ms=eta_ms)
        if piece.usage_metadata:  # at the end: a piece may hold several tokens, or none
            draft.prompt_tokens = piece.usage_metadata["input_tokens"]
            draft.tokens = piece.usage_metadata["output_tokens"]
            draft.cut = piece.response_metadata["finish_reason"] == "length"
        if not (text := str(piece.content)):
            continue
        draft.mark("started")
        draft.tokens += 1
        if not strict:
            draft.mark("first_token")
            yield Token(text=text)
        finished, buffer = split_finished(buffer + text)
        yield from _checked(draft, checker, finished, strict=strict)
    if stop.is_set():
        raise Stopped
    yield from _checked(draft, checker, _whole(buffer), strict=strict)


def fitted(
    generator: Generator,
    assistant: Assistant,
    question: str,
    sources: Sequence[Source],
    history: Sequence[Exchange],
) -> "list[BaseMessage]":
    """The prompt within the model's context: without history, then without the weakest
    sources, when it would not fit. One source always stays."""
    room = generator.context - MOST_TOKENS - TEMPLATE_TOKENS
    while True:
        messages = prompts.messages(
            language=assistant.language,
            instructions=assistant.instructions,
            history=history,
            sources=sources,
            question=question,
        )
        if sum(generator.count([message.text for message in messages])) <= room:
            return messages
        if history:
            history = history[1:]
        elif len(sources) > 1:
            sources = sources[:-1]
        else:
            return messages  # the engine refuses it with its own sentence


def split_finished(text: str) -> tuple[list[str], str]:
    """The sentences that are complete because another has begun, and the rest."""
    spans = sentences(text)
    if len(spans) < 2:
        return [], text
    last = spans[-1][0]
    return [text[start:end] for start, end in spans[:-1]], text[last:]


def _whole(buffer: str) -> list[str]:
    return [buffer[start:end] for start, end in sentences(buffer)]


def _checked(
    draft: Draft, checker: Checker, texts: Sequence[str], *, strict: bool
) -> Iterator[Event]:
    for sentence in filter(None, map(without_marks, texts)):
        verdict = checker.check(sentence)
        if strict and not verdict.supported:
            draft.withheld += 1
            continue
        if strict:
            draft.mark("first_token")
            yield Token(text=f"{sentence} ")
        yield Checked(sentence=draft.add(sentence, verdict))


def _drained(waiting: list[tuple[int, float]]) -> list[tuple[int, float]]:
    taken, waiting[:] = list(waiting), []
    return taken
