"""Models on their way in: pulled from their source or a mirror, or brought from a folder.

Only when somebody orders it, and only one at a time: of the worker's two threads one is
kept for documents. A pull that ends early, by a cut, a cancel or the plug, leaves what it
has, and the next one goes on from there; a file with a wrong checksum is removed.
"""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from appliance import net, outgoing
from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NotFound, Refusal, Unavailable, Unreadable
from appliance.jobs import ledger
from appliance.jobs.download import Download, Told
from appliance.jobs.failpoint import step
from appliance.models import catalogue, weights
from appliance.models.catalogue import Entry
from appliance.models.weights import Imported
from appliance.net import Gate
from appliance.records import Job
from appliance.settings import Settings

PULL, IMPORT = "pull", "import"
KINDS = (PULL, IMPORT)
MOST_BYTES = 200_000_000_000


def folder_of(settings: Settings) -> Path:
    """Where models lie."""
    return settings.data / "models"


def addresses(entry: Entry, settings: Settings) -> list[str]:
    """The folders to ask for a model's files, in turn: the mirrors', else the source.

    Raises ``Unreadable`` (``model_only_imported``) for a model without a source.
    """
    if not entry.source:
        raise Unreadable("model_only_imported", name=entry.name)
    mirrors = settings.model_mirrors.split()
    path = urlsplit(entry.source).path
    return [mirror.rstrip("/") + path for mirror in mirrors] or [entry.source]


def gate(entry: Entry, settings: Settings, database: Database) -> Gate:
    """The way out for one pull: to the mirrors, or to the source and where it sends us on."""
    mirrors = net.origins(settings.model_mirrors)
    source = net.origin(entry.source)
    return Gate(
        purpose=PULL,
        opened=net.origins(settings.open_hosts) | mirrors,
        public=frozenset() if mirrors else catalogue.hosts_of(source) | {source},
        proxy=settings.proxy,
        limit=MOST_BYTES,
        record=lambda origin, purpose: outgoing.record(database, origin, purpose),
        refuse=lambda origin, purpose: outgoing.refuse(database, origin, purpose),
    )


def pull(
    entry: Entry,
    settings: Settings,
    database: Database,
    *,
    told: Told = lambda done, total: None,
    pause: Callable[[float], None] = time.sleep,
) -> Imported:
    """Fetch a model, going on where an earlier pull ended, and put it in its place.

    ``told`` hears bytes done and in all; it and ``pause`` may raise to end the pull.
    Raises ``Conflict`` (``pull_already_running``), ``NoSpace``, ``Unreadable``
    (``model_checksum``, ``model_only_imported``, ``source_refuses`` …), ``NotAllowed``
    (``host_not_open`` …), ``Unavailable`` (``host_not_reached``, ``source_cut`` …).
    """
    folder = folder_of(settings)
    here = partial(entry, folder)
    places = addresses(entry, settings)
    here.mkdir(parents=True, exist_ok=True)
    with alone(here, entry.name):
        for place in places[:-1]:
            try:
                return _pull(entry, settings, database, place, told, pause)
            except (Unavailable, Unreadable):
                continue  # the next mirror
        return _pull(entry, settings, database, places[-1], told, pause)


def partial(entry: Entry, folder: Path) -> Path:
    """The folder of what a pull has so far."""
    return folder / f".{entry.name}.pull"


def fetched(entry: Entry, folder: Path) -> int:
    """The bytes that an unfinished pull has so far."""
    here = partial(entry, folder)
    return sum(part.stat().st_size for part in here.rglob("*") if _is_part(part))


def _is_part(file: Path) -> bool:
    return file.is_file() and file.suffix not in (".note", ".new") and file.name != "lock"


def _pull(
    entry: Entry,
    settings: Settings,
    database: Database,
    place: str,
    told: Told,
    pause: Callable[[float], None],
) -> Imported:
    folder = folder_of(settings)
    here = partial(entry, folder)
    out = gate(entry, settings, database)
    before, announced = 0, ""
    for file in entry.all_files:
        (here / file).parent.mkdir(parents=True, exist_ok=True)
        note = Download(
            out,
            f"{place}/{quote(file)}",
            here / file,
            told=lambda done, total, before=before: told(before + done, before + total),  # type: ignore[misc]
            pause=pause,
            fits=lambda size: weights.make_room(folder, size),
        ).run()
        step(f"pulled {file}")
        announced = announced or note.announced
        before += note.done
    return _adopted(entry, folder, here, announced)


def _adopted(entry: Entry, folder: Path, here: Path, announced: str) -> Imported:
    if entry.size and (here / entry.file).stat().st_size != entry.size:
        shutil.rmtree(here)
        raise Unreadable("model_checksum", name=entry.name, file=entry.file)
    try:
        record = weights.adopt(entry, here, folder, announced=announced)
    finally:
        # Right, it has moved; wrong, it is of no use to anybody.
        shutil.rmtree(here)
    step("model adopted")
    return record


@contextmanager
def alone(here: Path, name: str) -> Iterator[None]:
    """One pull of a model at a time, whichever process it is in; the kernel lets go of the
    lock of one that dies."""
    with (here / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("pull_already_running", name=name) from None
        yield


def brought(entry: Entry, settings: Settings) -> Path | None:
    """What the import folder holds of a model: its file, or an embedder's folder by its
    name; None where there is nothing, or no such folder was set."""
    if not settings.import_folder:
        return None
    allowed = Path(settings.import_folder).resolve()
    found = allowed / (entry.file if entry.kind == "language" else entry.name)
    return found if found.exists() and found.resolve().is_relative_to(allowed) else None


@contextmanager
def ended_by_refusals() -> Iterator[None]:
    """A refusal ends the job with its sentence: the attempts were made already."""
    try:
        yield
    except Refusal as refusal:
        raise Unreadable(refusal.code, **refusal.facts) from refusal


def order(database: Database, kind: str, name: str) -> Job:
    """A new job for a model, within the caller's transaction.

    Raises ``Conflict`` (``pull_already_running``).
    """
    if under_way(database, name):
        raise Conflict("pull_already_running", name=name)
    return ledger.open(database, kind, name)


def under_way(database: Database, name: str, *, but: str | None = None) -> bool:
    """Whether a job other than ``but`` brings this model in, or waits to."""
    return any(ledger.current(database, kind, name, but=but) for kind in KINDS)


def begin_again(database: Database, job: Job) -> bool:
    """Whether a retried job has something to do: the catalogue still has its model.

    Raises ``Conflict`` (``job_already_queued``) when another job does the same.
    """
    if under_way(database, job.subject, but=job.id):
        raise Conflict("job_already_queued")
    try:
        return catalogue.find(job.subject).kind in ("language", "embedder")
    except NotFound:
        return False


def discard(entry: Entry, folder: Path) -> bool:
    """Remove a model, and what an unfinished pull has of it; whether there was anything.

    Raises ``Conflict`` (``pull_already_running``), ``BadRequest`` (``model_built_in``).
    """
    if entry.package:
        raise BadRequest("model_built_in", name=entry.name)
    here = partial(entry, folder)
    was = here.is_dir()
    if was:
        with alone(here, entry.name):
            shutil.rmtree(here)
    return weights.remove(entry, folder) or was
