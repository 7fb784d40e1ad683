"""``appliance doctor``: what is wrong with this installation, and what to do about it."""

import os
import sys
from pathlib import Path

import click

from appliance.children import socket_path
from appliance.cli import terminal
from appliance.database import Database
from appliance.doctor import Patient, examine
from appliance.doctor.checks import CHECKS
from appliance.errors import NotAllowed, NotFound
from appliance.models.client import RunnerClient
from appliance.settings import load
from appliance.vault import Vault

MARKS = {"ok": "✓", "warning": "!", "failed": "✗"}


@click.command("doctor")
@click.option("--all", "everything", is_flag=True, help="Also print what is well.")
@terminal.as_json
def command(*, everything: bool, as_json: bool) -> None:
    """Look at everything, and name what is wrong and what to do.

    Changes nothing. Exits 1 when something does not work; warnings alone exit 0.
    """
    settings = load()
    file = settings.data / "appliance.db"
    _must_be_ours(settings.data, os.X_OK)
    if not file.exists():
        raise NotFound("doctor_no_data", folder=str(settings.data))
    _must_be_ours(file, os.R_OK)
    database = Database(file)
    try:
        patient = Patient(
            settings=settings,
            database=database,
            vault=Vault(settings.data),
            client=RunnerClient(socket_path(settings)),
        )
        found = examine(patient, CHECKS)
    finally:
        database.close()
    if as_json:
        terminal.print_json({"findings": [one.shown(settings.language) for one in found]})
    else:
        told = [one for one in found if everything or one.state != "ok"]
        # A damaged database is what many checks found, and is said once.
        for line in dict.fromkeys(
            f"{MARKS[one.state]} {one.said(settings.language)}" for one in told
        ):
            click.echo(line)
        well = sum(one.state == "ok" for one in found)
        terminal.say(settings, "say_doctor_well", well=well, total=len(found))
    if any(one.state == "failed" for one in found):
        sys.exit(1)


def _must_be_ours(place: Path, right: int) -> None:
    """Raises ``NotAllowed`` where another account's data would have no check look at anything."""
    if place.exists() and not os.access(place, right):
        raise NotAllowed("doctor_rights_owner", folder=str(place), owner=place.stat().st_uid)
