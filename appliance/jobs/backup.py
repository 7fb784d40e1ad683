"""Backups as jobs: kind "backup" makes one and proves it, kind "verify" proves one again.

Here they are ordered and begun again; the work itself is ``archive.working``.
"""

from appliance import backups, options
from appliance.database import Database
from appliance.errors import BadRequest, Conflict
from appliance.jobs import ledger
from appliance.records import Job
from appliance.routine import LEAST, PURPOSE, Routine
from appliance.settings import Settings
from appliance.vault import Vault

KIND, VERIFY = "backup", "verify"
SUBJECT = "backups"  # of the kind "backup"; of the other it is a backup's id


def order(database: Database) -> Job:
    """A new backup, within the caller's transaction.

    Raises ``Conflict`` (``backup_passphrase_not_kept``, ``backup_under_way``).
    """
    return _opened(database, KIND, SUBJECT)


def order_proof(database: Database, settings: Settings, backup_id: str) -> Job:
    """A new proof of a backup, within the caller's transaction.

    Raises ``NotFound`` for one that is not on the list, and as ``order`` does.
    """
    return _opened(database, VERIFY, backups.get(settings.data, backup_id).id)


def sealed(vault: Vault, passphrase: str) -> dict[str, str]:
    """The field of ``Routine`` that keeps a passphrase; "" forgets the one that is kept.

    Raises ``BadRequest`` (``backup_passphrase_short``).
    """
    phrase = passphrase.strip()
    if phrase and len(phrase) < LEAST:
        raise BadRequest("backup_passphrase_short", least=LEAST)
    return {"passphrase": vault.seal(phrase, purpose=PURPOSE)}


def under_way(database: Database) -> Job | None:
    """The backup that waits or runs."""
    return ledger.current(database, KIND, SUBJECT)


def begin_again(database: Database, job: Job) -> bool:
    """Whether a retried job has something to do; a backup that is gone by then says so.

    Raises ``Conflict`` (``backup_under_way``) when another job does the same.
    """
    if ledger.current(database, job.kind, job.subject, but=job.id):
        raise Conflict("backup_under_way")
    return True


def _opened(database: Database, kind: str, subject: str) -> Job:
    if not options.read(database, Routine).passphrase:
        raise Conflict("backup_passphrase_not_kept")
    if ledger.current(database, kind, subject):
        raise Conflict("backup_under_way")
    return ledger.open(database, kind, subject)
