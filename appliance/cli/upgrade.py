"""``appliance upgrade`` and ``appliance rollback``: older data becomes this version's, and back."""

import click
import msgspec

from appliance.archive import undoing, upgrading
from appliance.cli import terminal
from appliance.cli.holding import alone, brought_up
from appliance.errors import NotFound
from appliance.jobs.worker import only_one
from appliance.settings import Settings, load


@click.command("upgrade")
@click.option("--check", "only_look", is_flag=True, help="Change nothing, but say whether this "
              "version knows the data and how many steps it has to take.")  # fmt: skip
@terminal.as_json
def upgrade(*, only_look: bool, as_json: bool) -> None:
    """Bring the data to this version, as the next start would do; the appliance must be stopped.

    Takes a snapshot first, migrates a copy, checks it, and puts it in place.
    """
    settings = load()
    if only_look:
        _look(settings, as_json=as_json)
        return
    if not (settings.data / "appliance.db").exists():
        raise NotFound("backup_no_data", folder=str(settings.data))
    with alone(settings.data):
        made = brought_up(settings.data, terminal.caller())
        had = len(upgrading.applied(settings.data / "appliance.db"))
    steps = had - len(made.steps) if made else 0
    if as_json:
        terminal.print_json({"snapshot": made and made.id, "steps": steps})
    elif made:
        terminal.say(settings, "say_upgraded", steps=steps)
    else:
        terminal.say(settings, "say_upgrade_nothing")


def _look(settings: Settings, *, as_json: bool) -> None:
    """What an upgrade would do, while the server may be running."""
    steps = upgrading.wanted(settings.data)
    if as_json:
        terminal.print_json({"steps": len(steps)})
    elif steps:
        terminal.say(settings, "say_upgrade_wanted", steps=len(steps))
    else:
        terminal.say(settings, "say_upgrade_nothing")


@click.command("rollback")
@terminal.as_json
def rollback(*, as_json: bool) -> None:
    """Undo the last upgrade of the data; the appliance must be stopped.

    What came since is first written to a folder rolled-back-… in the data folder.
    """
    settings = load()
    with alone(settings.data), only_one(settings.data):
        undone = undoing.undo(settings.data)
    if as_json:
        terminal.print_json(msgspec.to_builtins(undone))
        return
    terminal.say(settings, "say_rolled_back", made_at=undone.snapshot.made_at)
    terminal.say(settings, "say_rolled_back_lost", folder=undone.folder, **undone.lost)
