"""The folder that backups go into: looked at when it is chosen, and again before each backup.

A share is a folder like any other, but when it is not mounted the same path is an empty folder
of this server's own disk. So it is noted on which mount the folder was when it was chosen, and
a backup goes nowhere else.
"""

import os
from pathlib import Path

from appliance import backups
from appliance.errors import BadRequest, NotFound, Unavailable
from appliance.records import new_id
from appliance.routine import Routine


def folder(data: Path, routine: Routine) -> Path:
    """Where the next backup goes.

    Raises ``NotFound`` (``backup_no_folder``) and ``Unavailable`` (``backup_not_mounted``).
    """
    if not routine.folder:
        return backups.folder(data).resolve()
    chosen = Path(routine.folder)
    if routine.mount not in ("", "/") and str(mount_of(chosen)) != routine.mount:
        raise Unavailable("backup_not_mounted", folder=routine.folder, mount=routine.mount)
    if not chosen.is_dir():
        raise NotFound("backup_no_folder", folder=routine.folder)
    return chosen.resolve()


def checked(data: Path, text: str) -> dict[str, str]:
    """The fields of ``Routine`` for a folder that somebody chooses; "" is the data folder's own.

    Raises ``BadRequest``: ``backup_folder_relative``, ``backup_folder_inside``,
    ``backup_no_folder``, ``backup_folder_closed``.
    """
    if not text:
        return {"folder": "", "mount": ""}
    chosen = Path(text)
    if not chosen.is_absolute():
        raise BadRequest("backup_folder_relative", folder=text)
    chosen = chosen.resolve()
    if chosen.is_relative_to(data):
        raise BadRequest("backup_folder_inside", folder=text, data=str(data))
    if not chosen.is_dir():
        raise BadRequest("backup_no_folder", folder=text)
    try_writing(chosen)
    return {"folder": str(chosen), "mount": str(mount_of(chosen))}


def mount_of(path: Path) -> Path:
    """The mount that a path lies on."""
    return next(one for one in (path, *path.parents) if one.is_mount())


def beside_data(data: Path, routine: Routine) -> bool:
    """Whether backups lie on the disk that the data is on, and would die with it."""
    return not routine.folder or Path(routine.mount or "/") == mount_of(data)


def try_writing(chosen: Path) -> None:
    """Write a file there and remove it. Raises ``BadRequest`` (``backup_folder_closed``)."""
    tried = chosen / f".balcao-{new_id()}"
    try:
        os.close(os.open(tried, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        tried.unlink()
    except OSError as fault:
        reason = fault.strerror or type(fault).__name__
        raise BadRequest("backup_folder_closed", folder=str(chosen), reason=reason) from fault
