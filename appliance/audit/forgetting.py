"""How the record of acts forgets, without breaking its chain (the way is told in ``chain``)."""

from appliance.audit import acts, chain
from appliance.database import Writer
from appliance.records import Caller

BLANK = "audit.blank"


def blank(
    writer: Writer, caller: Caller, *, by: str = "", about: str = "", naming: str = ""
) -> int:
    """Erase the name in the rows of a caller ("person:ID"), and the details of the rows
    about a subject (an id) or with a text in them (an address): of one person, usually all.
    How many rows were changed.

    That it was done is an act of its own. The rows stay, and the chain holds. The words are
    gone from the search, too; their traces in its files go with an ``optimize`` of the table
    ``audit_words`` and a ``vacuum``, as for every erasure.
    """
    names = writer.run(
        """
        update audit set name = '', name_salt = ''
        where caller = :by and :by != '' and name_salt != ''
        """,
        {"by": by},
    )
    details = writer.run(
        """
        update audit set details = '{}', details_salt = ''
        where details_salt != '' and (subject = :about and :about != ''
            or :naming != '' and instr(lower(details), lower(:naming)))
        """,
        {"about": about, "naming": naming},
    )
    if names + details:
        acts.record(writer, caller, BLANK, about or by, rows=names + details)
    return names + details


def forget_before(writer: Writer, caller: Caller, moment: str) -> int:
    """Remove the rows from before a moment (RFC 3339, as ``timestamp`` writes it) from the
    old end of the record; how many. The rows that are left say up to which.

    A row that was written before an older one, by a clock that went back, goes with it.
    """
    last = writer.row(
        """
        select id, hash from audit
        where id < coalesce((select min(id) from audit where at >= :moment), 1 << 62)
        order by id desc limit 1
        """,
        {"moment": moment},
    )
    if last is None:
        return 0
    up_to = str(chain.Head(**last))
    oldest = writer.row("select min(id) as id from audit")
    count = last["id"] - (oldest["id"] if oldest else 0) + 1
    acts.record(writer, caller, chain.FORGET, up_to, before=moment, rows=count)
    return writer.run("delete from audit where id <= :id", {"id": last["id"]})
