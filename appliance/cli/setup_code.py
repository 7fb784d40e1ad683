"""``appliance setup-code``: the code that makes the first administrator."""

import click

from appliance.cli import terminal
from appliance.errors import Conflict
from appliance.signin import setup_code


@click.command("setup-code")
@terminal.as_json
def command(*, as_json: bool) -> None:
    """Print the code that makes the first administrator, as the last word of the last line."""
    with terminal.house() as (settings, database):
        code = setup_code.prepare(database, settings.data)
        if code is None:
            raise Conflict("already_set_up")
        if as_json:
            terminal.print_json({"code": code, "address": settings.address})
            return
        terminal.say(settings, "say_setup_code", code=code, address=settings.address)
