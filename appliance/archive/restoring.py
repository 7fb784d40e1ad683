"""Restoring: an empty data folder becomes what a backup holds, whole or not at all.

Everything is unpacked into ``.restoring`` inside the folder and proven there; only then it
takes its place, the database last. Broken off before that, the folder is as empty as it was
to the next attempt, and ``serve`` refuses it until one has ended.

The data that is there may be put aside first: it is moved into ``aside-…``, never removed.
What was erased since the backup stays erased: the newer tombstones are joined with those of
the backup, and the next start follows them.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from appliance import backups
from appliance.archive import contents, making, opening, snapshot
from appliance.archive.contents import Manifest
from appliance.archive.making import flush_folder
from appliance.database import Database
from appliance.errors import Conflict
from appliance.jobs.failpoint import step

WORKSHOP = ".restoring"
ASIDE = "aside-"
# What a restore leaves as it is: no backup holds these, and they stand in nobody's way.
STAYS = {"models", backups.FOLDER, "lost+found", "serve.lock", "worker.lock", "migrate.lock",
         "making.lock", "runner.sock", "answering"}  # fmt: skip


def restore(
    data: Path,
    file: Path,
    passphrase: str,
    *,
    aside: bool = False,
    told: making.Told = lambda done, total: None,
) -> tuple[Manifest, Path | None]:
    """Fill a data folder, which nobody may be using; the manifest, and where what was there
    is now.

    Raises ``Conflict`` (``restore_not_empty``) where something is there and not to be put
    aside, ``NoSpace``, ``NotFound`` and ``Unreadable`` as ``opening.verify``; the folder is
    then as it was.
    """
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    recover(data)
    if not aside and (there := [one.name for one in _there(data)]):
        raise Conflict("restore_not_empty", folder=str(data), name=sorted(there)[0])
    opening.check_room(file, data)
    workshop = data / WORKSHOP
    workshop.mkdir(mode=0o700)
    try:
        manifest = opening.unpack(file, passphrase, workshop, told=told)
        opening.prove(workshop, manifest)
        snapshot.settle(Database(workshop / contents.DATABASES[0]))
        (workshop / "migrate.lock").unlink(missing_ok=True)
    except BaseException:
        shutil.rmtree(workshop, ignore_errors=True)
        raise
    step("proven")
    _join_tombstones(data, workshop)
    kept = _put_aside(data) if aside else None
    step("aside")
    _settle(data)
    return manifest, kept


def recover(data: Path) -> None:
    """End what a restore that was broken off had begun: once its database was in place it was
    done; before that, what it had put in place goes."""
    workshop = data / WORKSHOP
    if not workshop.exists():
        return
    if unfinished(data):
        for name in _placed(workshop):
            _remove(data / name)
    shutil.rmtree(workshop)


def unfinished(data: Path) -> bool:
    """Whether a restore was broken off here before its end."""
    workshop = data / WORKSHOP
    return workshop.exists() and not (data / contents.DATABASES[0]).exists()


def _there(data: Path) -> Iterator[Path]:
    for path in data.iterdir():
        if path.name not in STAYS and not path.name.startswith(ASIDE) and path.name != WORKSHOP:
            yield path


def _join_tombstones(data: Path, workshop: Path) -> None:
    """Every line that either file has, once; the order of the older stays."""
    lines: dict[bytes, None] = {}
    for folder in (workshop, data):
        if (file := folder / contents.TOMBSTONES).exists():
            lines |= dict.fromkeys(file.read_bytes().splitlines())
    if lines:
        place = workshop / contents.TOMBSTONES
        place.write_bytes(b"".join(line + b"\n" for line in lines))
        place.chmod(0o600)


def _put_aside(data: Path) -> Path | None:
    there = sorted(_there(data), key=lambda path: path.name != contents.DATABASES[0])
    if not there:
        return None
    kept = data / f"{ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    kept.mkdir(mode=0o700)
    for path in there:
        path.rename(kept / path.name)
    flush_folder(data)
    return kept


def _settle(data: Path) -> None:
    """Move everything out of the workshop, the database last."""
    workshop = data / WORKSHOP
    names = sorted(path.name for path in workshop.iterdir())
    names.remove(contents.DATABASES[0])
    # Known before the first is moved: whoever recovers must know what is the restore's.
    (workshop / ".placed").write_text("\n".join(names), "utf-8")
    flush_folder(workshop)
    for name in [*names, contents.DATABASES[0]]:
        (workshop / name).rename(data / name)
        step("moved into place")
    flush_folder(data)
    shutil.rmtree(workshop)
    flush_folder(data)


def _placed(workshop: Path) -> list[str]:
    try:
        return (workshop / ".placed").read_text("utf-8").split()
    except FileNotFoundError:
        return []


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
