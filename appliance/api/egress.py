"""The network exit, for administrators: what may leave by the settings, and what did."""

from litestar import get
from litestar.di import NamedDependency

from appliance.api.guards import ADMINISTRATORS
from appliance.database import Database
from appliance.egress import allowed
from appliance.egress.allowed import DAYS, Destination, Judged, Resolver
from appliance.records import Record
from appliance.settings import Settings


class Sheet(Record, frozen=True):
    """The network exit on one page; ``outside`` counts the contacts that nothing permits."""

    days: int
    destinations: list[Destination]
    contacts: list[Judged]
    outside: int
    resolvers: list[Resolver]


@get("/api/egress", who=ADMINISTRATORS, sync_to_thread=True)
def index(settings: NamedDependency[Settings], database: NamedDependency[Database]) -> Sheet:
    """What may be contacted, what was in the last 30 days, and who is asked for names."""
    made = allowed.made(settings, database)
    return Sheet(
        days=DAYS,
        destinations=allowed.destinations(settings, database),
        contacts=made,
        outside=sum(one.outside for one in made),
        resolvers=allowed.resolvers(),
    )


routes = [index]
