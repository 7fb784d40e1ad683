"""``appliance assistant``: create, list, remove; duplicate, export, import."""

from typing import Any

import click

from appliance import assistants, audit, collections, holds, versions
from appliance.cli.assistant_files import duplicate, export, take_in
from appliance.cli.parts import assistant_named, collection_named, opened, show
from appliance.cli.terminal import as_json, caller
from appliance.records import LANGUAGES, Assistant, Language


@click.group()
def assistant() -> None:
    """Assistants: create, list, remove, duplicate, export, import."""


for _further in (duplicate, export, take_in):
    assistant.add_command(_further)


@assistant.command()
@click.option("--name", required=True)
@click.option("--language", type=click.Choice(LANGUAGES))
@click.option("--instructions", default="")
@click.option("--greeting", default="")
@click.option("--contact", default="")
@click.option("--mode", type=click.Choice(("generate", "quote")))
@click.option("--collection", "chosen", multiple=True, help="Name or id; else one is made.")
@click.option("--origin", "origins", multiple=True, help="A site that may embed it.")
@as_json
def create(
    name: str,
    language: str | None,
    chosen: tuple[str, ...],
    origins: tuple[str, ...],
    as_json: bool,
    **texts: Any,
) -> None:
    """Make an assistant."""
    with opened() as parts, parts.database.write() as db:
        ids = [collection_named(parts, one).id for one in chosen]
        made = assistants.create(
            db,
            name=name,
            language=_language(language or parts.settings.language),
            collections=ids or [collections.create(db, name).id],
            origins=origins,
            **texts,
        )
        versions.keep(db, caller(), "made", made)
        audit.record(
            db, caller(), "assistant.create", made.id, collections=made.collections, name=name
        )
    show(made, as_json, lambda: _print(made))


@assistant.command("list")
@as_json
def list_all(as_json: bool) -> None:
    """Show all assistants."""
    with opened() as parts:
        found = assistants.every(parts.database, limit=1000)
    show(found, as_json, lambda: _print(*found))


@assistant.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove an assistant and its conversations; its collections stay."""
    with opened() as parts, parts.database.write() as db:
        found = assistant_named(parts, name)
        holds.check(parts.database, "assistant", found.id)
        assistants.remove(db, found.id)
        audit.record(
            db,
            caller(),
            "assistant.remove",
            found.id,
            collections=found.collections,
            name=found.name,
        )


def _language(code: str) -> Language:
    return next(language for language in LANGUAGES if language == code)


def _print(*shown: Assistant) -> None:
    for one in shown:
        click.echo(f"{one.id}  {one.slug}  {one.name}")
