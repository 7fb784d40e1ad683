"""``appliance retention``: what is kept for how long, and the look through it."""

import click

from appliance.cli import terminal
from appliance.errors import Conflict
from appliance.jobs.keeping import Keeping
from appliance.keeping import Lot
from appliance.settings import Settings


@click.group("retention")
def command() -> None:
    """What is kept for a time only."""


@command.command("show")
@terminal.as_json
def show(*, as_json: bool) -> None:
    """Say what is kept for how long, and how much of it is over its time."""
    with terminal.house() as (settings, database):
        _say(settings, Keeping(database, settings).lots(), as_json=as_json)


@command.command("run")
@click.option("--confirm", type=click.IntRange(min=0), help="So many may go, even those that wait.")
@terminal.as_json
def run(*, confirm: int | None, as_json: bool) -> None:
    """Remove what is over its time; exits 1 where something waits to be confirmed."""
    with terminal.house() as (settings, database):
        lots = Keeping(database, settings).run(confirmed=confirm, by=terminal.caller())
        _say(settings, lots, as_json=as_json)
        if any(lot.waits for lot in lots):
            raise Conflict("retention_waits", due=sum(lot.due for lot in lots))


def _say(settings: Settings, lots: list[Lot], *, as_json: bool) -> None:
    if as_json:
        terminal.print_json({"lots": lots, "due": sum(lot.due for lot in lots)})
        return
    for lot in lots:
        terminal.say(
            settings, "say_retention_waits" if lot.waits else "say_retention",
            lot=lot.name, days=lot.days, due=lot.due, total=lot.total,
        )  # fmt: skip
