"""``appliance egress-check``: proof that nothing leaves, as a signed report, and its check."""

import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from appliance import audit
from appliance.cli import terminal
from appliance.egress import report, signing
from appliance.egress.sheet import Sheet
from appliance.errors import NotAllowed, sentence
from appliance.records import Problem
from appliance.settings import Settings
from appliance.vault import Vault

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("egress-check")
@click.option("--out", type=FILE, help="Write the signed report here.")
@click.option("--html", "page", type=FILE, help="Write it here as a page to read.")
@click.option("--verify", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Check the signature of a report instead.")  # fmt: skip
@click.option("--fingerprint", default="", help="With --verify: the key that must have signed.")
@terminal.as_json
def check(
    *, out: Path | None, page: Path | None, file: Path | None, fingerprint: str, as_json: bool
) -> None:
    """Do the main job once where nothing can leave, and report what may leave and what did.

    Exits 1 when the self-test does not pass, or something was contacted that nothing permits.
    """
    if file is None and fingerprint:
        raise click.UsageError("--fingerprint goes with --verify.")
    if file is not None and (out or page):
        raise click.UsageError("--verify makes no new report.")
    with terminal.house() as (settings, database):
        vault = Vault(settings.data)
        if file is not None:
            wanted = fingerprint or signing.fingerprint(database, vault)
            _verify(settings, file, wanted, as_json=as_json)
            return
        made = report.make(settings, database, vault)
        with database.write() as writer:
            audit.record(writer, terminal.caller(), "egress.check", made.id, passed=made.passed)
    read: dict[str, Any] = msgspec.json.decode(made.file)
    if out:
        out.write_text(made.file, "utf-8")
    if page:
        page.write_text(Sheet(read, settings.language).page(), "utf-8")
    if as_json:
        click.echo(made.file, nl=False)
    else:
        _say(settings, read)
    if not made.passed:
        sys.exit(1)


def _verify(settings: Settings, file: Path, wanted: str, *, as_json: bool) -> None:
    """Raises ``Unreadable`` as ``signing.check`` does, ``NotAllowed`` (``egress_other_key``)."""
    checked = signing.check(file.read_bytes())
    if "".join(wanted.split()).lower() != checked.fingerprint.replace(" ", ""):
        raise NotAllowed("egress_other_key", fingerprint=checked.fingerprint)
    told = checked.report
    if as_json:
        terminal.print_json({"valid": True, "fingerprint": checked.fingerprint, "report": told})
        return
    said = "say_egress_valid_passed" if told.get("passed") else "say_egress_valid_failed"
    terminal.say(settings, said, made_at=told.get("made_at", ""), key=checked.fingerprint)


def _say(settings: Settings, file: dict[str, Any]) -> None:
    told, test = file["report"], file["report"]["test"]
    terminal.say(settings, "say_egress_isolated" if test["isolated"] else "say_egress_not_isolated")
    terminal.say(settings, f"say_egress_tracer_{test['tracer']}")
    wrote = "say_egress_wrote" if test["model"] else "say_egress_quoted"
    terminal.say(settings, wrote, model=test["model"])
    for one in test["attempts"]:
        click.echo(f"  {one['host']} {one['port'] or ''} {one['by']} × {one['times']}")
    if test["problem"]:
        problem = Problem(**test["problem"])
        click.echo(sentence(problem.code, problem.facts, settings.language))
    for one in told["contacts"]:
        if one["outside"]:
            terminal.say(settings, "say_egress_one_outside", **one)
    seconds = test["seconds"]
    terminal.say(settings, "say_egress_passed" if told["passed"] else "say_egress_failed")
    terminal.say(settings, "say_egress_took", seconds=seconds)
    terminal.say(settings, "say_egress_key", key=file["signature"]["fingerprint"])
