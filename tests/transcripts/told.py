"""A transcript to write: an answer with two sources, a doubt and hostile names."""

from appliance.records import Answer, Citation, DocumentName, Sentence, Took
from appliance.transcripts import Exchange, Transcript

NASTY = "\"><img src=x onerror=fetch('/canary-xss')>[a](javascript:1)\x00\x0b"
TEXT = "## Prazos\n\nEntregue até **o dia 5**. [1][2] A multa é alta.\n\n- Leve o recibo. [1]\n"
TOOK = Took(passages_ms=1, first_token_ms=1, total_ms=1, queue_ms=0, tokens=1)


def citation(n: int, **fields: object) -> Citation:
    """A citation of page 3 of the handbook."""
    given = {
        "document": DocumentName(id="d", title="Regimento interno"),
        "page": 3,
        "start": 0,
        "end": 9,
        "quote": f"linha citada {n}",
        "url": "/#/documents/d",
    }
    return Citation(n=n, **(given | fields))  # type: ignore[arg-type]


def sentence(text: str, *citations: int, within: str = TEXT, supported: bool = True) -> Sentence:
    """A sentence where it stands in the text."""
    start = within.index(text)
    return Sentence(
        text=text, start=start, end=start + len(text), supported=supported, citations=citations
    )


def answer(text: str = TEXT, **fields: object) -> Answer:
    """The answer of the handbook."""
    given = {
        "message": "m",
        "conversation": "c",
        "state": "answered",
        "mode": "generate",
        "answer": text,
        "sentences": (
            sentence("Entregue até **o dia 5**.", 1, 2),
            sentence("A multa é alta.", supported=False),
            sentence("Leve o recibo.", 1),
        ),
        "citations": (citation(1), citation(2, place="Art. 7º")),
        "passages": (),
        "took": TOOK,
    }
    return Answer(**(given | fields))  # type: ignore[arg-type]


def transcript(*answers: Answer | None, **fields: str) -> Transcript:
    """A conversation of these answers."""
    given = {
        "title": "Quando?",
        "assistant": "Secretaria",
        "owner": "",
        "made_at": "2026-03-01T12:00:00.000Z",
    }
    exchanges = tuple(
        Exchange(question="Quando entrego?", answer=one, at="2026-03-01T11:59:00.000Z")
        for one in answers
    )
    return Transcript(exchanges=exchanges, **(given | fields))
