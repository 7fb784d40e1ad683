"""The trash over HTTP: documents that a source no longer has, and their way back."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from appliance import audit, library, trash
from appliance.api import rights
from appliance.api.guards import EDITORS, key
from appliance.api.jobs import job_json
from appliance.api.lists import Cursor, Limit, listed
from appliance.database import Database
from appliance.jobs import discarding
from appliance.jobs.queue import Queue
from appliance.records import Caller, timestamp
from appliance.settings import Settings
from appliance.trash import Trashed


@get(
    "/api/collections/{collection_id:str}/trash",
    who=EDITORS | key("documents:read"),
    sync_to_thread=True,
)
def list_trash(
    collection_id: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """What lies in the trash of a collection, and until when it can be restored."""
    rights.collection(database, caller, collection_id, to_change=True)
    found = trash.of_collection(database, collection_id, before=cursor, limit=limit + 1)
    page = listed(found, limit)
    page["items"] = [_shown(one, settings) for one in page["items"]]
    return page


@post(
    "/api/documents/{document_id:str}/restore",
    who=EDITORS | key("documents:write"),
    status_code=202,
    sync_to_thread=True,
)
def restore(
    document_id: FromPath[str],
    database: NamedDependency[Database],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Response[dict[str, Any]]:
    """Take a document out of the trash, to be read again."""
    found = rights.trashed(database, caller, document_id)
    document, job = discarding.restore(database, queue, found.id)
    with database.write() as db:
        audit.record(
            db,
            caller,
            "document.restore",
            document.id,
            collections=[document.collection],
            title=document.title,
        )
    return Response(
        {
            "document": library.as_json(document, caller.language),
            "job": job_json(job, caller.language),
        },
        status_code=202,
        headers={"Location": f"/api/jobs/{job.id}"},
    )


def _shown(trashed: Trashed, settings: Settings) -> dict[str, Any]:
    moment = datetime.fromisoformat(trashed.trashed_at)
    until = timestamp(moment + timedelta(days=settings.trash_days))
    shown: dict[str, Any] = msgspec.to_builtins(trashed)
    return shown | {"restorable_until": until}


routes = [list_trash, restore]
