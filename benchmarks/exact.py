"""Known items: what is asked by its number must come first.

Articles of the laws of a set (``leis-sem-perguntas-pt``: corpus.jsonl is enough), articles
of four codes that have the same numbers, and papers whose case numbers, CPFs, contracts
and codes have look-alikes one digit off. Prints, for each kind of question, the share
whose first passage is the right one, by keywords alone, and with ``--failing`` those
whose first passage is another.

    .venv/bin/python benchmarks/exact.py FOLDER [--limit 100] [--failing]
"""

import argparse
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from appliance.answering.finding import Finder
from appliance.cli.questions import COLLECTION, PassageLine, fill, read, shelf
from appliance.index import fusion, identifiers, metrics

ARTICLE = re.compile(r"Art\.? ?(\d[\d.]*)[ºo°]?(-[A-Z])?\.?\s")
PARAGRAPH = re.compile(r"^§ (\d+)", re.MULTILINE)
INCISO = re.compile(r"^([IVX]+) [-–]", re.MULTILINE)
KINDS = {
    **{"lei": "Lei nº", "lc": "Lei Complementar nº", "decreto": "Decreto nº"},
    **{"res": "Resolução nº"},
}
CODES = (
    *("Código Penal", "Código Civil", "Código de Processo Civil"),
    "Constituição da República Federativa do Brasil",
)


class Asked(NamedTuple):
    """A question of a kind, and the passages of which one must come first."""

    kind: str
    text: str
    right: frozenset[str]


def written(law: str) -> str:
    """A law's term as people write it: ``lei9504`` is "Lei nº 9.504"."""
    kind, number = re.fullmatch(r"([a-z]+)(\d+)", law).groups()
    return f"{KINDS[kind]} {int(number):,}".replace(",", ".")


def of_laws(corpus: list[PassageLine]) -> Iterator[Asked]:
    """Questions for articles, §§ and incisos of the laws of the set."""
    places = defaultdict(set)
    texts = {}
    for line in corpus:
        article = ARTICLE.match(line.text)
        law = (identifiers.law(line.title) or ("",))[-1]
        if article and re.fullmatch(rf"(?:{'|'.join(KINDS)})\d+", law):
            number = article[1].rstrip(".") + (article[2] or "")
            places[law, number].add(line.id)
            texts[law, number] = line.text
    for (law, number), ids in places.items():
        name, right = written(law), frozenset(ids)
        yield Asked("article of a law", f"o que diz o art. {number} da {name}?", right)
        bare = name.replace("nº ", "").replace(".", "").lower()
        yield Asked("article, typed", f"art {number.lower()} {bare}", right)
        if paragraphs := PARAGRAPH.findall(texts[law, number]):
            asked = f"Qual é o teor do § {paragraphs[-1]}º do artigo {number} da {name}?"
            yield Asked("§ of a law", asked, right)
        # Those below a § are its own: "art. 23, inciso V" would not be theirs.
        caput = PARAGRAPH.split(texts[law, number])[0]
        if incisos := INCISO.findall(caput):
            yield Asked("inciso of a law", f"{name}, art. {number}, inciso {incisos[-1]}", right)


def codes() -> tuple[list[PassageLine], list[Asked]]:
    """Four codes with the same article numbers, and questions that name the code."""
    passages, asked = [], []
    shorts = dict(zip(CODES, ("CP", "CC", "CPC", "CF"), strict=True))
    for code, short in shorts.items():
        for number in range(1, 41):
            id_ = f"{short}{number}"
            text = (
                f"Art. {number}. O disposto neste artigo aplica-se aos atos praticados na forma da "
                f"lei:\nI - os atos do art. {number % 40 + 1};\nII - os demais atos.\n"
                f"§ 1º A autoridade decide em {number} dias.\n§ 2º Cabe recurso da decisão."
            )
            passages.append(PassageLine(id=id_, title=code, text=text))
            named = f"art. {number} {'da' if code[0:2] == 'Co' else 'do'} {code}"
            asked.append(Asked("article of a code", f"o que diz o {named}?", frozenset({id_})))
            typed = f"art {number}, ii, {short.lower()}"
            asked.append(Asked("article of a code, typed", typed, frozenset({id_})))
    return passages, asked


def cpf(rng: random.Random) -> str:
    """Eleven digits with the check digits of a CPF."""
    digits = [rng.randrange(10) for _ in range(9)]
    for size in (9, 10):
        digits.append(sum(digits[i] * (size + 1 - i) for i in range(size)) * 10 % 11 % 10)
    return "".join(map(str, digits))


def case(rng: random.Random) -> str:
    """Twenty digits with the check digits of a court case."""
    number, rest = f"{rng.randrange(10**7):07}", f"{rng.randrange(2010, 2026)}826{1:04}"
    return f"{number}{98 - int(number + rest + '00') % 97:02}{rest}"


def off_by_one(digits: str, rng: random.Random) -> str:
    """The same with one digit changed."""
    at = rng.randrange(1, len(digits))
    return digits[:at] + str((int(digits[at]) + rng.randrange(1, 10)) % 10) + digits[at + 1 :]


def pointed(digits: str) -> str:
    """A case number or a CPF with its punctuation."""
    if len(digits) == 20:
        return re.sub(r"(.{7})(..)(....)(.)(..)(....)", r"\1-\2.\3.\4.\5.\6", digits)
    return re.sub(r"(...)(...)(...)(..)", r"\1.\2.\3-\4", digits)


def papers(count: int, rng: random.Random) -> tuple[list[PassageLine], list[Asked]]:
    """Letters that hold numbers, two look-alikes beside each, and questions for the numbers."""
    passages, asked = [], []
    for number in range(count):
        numbers = (case(rng), cpf(rng), f"{rng.randrange(1000, 9999)}", f"{rng.randrange(10, 999)}")
        letters = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVXYZ") for _ in range(2))
        right = frozenset({f"p{number}-0"})
        for copy in range(3):
            own = numbers if copy == 0 else tuple(off_by_one(one, rng) for one in numbers)
            passages.append(letter(f"p{number}-{copy}", own, letters))
        court, person, code, contract = numbers
        asked += [
            Asked("case number", pointed(court), right),
            Asked("case number, digits alone", f"processo {court}", right),
            Asked("CPF", f"Quem é o titular do CPF {pointed(person)}?", right),
            Asked("CPF, digits alone", person, right),
            Asked("code", f"{letters}-{code}", right),
            Asked("code, without its dash", f"qual o preço da peça {letters}{code}".lower(), right),
            Asked("contract", f"Qual é a vigência do contrato {contract}/{number:02}?", right),
        ]
    return passages, asked


def letter(id_: str, numbers: tuple[str, ...], letters: str) -> PassageLine:
    """One paper with its four numbers."""
    court, person, code, contract = numbers
    year = 2000 + int(id_[1:].partition("-")[0])
    text = (
        f"Em resposta ao processo {pointed(court)}, informamos que o titular do CPF "
        f"{pointed(person)} assinou o Contrato nº {int(contract)}/{year}, com vigência de doze "
        f"meses, para o fornecimento da peça {letters}-{code} ao preço da tabela."
    )
    return PassageLine(id=id_, title="Ofício da secretaria", text=text)


def measured(finder: Finder, asked: list[Asked]) -> dict[str, list[tuple[Asked, str]]]:
    """For each kind, every question with the passage that came first ("" for none)."""
    found = defaultdict(list)
    for one in asked:
        passages = finder.search([COLLECTION], one.text, limit=1).passages
        found[one.kind].append((one, passages[0].document.id if passages else ""))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=100, help="questions of each kind")
    parser.add_argument("--failing", action="store_true")
    arguments = parser.parse_args()
    rng = random.Random(5)  # the same questions every time
    corpus = read(arguments.folder).corpus
    asked = list(of_laws(corpus))
    for more, questions in (codes(), papers(35, rng)):
        corpus = corpus + more
        asked += questions
    rng.shuffle(asked)
    kinds = defaultdict(list)
    for one in asked:
        kinds[one.kind].append(one)
    chosen = [one for kind in sorted(kinds) for one in kinds[kind][: arguments.limit]]
    with shelf(None, fusion.Weights(meaning=0.0)) as finder:
        fill(finder, corpus)
        found = measured(finder, chosen)
    for kind, pairs in found.items():
        share = metrics.mean(first in one.right for one, first in pairs)
        print(f"{kind:>28}  {share:.3f}  of {len(pairs)}")
        for one, first in pairs if arguments.failing else []:
            if first not in one.right:
                print(f"{'':>30}{one.text} → {first}, not {sorted(one.right)}")


if __name__ == "__main__":
    main()
