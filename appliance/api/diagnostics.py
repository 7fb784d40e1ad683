"""The diagnostics bundle over HTTP.

``GET /api/diagnostics`` → ``{"items": [{name, bytes, said}], "next"}``: what a bundle would hold.
``GET /api/diagnostics/bundle`` → the bundle, a zip file.
"""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency, Provide

from appliance import audit, diagnostics, metrics
from appliance.answering.flow import Answering
from appliance.api.guards import ADMINISTRATORS
from appliance.database import Database
from appliance.diagnostics import Part
from appliance.doctor import Patient
from appliance.metrics import Meters, Standing
from appliance.records import Caller
from appliance.settings import Settings
from appliance.status import Status
from appliance.vault import Vault

ZIP = "application/zip"


def provide_parts(
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
    status: NamedDependency[Status],
    answering: NamedDependency[Answering],
    meters: NamedDependency[Meters],
) -> list[Part]:
    """The dependency ``parts``: what a bundle of now holds."""
    patient = Patient(settings=settings, database=database, vault=vault, client=status.client)
    standing = Standing(settings, database, status, answering.entrance)
    return diagnostics.gather(patient, lambda: metrics.page(meters, standing))


PARTS = {"parts": Provide(provide_parts, sync_to_thread=True)}


@get("/api/diagnostics", who=ADMINISTRATORS, dependencies=PARTS, sync_to_thread=True)
def index(parts: NamedDependency[list[Part]], caller: NamedDependency[Caller]) -> dict[str, Any]:
    """What a diagnostics bundle would hold: each file's name, size and meaning."""
    items = [
        {"name": one.name, "bytes": len(one.content), "said": one.said(caller.language)}
        for one in parts
    ]
    return {"items": items, "next": None}


@get(
    "/api/diagnostics/bundle",
    who=ADMINISTRATORS,
    dependencies=PARTS,
    gives={ZIP: bytes},
    sync_to_thread=True,
)
def bundle(
    parts: NamedDependency[list[Part]],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Response[bytes]:
    """The bundle as it is now, to give to whoever helps; no name, address or text is in it."""
    packed = diagnostics.packed(parts, caller.language)
    name = diagnostics.file_name()
    with database.write() as db:
        audit.record(db, caller, diagnostics.ACT, name, bytes=len(packed))
    return Response(
        packed,
        media_type=ZIP,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


routes = [index, bundle]
