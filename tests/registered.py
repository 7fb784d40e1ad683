"""Routes registered once, for all the applications that the tests assemble.

Litestar takes half a second over the 390 routes of the appliance, and the tests assemble two
thousand appliances. What an application does with a request stands in its ``state``: so a
twin with a state of its own does all that the first would.
"""

import copy
import functools
from collections.abc import Callable

from litestar import Litestar
from litestar.datastructures import State
from litestar.events import SimpleEventEmitter


def once(routed: Callable[[], Litestar]) -> Callable[[], Litestar]:
    """What gives twins of one application, which is made when the first is asked for."""
    first = functools.cache(routed)
    return lambda: twin(first())


def twin(first: Litestar) -> Litestar:
    """An application that shares the routes of the first, and neither its state nor its life."""
    other = copy.copy(first)
    other.state = State()
    other.event_emitter = SimpleEventEmitter(())
    other.asgi_router = copy.copy(first.asgi_router)
    other.asgi_router.app = other
    other.asgi_handler = other._create_asgi_handler()
    return other
