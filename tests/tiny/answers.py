"""Ask the copyist through the real llama.cpp, and say whether it was right.

The hand-written cases in ``cases.jsonl`` are judged here, for the test and for
``make``. A case is right when the expected sentence comes back, but for spaces
and case, or a piece of that very sentence that holds the key fact.
"""

import json
import re
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

import llama_cpp

from appliance.index.sentences import sentences
from tests.tiny.data import Maker, question_text
from tests.tiny.words import LANGUAGES

HERE = Path(__file__).parent
MODEL = HERE / "copyist.gguf"
CASES = HERE / "cases.jsonl"
LONGEST_ANSWER = 160  # tokens
UNSEEN = 10_000_077  # a seed that training never reaches


class Case(NamedTuple):
    """A user's message, the sentence that answers it, and what must not be missing."""

    language: str
    message: str
    question: str
    sentence: str
    fact: str


def _message(case: dict) -> str:
    parts = []
    for place, source in enumerate(case["sources"], start=1):
        page = f", p. {source['page']}" if source["page"] else ""
        parts.append(f"[{place}] {source['title']}{page}\n{source['text']}")
    label = LANGUAGES[case["language"]].label
    return "\n\n".join(parts) + question_text(label, case["question"])


def written_cases() -> list[Case]:
    """The cases people wrote; never trained on."""
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [
        Case(case["language"], _message(case), case["question"], case["sentence"], case["fact"])
        for case in map(json.loads, lines)
    ]


def drawn_cases(count: int) -> list[Case]:
    """Cases from the generator, with seeds that training never reaches."""
    maker, cases = Maker(UNSEEN), []
    while len(cases) < count:
        page = maker.page(maker.dice.randint(2, 10), turns=1)
        for turn in page.turns:
            sentence = page.sources[turn.start : turn.end]
            message = page.sources + question_text(page.label, turn.question)
            cases.append(Case(page.language, message, turn.question, sentence, sentence))
    return cases


def load(path: Path = MODEL) -> llama_cpp.Llama:
    return llama_cpp.Llama(
        str(path), n_ctx=1024, n_threads=1, n_threads_batch=1, flash_attn=False, verbose=False
    )


def prompt(llama: llama_cpp.Llama, message: str) -> list[int]:
    """Ids of the whole prompt; what people write can never become a special token."""
    before = llama.tokenize(b"<s><|user|>", add_bos=False, special=True)
    after = llama.tokenize(b"<|assistant|>", add_bos=False, special=True)
    said = llama.tokenize(message.encode(), add_bos=False, special=False)
    return [*before, *said, *after]


def answer(llama: llama_cpp.Llama, message: str) -> str:
    """The copied sentence, at temperature 0."""
    ids: list[int] = []
    for token in llama.generate(prompt(llama, message), temp=0.0):
        if token == llama.token_eos() or len(ids) == LONGEST_ANSWER:
            break
        ids.append(token)
    return llama.detokenize(ids).decode(errors="replace").strip()


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def right(case: Case, said: str) -> bool:
    same = plain(said) == plain(case.sentence)
    return same or (plain(case.fact) in plain(said) and plain(said) in plain(case.sentence))


def picked(case: Case, said: str) -> bool:
    """Whether the copied sentence is the expected one, even where a word was spoilt: no other
    sentence of the sources is nearer to what was said, and at least 0.8 of it is the same."""
    body = case.message.rsplit("\n\n", 1)[0]
    others = [body[start:end] for start, end in sentences(body)]
    own = _likeness(case.sentence, said)
    nearest = max(
        (_likeness(one, said) for one in others if plain(one) != plain(case.sentence)), default=0.0
    )
    return own >= 0.8 and own >= nearest


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, plain(one), plain(other), autojunk=False).ratio()


def share_right(llama: llama_cpp.Llama, cases: list[Case]) -> float:
    return sum(right(case, answer(llama, case.message)) for case in cases) / len(cases)
