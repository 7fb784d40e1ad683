"""Reference questions: searches whose best passages must be the same after a restore.

They are taken from the documents themselves, spread over the library: no word that anybody
asked goes in. They go by keywords, so that no model need run where a backup is proven.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from appliance import lifetime
from appliance.answering.finding import Finder
from appliance.archive.contents import Reference
from appliance.database import Database

MOST = 20
WORDS = 12  # of a passage make a question
PASSAGES = 5


def taken(database: Database, data: Path) -> tuple[Reference, ...]:
    """Up to twenty questions of a library, with what they find now."""
    finder, today = Finder(database, None, data), lifetime.today()
    asked = [
        Reference(
            collection=row["collection"],
            question=" ".join(row["text"].split()[:WORDS]),
            as_of=today,
            found=(),
        )
        for row in _spread(database)
    ]
    return tuple(msgspec.structs.replace(one, found=_found(finder, one)) for one in asked)


def otherwise(
    database: Database, data: Path, references: Iterable[Reference], *, exactly: bool
) -> list[Reference]:
    """Those that find something else now. Not ``exactly``, for a backup of another version
    whose search may order otherwise: the best passage must be among those found."""
    finder = Finder(database, None, data)
    different = []
    for one in references:
        found = _found(finder, one)
        same = found == one.found if exactly else set(one.found[:1]) <= set(found)
        if not same:
            different.append(one)
    return different


def _found(finder: Finder, one: Reference) -> tuple[tuple[str, int], ...]:
    found = finder.search([one.collection], one.question, limit=PASSAGES, as_of=one.as_of)
    return tuple((passage.document.id, passage.start) for passage in found.passages)


def _spread(database: Database) -> list[dict[str, str]]:
    """One chunk of each of up to ``MOST`` documents, evenly over all that are ready."""
    return database.rows(
        """
        with ready as (
            select id, collection, row_number() over (order by id) - 1 as place,
                count(*) over () as total
            from documents where state = 'ready' and chunks > 0
        ), chosen as (
            select id, collection from ready
            where total <= :most or place % ((total + :most - 1) / :most) = 0
            order by id limit :most
        )
        select chosen.collection, chunks.text from chosen join chunks
            on chunks.document = chosen.id and chunks.ordinal = (
                select max(ordinal) / 2 from chunks where document = chosen.id)
        order by chosen.id
        """,
        {"most": MOST},
    )
