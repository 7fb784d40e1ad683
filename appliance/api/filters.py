"""What conversations are listed by, the same for one's own and for everybody's."""

from typing import Annotated

from litestar.di import Provide
from litestar.params import QueryParameter

from appliance import audit
from appliance.conversations import Sought

Words = Annotated[str, QueryParameter(max_length=200)]
Id = Annotated[str, QueryParameter(max_length=100)]
From = Annotated[str, QueryParameter(name="from", max_length=40)]
To = Annotated[str, QueryParameter(name="to", max_length=40)]
Outcome = Annotated[str, QueryParameter(pattern="^(answered|refused|)$", max_length=10)]
Thumb = Annotated[str, QueryParameter(pattern="^(good|bad|)$", max_length=10)]


def provide_sought(
    assistant: Id = "", since: From = "", until: To = "", outcome: Outcome = "", thumb: Thumb = ""
) -> Sought:
    """The dependency ``sought``: what the address asks for. Dates are days of UTC, the last one
    included. Raises ``BadRequest`` (``bad_moment``)."""
    return Sought(
        assistant=assistant,
        since=audit.moment(since, day_after=False),
        until=audit.moment(until, day_after=True),
        outcome=outcome,
        thumb=thumb,
    )


FILTERS = {"sought": Provide(provide_sought, sync_to_thread=False)}
