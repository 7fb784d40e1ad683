"""How a command about people and keys stands in a terminal: settings, database, caller, words.

It opens the database and nothing else, so that it answers at once and works when the
rest of the appliance does not start.
"""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import msgspec

from appliance.cli import holding
from appliance.database import Database
from appliance.errors import sentence
from appliance.records import Caller
from appliance.settings import Settings, load

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@contextmanager
def house() -> Iterator[tuple[Settings, Database]]:
    """The settings of this environment and the database of its data folder, migrated."""
    settings = load()
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    holding.ready(settings.data, caller())
    database = Database(settings.data / "appliance.db")
    try:
        database.migrate()
        yield settings, database
    finally:
        database.close()


def caller() -> Caller:
    """Whoever types, for the audit: the account on the machine."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in containers
        name = str(os.getuid())
    return Caller(kind="terminal", id=name, name=name, role="admin")


def say(settings: Settings, code: str, /, **facts: Any) -> None:
    """A sentence in the appliance's language."""
    click.echo(sentence(code, facts, settings.language))


def print_json(value: Any) -> None:
    """A value as one line of JSON."""
    click.echo(msgspec.json.encode(value).decode())
