"""``appliance ingest``: files and folders into a collection, watched until they are read."""

import hashlib
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from appliance import audit, library
from appliance.app import Parts
from appliance.cli.parts import collection_named, opened, show
from appliance.cli.terminal import as_json, caller
from appliance.errors import Conflict, NotFound, Refusal, sentence
from appliance.jobs import intake, ledger
from appliance.records import Document, Job, new_id

ENDED = ("succeeded", "failed", "cancelled")
LOOK_SECONDS = 0.3


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--collection", "name", required=True, help="Its name or id.")
@click.option("--no-wait", is_flag=True, help="Return when the files are taken in.")
@as_json
def ingest(path: Path, name: str, no_wait: bool, as_json: bool) -> None:
    """Take a file, or the files of a folder, into a collection."""
    with opened(at_work=not no_wait) as parts:
        taken, refused = take_in(parts, collection_named(parts, name).id, path)
        if not no_wait:
            follow(parts, [job for _, job in taken], quiet=as_json)
        documents = [library.get(parts.database, document.id) for document, _ in taken]
    language = parts.settings.language
    shown = [library.as_json(document, language) for document in documents]
    show(shown, as_json, lambda: _print(documents, parts))
    if refused or any(document.state == "failed" for document in documents):
        raise SystemExit(1)


def take_in(
    parts: Parts, collection: str, path: Path
) -> tuple[list[tuple[Document, Job]], list[Path]]:
    """Take files in; those already there are left alone, those refused are named."""
    taken, refused = [], []
    for file in files(path):
        try:
            taken.append(_take(parts, collection, file))
        except Conflict as known:
            click.echo(f"{file.name}: {_said(known, parts)}", err=True)
        except Refusal as refusal:
            refused.append(file)
            click.echo(f"{file.name}: {_said(refusal, parts)}", err=True)
    return taken, refused


def follow(parts: Parts, jobs: Sequence[Job], *, quiet: bool = False) -> None:
    """Wait until the jobs have ended: a bar on a terminal, plain lines elsewhere."""
    with click.progressbar(length=len(jobs), label="", hidden=quiet) as bar:
        waiting = {job.id for job in jobs}
        while waiting:
            ended = {job for job in waiting if _ended(parts, job)}
            bar.update(len(ended))
            waiting -= ended
            if waiting:
                time.sleep(LOOK_SECONDS)


def files(path: Path) -> Iterator[Path]:
    """The file itself, or the visible files below a folder, by name."""
    if path.is_file():
        yield path
        return
    for found in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
        if found.is_file() and not hidden:
            yield found


def _take(parts: Parts, collection: str, file: Path) -> tuple[Document, Job]:
    copy = intake.incoming(parts.settings) / new_id()
    shutil.copyfile(file, copy)
    with copy.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    upload = intake.Upload(path=copy, file_name=file.name, bytes=copy.stat().st_size, sha256=digest)
    document, job = intake.accept(parts.database, parts.settings, parts.queue, collection, upload)
    with parts.database.write() as db:
        audit.record(
            db, caller(), "document.add", document.id,
            collections=[collection], title=document.title,
        )  # fmt: skip
    return document, job


def _ended(parts: Parts, job_id: str) -> bool:
    try:
        return ledger.get(parts.database, job_id).state in ENDED
    except NotFound:
        return True


def _said(refusal: Refusal, parts: Parts) -> str:
    return sentence(refusal.code, refusal.facts, parts.settings.language)


def _print(documents: Sequence[Document], parts: Parts) -> None:
    for document in documents:
        problem = document.problem
        why = problem and sentence(problem.code, problem.facts, parts.settings.language)
        click.echo(
            f"{document.title}: {document.state}, {document.pages} p." + (f" {why}" if why else "")
        )
