"""Backups made and proven by the worker, while nobody is there.

A job writes its backup under a name of its own, so that one that was killed knows what it had:
nothing, or a whole backup that is still to be proven. One at a time, whoever ordered them; of
the worker's two threads the other is for documents.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from appliance import audit, backups, options
from appliance.archive import keeping, making, opening, target
from appliance.archive.keeping import Keep
from appliance.archive.making import Told
from appliance.backups import Backup
from appliance.database import Database
from appliance.errors import Conflict, Refusal, Unavailable, Unreadable
from appliance.jobs.failpoint import step
from appliance.jobs.watch import Watch
from appliance.records import ITSELF, Job
from appliance.routine import PURPOSE, Routine
from appliance.settings import Settings
from appliance.vault import Vault

UNIT = "bytes"


class Backups:
    """Does the jobs of the kinds "backup" (``make``) and "verify" (``prove``)."""

    def __init__(self, settings: Settings, database: Database, vault: Vault) -> None:
        self.settings = settings
        self.data = settings.data
        self.database = database
        self.vault = vault
        self._one = threading.Lock()

    def make(self, job: Job, watch: Watch) -> None:
        """Make a backup, prove it, and remove the older ones that the routine does not keep; if
        the proof fails nothing is removed.

        Raises what ``Watch.check`` raises, ``Unreadable`` for whatever was refused, and
        ``Unavailable`` (``backup_running``) to be done later.
        """
        kept = options.read(self.database, Routine)
        with self._alone(), _ended_by_refusals(kept.folder or str(self.data)):
            passphrase = self._passphrase(kept)
            folder = target.folder(self.data, kept)
            place = folder / name_of(job)
            told = watch.telling(UNIT)
            made = self._made(place) or making.make(
                self.settings, passphrase, place, told=_first_half(told)
            )
            step("backup made")
            self._write_down("backup.make", made)
            self._prove(made, passphrase, _second_half(told))
            for one in keeping.clear(self.data, folder, _rule(kept)):
                self._write_down("backup.remove", one)
            step("older ones removed")

    def prove(self, job: Job, watch: Watch) -> None:
        """Prove a backup of the list. Raises as ``make`` does."""
        kept = options.read(self.database, Routine)
        with self._alone(), _ended_by_refusals(kept.folder or str(self.data)):
            known = backups.get(self.data, job.subject)
            self._prove(known, self._passphrase(kept), watch.telling(UNIT))

    def _prove(self, backup: Backup, passphrase: str, told: Told) -> None:
        proven, _ = opening.verify(self.data, Path(backup.file), passphrase, told=told)
        step("backup proven")
        self._write_down("backup.verify", proven)

    def _made(self, place: Path) -> Backup | None:
        """The backup that this job had made when it was killed."""
        with backups.alone(self.data) as home:
            making.sweep(home)
        return next((one for one in backups.every(self.data) if one.file == str(place)), None)

    def _passphrase(self, kept: Routine) -> str:
        if not kept.passphrase:
            raise Conflict("backup_passphrase_not_kept")
        return self.vault.open(kept.passphrase, purpose=PURPOSE)

    def _write_down(self, act: str, backup: Backup) -> None:
        """Once for a backup, however often the job was killed meanwhile."""
        with self.database.write() as writer:
            same = audit.wanted(act=act, subject=backup.id)
            if act == "backup.make" and audit.newest(self.database, same, limit=1):
                return
            audit.record(
                writer, ITSELF, act, backup.id, file=backup.file, documents=backup.documents
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._one.acquire(blocking=False):
            raise Unavailable("backup_running")
        try:
            yield
        finally:
            self._one.release()


def name_of(job: Job) -> str:
    """The file of a job's backup: the same for all its attempts, another when it is retried."""
    moment = datetime.fromisoformat(job.started_at or job.created_at)
    return f"balcao-{moment:%Y%m%dT%H%M%SZ}-{job.id[-4:]}{making.ENDING}"


def _rule(kept: Routine) -> Keep:
    return Keep(days=kept.keep_days, weeks=kept.keep_weeks, months=kept.keep_months)


def _first_half(told: Told) -> Told:
    return lambda done, total: told(done, 2 * total)


def _second_half(told: Told) -> Told:
    return lambda done, total: told(total + done, 2 * total)


@contextmanager
def _ended_by_refusals(folder: str) -> Iterator[None]:
    """A refusal ends the job with its sentence, for somebody has to act; another backup that is
    being made is waited for."""
    try:
        yield
    except Refusal as refusal:
        if refusal.code == "backup_running":
            raise Unavailable(refusal.code) from refusal
        raise Unreadable(refusal.code, **refusal.facts) from refusal
    except OSError as fault:
        reason = fault.strerror or type(fault).__name__
        raise Unreadable("backup_not_written", folder=folder, reason=reason) from fault
