"""``appliance sources``: where documents come from besides uploads, from a terminal."""

import click

from appliance import audit, schedules, sources
from appliance.api.sources import run_json, source_json
from appliance.cli.ingest import follow
from appliance.cli.parts import collection_named, opened, show
from appliance.cli.terminal import as_json, caller, say
from appliance.database import Writer
from appliance.errors import BadRequest, sentence
from appliance.jobs import sync
from appliance.jobs.listing import way_to
from appliance.settings import Settings
from appliance.sources import Source, SourceOptions, runs
from appliance.sources.runs import COUNTS, Run

EVERYTHING = 1_000_000  # sources in one listing of a terminal


@click.group("sources")
def command() -> None:
    """List, add and update the sources of collections."""


@command.command("list")
@click.option("--collection", "name", help="Its name or id; without it, all sources.")
@as_json
def list_(name: str | None, as_json: bool) -> None:
    """Each source with its schedule and how its last update ended."""
    with opened() as parts:
        collection = collection_named(parts, name).id if name else None
        found = sources.every(parts.database, collection=collection, limit=EVERYTHING)
        language = parts.settings.language
        shown = [source_json(parts.database, source, language) for source in found]

    def plain() -> None:
        for one in shown:
            place = one["path"] or one["address"]
            click.echo(f"{one['id']}  {one['kind']}  {place}  {one['schedule']}  {one['state']}")

    show(shown, as_json, plain)


@command.command()
@click.argument("place")
@click.option("--collection", "name", required=True, help="Its name or id.")
@click.option("--kind", type=click.Choice(["folder", "page", "site"]), default="folder")
@click.option("--schedule", default="manual", help="manual, hourly, daily 03:00, weekly mon 03:00")
@click.option("--include", multiple=True, help="Only what such a pattern names; repeat it.")
@click.option("--exclude", multiple=True, help="Not what such a pattern names; repeat it.")
@as_json
def add(
    place: str,
    name: str,
    kind: sources.SourceKind,
    schedule: str,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    as_json: bool,
) -> None:
    """Add a folder of this server, a web page or a site to a collection."""
    if not schedules.is_one(schedule):
        raise BadRequest("source_bad_schedule", schedule=schedule)
    with opened() as parts:
        collection = collection_named(parts, name).id
        address = way_to(parts.ways, kind).allowed(place)
        options = SourceOptions(include=include, exclude=exclude)
        with parts.database.write() as db:
            made = sources.add(
                db,
                collection=collection,
                kind=kind,
                address=address,
                schedule=schedule,
                options=options,
            )
            _audit(db, "source.create", made)
        shown = source_json(parts.database, made, parts.settings.language)
        show(shown, as_json, lambda: say(parts.settings, "say_source_added", id=made.id))


@command.command()
@click.argument("source_id")
@click.option("--dry-run", is_flag=True, help="Say what it would bring, and change nothing.")
@as_json
def run(source_id: str, dry_run: bool, as_json: bool) -> None:
    """Update a collection from a source; waits until that is done."""
    with opened(at_work=True) as parts:
        source = sources.get(parts.database, source_id)
        begun, job = sync.order(parts.database, parts.queue, source, dry_run=dry_run)
        with parts.database.write() as db:
            _audit(db, "source.run", source)
        follow(parts, [job], quiet=as_json)
        ended = runs.get(parts.database, source.id, begun.id)
        language = parts.settings.language
        show(run_json(ended, language), as_json, lambda: _print(ended, parts.settings))
    if ended.state != "done":
        raise SystemExit(1)


def _print(ended: Run, settings: Settings) -> None:
    if ended.problem:
        click.echo(sentence(ended.problem.code, ended.problem.facts, settings.language))
    told = {name: getattr(ended, name) for name in (*COUNTS.values(), "unchanged")}
    say(settings, "say_source_counts", **told)


def _audit(db: Writer, act: str, source: Source) -> None:
    audit.record(
        db, caller(), act, source.id, collections=[source.collection], address=source.address
    )
