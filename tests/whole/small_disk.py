"""A disk of 200 MB for one appliance: a tmpfs in a mount namespace that dies with it.

No rights are needed: the appliance is root in a user namespace of its own.
"""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.whole.running import Running

MB = 1 << 20
SIZE_MB = 200
MOUNT = f'mount -t tmpfs -o size={SIZE_MB}m tmpfs "$0"'


def beside(pid: int) -> Sequence[str]:
    """What starts a command where the process ``pid`` is."""
    return ["nsenter", "-t", str(pid), "-U", "-m", "--preserve-credentials"]


class SmallDisk:
    """The disk, and the appliance whose data lies on it. ``first`` is done in a shell before
    that starts; ``$0`` is the disk."""

    def __init__(self, folder: Path, *, first: str = "true", **environment: str) -> None:
        folder.mkdir()
        begun = f'{MOUNT} && {first}; exec "$@"'
        within = ["unshare", "-rm", "sh", "-c", begun, str(folder)]
        data = folder / "data"
        self.appliance = Running(data, within=within, beside=beside, **environment)
        self.folder = folder

    @property
    def seen(self) -> Path:
        """The disk, as it is seen from here."""
        assert self.appliance.process
        return Path(f"/proc/{self.appliance.process.pid}/root{self.folder}")

    @property
    def data(self) -> Path:
        """The data folder, as it is seen from here."""
        return self.seen / "data"

    @property
    def free(self) -> int:
        """Bytes."""
        found = os.statvfs(self.seen)
        return found.f_bavail * found.f_frsize

    def fill(self, name: str, *, leave: int = 0) -> None:
        """A file that takes all the room but ``leave`` bytes."""
        with (self.seen / name).open("ab") as file:
            file.truncate(0)
            os.posix_fallocate(file.fileno(), 0, self.free - leave)

    def remount(self, how: str) -> None:
        """Mount it again, "ro" or "rw"."""
        self.beside("mount", "-o", f"remount,{how}", str(self.folder))

    def beside(self, *command: str) -> str:
        """What a command prints that sees the disk where it is mounted."""
        assert self.appliance.process
        within = beside(self.appliance.process.pid)
        done = subprocess.run([*within, *command], check=True, capture_output=True, text=True)
        return done.stdout

    def clear(self, name: str) -> None:
        """Remove such a file."""
        (self.seen / name).unlink()
