"""The doctor over HTTP.

``GET /api/doctor`` → ``{"items": [{check, state, code, said}], "next"}``.
"""

from typing import Any

from litestar import get
from litestar.di import NamedDependency

from appliance.api.guards import ADMINISTRATORS
from appliance.database import Database
from appliance.doctor import Patient, examine
from appliance.doctor.checks import CHECKS
from appliance.records import Caller
from appliance.settings import Settings
from appliance.status import Status
from appliance.vault import Vault


@get("/api/doctor", who=ADMINISTRATORS, sync_to_thread=True)
def checks(
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
    status: NamedDependency[Status],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """What is wrong with this installation and what to do, in the order of likely causes."""
    patient = Patient(settings=settings, database=database, vault=vault, client=status.client)
    items = [one.shown(caller.language) for one in examine(patient, CHECKS)]
    return {"items": items, "next": None}


routes = [checks]
