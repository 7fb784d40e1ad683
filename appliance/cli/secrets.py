"""``appliance secrets``: the key under which secrets are sealed."""

import click

from appliance import audit, resealing
from appliance.api.options import SECTIONS
from appliance.cli import terminal
from appliance.routine import Routine
from appliance.vault import Vault


@click.group("secrets")
def command() -> None:
    """Secrets at rest."""


@command.command("renew")
@terminal.as_json
def renew(*, as_json: bool) -> None:
    """Replace the master key and seal every secret anew. Works while the appliance runs."""
    with terminal.house() as (settings, database):
        count = resealing.renew(database, Vault(settings.data), (*SECTIONS, Routine))
        with database.write() as writer:
            audit.record(writer, terminal.caller(), "secrets.renew", "", count=count)
        if as_json:
            terminal.print_json({"sealed": count})
            return
        terminal.say(settings, "say_secrets_renewed", count=count)
