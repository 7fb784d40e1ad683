"""The preview's bench: a search laid open, made of the scripted passages and a few figures."""

from typing import Any

from tests.static.preview_house import House, Json

WEIGHTS = {
    "words": 1.8, "coverage": 1.6, "names": 1.3, "bigrams": 1.0, "grams": 2.0, "sentence": 1.2,
    "wording": 1.9, "meaning": 2.3, "brevity": 1.6,
}  # fmt: skip
VALUES = (
    (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.92, 0.71, 0.6),
    (0.62, 0.8, 1.0, 0.4, 0.7, 0.55, 0.6, 0.64, 0.5),
    (0.31, 0.5, 0.0, 0.0, 0.42, 0.3, 0.35, 0.66, 0.7),
    (0.0, 0.0, 0.0, 0.0, 0.12, 0.0, 0.1, 0.38, 0.4),
)
RANKS = ((1, 1), (2, 3), (3, 2), (None, 4))
SMALL = {"até", "quando", "o", "a", "os", "as", "qual", "é", "há", "e", "de", "do", "da"}
THRESHOLDS = {"strict": 0.4, "balanced": 0.2, "helpful": 0.08}


def report(house: House, assistant: Json, query: str) -> Json:
    """What the bench tells. "nada" finds nothing; "piscina" and "unicórnio" are in no document."""
    words = [word.strip("?!.,").lower() for word in query.split()]
    unknown = {"piscina", "unicórnio"} & set(words)
    answerable = 0.0 if "nada" in words else 0.16 if unknown else 0.93
    fused = [] if "nada" in words else [_fused(*one) for one in zip(
        house.passages(query), VALUES, RANKS, strict=False)]  # fmt: skip
    return {
        "query": query, "language": "pt",
        "words": [
            {"text": word, "idf": 5.9 if word in unknown else 1.2 + len(word) % 4,
             "found": word not in unknown}
            for word in words if word not in SMALL
        ],
        "ignored": [word for word in words if word in SMALL],
        "keywords": _seen(fused, "keywords", 11.2), "meaning": _seen(fused, "meaning", 0.71),
        "fused": fused, "candidates": len(fused) * 6, "answerable": answerable,
        "facts": {"words": 0.61, "coverage": 0.88, "sentence_coverage": 0.74, "score": 0.83,
                  "gap": 0.42, "lead": 0.21, "unknown": len(unknown) / 3,
                  "sentence_meaning": 0.71, "meaning": 0.71} if fused else {},
        "levels": [
            {"strictness": name, "threshold": least, "answers": answerable >= least}
            for name, least in THRESHOLDS.items()
        ],
        "strictness": assistant["strictness"], "took_ms": 12.4,
    }  # fmt: skip


def _fused(passage: Json, values: tuple[float, ...], ranks: tuple[int | None, int]) -> Json:
    total = sum(WEIGHTS.values())
    shares = [
        {"signal": name, "value": value, "weight": weight, "share": value * weight / total}
        for (name, weight), value in zip(WEIGHTS.items(), values, strict=True)
    ]
    score = sum(share["share"] for share in shares)
    return {
        "passage": passage | {"score": score},
        "snippet": passage["text"][-180:].partition(" ")[2],
        "keywords": ranks[0], "meaning": ranks[1],
        "codes": ["art28"] if ranks == (1, 1) else [], "shares": shares,
    }  # fmt: skip


def _seen(fused: list[Json], engine: str, best: float) -> list[dict[str, Any]]:
    ranked = sorted((one for one in fused if one[engine]), key=lambda one: int(one[engine]))
    return [
        {"rank": one[engine], "score": best / one[engine] ** 0.4,
         "snippet": one["passage"]["text"][:180]}
        | {name: one["passage"][name] for name in ("document", "page", "heading")}
        for one in ranked
    ]  # fmt: skip
