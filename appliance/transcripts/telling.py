"""What a transcript holds, and the sentences around it that are the house's own."""

from datetime import datetime

from appliance.errors import sentence
from appliance.records import Answer, Citation, Language, Record


class Exchange(Record, frozen=True):
    """A question and what was answered to the reader; ``at`` is RFC 3339."""

    question: str
    answer: Answer | None
    at: str


class Transcript(Record, frozen=True):
    """``owner`` is whose conversation it is, "" where it is the reader's own; ``made_at`` is
    when it was taken along (RFC 3339)."""

    title: str
    assistant: str
    owner: str
    made_at: str
    exchanges: tuple[Exchange, ...]


def lead(transcript: Transcript, language: Language) -> str:
    """Where it comes from and when, in a sentence."""
    facts = {"assistant": transcript.assistant, "owner": transcript.owner}
    facts["at"] = moment(transcript.made_at, language)
    return sentence(
        "transcript_lead_of" if transcript.owner else "transcript_lead", facts, language
    )


def moment(at: str, language: Language) -> str:
    """A moment as people of the language write it, in this server's time."""
    local = datetime.fromisoformat(at).astimezone()
    return local.strftime("%Y-%m-%d %H:%M" if language == "en" else "%d/%m/%Y %H:%M")


def source(citation: Citation, language: Language) -> str:
    """What a footnote says: the title, the provision, the page, and the very lines."""
    title = ", ".join(filter(None, (citation.document.title, citation.place)))
    if citation.page is not None:
        title = sentence("transcript_page", {"title": title, "page": citation.page}, language)
    quote = " ".join(citation.quote.split())
    return f"{title}: “{quote}”" if quote else title


def caveats(answer: Answer, language: Language) -> list[str]:
    """What the reader has to know beside an answer, in sentences."""

    def says(code: str, **facts: object) -> str:
        return sentence(code, dict(facts), language)

    unread = [
        says("answer_unread", title=one.document.title, pages=", ".join(map(str, one.pages)))
        for one in answer.unread
    ]
    newer = [
        says("answer_newer", title=one.document.title, newer=one.newer.title)
        for one in answer.newer
    ]
    return [
        *([says("transcript_stopped")] if answer.state == "stopped" else []),
        *([says("transcript_as_of", day=answer.as_of)] if answer.as_of else []),
        *filter(None, [answer.note]),
        *unread,
        *newer,
        *([says("answer_left_building")] if answer.left_building else []),
    ]
