"""The command line: one file per family of commands, each loaded only when it is asked for.

Every command has ``--json``, exits 0 on success, 1 on a refusal with one
sentence on standard error, and 2 on wrong usage.
"""

import sqlite3
import sys
from importlib import import_module
from typing import Any

import click

from appliance import disk
from appliance.api import maintenance
from appliance.errors import Refusal, Unavailable, sentence
from appliance.settings import BadSettings, load

CLOSED = (
    PermissionError,
    FileNotFoundError,
    FileExistsError,
    IsADirectoryError,
    NotADirectoryError,
)
DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
COMMANDS = {
    "serve": "serve:serve",
    "setup-code": "setup_code:command",
    "person": "person:command",
    "processing": "processing:command",
    "key": "key:command",
    "assistant": "assistant:assistant",
    "audit": "audit:command",
    "certificate": "certificate:command",
    "diagnostics": "diagnostics:command",
    "doctor": "doctor:command",
    "egress-check": "egress:check",
    "egress-trial": "trial:trial",
    "golden": "golden:command",
    "ingest": "ingest:ingest",
    "ask": "ask:ask",
    "backup": "backup:backup",
    "bench": "bench:bench",
    "search": "ask:search",
    "eval": "eval:evaluate",
    "models": "models:command",
    "restore": "backup:restore",
    "retention": "retention:command",
    "rollback": "upgrade:rollback",
    "secrets": "secrets:command",
    "sources": "sources:command",
    "subjects": "subjects:command",
    "sample": "sample:sample",
    "upgrade": "upgrade:upgrade",
    "verify": "backup:verify",
    "version": "version:version",
    "work": "work:work",
}


class Commands(click.Group):
    """Commands by name, imported on use; a refusal becomes its sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"appliance.cli.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            click.echo(sentence(refusal.code, refusal.facts, load().language), err=True)
        except BadSettings as fault:
            click.echo(str(fault), err=True)
        except (OSError, sqlite3.DatabaseError) as fault:
            found = disk.refusal_of(fault) or _of_a_file(fault) or _of_damage(fault)
            if found is None:
                raise
            click.echo(sentence(found.code, found.facts, load().language), err=True)
        sys.exit(1)


def _of_a_file(fault: Exception) -> Refusal | None:
    """A file that this user may not open, or in no such place; None for any other error."""
    if not isinstance(fault, CLOSED) or fault.filename is None:
        return None
    return Unavailable("file_closed", file=str(fault.filename), reason=str(fault.strerror))


def _of_damage(fault: Exception) -> Refusal | None:
    """A database that SQLite cannot read, told as a start tells it; None for any other error."""
    name = getattr(fault, "sqlite_errorname", "")
    if not name.startswith(DAMAGED):
        return None
    problem = maintenance.said(load().data, str(fault))
    return Unavailable(problem.code, **problem.facts)


@click.group(cls=Commands)
def appliance() -> None:
    """Balcão: assistants that answer from your own documents, on your own server."""
