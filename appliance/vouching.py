"""Vouching: a site says whom its visitor is, and signs it (HMAC-SHA256).

The text is a JSON object, ``{"id": "4711", "name": "Ana Souza", "expires": 1767225600}``: who it
is for the site, how they are called (may be left out), and until when (seconds since 1970) a
conversation may be begun with it. The signature is the HMAC-SHA256 of exactly this text
(UTF-8) by the widget's secret, in hexadecimal. Every widget has a secret of its own, so what
was signed for one says nothing to another.
"""

import hmac
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated

import msgspec

from appliance.errors import BadRequest, NotAllowed
from appliance.records import Record

LONGEST = 2000  # characters of the text
FARTHEST = 24 * 3600  # seconds that a text may be good for: a page is made anew each day


class Voucher(Record, frozen=True, forbid_unknown_fields=True):
    """Whom a site vouches for. ``expires`` is in seconds since 1970."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    expires: float
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""


def signature(text: str, secret: str) -> str:
    """What a site with this secret signs a text with, in hexadecimal."""
    return hmac.new(secret.encode(), text.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def read(text: str, signed: str, secret: str, *, now: datetime | None = None) -> Voucher:
    """Whom a signed text vouches for.

    Nothing of it is read before its signature holds. Raises ``BadRequest``
    (``identity_too_long``, ``identity_malformed``) and ``NotAllowed`` (``identity_not_signed``,
    ``identity_expired``, ``identity_too_far``).
    """
    if len(text) > LONGEST:
        raise BadRequest("identity_too_long", most=LONGEST)
    given = signed.strip().lower()
    # ASCII first: ``compare_digest`` raises on any other text.
    if not given.isascii() or not hmac.compare_digest(signature(text, secret), given):
        raise NotAllowed("identity_not_signed")
    try:
        voucher = msgspec.json.decode(text, type=Voucher)
    except (msgspec.DecodeError, UnicodeError) as fault:
        raise BadRequest("identity_malformed", reason=str(fault)) from fault
    left = voucher.expires - (now or datetime.now(UTC)).timestamp()
    if left <= 0:
        raise NotAllowed("identity_expired")
    if left > FARTHEST:
        raise NotAllowed("identity_too_far", hours=FARTHEST // 3600)
    return voucher
