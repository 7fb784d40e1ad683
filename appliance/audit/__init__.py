"""The record of acts: who did what to what, and when; appended and never changed.

Four parts: ``acts`` writes a row with the change that it tells of, ``chain`` makes tampering
show, ``searching`` finds rows again, and ``forgetting`` is the one way in which anything
leaves: a name or details at a person's right, old rows at the end of their time.
"""

from appliance.audit.acts import of_document, read_document, record
from appliance.audit.chain import Head, Verdict, complete, head, read_head, verify
from appliance.audit.forgetting import blank, forget_before
from appliance.audit.searching import Entry, Wanted, known_acts, moment, newest, walk, wanted

__all__ = [
    "Entry",
    "Head",
    "Verdict",
    "Wanted",
    "blank",
    "complete",
    "forget_before",
    "head",
    "known_acts",
    "moment",
    "newest",
    "of_document",
    "read_document",
    "read_head",
    "record",
    "verify",
    "walk",
    "wanted",
]
