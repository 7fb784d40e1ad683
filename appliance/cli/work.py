"""``appliance work``: the worker process, as ``appliance serve`` starts and keeps it."""

import logging
import sys

import click

from appliance import app, logs, settings, trail
from appliance.errors import Refusal
from appliance.jobs import worker
from appliance.jobs.worker import Worker

BROKE = 70  # the exit status of a program that failed by itself (sysexits.h)

log = logging.getLogger("appliance.jobs")


@click.command(hidden=True)
def work() -> None:
    """Do the jobs until told to stop; one worker a data folder."""
    found = settings.load()
    logs.begin(found.log_level)
    trail.begin(found.data, "worker")
    # Each poll of an empty queue and each delivery would be a line.
    logging.getLogger("huey").setLevel(logging.WARNING)

    def assembled() -> Worker:
        parts = app.build(found)
        parts.finder.indexer.sweep()
        return parts.worker()

    try:
        worker.work(found, assembled)
    except Refusal:
        raise
    except Exception:
        # Into the log and its trail, where the doctor finds it: started again it may fail again.
        log.exception("the worker ended by a fault of its own")
        sys.exit(BROKE)
