"""Lists: ``?limit=50&cursor=…`` in, ``{"items": […], "next": "…"|null}`` out.

A noun is asked for one item more than the page holds; whether it came says whether
there is a next page. The cursor is the id of the last item shown.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Annotated, Any, TypeVar

from litestar.params import QueryParameter

Limit = Annotated[int, QueryParameter(ge=1, le=200)]
Cursor = Annotated[str, QueryParameter(max_length=64)]
DEFAULT_LIMIT = 50

Item = TypeVar("Item")


def listed(
    found: Sequence[Item], limit: int, cursor: Callable[[Item], str] = attrgetter("id")
) -> dict[str, Any]:
    """A page of at most ``limit`` out of up to ``limit + 1`` items found.

    ``cursor`` says where an item stands in its list; its id, unless told otherwise.
    """
    page = list(found[:limit])
    return {"items": page, "next": cursor(page[-1]) if len(found) > limit else None}
