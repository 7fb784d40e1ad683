"""``appliance processing``: the record of processing and the technical annex in a terminal, as
the installation stands now: the same as ``/api/processing``, about every assistant there is."""

from pathlib import Path
from typing import cast, get_args

import click

from appliance import assistants, audit
from appliance.api.processing import ProcessingSheet, Told, sheet, told, written
from appliance.cli import terminal
from appliance.database import Database
from appliance.processing import Part
from appliance.records import Assistant

TEXT, DOCX = ".txt", ".docx"


@click.command("processing")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--part", type=click.Choice(get_args(Part)), help="Both, unless one is named.")
@terminal.as_json
def command(*, file: Path | None, part: str | None, as_json: bool) -> None:
    """The record of processing and the technical annex: shown, or written to FILE.

    FILE ends in .docx (one part a file) or .txt.
    """
    parts = [cast("Part", part)] if part else list(get_args(Part))
    kind = file.suffix.lower() if file else ""
    if file and kind not in (TEXT, DOCX):
        raise click.UsageError("FILE has to end in .docx or .txt.")
    if kind == DOCX and len(parts) > 1:
        raise click.UsageError("A .docx holds one part: say --part record or --part annex.")
    with terminal.house() as (settings, database):
        made = sheet(database, settings, _every(database), settings.language)
        words = "\n".join(_lines(told(made, one, settings.language)) for one in parts)
        if file:
            text = words.encode()
            file.write_bytes(written(made, parts[0], settings.language) if kind == DOCX else text)
            _record(database, parts)
        if as_json:
            terminal.print_json(_shown(made, parts, file))
        elif file:
            terminal.say(settings, "say_processing_written", file=file)
        else:
            click.echo(words, nl=False)


def _every(database: Database) -> list[Assistant]:
    found: list[Assistant] = []
    while page := assistants.every(database, after=found[-1].id if found else "", limit=200):
        found += page
    return found


def _shown(made: ProcessingSheet, parts: list[Part], file: Path | None) -> dict[str, object]:
    """Of what was asked for as much as was asked for; or what was written."""
    if file:
        return {"file": str(file), "bytes": file.stat().st_size}
    return {one: getattr(made, one) for one in parts}


def _record(database: Database, parts: list[Part]) -> None:
    with database.write() as db:
        for one in parts:
            audit.record(db, terminal.caller(), "processing.export", one)


def _lines(words: Told) -> str:
    """One part as plain text."""
    lines = [words.title, words.lead, ""]
    for chapter in words.chapters:
        lines += [f"## {chapter.heading}", " | ".join(chapter.columns)]
        lines += [" | ".join(row) for row in chapter.rows] or [words.none]
        lines += [""]
    return "\n".join(lines) + "\n"
