"""``appliance audit``: whether the record of acts is whole, and the record as a file."""

import sys

import click

from appliance import audit
from appliance.audit import Verdict
from appliance.audit.exporting import Format, export
from appliance.cli import terminal
from appliance.settings import Settings


@click.group("audit")
def command() -> None:
    """The record of who did what."""


@command.command("verify")
@click.option("--head", "kept", default="", help="The head of the chain as you kept it.")
@terminal.as_json
def verify(*, kept: str, as_json: bool) -> None:
    """Look through the whole chain; exits 1 at the first row that is not as it was."""
    with terminal.house() as (settings, database):
        with database.write() as db:
            audit.complete(db)
        found = audit.verify(database, audit.read_head(kept) if kept else None)
        if as_json:
            terminal.print_json(found)
        else:
            _say(settings, found)
    if not found.intact:
        sys.exit(1)


def _say(settings: Settings, found: Verdict) -> None:
    if found.fault is not None:
        terminal.say(settings, f"say_audit_{found.fault}", id=found.broken)
    elif found.head is None:
        terminal.say(settings, "say_audit_empty")
    else:
        terminal.say(settings, "say_audit_intact", rows=found.rows, head=str(found.head))


@command.command("export")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl")
@click.option("--who", default="", help="Words of a name, or KIND:ID.")
@click.option("--act", default="", help="Like key.create, or a family like key.")
@click.option("--from", "since", default="", help="The first day, or moment.")
@click.option("--to", "until", default="", help="The last day, or the moment before which.")
def take_along(*, form: Format, who: str, act: str, since: str, until: str) -> None:
    """Write the acts to standard output, oldest first."""
    with terminal.house() as (_, database):
        wanted = audit.wanted(who=who, act=act, since=since, until=until)
        with database.write() as db:
            audit.record(db, terminal.caller(), "audit.export", "", format=form)
        for piece in export(database, wanted, form):
            click.echo(piece, nl=False)
