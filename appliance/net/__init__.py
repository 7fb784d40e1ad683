"""The only way out: every request that leaves this server goes through a ``Gate``.

Promises. Nothing goes to an origin (scheme, host and port) that is not open, nor beyond the
prefix of an approved site, and a redirect is a request like any other. A name is looked up
once and the connection made to the very address that was checked; a name that leads inside
this machine, in one of its answers even, leads nowhere. No proxy, certificate or password
comes from the environment. Each request is written down before it is sent: what cannot be
written down is not sent.

``names`` says what an address names, ``addresses`` where a name may lead, ``gate`` lets
requests through, ``doors`` carries them.
"""

from appliance.net.gate import ANSWER_BYTES, REDIRECTS, Answer, Coming, Gate, not_reached
from appliance.net.names import is_below, is_literal, origin, origins, prefix, prefixes

__all__ = [
    "ANSWER_BYTES",
    "REDIRECTS",
    "Answer",
    "Coming",
    "Gate",
    "is_below",
    "is_literal",
    "not_reached",
    "origin",
    "origins",
    "prefix",
    "prefixes",
]
