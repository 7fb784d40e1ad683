"""Which sets are of one family: a fit is judged on none of its own.

Two sets of one source in two languages, or two halves of it, share passages and the way of
asking; a fit that saw one of them has seen the other.
"""

import re
from collections.abc import Mapping
from typing import TypeVar

Data = TypeVar("Data")


def family(name: str) -> str:
    """``squad1s-pt`` and ``squad2-a-pt`` are ``squad``, ``xquad-a-es`` is ``xquad``."""
    return re.sub(r"\d+[a-z]*$", "", name.partition("-")[0])


def others(sets: Mapping[str, Data], name: str) -> list[Data]:
    """The sets that are of another family than the one of this name."""
    return [one for other, one in sets.items() if family(other) != family(name)]
