"""``appliance assistant duplicate|export|import``: an assistant once more, here or elsewhere."""

from pathlib import Path

import click

from appliance import assistants, audit, bundles, collections, versions
from appliance.cli import terminal
from appliance.cli.parts import show
from appliance.database import Database, Writer
from appliance.egress import signing
from appliance.errors import NotFound, Unreadable, sentence
from appliance.records import Assistant
from appliance.vault import Vault

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("name")
@click.option("--name", "called", default="", help="What the copy is called.")
@terminal.as_json
def duplicate(*, name: str, called: str, as_json: bool) -> None:
    """Make a second assistant that speaks, looks and reads as this one does."""
    with terminal.house() as (_, database), database.write() as db:
        found = _named(database, name)
        copy = called or sentence("assistant_copy", {"name": found.name}, found.language)[:120]
        made = bundles.copied(
            db, database, found, copy,
            collections=found.collections, editors=found.editors, engine=found.engine,
        )  # fmt: skip
        _noted(db, "assistant.duplicate", made, of=found.name)
    show(made, as_json, lambda: _print(made))


@click.command()
@click.argument("name")
@click.option("--out", type=FILE, help="Write the file here, not to standard output.")
def export(*, name: str, out: Path | None) -> None:
    """Write an assistant's settings and picture as one signed file."""
    with terminal.house() as (settings, database):
        found = _named(database, name)
        file = bundles.packed(database, found, signing.seed(database, Vault(settings.data)))
        with database.write() as db:
            audit.record(
                db, terminal.caller(), "assistant.export", found.id, collections=found.collections
            )
    if out:
        out.write_text(file, "utf-8")
    else:
        click.echo(file, nl=False)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fingerprint", default="", help="Of the house that signed it, once compared.")
@terminal.as_json
def take_in(*, file: Path, fingerprint: str, as_json: bool) -> None:
    """Make an assistant out of an exported file, with an empty collection of its own name."""
    if file.stat().st_size > bundles.MOST_BYTES:
        raise Unreadable("bundle_no_assistant")
    with terminal.house() as (settings, database):
        opened = bundles.opened(file.read_bytes())
        own = signing.fingerprint(database, Vault(settings.data))
        bundles.recognise(opened, own=own, confirmed=fingerprint)
        with database.write() as db:
            collection = collections.create(db, opened.contents.settings.name)
            made = bundles.take_in(db, opened, collections=[collection.id])
            _noted(db, "assistant.import", made, signed_by=opened.fingerprint)
    show(made, as_json, lambda: _print(made))


def _named(database: Database, name: str) -> Assistant:
    try:
        return assistants.named(database, name)
    except NotFound as fault:
        raise NotFound("no_such_assistant", name=name) from fault


def _noted(db: Writer, act: str, made: Assistant, **details: str) -> None:
    caller = terminal.caller()
    versions.keep(db, caller, "made", made)
    audit.record(db, caller, act, made.id, collections=made.collections, name=made.name, **details)


def _print(made: Assistant) -> None:
    click.echo(f"{made.id}  {made.slug}  {made.name}")
