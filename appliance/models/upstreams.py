"""A server of the site's network that speaks OpenAI's protocol: llama-server, vLLM, Ollama.

An engine may have several addresses. A question goes to the one with the fewest answers on
their way, in the order given; where it fails before the first word, the next one gets it. One
that failed rests, 1, 2, 4 … 60 seconds, and is asked how it is before it gets a question again.
No library of a provider is needed here, and nothing leaves the site.
"""

import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Literal

import msgspec

from appliance.errors import Refusal, Unavailable
from appliance.models import Ending, Prompt, Sampling
from appliance.models.remote import (
    CONNECT_SECONDS,
    SILENCE_SECONDS,
    Door,
    Used,
    refusal,
    status_refusal,
)

HEALTH_SECONDS = 4.0
MOST_REST = 60.0
NO_MATTER_WHERE = {"engine_key_refused", "engine_refuses"}  # another address says the same


class Upstream:
    """One address and how it is. Thread-safe."""

    def __init__(self, address: str, clock: Callable[[], float]) -> None:
        self.address = address if address.count("/") > 2 else f"{address}/v1"
        self.fault: Refusal | None = None
        self.known = False
        self.active = 0
        self._clock = clock
        self._failures = 0
        self._rests_until = 0.0
        self._lock = threading.Lock()

    @property
    def state(self) -> Literal["unknown", "up", "down"]:
        """As it was the last time that anybody asked."""
        if self.fault is not None:
            return "down"
        return "up" if self.known else "unknown"

    @property
    def rests(self) -> bool:
        """Whether it failed so recently that it is not worth asking."""
        return self.fault is not None and self._clock() < self._rests_until

    def well(self) -> None:
        """It says that it is well; whether it answers has to be seen."""
        with self._lock:
            self.fault, self.known = None, True

    def answered(self) -> None:
        """It has answered, and its failures are forgotten."""
        with self._lock:
            self.fault, self.known, self._failures = None, True, 0

    def failed(self, fault: Refusal) -> None:
        """It is not, and rests twice as long as the last time."""
        with self._lock:
            rest = max(min(2.0**self._failures, MOST_REST), fault.retry_after or 0.0)
            self.fault, self._failures = fault, self._failures + 1
            self._rests_until = self._clock() + rest

    def takes(self, more: int) -> None:
        """Count an answer that begins (1) or ends (-1)."""
        with self._lock:
            self.active += more


class Upstreams:
    """The addresses of one engine, for all of its questions."""

    def __init__(
        self, addresses: Sequence[str], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.every = [Upstream(address, clock) for address in addresses]

    def in_turn(self) -> list[Upstream]:
        """Those worth asking: the well before the doubtful, the idle before the busy."""
        awake = [one for one in self.every if not one.rests]
        return sorted(awake, key=lambda one: (one.fault is not None, one.active))

    def fault(self, name: str) -> Refusal:
        """Why there is none worth asking."""
        faults = [one.fault for one in self.every if one.fault]
        return faults[0] if faults else Unavailable("engine_unreachable", name=name)


class SiteChat:
    """The chat model of a site's engine; ``stream`` is what ``remote`` asks for."""

    def __init__(self, name: str, model: str, key: str, upstreams: Upstreams, door: Door) -> None:
        self.name = name
        self.model = model
        self._headers = {"authorization": f"Bearer {key}"} if key else {}
        self._upstreams = upstreams
        self._door = door

    async def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str | Used]:
        """The answer of the first address that gives one.

        Raises ``Unavailable`` of the last one tried, or what happened after the first word.
        """
        async with self._client() as client:
            fault: Refusal | None = None
            for upstream in self._upstreams.in_turn():
                if upstream.fault is not None and not await self._well(client, upstream):
                    continue
                said = False
                upstream.takes(1)
                try:
                    async for piece in self._write(client, upstream, prompt, sampling):
                        said = True
                        yield piece
                    upstream.answered()
                    return
                except Exception as trouble:
                    fault = refusal(self.name, trouble, said=said)
                    upstream.failed(fault)
                    if said or fault.code in NO_MATTER_WHERE:
                        raise fault from trouble
                finally:
                    upstream.takes(-1)
        raise fault or self._upstreams.fault(self.name)

    async def look(self) -> None:
        """Ask every address how it is, also those that rest."""
        async with self._client() as client:
            for upstream in self._upstreams.every:
                await self._well(client, upstream)

    async def _well(self, client: Any, upstream: Upstream) -> bool:
        try:
            answer = await client.get(
                f"{upstream.address}/models", headers=self._headers, timeout=HEALTH_SECONDS
            )
            if answer.status_code != 200:
                raise status_refusal(self.name, answer.status_code)
        except Exception as trouble:  # noqa: BLE001 -- as in ``remote``
            upstream.failed(refusal(self.name, trouble))
            return False
        upstream.well()
        return True

    async def _write(
        self, client: Any, upstream: Upstream, prompt: Prompt, sampling: Sampling
    ) -> AsyncIterator[str | Used]:
        request = client.stream(
            "POST",
            f"{upstream.address}/chat/completions",
            headers=self._headers,
            json=body(self.model, prompt, sampling),
        )
        async with request as answer:
            if answer.status_code != 200:
                wait = answer.headers.get("retry-after", "")
                raise status_refusal(self.name, answer.status_code, wait)
            ended, used, ending = False, Usage(), ""
            async for line in answer.aiter_lines():
                data = line.removeprefix("data:").strip()
                if not line.startswith("data:") or not data:
                    continue
                if data == "[DONE]":
                    ended = True
                    break
                chunk = msgspec.json.decode(data, type=Chunk)
                if chunk.error is not None:
                    break
                used = chunk.usage or used
                for choice in chunk.choices:
                    ending = choice.finish_reason or ending
                    if choice.delta.content:
                        yield choice.delta.content
            if not (ended or ending):
                raise Unavailable("engine_broke_off", name=self.name)
            cut: Ending = "length" if ending == "length" else "end"
            yield Used(used.prompt_tokens, used.completion_tokens, cut)

    def _client(self) -> Any:
        return self._door.async_client(silence=SILENCE_SECONDS, connect=CONNECT_SECONDS)


class Delta(msgspec.Struct):
    content: str | None = None


class Choice(msgspec.Struct):
    delta: Delta = msgspec.field(default_factory=Delta)
    finish_reason: str | None = None


class Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Chunk(msgspec.Struct):
    """A piece of a streamed answer; what else is in it does not matter here."""

    choices: list[Choice] = []
    usage: Usage | None = None
    error: Any = None


def body(model: str, prompt: Prompt, sampling: Sampling) -> dict[str, Any]:
    """The request for an answer, as OpenAI's protocol has it."""
    system = [{"role": "system", "content": prompt.system}] if prompt.system else []
    return {
        "model": model,
        "messages": [*system, *({"role": t.role, "content": t.text} for t in prompt.turns)],
        "max_tokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "seed": sampling.seed,
        "stream": True,
        "stream_options": {"include_usage": True},
    } | ({"stop": list(sampling.stop)} if sampling.stop else {})
