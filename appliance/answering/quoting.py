"""The sentences that answer: the answer when no model writes, the check when one does.

Out of the passages found, the one to three sentences that say most about the question,
each word for word with its place. A list item or a table row is a sentence and stays
whole; a line that ends in a colon is quoted with the list that it opens; a heading is
never an answer. The weights are a linear ranker learned on public questions and judged on
sets that it did not learn from: the gold answer stands in two such sentences for 0.92 of
FaQuAD, by vector similarity alone for 0.62.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appliance.answering.finding import Findings, Hit
from appliance.index import grams, keywords
from appliance.index.sentences import sentences
from appliance.records import DocumentName, Language
from appliance.windows import StoredChunk

# What counts of a sentence: the share of the question's IDF in it, and in it with what it
# stands below; the score of its passage; the cosine of its window; whether it holds what
# kind of thing is asked for; the share of the question's 4-grams.
COVERAGE, ABOVE, CHUNK, MEANING, KIND, WORDING = 2.0, 2.9, 5.6, 2.0, 1.6, 3.1
FROM = 5  # passages that are read
_LIST_MOST = 700  # characters of a list that are quoted with the line that opens it
_ADDS = 0.18  # share of the question's weight a further sentence must add
_NEAR = 0.75  # share of the best sentence's score that one of another passage must reach
_QUESTION_LINE = re.compile(r"[^\n]{0,80}\?[ \t]*(?:\n|$)")  # from a sentence's end on
_LIST_ITEM = re.compile(r"[•●▪◦‣·*–—-]\s|(?:[IVXLC]{1,6}|[a-z]|\d{1,2})\s?[-–—).]\s")
_LABEL = re.compile(r"(?:art|artigo|art[íi]culo|article|§|par[áa]grafo [úu]nico)[^\n]{0,12}", re.I)


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a document, word for word; ``start`` and ``end`` count in its text.

    ``n`` is the number of its passage, ``score`` orders quotes of one question, and
    ``covers`` are the question's terms that it holds.
    """

    n: int
    document: DocumentName
    page: int | None
    start: int
    end: int
    quote: str
    score: float
    covers: frozenset[str]


def quote(findings: Findings, *, most: int = 3) -> list[Quote]:
    """The best sentence for the question, and further ones only where they add to it.

    In order of the documents' text, so that two sentences of one passage read on.
    """
    ranked = rank(findings)
    if not ranked:
        return []
    chosen = [ranked[0]]
    for one in ranked[1:]:
        if len(chosen) == most:
            break
        if _adds(one, chosen, findings):
            chosen.append(one)
    return sorted(chosen, key=lambda one: (one.n, one.start))


def rank(findings: Findings) -> list[Quote]:
    """Every sentence of the first passages, the likeliest to hold the answer first."""
    top = findings.hits[:FROM]
    quotes = [one for n, hit in enumerate(top, start=1) for one in _sentences_of(findings, n, hit)]
    return sorted(quotes, key=lambda one: (-one.score, one.n, one.start))


def _adds(one: Quote, chosen: Sequence[Quote], findings: Findings) -> bool:
    """Whether a sentence holds enough of the question that those chosen do not."""
    if any(_overlap(one, other) for other in chosen):
        return False
    if one.score < _NEAR * chosen[0].score and all(one.n != other.n for other in chosen):
        return False
    held = frozenset().union(*(other.covers | _heading(findings, other) for other in chosen))
    language = findings.hits[one.n - 1].chunk.language
    weights = findings.weights[language]
    total = sum(weights.values()) or 1.0
    return sum(weights.get(term, 0.0) for term in one.covers - held) / total >= _ADDS


def _overlap(one: Quote, other: Quote) -> bool:
    return one.document == other.document and one.start < other.end and other.start < one.end


def _heading(findings: Findings, one: Quote) -> frozenset[str]:
    """The terms of a quote's title and headings, which say what it is about."""
    return frozenset(findings.hits[one.n - 1].chunk.heading_terms.split())


def _sentences_of(findings: Findings, n: int, hit: Hit) -> Iterable[Quote]:
    chunk = hit.chunk
    weights = findings.weights[chunk.language]
    total = sum(weights.values()) or 1.0
    above = frozenset(chunk.heading_terms.split()) & weights.keys()
    wanted = kind_of(findings.question.text)
    spoken = _spoken(chunk)
    for (start, end, lead), wording in zip(spoken, _wording(findings, chunk, spoken), strict=True):
        text = chunk.text[start:end]
        covers = frozenset(keywords.terms(f"{lead} {text}", chunk.language).split())
        covers &= weights.keys()
        score = (
            COVERAGE * sum(weights[term] for term in covers) / total
            + ABOVE * sum(weights[term] for term in covers | above) / total
            + CHUNK * hit.score
            + MEANING * _cosine(hit, start, end)
            + KIND * _answers(wanted, text, findings.question, chunk.language)
            + WORDING * wording
        )
        yield Quote(
            n=n,
            document=chunk.document,
            page=chunk.page,
            start=chunk.start + start,
            end=chunk.start + end,
            quote=text,
            score=score,
            covers=covers,
        )


def _wording(
    findings: Findings, chunk: StoredChunk, spoken: Sequence[tuple[int, int, str]]
) -> list[float]:
    """The share of the question's 4-grams that each sentence holds, with what leads to it."""
    wanted = findings.question.grams
    lines = [keywords.folded(f"{lead} {chunk.text[start:end]}") for start, end, lead in spoken]
    held = grams.counts(lines, wanted) > 0
    return [float(share) for share in held.sum(axis=1) / max(len(wanted), 1)]


def _spoken(chunk: StoredChunk) -> list[tuple[int, int, str]]:
    """The sentences that can answer, each with what is said above it for it.

    The line of a question, as in a list of frequent questions, answers nothing but tells
    what the sentence after it is about, and so does a heading; ``Art. 28.`` is quoted with
    what it says, and a line that ends in a colon with its list.
    """
    text = chunk.text
    spans = sentences(text)
    found: list[tuple[int, int, str]] = []
    lead, label = "", None
    for place, (start, end) in enumerate(spans):
        if _QUESTION_LINE.match(text, end) or text[end - 1] == "?" or _titles(chunk, start, end):
            lead, label = f"{lead} {text[start:end]}", None
        elif _LABEL.fullmatch(text, start, end):
            label = start
        else:
            whole = _list_end(text, spans, place) if text[end - 1] == ":" else end
            found.append((start if label is None else label, whole, lead))
            lead, label = "", None
    # Where all is questions and headings, they are the nearest that there is to say.
    return found or [(start, end, "") for start, end in spans]


def _titles(chunk: StoredChunk, start: int, end: int) -> bool:
    """Whether a line says nothing that the title and the headings do not say."""
    line = " ".join(chunk.text[start:end].split()).strip("#*: ")
    return len(line) >= 3 and line in f"{chunk.document.title} › {chunk.heading}"


def _list_end(text: str, spans: Sequence[tuple[int, int]], place: int) -> int:
    """Where the list ends that the sentence at ``place`` opens; its own end without one."""
    end = spans[place][1]
    for start, stop in spans[place + 1 :]:
        if not _LIST_ITEM.match(text, start) or stop - spans[place][0] > _LIST_MOST:
            break
        end = stop
    return end


def _cosine(hit: Hit, start: int, end: int) -> float:
    """The cosine of the window that holds most of a sentence."""
    shared = [
        (min(end, stop) - max(start, begin), cosine)
        for (begin, stop), cosine in zip(hit.chunk.spans, hit.cosines, strict=False)
    ]
    overlap, cosine = max(shared, default=(0, 0.0))
    return cosine if overlap > 0 else 0.0


_KINDS = (
    ("count", r"quant[oa]s?|how (?:many|much|long|old|often)|cuánt[oa]s?|cuant[oa]s?"),
    ("when", r"quando|em que (?:ano|data|dia|mês|século)|qual (?:o|é o) prazo|until when"),
    ("when", r"até quando|when|(?:what|which) (?:year|date|day|month|century)|cuándo|cuando"),
    ("when", r"(?:a )?que horas|what time|(?:a )?qué hora|qual (?:o|é o) horário"),
    ("when", r"en qué (?:año|fecha|día|mes|siglo)|que ano|qué año"),
    ("who", r"quem|who(?:m|se)?|quién(?:es)?|quien(?:es)?"),
    ("where", r"onde|aonde|where|dónde|donde|em que (?:cidade|país|lugar|estado)"),
    ("why", r"por que|por quê|porque|why|por qué|qual (?:o|é o) motivo"),
)
_ASKS = tuple((kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for kind, words in _KINDS)
_NUMBER = re.compile(
    r"\d|\b(?:dois|duas|três|quatro|cinco|seis|sete|oito|nove|dez|vinte|trinta|cem|mil|milhões"
    r"|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million"
    r"|dos|tres|cuatro|siete|ocho|nueve|diez|veinte|cien)\b",
    re.IGNORECASE,
)
_MONTH = (
    "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"
    "|january|february|march|april|may|june|july|august|september|october|november|december"
    "|enero|febrero|marzo|mayo|junio|julio|septiembre|octubre|noviembre|diciembre"
)
_DATE = re.compile(
    rf"\b\d{{1,2}}º?(?: de)? (?:{_MONTH})\b|\b(?:{_MONTH}) \d{{1,2}}\b"
    r"|\b(?:1\d{3}|20\d{2})\b|\b\d{1,2}[/.]\d{1,2}\b|\b\d{1,2}(?:h|:\d{2})(?:\d{2})?\b",
    re.IGNORECASE,
)
_TIME_UNIT = re.compile(
    rf"\b(?:{_MONTH}|dias?|mes(?:es)?|mês|anos?|days?|months?|years?|días?|años?|s[ée]culo|siglo|century"
    r"|prazo|plazo)\b",
    re.IGNORECASE,
)
_BECAUSE = re.compile(
    r"\b(?:porque|pois|devido|já que|uma vez que|visto|a fim de|para que|because|due to|since"
    r"|debido|ya que|puesto que)\b",
    re.IGNORECASE,
)
_PROPER = re.compile(r"(?<=[a-zà-öø-ÿ,;] )[A-ZÀ-ÖØ-Þ][\w.'’-]+")


def kind_of(question: str) -> str:
    """What a question asks for: count, when, who, where, why, or nothing in particular ("")."""
    return next((kind for kind, pattern in _ASKS if pattern.search(question)), "")


def _answers(kind: str, sentence: str, question: keywords.Question, language: Language) -> float:
    """1 where a sentence holds the kind of thing asked for, else 0 (a mere "agosto" or "dias",
    where a date is asked for: one half).

    What stands in the question already is no answer to it.
    """
    if kind == "count":
        return float(bool(_NUMBER.search(sentence)))
    if kind == "when":
        asked_for = question.text.lower()
        if any(date.lower() not in asked_for for date in _DATE.findall(sentence)):
            return 1.0
        return 0.5 * bool(_TIME_UNIT.search(sentence))
    if kind == "why":
        return float(bool(_BECAUSE.search(sentence)))
    if kind in {"who", "where"}:
        asked = set(question.stems(language))
        names = (keywords.stem(name, language) for name in _PROPER.findall(sentence))
        return float(any(name not in asked for name in names))
    return 0.0


def around(findings: Findings, hit: int, *, most: int = 700) -> tuple[int, int]:
    """The span of a passage's text to put before a model: whole sentences around its best.

    ``hit`` counts from 0; the span counts in the passage's own text and is at most about
    ``most`` characters long. The answer is inside a budget of 2,000 characters of prompt
    most often with 600 to 800 characters of each passage.
    """
    chunk = findings.hits[hit].chunk
    spans = [(start, end) for start, end, _ in _spoken(chunk)]
    if len(chunk.text) <= most or not spans:
        return 0, len(chunk.text)
    scores = [one.score for one in _sentences_of(findings, hit + 1, findings.hits[hit])]
    low = high = max(range(len(spans)), key=scores.__getitem__)
    while True:
        before = scores[low - 1] if low > 0 else None
        after = scores[high + 1] if high + 1 < len(spans) else None
        grows_down = before is not None and (after is None or before > after)
        if before is None and after is None:
            break
        new_low, new_high = (low - 1, high) if grows_down else (low, high + 1)
        if spans[new_high][1] - spans[new_low][0] > most:
            break
        low, high = new_low, new_high
    return spans[low][0], spans[high][1]
