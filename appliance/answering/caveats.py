"""What a reader has to know beside an answer: pages near its evidence that could not be read,
and documents that something newer takes the place of.
"""

from collections.abc import Sequence

from appliance import lifetime, reviews
from appliance.database import Database
from appliance.records import Answer, Citation, DocumentName, Newer, Passage, Unread

BEST = 3  # documents of a refused question whose unread pages might have held the answer


def unread(database: Database, answer: Answer) -> tuple[Unread, ...]:
    """The pages that could not be read beside what an answer cites or, where it was refused,
    anywhere in the documents that came nearest."""
    if answer.state == "refused":
        best = list(_named(answer.passages))[:BEST]
        found = [(name, reviews.unreadable(database, name.id)) for name in best]
    else:
        found = [
            (name, reviews.unreadable(database, name.id, near=pages))
            for name, pages in _cited(answer.citations).items()
        ]
    return tuple(Unread(document=name, pages=tuple(pages)) for name, pages in found if pages)


def newer(database: Database, answer: Answer) -> tuple[Newer, ...]:
    """What takes the place of the documents that an answer cites."""
    return tuple(lifetime.newer(database, [one.document.id for one in answer.citations]))


def _named(passages: Sequence[Passage]) -> dict[DocumentName, None]:
    return dict.fromkeys(passage.document for passage in passages)


def _cited(citations: Sequence[Citation]) -> dict[DocumentName, list[int]]:
    """The pages that are cited, by document; formats without pages have none."""
    pages: dict[DocumentName, list[int]] = {}
    for one in citations:
        if one.page is not None:
            pages.setdefault(one.document, []).append(one.page)
    return pages
