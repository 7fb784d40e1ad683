"""The local engine as a LangChain chat model: the seam between the two.

Any LangChain program can use the appliance's model through ``LocalChat``, and
the flow asks whatever chat model it is given in the same way.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from appliance.answering.stopping import Stop
from appliance.models import Counts, Generator, Prompt, Sampling, Turn


class LocalChat(BaseChatModel):
    """A ``models.Generator`` as a chat model.

    ``stream(messages, person=…, assistant=…, on_waiting=…, sampling=…, stop_when=…)`` passes
    all but the last on to the generator; closing the stream stops the model, and so
    does ``stop_when`` (a ``Stop``), also while the model has not written a word. A chain's
    ``stop``, ``max_tokens``, ``temperature``, ``seed`` and ``grammar`` (GBNF) take their
    places in ``sampling``.
    The last piece of an answer that came to its end holds its ``usage_metadata`` and, under
    OpenAI's name ``finish_reason`` in its ``response_metadata``, "stop" or "length".
    """

    generator: Any

    @property
    def _llm_type(self) -> str:
        return "balcao-local"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": self.generator.name}

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        generator: Generator = self.generator
        sampling = _sampling(kwargs, stop)
        stop_when: Stop | None = kwargs.pop("stop_when", None)
        pieces = generator.generate(as_prompt(messages), sampling, **kwargs)
        if stop_when:
            stop_when.then(pieces.close)
        try:
            # LangChain takes a stream without any chunk for an error; a reader who
            # left before the first word is none.
            yield ChatGenerationChunk(message=AIMessageChunk(content=""))
            for piece in pieces:
                yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
            if pieces.done:
                yield ChatGenerationChunk(message=_last(pieces.done))
        finally:
            pieces.close()

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text, usage = "", None
        ending: dict[str, Any] = {}
        for chunk in self._stream(messages, stop, run_manager, **kwargs):
            text += str(chunk.message.content)
            usage = getattr(chunk.message, "usage_metadata", None) or usage
            ending = chunk.message.response_metadata or ending
        message = AIMessage(content=text, usage_metadata=usage, response_metadata=ending)
        return ChatResult(generations=[ChatGeneration(message=message)])


def _sampling(kwargs: dict[str, Any], stop: list[str] | None) -> Sampling:
    """Takes what LangChain's programs call by these names out of ``kwargs``."""
    sampling: Sampling = kwargs.pop("sampling", Sampling())
    named = {
        name: value
        for name in ("max_tokens", "temperature", "seed", "grammar")
        if (value := kwargs.pop(name, None)) is not None
    }
    if stop:
        named["stop"] = tuple(stop)
    return msgspec.structs.replace(sampling, **named)


def _last(done: Counts) -> AIMessageChunk:
    """What an answer cost and how it ended, as LangChain's programs look for them."""
    usage = UsageMetadata(
        input_tokens=done.prompt_tokens,
        output_tokens=done.tokens,
        total_tokens=done.prompt_tokens + done.tokens,
    )
    reason = "length" if done.ending == "length" else "stop"
    return AIMessageChunk(
        content="", usage_metadata=usage, response_metadata={"finish_reason": reason}
    )


def as_prompt(messages: list[BaseMessage]) -> Prompt:
    """LangChain messages as the engine's prompt: system texts first, then the turns."""
    system = [message.text for message in messages if message.type == "system"]
    return Prompt(
        system="\n\n".join(system).strip(),
        turns=tuple(
            Turn(role="assistant" if message.type == "ai" else "user", text=message.text)
            for message in messages
            if message.type in ("human", "ai")
        ),
    )
