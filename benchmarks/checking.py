"""How well the check of sentences tells what a document says from what it does not.

Sentences of public documents are taken as they stand, reworded by rule as a language
model would (``rewording.py``), and made false by rule (``falsehoods.py``): a number, a
date, a name, a unit, an article, a yes or a no. Each is checked against the passage it
came from, its two neighbours and three that share most words with it, so that what was
changed may well stand elsewhere. ``asked`` joins a question of the set and its answer:
people's questions are free paraphrases, some of them awkward or wrong, so that column
says how much paraphrase is believed, and no target hangs on it. Everything is drawn
from a seed: two runs see the same sentences.

    .venv/bin/python benchmarks/checking.py FOLDER [FOLDER …] [--most 200] [--show KIND]
"""

import argparse
import json
import math
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

from appliance.answering.checking import Checker, Verdict
from appliance.index.sentences import sentences
from appliance.records import DocumentName, Language, Passage
from benchmarks import falsehoods, rewording

LENGTH = 1500  # characters of a passage; a longer one is cut into pieces of whole sentences
SHARING = 3  # passages that share words with the sentence
TRUE = ("verbatim", "reworded", "joined", "asked")
FALSE = ("number", "swapped", "date", "name", "unit", "article", "negation", "foreign")


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, the passages that it is checked against, and whether they say it."""

    kind: str
    text: str
    original: str
    passages: tuple[Passage, ...]
    true: bool


class Corpus:
    """The passages of one set, in the order of their documents."""

    def __init__(
        self,
        lines: Sequence[dict[str, str]],
        language: Language,
        answers: Mapping[str, Sequence[tuple[str, str]]] = MappingProxyType({}),
    ) -> None:
        self.language = language
        self.passages: list[Passage] = []
        self.asked: list[tuple[int, str]] = []  # sentences made of a question and its answer
        for line in lines:
            for piece in _pieces(line):
                said = (rewording.answered(*one) for one in _within(piece, answers, line["id"]))
                self.asked += [(len(self.passages), one) for one in said if one]
                self.passages.append(piece)
        self._words = [_words(passage.text) for passage in self.passages]
        self._holding: dict[str, list[int]] = defaultdict(list)
        for n, found in enumerate(self._words):
            for word in found:
                self._holding[word].append(n)
        joined = " ".join(passage.text for passage in self.passages)
        small = set(re.findall(rf"(?<!\w)[{rewording.LOWER}][\w-]+", joined))
        names = re.findall(rf"(?<=[\w,] )[{rewording.UPPER}][\w'’-]*[{rewording.LOWER}]", joined)
        self.known = frozenset(name for name in names if name.lower() not in small)
        whole = (
            name for passage in self.passages for name in falsehoods.NAME.findall(passage.text)
        )
        self.names = sorted({n for n in whole if all(p in self.known for p in n.split())})

    def around(self, n: int, text: str) -> list[int]:
        """The numbers of the passages to check a sentence of passage ``n`` against."""
        document = self.passages[n].document.id
        chosen = [n]
        for beside in (n - 1, n + 1):
            within = 0 <= beside < len(self.passages)
            if within and self.passages[beside].document.id == document:
                chosen.append(beside)
        weights: Counter[int] = Counter()
        for word in _words(text):
            holding = self._holding.get(word, [])
            for other in holding:
                weights[other] += math.log(1 + len(self.passages) / len(holding))
        nearest = [other for other, _ in weights.most_common(SHARING + len(chosen))]
        chosen += [other for other in nearest if other not in chosen][:SHARING]
        return chosen


def read(folder: Path) -> Corpus:
    """The corpus of a set of questions; its language is the end of its name."""
    texts = {line["id"]: line for line in _lines(folder / "queries.jsonl")}
    answers: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in _lines(folder / "qrels.jsonl"):
        asked = texts[line["query"]]
        answers[line["doc"]] += [(asked["text"], answer) for answer in asked["answers"][:1]]
    language = folder.name[-2:]
    known = language if language in ("pt", "en", "es") else "pt"
    return Corpus(_lines(folder / "corpus.jsonl"), known, answers)


def _lines(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _within(
    piece: Passage, answers: Mapping[str, Sequence[tuple[str, str]]], line: str
) -> list[tuple[str, str]]:
    return [one for one in answers.get(line, ()) if one[1] in piece.text]


def build(corpus: Corpus, *, most: int, seed: int = 1) -> list[Case]:
    """Up to ``most`` cases of each kind."""
    random = Random(seed)
    places = list(_places(corpus))
    random.shuffle(places)
    cases: dict[str, list[Case]] = {kind: [] for kind in (*TRUE, *FALSE)}
    for n, text, following in places:
        if all(len(found) >= most for kind, found in cases.items() if kind != "asked"):
            break
        around = corpus.around(n, text)
        passages = [corpus.passages[other] for other in around]
        made = dict(_true(text, following, corpus, random))
        made |= _false(text, n, passages, corpus, random)
        random.shuffle(passages)
        numbered = tuple(_numbered(passages))
        for kind, version in made.items():
            changed = version and (version != text or kind == "verbatim")
            if changed and len(cases[kind]) < most:
                cases[kind].append(Case(kind, version, text, numbered, kind in TRUE))
    for n, text in random.sample(corpus.asked, min(most, len(corpus.asked))):
        passages = [corpus.passages[other] for other in corpus.around(n, text)]
        cases["asked"].append(Case("asked", text, text, tuple(_numbered(passages)), True))
    return [case for found in cases.values() for case in found]


def _true(
    text: str, following: str, corpus: Corpus, random: Random
) -> Iterator[tuple[str, str | None]]:
    yield "verbatim", text
    ways = list(rewording.REWORDINGS)
    random.shuffle(ways)
    worded = (way(text, corpus.language, random) for way in ways)
    yield "reworded", next((one for one in worded if one and len(one.split()) > 3), None)
    joint = {"pt": "e", "es": "y", "en": "and"}[corpus.language]
    if following and len((text + following).split()) < 45:
        yield "joined", f"{text.rstrip('.;')}, {joint} {rewording.small(following)}"


def _false(
    text: str, n: int, passages: Sequence[Passage], corpus: Corpus, random: Random
) -> dict[str, str | None]:
    language = corpus.language
    numbers = [one for passage in passages for one in falsehoods.NUMBER.findall(passage.text)]
    own = passages[0].document.id
    made = {
        "number": falsehoods.number_changed(text, language, random, numbers),
        "swapped": falsehoods.numbers_swapped(text, language, random),
        "date": falsehoods.date_changed(text, language, random),
        "name": falsehoods.name_changed(text, language, random, corpus.known, corpus.names),
        "unit": falsehoods.unit_changed(text, language, random),
        "article": falsehoods.article_changed(text, language, random),
        "negation": falsehoods.negated(text, language, random),
    }
    for _ in range(20):
        other = random.randrange(len(corpus.passages))
        if corpus.passages[other].document.id != own and not {
            passage.document.id for passage in passages
        } & {corpus.passages[other].document.id}:
            found = [one for one, _ in _sentences(corpus.passages[other].text)]
            if found:
                made["foreign"] = random.choice(found)
                break
    joined = " ".join(" ".join(passage.text.split()) for passage in passages)
    # What another passage says word for word is true after all.
    return {kind: one for kind, one in made.items() if one and one not in joined}


def _places(corpus: Corpus) -> Iterator[tuple[int, str, str]]:
    for n, passage in enumerate(corpus.passages):
        for text, following in _sentences(passage.text):
            yield n, text, following


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """The sentences that a model could have written, each with the one after it."""
    found = [" ".join(text[start:end].split()) for start, end in sentences(text)]
    for one, following in zip(found, [*found[1:], ""], strict=True):
        if 6 <= len(one.split()) <= 45 and re.match(r"[A-ZÀ-Þ]|[a-z]\)", one) and one[-1] in ".;":
            yield one, following if len(following.split()) >= 5 and following[-1] == "." else ""


def _pieces(line: dict[str, str]) -> Iterator[Passage]:
    text, start = line["text"], 0
    spans = sentences(text)
    for (_, end), (_, following) in zip(spans, [*spans[1:], (0, LENGTH * 9**9)], strict=True):
        if following - start > LENGTH:
            piece = text[start:end]
            yield Passage(
                n=1,
                document=DocumentName(id=line.get("doc") or line["title"], title=line["title"]),
                page=None,
                heading="",
                text=piece,
                start=start,
                end=end,
                score=1.0,
                found_by=("keywords",),
            )
            start = end


def _numbered(passages: Sequence[Passage]) -> Iterator[Passage]:
    for n, one in enumerate(passages, start=1):
        yield Passage(
            n=n,
            document=one.document,
            page=None,
            heading="",
            text=one.text,
            start=one.start,
            end=one.end,
            score=1.0,
            found_by=one.found_by,
        )


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}


def measure(cases: Sequence[Case], language: Language) -> list[tuple[Case, Verdict, float]]:
    """Each case with its verdict and the milliseconds of processor time that it took, the
    passages' reading included: an answer of several sentences reads them once."""
    measured = []
    for case in cases:
        began = time.process_time()
        verdict = Checker(case.passages, language).check(case.text)
        measured.append((case, verdict, (time.process_time() - began) * 1000))
    return measured


def report(name: str, measured: Sequence[tuple[Case, Verdict, float]]) -> None:
    """One row: for each kind the share that was flagged and the number of sentences."""
    shares = []
    for kind in (*TRUE, *FALSE):
        found = [verdict.supported for case, verdict, _ in measured if case.kind == kind]
        shares.append(f"{found.count(False) / len(found):.3f} ({len(found)})" if found else "–")
    times = sorted(ms for _, _, ms in measured)
    middle, late = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"| {name} | " + " | ".join(shares) + f" | {middle:.1f} / {late:.1f} |", flush=True)


def main() -> None:
    """Build, check, print a table of the shares flagged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", choices=(*TRUE, *FALSE), help="print what was judged wrongly")
    chosen = parser.parse_args()
    print("| set | " + " | ".join((*TRUE, *FALSE)) + " | ms, median / p95 |")
    print("|" + " --- |" * (len(TRUE) + len(FALSE) + 2))
    for folder in chosen.folders:
        corpus = read(folder)
        measured = measure(build(corpus, most=chosen.most, seed=chosen.seed), corpus.language)
        report(folder.name, measured)
        for case, verdict, _ in measured:
            if case.kind == chosen.show and case.true != verdict.supported:
                quote = " ".join(verdict.span.text.split()) if verdict.span else ""
                print(f"  {verdict.reason} {verdict.coverage:.2f}\n  said  {case.text}")
                print(f"  from  {case.original}\n  span  {quote}")


if __name__ == "__main__":
    main()
