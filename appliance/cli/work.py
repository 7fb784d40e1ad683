"""``appliance work``: the worker process, as ``appliance serve`` starts and keeps it."""

import logging

import click

from appliance import app, logs, settings, trail
from appliance.jobs import worker
from appliance.jobs.worker import Worker


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

    worker.work(found, assembled)
