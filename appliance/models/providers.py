"""Hosted providers (OpenAI, Anthropic, Mistral) through LangChain's chat models.

The packages are optional, and are loaded by the first question for one of them (1 to 1.4 s).
Key and address are always given: nothing is taken from the environment, which may hold
somebody else's. Tokens are never counted by the libraries, some of which would download a
vocabulary for it, and nothing is tried twice behind our back.
"""

import importlib.util
import logging
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any, Literal

from appliance.errors import Unavailable
from appliance.models import Prompt, Sampling
from appliance.models.remote import CONNECT_SECONDS, SILENCE_SECONDS, Door, Used

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

Provider = Literal["openai", "anthropic", "mistral"]
PACKAGES: dict[str, str] = {
    "openai": "langchain-openai",
    "anthropic": "langchain-anthropic",
    "mistral": "langchain-mistralai",
}
CUT = ("length", "max_tokens")  # how OpenAI and Mistral, and Anthropic, call the limit of tokens
TALKATIVE = ("openai", "anthropic", "httpx", "httpx2", "httpcore", "httpcore2")


def missing(provider: str) -> str:
    """The package that has to be installed for a provider, "" where it is there."""
    package = PACKAGES[provider]
    return "" if importlib.util.find_spec(package.replace("-", "_")) else package


class HostedChat:
    """A provider's model; ``stream`` is what ``remote`` asks for."""

    def __init__(
        self, name: str, provider: Provider, address: str, model: str, key: str, door: Door
    ) -> None:
        self.name = name
        self.provider = provider
        self.address = address
        self.model = model
        self._key = key
        self._door = door

    async def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str | Used]:
        """The answer, then what it cost. Raises what the libraries raise, and
        ``Unavailable`` (``engine_not_installed``, ``engine_broke_off``)."""
        if package := missing(self.provider):
            raise Unavailable("engine_not_installed", name=self.name, package=package)
        for library in TALKATIVE:  # with log_level = "debug" they would write down the passages
            logging.getLogger(library).setLevel(logging.WARNING)
        ending, read, written = "", 0, 0
        door = self._door.async_client(silence=SILENCE_SECONDS, connect=CONNECT_SECONDS)
        async with door as client:
            chat = MODELS[self.provider](self, client, sampling)
            async for chunk in chat.astream(messages(prompt), stop=list(sampling.stop) or None):
                if text := chunk.text:
                    yield str(text)
                if usage := getattr(chunk, "usage_metadata", None):
                    read, written = read + usage["input_tokens"], written + usage["output_tokens"]
                ending = ending or _ending(chunk)
        if not ending:
            raise Unavailable("engine_broke_off", name=self.name)
        yield Used(read, written, "length" if ending in CUT else "end")

    def openai(self, client: Any, sampling: Sampling) -> "BaseChatModel":
        """OpenAI's chat model, over the gate's client."""
        from langchain_openai import ChatOpenAI

        from appliance.models import bridge

        return ChatOpenAI(
            model=self.model,
            api_key=lambda: self._key,
            base_url=self.address,
            http_socket_options=(),
            http_client=bridge.nowhere(),
            http_async_client=bridge.client(client),
            max_completion_tokens=sampling.max_tokens,
            temperature=sampling.temperature,
            stream_usage=True,
            stream_chunk_timeout=None,  # the gate's client has its own
            max_retries=0,
        )

    def anthropic(self, client: Any, sampling: Sampling) -> "BaseChatModel":
        """Anthropic's chat model, over the gate's client. Newer models refuse a temperature."""
        from anthropic import AsyncAnthropic
        from langchain_anthropic import ChatAnthropic
        from pydantic import SecretStr

        from appliance.models import bridge

        chat = ChatAnthropic(
            model_name=self.model,
            api_key=SecretStr(self._key),
            base_url=self.address,
            max_tokens_to_sample=sampling.max_tokens,
            max_retries=0,
            timeout=None,
            stop=None,
        )
        # Its own would be a client without the gate, kept for the whole process.
        vars(chat)["_async_client"] = AsyncAnthropic(
            api_key=self._key,
            base_url=self.address,
            http_client=bridge.client(client),
            max_retries=0,
        )
        return chat

    def mistral(self, client: Any, sampling: Sampling) -> "BaseChatModel":
        """Mistral's chat model, over the gate's client."""
        from langchain_mistralai import ChatMistralAI
        from pydantic import SecretStr

        client.base_url = self.address
        client.headers["authorization"] = f"Bearer {self._key}"
        return ChatMistralAI(
            model_name=self.model,
            api_key=SecretStr(self._key),
            base_url=self.address,
            client=self._door.client(silence=SILENCE_SECONDS, connect=CONNECT_SECONDS),
            async_client=client,
            max_tokens=sampling.max_tokens,
            temperature=sampling.temperature,
            max_retries=1,  # this one counts the first
        )


MODELS: dict[Provider, Callable[[HostedChat, Any, Sampling], "BaseChatModel"]] = {
    "openai": HostedChat.openai,
    "anthropic": HostedChat.anthropic,
    "mistral": HostedChat.mistral,
}


def messages(prompt: Prompt) -> "list[BaseMessage]":
    """The prompt as LangChain's messages."""
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    kinds: dict[str, Callable[[str], BaseMessage]] = {"user": HumanMessage, "assistant": AIMessage}
    system: list[BaseMessage] = [SystemMessage(prompt.system)] if prompt.system else []
    return [*system, *(kinds[turn.role](turn.text) for turn in prompt.turns)]


def _ending(chunk: Any) -> str:
    """Why the answer ends, where the provider says so with this piece."""
    said = chunk.response_metadata
    return str(said.get("finish_reason") or said.get("stop_reason") or "")
