"""When an approved answer is given word for word, when it is offered, and what small talk catches.

Every other question of a set is approved, the rest is asked; the product's own comparison
(``answering/alike.py``) decides, over the vectors of the product's embedder. A catch is right
where both questions have the same right passage and an answer in common, and false otherwise:
sets of this kind hold the same question twice with another answer (or none), so false catches
are printed with ``--show`` and told apart by whether their words are the same.

Then each approved question is asked again in other words, made by rule: with courtesy,
without accents and marks, with two letters changed over, without its small words (all to be
given); and turned into another question by rule: another number, a denial, another last
word (none to be given). Everything is drawn from a seed.

    .venv/bin/python benchmarks/approved.py FOLDER [FOLDER …] [--embedder minilm] [--show]
"""

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from appliance.answering import alike, smalltalk
from appliance.answering.alike import Wording
from appliance.answering.replies import CLOSEST
from appliance.cli.eval import open_embedder
from appliance.folding import plain
from appliance.index.stopwords import STOP_WORDS
from appliance.models import Vectors
from appliance.records import Language

COURTESY = {
    "pt": ("Bom dia! Gostaria de saber: {}", "{} Obrigado!", "Por favor, {}"),
    "en": ("Good morning! Could you tell me: {}", "{} Thank you!", "Please, {}"),
    "es": ("¡Buenos días! Quisiera saber: {}", "{} ¡Gracias!", "Por favor, {}"),
}
NOES = {"pt": "não", "en": "not", "es": "no"}
COSINES = (0.90, 0.95, 0.98)  # of meaning alone, for comparison
Embed = Callable[[Sequence[str]], Vectors]
NEARS = (0.70, 0.75, 0.80, 0.85)


class Asked:
    """A question of a set: its text, what it is called, where its answer stands."""

    def __init__(self, line: dict[str, Any], passage: str) -> None:
        self.text: str = line["text"]
        self.language: Language = line.get("lang", "pt")
        self.passage = passage
        self.answers = {plain(one).strip(" .") for one in line.get("answers") or ()}
        self.wording = alike.wording(self.text, self.language)

    def same(self, other: "Asked") -> bool:
        """Whether the set gives both the same answer in the same passage."""
        return self.passage == other.passage and bool(self.answers & other.answers)


def read(folder: Path) -> list[Asked]:
    """The questions of a set, in its order."""
    with (folder / "qrels.jsonl").open(encoding="utf-8") as file:
        gold = {str(line["query"]): line["doc"] for line in map(json.loads, file)}
    with (folder / "queries.jsonl").open(encoding="utf-8") as file:
        return [Asked(line, gold.get(str(line["id"]), "")) for line in map(json.loads, file)]


def courteous(text: str, language: Language, random: Random) -> str | None:
    return random.choice(COURTESY[language]).format(text)


def bare(text: str, language: Language, random: Random) -> str | None:
    return " ".join(re.findall(r"[^\W_]+", plain(text)))


def mistyped(text: str, language: Language, random: Random) -> str | None:
    """Two letters of its longest word changed over."""
    words = re.findall(r"[^\W\d_]{6,}", text)
    if not words:
        return None
    word = max(words, key=len)
    at = random.randrange(1, len(word) - 2)
    return text.replace(word, word[:at] + word[at + 1] + word[at] + word[at + 2 :], 1)


def telegraphic(text: str, language: Language, random: Random) -> str | None:
    """Without small words but those that ask and those that deny."""
    keep = {word for asked in alike.ASKED.values() for word in asked.split()}
    said = [
        word
        for word in text.split()
        if plain(word.strip("¿?,.")) not in STOP_WORDS[language] - keep - {"nao", "no", "not"}
    ]
    return " ".join(said)


def renumbered(text: str, language: Language, random: Random) -> str | None:
    found = re.search(r"\d+", text)
    if not found:
        return None
    return text[: found.start()] + str(int(found[0]) + 1) + text[found.end() :]


def denied(text: str, language: Language, random: Random) -> str | None:
    """A no before the middle word."""
    words = text.split()
    if len(words) < 4:
        return None
    middle = len(words) // 2
    return " ".join([*words[:middle], NOES[language], *words[middle:]])


def another(text: str, language: Language, random: Random) -> str | None:
    """Another last word: the thing that is asked about."""
    words = re.findall(r"[^\W\d_]{5,}", text)
    return text.replace(words[-1], "paralelepípedo", 1) if words else None


TRUE: dict[str, Callable[[str, Language, Random], str | None]] = {
    "courteous": courteous, "bare": bare, "mistyped": mistyped, "telegraphic": telegraphic,
}  # fmt: skip
FALSE: dict[str, Callable[[str, Language, Random], str | None]] = {
    "renumbered": renumbered, "denied": denied, "another": another,
}  # fmt: skip


def candidates(approved: Sequence[Asked], sims: Vectors, row: int) -> Iterator[tuple[Asked, float]]:
    """What the product compares by words: the nearest by their vectors."""
    order = np.argsort(-sims[row], kind="stable")[:CLOSEST]
    return ((approved[n], float(sims[row][n])) for n in order)


def measured(folder: Path, embed: Embed, *, show: bool) -> Counter[str]:
    """The counts of one set."""
    questions = read(folder)
    approved, asked = questions[::2], questions[1::2]
    vectors = embed([one.text for one in approved])
    sims = embed([one.text for one in asked]) @ vectors.T
    found: Counter[str] = Counter(asked=len(asked), approved=len(approved))
    for row, one in enumerate(asked):
        found += _crossed(one, list(candidates(approved, sims, row)), show)
        found["small talk"] += smalltalk.kind(one.text) is not None
    for one in approved:
        found["small talk"] += smalltalk.kind(one.text) is not None
    for ways, kind in ((TRUE, "given"), (FALSE, "wrong")):
        for name, way in ways.items():
            found += _remade(name, kind, way, approved, vectors, embed)
    return found


def _crossed(one: Asked, near: Sequence[tuple[Asked, float]], show: bool) -> Counter[str]:
    """What another question than those approved gets."""
    found: Counter[str] = Counter()
    given = [pair for pair in near if alike.same(pair[0].wording, one.wording, pair[1])]
    if given:
        twin = given[0][0]
        spelt = twin.wording.plain == one.wording.plain
        kind = "right" if one.same(twin) else "twice in the set" if spelt else "false"
        found[f"given, {kind}"] += 1
        if show and kind == "false":
            print(f"{twin.text} | {one.text}")
    likeness = max((alike.likeness(other.wording, one.wording, c) for other, c in near), default=0)
    for least in NEARS:
        found[f"offered from {least}"] += not given and likeness >= least
    for least in COSINES:
        other, cosine = near[0]
        if cosine >= least:
            found[f"by cosine {least}, {'right' if one.same(other) else 'false'}"] += 1
    return found


def _remade(
    name: str,
    kind: str,
    way: Callable[[str, Language, Random], str | None],
    approved: Sequence[Asked],
    vectors: Vectors,
    embed: Embed,
) -> Counter[str]:
    """What approved questions get in other words."""
    random = Random(7)
    made = [
        (n, text)
        for n, one in enumerate(approved)
        if (text := way(one.text, one.language, random)) and text != one.text
    ]
    sims = embed([text for _, text in made]) @ vectors.T
    found: Counter[str] = Counter({f"{name}, asked": len(made)})
    for row, (n, text) in enumerate(made):
        wording: Wording = alike.wording(text, approved[n].language)
        near = candidates(approved, sims, row)
        found[f"{name}, {kind}"] += any(
            alike.same(other.wording, wording, cosine) for other, cosine in near
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--embedder", default="minilm")
    parser.add_argument("--show", action="store_true", help="print the false catches")
    given = parser.parse_args()
    embedder, _, _ = open_embedder(given.embedder)
    assert embedder is not None, "meaning needs an embedder"
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for folder in given.folders:
        totals[folder.name] = measured(
            folder, lambda texts: embedder.embed(texts, kind="query"), show=given.show
        )
    totals["all"] = sum(totals.values(), Counter())
    for name, counts in totals.items():
        print(json.dumps({"set": name} | dict(sorted(counts.items())), ensure_ascii=False))


if __name__ == "__main__":
    main()
