"""``appliance diagnostics``: what somebody who helps must know, in one file."""

import os
import sqlite3
from pathlib import Path

import click

from appliance import audit, diagnostics, metrics
from appliance.answering.entrance import Entrance
from appliance.children import socket_path
from appliance.cli import terminal
from appliance.database import Database
from appliance.diagnostics import Part
from appliance.doctor import Patient
from appliance.errors import BadRequest, Conflict, NotFound, sentence
from appliance.metrics import Meters, Standing
from appliance.models.client import RunnerClient
from appliance.settings import Settings, load
from appliance.status import Status
from appliance.vault import Vault


@click.command("diagnostics")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--yes", is_flag=True, help="Save without asking.")
@terminal.as_json
def command(*, file: Path | None, yes: bool, as_json: bool) -> None:
    """List what a diagnostics bundle holds, ask, and save it as a zip file.

    FILE is a new file; without it, one named by the moment, in this folder. Nothing is sent
    anywhere. Names, addresses, titles, questions and secrets are not in it. Works while the
    appliance runs, and when it does not start. With --json nothing is asked.
    """
    settings = load()
    place = (file or Path(diagnostics.file_name())).resolve()
    if not (settings.data / "appliance.db").exists():
        raise NotFound("doctor_no_data", folder=str(settings.data))
    if place.exists():
        raise Conflict("diagnostics_exists", file=str(place))
    database = Database(settings.data / "appliance.db")
    try:
        parts = _gathered(settings, database)
        if not as_json:
            _list(settings, parts)
            if not yes:
                click.confirm(
                    sentence("say_diagnostics_ask", {"file": str(place)}, settings.language),
                    abort=True,
                )
        packed = diagnostics.packed(parts, settings.language)
        _store(place, packed)
        noted = _note(database, place, len(packed))
    finally:
        database.close()
    if as_json:
        files = {one.name: len(one.content) for one in parts}
        terminal.print_json({"file": str(place), "bytes": len(packed), "files": files})
        return
    terminal.say(settings, "say_diagnostics_saved", file=str(place))
    if not noted:
        terminal.say(settings, "say_diagnostics_unnoted")


def _gathered(settings: Settings, database: Database) -> list[Part]:
    client = RunnerClient(socket_path(settings))
    patient = Patient(
        settings=settings, database=database, vault=Vault(settings.data), client=client
    )
    # What the process that serves has counted is its own; how things stand can be seen from here.
    standing = Standing(settings, database, Status(settings, client), Entrance())
    return diagnostics.gather(patient, lambda: metrics.page(Meters(), standing))


def _list(settings: Settings, parts: list[Part]) -> None:
    terminal.say(settings, "diagnostics_lead")
    for one in parts:
        click.echo(f"  {one.name:<14} {len(one.content):>9,}  {one.said(settings.language)}")


def _store(place: Path, packed: bytes) -> None:
    """Raises ``Conflict`` (``diagnostics_exists``); the file is its owner's alone."""
    try:
        found = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict("diagnostics_exists", file=str(place)) from None
    except OSError as fault:
        raise BadRequest("diagnostics_no_place", file=str(place), reason=fault.strerror) from fault
    with os.fdopen(found, "wb") as opened:
        opened.write(packed)


def _note(database: Database, place: Path, size: int) -> bool:
    """Write the act down; False where the database cannot be written: it may be what is ill."""
    try:
        with database.write() as writer:
            audit.record(writer, terminal.caller(), diagnostics.ACT, place.name, bytes=size)
    except sqlite3.Error:
        return False
    return True
