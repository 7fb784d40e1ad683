"""``appliance subjects``: the data subject's desk in a terminal: find, export, erase.

An erasure removes the rows at once; its traces go by a job, which the running appliance
does, or the next one that starts.
"""

from pathlib import Path
from typing import cast, get_args

import click

from appliance import audit, subjects
from appliance.cli import terminal
from appliance.database import Database
from appliance.jobs import erasure
from appliance.jobs.queue import Queue
from appliance.settings import Settings
from appliance.subjects.dossier import as_paper, dossier
from appliance.subjects.erasures import Kind
from appliance.subjects.finding import Findings
from appliance.subjects.sought import Sought

REASON = click.option("--reason", required=True, help="Why; it goes on record.")


@click.group("subjects")
def command() -> None:
    """What the house holds about somebody, and its erasure."""


@command.command("find")
@click.option("--name", default="")
@click.option("--cpf", default="")
@click.option("--email", default="")
@REASON
@terminal.as_json
def find(*, name: str, cpf: str, email: str, reason: str, as_json: bool) -> None:
    """Everything that names a person."""
    with terminal.house() as (settings, database):
        _, found = _found(database, subjects.sought(name, cpf, email), reason, "subject.search")
        if as_json:
            terminal.print_json(found)
        else:
            _tell(settings, found)


@command.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", default="")
@click.option("--cpf", default="")
@click.option("--email", default="")
@REASON
@terminal.as_json
def export(*, file: Path, name: str, cpf: str, email: str, reason: str, as_json: bool) -> None:
    """The statement about a person, to read (DOCX)."""
    with terminal.house() as (settings, database):
        sought, found = _found(
            database, subjects.sought(name, cpf, email), reason, "subject.export"
        )
        file.write_bytes(as_paper(dossier(database, sought, found), settings.language))
        if as_json:
            terminal.print_json({"file": str(file), "bytes": file.stat().st_size})
        else:
            terminal.say(settings, "say_dossier_written", file=file)


@command.command("erase")
@click.argument("kind", type=click.Choice(get_args(Kind)))
@click.argument("subject")
@REASON
@terminal.as_json
def erase(*, kind: str, subject: str, reason: str, as_json: bool) -> None:
    """Erase a person, a visitor, a conversation or a document, by its id, for good."""
    with terminal.house() as (settings, database):
        queue = Queue(settings.data / "queue.db")
        try:
            erased, _ = erasure.erase(
                database, settings, queue, terminal.caller(), cast("Kind", kind), subject, reason
            )
        finally:
            queue.close()
        if as_json:
            terminal.print_json(erased)
        else:
            told = ", ".join(f"{name} {count}" for name, count in erased.removed.items())
            terminal.say(settings, "say_erased", removed=told, receipt=erased.id)


def _found(database: Database, sought: Sought, reason: str, act: str) -> tuple[Sought, Findings]:
    found = subjects.find(database, sought)
    with database.write() as db:
        audit.record(db, terminal.caller(), act, "", reason=reason)
    return sought, found


def _tell(settings: Settings, found: Findings) -> None:
    for one in found.accounts:
        terminal.say(settings, "say_subject_account", id=one.id, name=one.name, email=one.email)
    for invited in found.invitations:
        terminal.say(settings, "say_subject_invitation", email=invited.email)
    for talk in found.conversations:
        terminal.say(settings, "say_subject_conversation", id=talk.id, at=talk.created_at)
    for mention in found.documents:
        page = f", p. {mention.page}" if mention.page else ""
        place = f"{mention.title}{page}"
        terminal.say(
            settings, "say_subject_document", id=mention.document, place=place, line=mention.line
        )
    for answer in found.approved:
        terminal.say(settings, "say_subject_approved", id=answer.id, line=answer.line)
    for question in found.golden:
        terminal.say(settings, "say_subject_golden", id=question.id, line=question.line)
    terminal.say(settings, "say_subject_acts", count=len(found.audit))
