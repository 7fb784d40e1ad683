"""Acts as messages for a log server (RFC 5424), one an act.

What is in the record is in the structured data, so that a program finds it again: ``id`` and
``hash`` are the act's place in the chain, and "ID:HASH" of any message is a head that
``appliance audit verify --head`` takes. The text is for people and repeats the least of it.
"""

import msgspec

from appliance.audit.searching import Entry

PRIORITY = 13 * 8 + 5  # facility "log audit", severity "notice"
NAME = "balcao"
# The number is the one for examples (RFC 5612): this product has none of its own.
STRUCTURE = "balcao@32473"
# A datagram of 2048 bytes is what every server takes (RFC 5426), and so much of it may each have.
BYTES = {"caller": 100, "name": 200, "act": 64, "subject": 200, "details": 800}
HOST_BYTES, KIND_BYTES = 100, 32
ESCAPED = '"\\]'  # these three and nothing else (RFC 5424, 6.3.3)
BOM = "\ufeff"  # says that the text is UTF-8


def message(entry: Entry, host: str) -> bytes:
    """An act as a message from this ``host``; what is longer than its ``BYTES`` is cut
    and ends in "…"."""
    details = msgspec.json.encode(entry.details).decode() if entry.details else ""
    told = {
        "id": entry.id,
        "caller": entry.caller,
        "name": entry.name,
        "act": entry.act,
        "subject": entry.subject,
        "hash": entry.hash,
        "details": details,
    }
    data = " ".join(
        f'{name}="{_fitted(value, BYTES.get(name), ESCAPED)}"'
        for name, value in told.items()
        if value
    )
    where, kind = _word(host, HOST_BYTES), _word(entry.act, KIND_BYTES)
    head = f"<{PRIORITY}>1 {entry.at} {where} {NAME} - {kind}"
    text = _fitted(entry.name or entry.caller, BYTES["name"])
    return f"{head} [{STRUCTURE} {data}] {BOM}{text}: {entry.act}".encode()


def _fitted(text: str, most: int | None, escaped: str = "") -> str:
    """The text without what ends a line or commands a terminal, a backslash before each sign
    that is to be ``escaped``, in no more bytes than that and a mark."""
    pieces, room = list[str](), most
    for sign in text:
        shown = sign if sign.isprintable() else "?"
        piece = f"\\{shown}" if shown in escaped else shown
        if room is not None and (room := room - len(piece.encode())) < 0:
            return "".join(pieces) + "…"
        pieces.append(piece)
    return "".join(pieces)


def _word(text: str, most: int) -> str:
    """What a field of the head may hold; "-" where that is nothing."""
    return "".join(sign for sign in text if "!" <= sign <= "~")[:most] or "-"
