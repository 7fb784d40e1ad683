"""The data folder: its rights, its key, and whether the files that the library names are there."""

import os
import stat

import msgspec

from appliance import backups, certificates
from appliance.doctor import Finding, Patient, failed, ok, warning
from appliance.index.vectors import VectorFiles, checksum
from appliance.jobs.intake import file_of

_OTHERS = 0o077
_PURPOSE = "doctor"
_NAMED_MOST = 3


def rights(patient: Patient) -> Finding:
    """Whether the folder is the service's own, and nobody else's."""
    folder = patient.settings.data
    found = folder.stat()
    if found.st_uid != os.geteuid() and os.geteuid() != 0:
        return failed("doctor_rights_owner", folder=str(folder), owner=found.st_uid)
    if stat.S_IMODE(found.st_mode) & _OTHERS:
        return failed("doctor_rights_open", folder=str(folder))
    if not os.access(folder, os.W_OK | os.X_OK):
        return failed("doctor_rights_read_only", folder=str(folder))
    return ok("doctor_rights")


def key(patient: Patient) -> Finding:
    """Whether the master key is there, is closed to others, and opens what it sealed."""
    file = patient.vault.file
    if not file.exists():
        return failed("doctor_key_missing", file=str(file))
    if stat.S_IMODE(file.stat().st_mode) & _OTHERS:
        return failed("doctor_key_open", file=str(file))
    sealed = patient.vault.seal("x", purpose=_PURPOSE)
    patient.vault.open(sealed, purpose=_PURPOSE)
    return ok("doctor_key")


def originals(patient: Patient) -> Finding:
    """Whether each document's file is there."""
    rows = patient.database.rows("select title, sha256 from documents where sha256 != ''")
    gone = [row["title"] for row in rows if not file_of(patient.settings, row["sha256"]).exists()]
    if gone:
        return failed("doctor_originals_gone", count=len(gone), titles=_some(gone))
    return ok("doctor_originals", count=len(rows))


def index(patient: Patient) -> Finding:
    """Whether the vector files are as they were written; what is not is made anew."""
    files = VectorFiles(patient.settings.data / "index")
    rows = patient.database.rows("select name, sha256 from segments where merged_into is null")
    bad = [row["name"] for row in rows if not _is_whole(files, row["name"], row["sha256"])]
    if bad:
        return warning("doctor_index_damaged", count=len(bad), names=_some(bad))
    return ok("doctor_index", count=len(rows))


def backup(patient: Patient) -> Finding:
    """Whether a backup was proven lately, and none that is newer failed."""
    newest = next(iter(backups.every(patient.settings.data)), None)
    if newest and newest.problem:
        found = failed("doctor_backup_damaged", file=newest.file)
        return msgspec.structs.replace(found, because=newest.problem)
    if problem := backups.worn(patient.settings.data):
        return warning(problem.code, **problem.facts)
    return ok("doctor_backup", days=backups.age_days(patient.settings.data))


def certificate(patient: Patient) -> Finding:
    """Whether the certificate of its own is good for some time, where it shows one."""
    if not patient.settings.tls:
        return ok("doctor_certificate_elsewhere")
    data = patient.settings.data
    if problem := certificates.worn(data):
        soon = (
            problem.code == "certificate_ends" and problem.facts["days"] > certificates.URGENT_DAYS
        )
        return (warning if soon else failed)(problem.code, **problem.facts)
    found = certificates.current(data)
    assert found is not None  # noqa: S101 - by the line above
    return ok("doctor_certificate", days=certificates.days_left(found), date=found.ends_at[:10])


def _is_whole(files: VectorFiles, name: str, sha256: str) -> bool:
    path = files.path(name)
    return path.exists() and checksum(path) == sha256


def _some(names: list[str]) -> str:
    more = "…" if len(names) > _NAMED_MOST else ""
    return ", ".join(names[:_NAMED_MOST]) + more
