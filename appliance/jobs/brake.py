"""When a run stops and asks: what it misses may be a disk that is not there.

A share that is not mounted is an empty folder, and a site that is being repaired has no
pages; what follows from either for the documents a person decides. Small changes need
nobody: what they remove lies in the trash.
"""

from appliance.jobs.comparing import Plan
from appliance.records import Problem

MOST_GONE = 0.20  # of the known things
FROM_KNOWN = 20  # below so many a fifth is soon gone
MOST_ERRORS = 0.50  # of what there should have been


def held(plan: Plan, *, other_disk: bool) -> Problem | None:
    """Why a run must not go on by itself; None when it may.

    ``other_disk``: the folder lies on another disk than at the last run, which by itself
    means nothing (shares get a new number with each start of the server).
    """
    gone, known = len(plan.removals), plan.known
    if not known:
        return None  # there is nothing to lose
    facts = {"gone": gone, "known": known}
    if gone and not plan.listed:
        return Problem(code="source_empty", facts=facts)
    if plan.errors > MOST_ERRORS * (plan.listed + plan.errors):
        total = plan.listed + plan.errors
        return Problem(code="source_mostly_failed", facts={"failed": plan.errors, "total": total})
    if gone and other_disk:
        return Problem(code="source_other_disk", facts=facts)
    if known >= FROM_KNOWN and gone > MOST_GONE * known:
        return Problem(code="source_many_gone", facts=facts)
    return None
