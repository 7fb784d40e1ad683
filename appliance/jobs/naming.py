"""What jobs are about, by the names that people gave: a document's title, an assistant's name."""

import json
from collections.abc import Sequence

from appliance.database import Database
from appliance.records import Job

MODELS = ("pull", "import", "check")  # their subject is a name already


def names(database: Database, jobs: Sequence[Job]) -> dict[str, str]:
    """By the job's id the name of its subject; "" where it has none, or has gone."""
    rows = database.rows(
        """
        select id, name from (
            select id, title as name from documents union all select id, name from collections
            union all select id, name from assistants
            union all select id, address as name from sources)
        where id in (select value from json_each(:subjects))
        """,
        {"subjects": json.dumps([job.subject for job in jobs])},
    )
    known = {row["id"]: row["name"] for row in rows}
    return {
        job.id: job.subject if job.kind in MODELS else known.get(job.subject, "") for job in jobs
    }
