"""The links by which people come in: built from the configured address alone, never from what
a request says of itself. What opens the house stands behind the ``#``, which browsers keep
to themselves: no server, proxy or log between sees it."""

from typing import Literal

from appliance.settings import Settings


def link(settings: Settings, kind: Literal["invitation", "reset"], token: str) -> str:
    """The address that a person opens to come in by a token."""
    return f"{settings.address.rstrip('/')}/#/{kind}/{token}"
