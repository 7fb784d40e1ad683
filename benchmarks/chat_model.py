"""What the LangChain seam costs for each token of an answer.

The same scripted generator is read raw and through ``LocalChat``, in turns, so that
whatever else the machine does falls on both. The difference, divided by the tokens, is
the seam; its share is of the time that a model of so many tokens a second takes for one.

    .venv/bin/python benchmarks/chat_model.py [--tokens 5000] [--rounds 15]
"""

import argparse
import os
import statistics
import time
from collections.abc import Iterator, Sequence

os.environ |= {"LANGSMITH_TRACING": "false", "LANGCHAIN_TRACING_V2": "false"}

from langchain_core.messages import HumanMessage

from appliance.answering.chat_model import LocalChat, as_prompt
from appliance.models import Prompt, Sampling, Waiting

QUESTION = [HumanMessage("Qual é a multa por atraso?")]
SPEEDS = (3, 30, 300)  # tokens a second: 7B on two cores, 7B on a server, a very small model


class Script:
    """A ``Generator`` that says the same token again and again, at no cost."""

    name = "scripted"
    context = 1 << 20

    def __init__(self, tokens: int) -> None:
        self.tokens = tokens

    def generate(
        self,
        prompt: Prompt,
        sampling: Sampling,
        *,
        person: str = "",
        on_waiting: Waiting | None = None,
    ) -> "Said":
        """So many tokens."""
        return Said(self.tokens)

    def count(self, texts: Sequence[str]) -> list[int]:
        """A token for each text."""
        return [1] * len(texts)


class Said(Iterator[str]):
    """A ``Writing`` of so many tokens, which nobody counts."""

    done = None

    def __init__(self, tokens: int) -> None:
        self.left = tokens

    def __next__(self) -> str:
        if not self.left:
            raise StopIteration
        self.left -= 1
        return "dia "

    def close(self) -> None:
        """Nothing is left to say."""
        self.left = 0


def raw(generator: Script) -> float:
    """Seconds for one answer from the generator itself."""
    began = time.perf_counter()
    said = sum(map(len, generator.generate(as_prompt(QUESTION), Sampling())))
    took = time.perf_counter() - began
    assert said
    return took


def through_langchain(generator: Script) -> float:
    """Seconds for the same answer through the seam."""
    chat = LocalChat(generator=generator)
    began = time.perf_counter()
    said = sum(len(str(piece.content)) for piece in chat.stream(QUESTION))
    took = time.perf_counter() - began
    assert said
    return took


def measure(tokens: int, rounds: int) -> tuple[list[float], list[float]]:
    """Microseconds a token, raw and through the seam, for each round."""
    generator = Script(tokens)
    pairs = [(raw(generator), through_langchain(generator)) for _ in range(rounds + 1)][1:]
    return [a / tokens * 1e6 for a, _ in pairs], [b / tokens * 1e6 for _, b in pairs]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What LocalChat costs for each token.")
    parser.add_argument("--tokens", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args()
    alone, seam = measure(chosen.tokens, chosen.rounds)
    before, after = statistics.median(alone), statistics.median(seam)
    print(f"raw generator      {before:8.2f} µs a token")
    print(f"through LocalChat  {after:8.2f} µs a token ({min(seam):.2f} to {max(seam):.2f})")
    print(f"ratio              {after / before:8.1f}")
    for speed in SPEEDS:
        share = (after - before) * speed / 1e6
        print(f"share of a token at {speed} tokens a second: {share:.3%}")


if __name__ == "__main__":
    main()
