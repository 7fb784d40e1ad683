"""The parts of the data folder, for commands that do more than read a table.

A command works beside a running appliance (through the same files and the same
model runner) and without one: what is missing is started for as long as the
command runs.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import click
import msgspec

from appliance import app, assistants, children, collections, settings
from appliance.app import Parts
from appliance.cli import holding, terminal
from appliance.errors import Conflict, NotFound, Unavailable
from appliance.jobs.worker import only_one
from appliance.models.client import RunnerClient
from appliance.processes import Supervised
from appliance.records import Assistant, Collection


@contextlib.contextmanager
def opened(*, at_work: bool = False) -> Iterator[Parts]:
    """The parts of the data folder; ``at_work`` sees to a model runner and a worker."""
    found = settings.load()
    holding.ready(found.data, terminal.caller())
    parts = app.build(found)
    try:
        with children.kept(_missing(parts) if at_work else []):
            yield parts
    finally:
        parts.close()


def show(value: Any, as_json: bool, plain: Callable[[], None]) -> None:
    """The result as JSON, or as ``plain`` prints it."""
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
    else:
        plain()


def assistant_named(parts: Parts, name: str) -> Assistant:
    """The assistant somebody means. Raises ``NotFound`` with the name that was typed."""
    try:
        return assistants.named(parts.database, name)
    except NotFound as fault:
        raise NotFound("no_such_assistant", name=name) from fault


def collection_named(parts: Parts, name: str) -> Collection:
    """The collection somebody means. Raises ``NotFound`` with the name that was typed."""
    try:
        return collections.named(parts.database, name)
    except NotFound as fault:
        raise NotFound("no_such_collection", name=name) from fault


def _missing(parts: Parts) -> list[Supervised]:
    quiet = msgspec.structs.replace(parts.settings, log_level="error")
    missing = []
    if not _answers(parts.client):
        missing.append(msgspec.structs.replace(parts, settings=quiet).runner())
    with contextlib.suppress(Conflict), only_one(parts.settings.data):
        missing.append(children.worker(quiet))
    return missing


def _answers(client: RunnerClient) -> bool:
    try:
        client.health()
    except Unavailable:
        return False
    return True
