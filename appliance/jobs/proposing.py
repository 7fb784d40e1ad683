"""Whether a document that became ready looks like a new version of an older one.

Asked after a document is ready, and never in its way: it is found and cited whatever
comes of this.
"""

from appliance import library, proposals
from appliance.database import Database
from appliance.index import likeness

# On six sets of questions (1,134 pairs of documents in their collections) these propose 3
# pairs, each of them two editions of one text, and miss one that is as much alike as 0.43;
# their names alone would propose 45. Of documents with a tenth of their sentences changed,
# set by set, 0.40 to 0.88 are at least 0.8 alike and all at least 0.5; with a fifth of
# them, 0 to 0.24 and 0.82 to 1.0.
ALIKE = 0.8
ALIKE_BY_NAME = 0.5
# More than that are a form that was filled in, not versions of each other.
CROWD = 3


def propose(database: Database, document_id: str) -> None:
    """Sign the document's text, and propose the older one that it is most like, if any is
    alike enough."""
    signature = likeness.signature(library.text(database, document_id))
    with database.write() as db:
        proposals.sign(db, document_id, signature)
    document = library.find(database, document_id)
    if document is None or signature is None or document.supersedes is not None:
        return
    others = proposals.comparable(database, document_id)
    found = [
        (alike, other.id)
        for other, alike in zip(
            others,
            likeness.similarities(signature, [other.signature for other in others]),
            strict=True,
        )
        if alike >= ALIKE_BY_NAME
        and (
            alike >= ALIKE
            or likeness.same_name(document.title, other.title)
            or likeness.same_name(document.file_name, other.file_name)
        )
    ]
    if 0 < len(found) <= CROWD:
        alike, older = max(found)
        with database.write() as db:
            proposals.propose(db, document_id, older, alike)
