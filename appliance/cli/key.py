"""``appliance key``: credentials for programs, from the terminal of the machine itself."""

import click

from appliance import audit, keys
from appliance.cli import terminal
from appliance.errors import NotFound

ALL = 1_000_000  # keys in one listing of a terminal


@click.group("key")
def command() -> None:
    """Keys with which programs call the API."""


@command.command("create")
@click.option("--name", required=True)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    help=f"Repeat for several: {', '.join(keys.SCOPES)}.",
)
@click.option(
    "--assistant", "assistants", multiple=True, help="An assistant's id; repeat. None: all."
)
@click.option("--expires-at", default=None, help="When it ends, like 2030-12-31T23:59:00Z.")
@click.option(
    "--address", "addresses", multiple=True, help="A network like 10.0.0.0/8; repeat. None: all."
)
@terminal.as_json
def create(
    *,
    name: str,
    scopes: tuple[str, ...],
    assistants: tuple[str, ...],
    expires_at: str | None,
    addresses: tuple[str, ...],
    as_json: bool,
) -> None:
    """Make a key. Its secret is printed now, as the last word, and never again."""
    with terminal.house() as (settings, database):
        with database.write() as writer:
            made, secret = keys.create(
                writer,
                name=name,
                scopes=scopes,
                assistants=assistants or None,
                expires_at=expires_at,
                addresses=addresses or None,
            )
            audit.record(writer, terminal.caller(), "key.create", made.id, scopes=made.scopes)
        if as_json:
            terminal.print_json({"key": made, "secret": secret})
            return
        terminal.say(settings, "say_key_made", name=made.name, secret=secret)


@command.command("list")
@terminal.as_json
def index(*, as_json: bool) -> None:
    """List all keys, without their secrets."""
    with terminal.house() as (_, database):
        found = keys.listing(database, limit=ALL)
        if as_json:
            terminal.print_json(found)
            return
        for key in found:
            used = key.last_used_at or "-"
            click.echo(f"{key.id}  {','.join(key.scopes)}  {used}  {key.name}")


@command.command("remove")
@click.argument("key_id")
def remove(key_id: str) -> None:
    """Take a key away; it is refused from the next request on."""
    with terminal.house() as (settings, database):
        with database.write() as writer:
            try:
                removed = keys.remove(writer, key_id)
            except NotFound as fault:
                raise NotFound("key_unknown", key=key_id) from fault
            audit.record(writer, terminal.caller(), "key.remove", key_id, name=removed.name)
        terminal.say(settings, "say_key_removed", name=removed.name)
