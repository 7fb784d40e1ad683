"""Which paths a source takes: ``*.pdf``, ``atas/2024/*``, ``**/rascunhos``.

A pattern without a slash is compared with each part of a path, one with a slash with the
path from its beginning; what it names it names with all that lies beneath. ``*`` and ``?``
stay within a part, ``**`` does not. Capitals and small letters are the same.
"""

import re
from collections.abc import Sequence
from functools import cache


def takes(path: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Whether a path is included (without ``include``, each is) and not excluded."""
    if any(matches(pattern, path) for pattern in exclude):
        return False
    return not include or any(matches(pattern, path) for pattern in include)


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern names the path, or something that the path lies beneath."""
    wanted = _compiled(pattern.strip("/"))
    if "/" not in pattern.strip("/"):
        return any(wanted.fullmatch(part) for part in path.split("/"))
    parts = path.split("/")
    return any(wanted.fullmatch("/".join(parts[:end])) for end in range(1, len(parts) + 1))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    written = ""
    for piece in re.findall(r"\*\*/?|\*|\?|[^*?]+", pattern):
        if piece == "**/":
            written += "(?:.*/)?"
        elif piece == "**":
            written += ".*"
        elif piece == "*":
            written += "[^/]*"
        elif piece == "?":
            written += "[^/]"
        else:
            written += re.escape(piece)
    return re.compile(written, re.IGNORECASE | re.DOTALL)
