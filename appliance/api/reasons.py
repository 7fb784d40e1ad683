"""Why somebody does what touches other people's privacy: asked for, and kept on record."""

from appliance.errors import NotAllowed

SHORTEST = 10  # characters; "teste" is no reason


def given(told: str, refusal: str) -> str:
    """The reason, its blanks tidied. Raises ``NotAllowed`` (the code ``refusal``) for one that
    says nothing."""
    reason = " ".join(told.split())
    if len(reason) < SHORTEST:
        raise NotAllowed(refusal, shortest=SHORTEST)
    return reason
