"""Which document somebody wants summarised, by what they call it.

Only what names a document is taken: "Resuma o contrato social", "faça um resumo do anexo",
"summarize the handbook". Where several are called so they are offered; where none is, the
question is one for the documents, as any other.
"""

import re

from appliance import attached, library, lifetime, names
from appliance.answering.replies import Reply
from appliance.database import Database
from appliance.errors import sentence
from appliance.folding import plain
from appliance.reach import NOTHING, Reach
from appliance.records import Assistant, Document, Record

OFFERED = 4
_LOOKED_AT = 12  # documents that are called so
_MOST = 200  # letters of such a question
_VERB = re.compile(
    r"(?:(?:por favor|pode|poderia|voce pode|quero|queria|gostaria de|preciso de|please|can you|"
    r"could you|i want|i need|puedes|podria|quiero|necesito)[, ]+)*"
    r"(?:(?:me )?(?:resuma|resumir|resume|resuman|resumen|summari[sz]e|sum up)"
    r"(?: para mim| for me)?"
    r"|(?:(?:me )?(?:faca|faz|fazer|de|haz|hacer|make|give me|write|uma?|un|a) )*"
    r"(?:resumo|sintese|resumen|summary)(?: (?:d[oae]s?|del|de la|de los|of|sobre))?)\s+",
)
_KIND = re.compile(
    r"(?:(?:o|a|os|as|do|da|dos|das|de|el|la|los|del|the|this|este|esta|esse|essa|meu|minha|my|mi)\s+"
    r"|(?:documento|arquivo|ficheiro|anexo|texto|document|file|attachment|archivo|adjunto)"
    r"(?:\s+(?:anexado|anexo|attached|adjunto|chamado|intitulado|called|llamado))?(?:\s+|$))*"
)
_QUOTES = str.maketrans(dict.fromkeys("“”\"'‘’«»", " "))


class Meant(Record, frozen=True):
    """The document that is to be summarised, or what is said where several are called so;
    both None where the question is none for a summary."""

    document: Document | None = None
    reply: Reply | None = None


def meant(database: Database, assistant: Assistant, question: str, day: str | None) -> Meant:
    """The document within what the assistant reads that a question wants in a few sentences.
    ``day`` is that on which it must be in force, None for today."""
    called = name_in(question)
    if called is None:
        return Meant()
    beside = _beside(database, assistant)
    if not called:
        return Meant(document=beside[-1] if beside else None)
    found = [one for one in beside if _has(one, called)] or _library(
        database, assistant, called, day
    )
    exact = [one for one in found if plain(one.title) == called]
    if len(exact or found) == 1:
        return Meant(document=(exact or found)[0])
    return Meant(reply=_which(assistant, found) if found else None)


def name_in(question: str) -> str | None:
    """What a question for a summary calls the document, folded; "" for the one at hand, None
    where it is no such question."""
    folded = " ".join(plain(question[:_MOST]).translate(_QUOTES).split()).rstrip(".!?… ")
    verb = _VERB.match(f"{folded} ")
    if verb is None or len(question) > _MOST:
        return None
    rest = f"{folded} "[verb.end() :].strip()
    kind = _KIND.match(rest)
    return rest[kind.end() :].strip() if kind else rest


def asks_for(title: str, assistant: Assistant) -> str:
    """The question that a document of this title is summarised by."""
    return sentence("summary_ask", {"title": title}, assistant.language)


def _beside(database: Database, assistant: Assistant) -> list[Document]:
    """What lies beside the conversation and was read, the oldest first."""
    shelves = attached.among(database, assistant.collections)
    return [
        one
        for shelf in shelves
        for one in library.of_collection(database, shelf, limit=1000)
        if one.state == "ready" and one.parent is None
    ]


def _library(
    database: Database, assistant: Assistant, called: str, day: str | None
) -> list[Document]:
    within = Reach(closed=NOTHING, within=frozenset(assistant.collections))
    named = names.documents(database, called, reach=within, limit=_LOOKED_AT)
    past = set(lifetime.out_of_force(database, assistant.collections, day or lifetime.today()))
    known = [library.find(database, one.id) for one in named if one.id not in past]
    return [one for one in known if one and one.state == "ready"]


def _has(document: Document, called: str) -> bool:
    told = plain(f"{document.title} {document.file_name}")
    return all(word in told for word in called.split())


def _which(assistant: Assistant, found: list[Document]) -> Reply:
    titles = list(dict.fromkeys(one.title for one in found))[:OFFERED]
    return Reply(
        text=sentence("summary_which", {}, assistant.language),
        said_by="house",
        offers=tuple(asks_for(title, assistant) for title in titles),
    )
