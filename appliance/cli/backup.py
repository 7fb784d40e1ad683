"""``appliance backup``, ``verify`` and ``restore``: a copy of everything, the proof, and the
way back."""

import os
from pathlib import Path
from typing import Any

import click
import msgspec

from appliance import audit, backups, options
from appliance.archive import keeping, making, opening, restoring
from appliance.archive.contents import Manifest
from appliance.cli import progress, terminal
from appliance.cli.holding import alone
from appliance.database import Database
from appliance.errors import BadRequest, NotFound
from appliance.jobs import backup as ordering
from appliance.jobs.worker import only_one
from appliance.routine import Routine
from appliance.settings import Settings, load
from appliance.vault import Vault

VARIABLE = "APPLIANCE_BACKUP_PASSPHRASE"
PATH = click.Path(path_type=Path)


@click.command("backup")
@click.argument("target", type=PATH, required=False)
@click.option("--with-index", is_flag=True, help="Put the vector files in too.")
@click.option("--verify", "proven", is_flag=True, help="Prove it at once.")
@click.option("--keep", default="", metavar="DAYS[,WEEKS[,MONTHS]]",
              help="Then remove older backups of the folder, but the newest of so many days, "
              "weeks and months.")  # fmt: skip
@click.option("--keep-passphrase", "kept", is_flag=True, help="Make no backup, but keep the "
              "passphrase, sealed, for those that the appliance makes by itself.")  # fmt: skip
@terminal.as_json
def backup(
    *, target: Path | None, with_index: bool, proven: bool, keep: str, kept: bool, as_json: bool
) -> None:
    """Write everything into one sealed file, while the appliance runs.

    TARGET is a new file or a folder; without it, the folder backups in the data folder. The
    passphrase comes from APPLIANCE_BACKUP_PASSPHRASE or is asked for. Nobody can open the
    file without it: keep it where this server is not.
    """
    settings = load()
    if not (settings.data / "appliance.db").exists():
        raise NotFound("backup_no_data", folder=str(settings.data))
    rule = keeping.read(keep) if keep else None
    passphrase = _passphrase(confirm=True)
    if kept:
        _keep_passphrase(settings, passphrase, as_json=as_json)
        return
    with progress.shown(hidden=as_json) as told:
        made = making.make(
            settings,
            passphrase,
            target or backups.folder(settings.data),
            with_index=with_index,
            told=told,
        )
    _write_down(settings, "backup.make", made.id, file=made.file, documents=made.documents)
    manifest: Manifest | None = None
    if proven:
        made, manifest = opening.verify(settings.data, Path(made.file), passphrase)
        _write_down(settings, "backup.verify", made.id, file=made.file)
    removed = keeping.clear(settings.data, Path(made.file).parent, rule) if rule else []
    for one in removed:
        _write_down(settings, "backup.remove", one.id, file=one.file)
    if as_json:
        terminal.print_json(msgspec.to_builtins(made) | {"removed": [one.file for one in removed]})
        return
    terminal.say(settings, "say_backup_made", file=made.file, mb=_mb(made.bytes),
                 documents=made.documents)  # fmt: skip
    if manifest is None:
        terminal.say(settings, "say_backup_verify", file=made.file)
    else:
        _say_proven(settings, manifest)
    for one in removed:
        terminal.say(settings, "say_backup_removed", file=one.file)


@click.command("verify")
@click.argument("file", type=PATH)
@click.option("--scratch", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="The folder to unpack in; its disk must hold the backup.")  # fmt: skip
@terminal.as_json
def verify(*, file: Path, scratch: Path | None, as_json: bool) -> None:
    """Prove a backup: unpack it into a scratch folder, and compare and search all of it.

    Reads the passphrase from APPLIANCE_BACKUP_PASSPHRASE or asks for it. Changes nothing but
    the list of backups, which tells when one was last proven.
    """
    settings = load()
    opening.head_of(file)
    passphrase = _passphrase()
    with progress.shown(hidden=as_json) as told:
        proven, manifest = opening.verify(
            settings.data, file, passphrase, scratch=scratch, told=told
        )
    if (settings.data / "appliance.db").exists():
        _write_down(settings, "backup.verify", proven.id, file=proven.file)
    if as_json:
        terminal.print_json(msgspec.to_builtins(proven) | _told(manifest))
        return
    _say_proven(settings, manifest)


@click.command("restore")
@click.argument("file", type=PATH)
@click.option("--aside", is_flag=True, help="First move what is in the data folder into a "
              "folder aside-… there; nothing of it is removed.")  # fmt: skip
@terminal.as_json
def restore(*, file: Path, aside: bool, as_json: bool) -> None:
    """Fill the data folder from a backup; the appliance must be stopped.

    The folder must be empty (models may be there), or what is in it is put aside with
    --aside. Works on another server and under another path. Reads the passphrase from
    APPLIANCE_BACKUP_PASSPHRASE or asks for it.
    """
    settings = load()
    opening.head_of(file)
    with alone(settings.data), only_one(settings.data):
        passphrase = _passphrase()
        with progress.shown(hidden=as_json) as told:
            manifest, kept = restoring.restore(
                settings.data, file, passphrase, aside=aside, told=told
            )
        _write_down(settings, "backup.restore", manifest.id, file=str(file.resolve()),
                    made_at=manifest.made_at)  # fmt: skip
    if as_json:
        told_kept = str(kept) if kept else None
        terminal.print_json(_told(manifest) | {"folder": str(settings.data), "aside": told_kept})
        return
    terminal.say(settings, "say_restored", folder=str(settings.data), made_at=manifest.made_at,
                 documents=manifest.documents)  # fmt: skip
    if kept:
        terminal.say(settings, "say_restored_aside", folder=str(kept))
    _say_missing(settings, manifest)
    if manifest.language_model:
        terminal.say(settings, "say_restored_model", name=manifest.language_model)


def _told(manifest: Manifest) -> dict[str, object]:
    return {
        "id": manifest.id,
        "made_at": manifest.made_at,
        "program": manifest.program,
        "documents": manifest.documents,
        "files": len(manifest.items),
        "questions": len(manifest.references),
        "golden": None if manifest.golden is None else len(manifest.golden),
        "missing": list(manifest.missing),
        "language_model": manifest.language_model,
    }


def _say_proven(settings: Settings, manifest: Manifest) -> None:
    terminal.say(
        settings, "say_backup_proven", made_at=manifest.made_at, documents=manifest.documents,
        files=len(manifest.items), questions=len(manifest.references),
    )  # fmt: skip
    _say_golden(settings, manifest)
    _say_missing(settings, manifest)


def _say_golden(settings: Settings, manifest: Manifest) -> None:
    if manifest.golden is None:
        terminal.say(settings, "say_backup_golden_unasked")
    elif manifest.golden:
        terminal.say(settings, "say_backup_golden", count=len(manifest.golden))


def _say_missing(settings: Settings, manifest: Manifest) -> None:
    if manifest.missing:
        terminal.say(settings, "say_backup_missing", count=len(manifest.missing))


def _passphrase(*, confirm: bool = False) -> str:
    """Raises ``BadRequest`` (``backup_no_passphrase``) where there is none and nobody to ask."""
    found = os.environ.get(VARIABLE, "")
    if not found:
        try:
            found = click.prompt(
                "Passphrase", hide_input=True, confirmation_prompt=confirm, default="",
                show_default=False, err=True,
            )  # fmt: skip
        except click.Abort:
            found = ""
    if not found:
        raise BadRequest("backup_no_passphrase")
    return str(found)


def _keep_passphrase(settings: Settings, passphrase: str, *, as_json: bool) -> None:
    with terminal.house() as (_, database), database.write() as writer:
        sealed = ordering.sealed(Vault(settings.data), passphrase)
        options.store(writer, msgspec.structs.replace(options.read(database, Routine), **sealed))
        audit.record(
            writer, terminal.caller(), "backup.settings", Routine.SECTION, fields=["passphrase"]
        )
    if as_json:
        terminal.print_json({"passphrase": True})
        return
    terminal.say(settings, "say_backup_passphrase_kept")


def _write_down(settings: Settings, act: str, backup: str, **details: Any) -> None:
    database = Database(settings.data / "appliance.db")
    try:
        database.migrate()
        with database.write() as writer:
            audit.record(writer, terminal.caller(), act, backup, **details)
    finally:
        database.close()


def _mb(count: int) -> str:
    return f"{count / 1e6:.1f}"
