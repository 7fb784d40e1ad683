"""A hundred thousand files: the second look reads none of them."""

import os
import time
from pathlib import Path

import pytest

from appliance.jobs import folders
from appliance.jobs.folders import Folders
from appliance.jobs.listing import Entry, Gap
from appliance.sources import Source
from tests.jobs.office import Office, counts

FOLDERS, FILES = 100, 1000


@pytest.fixture
def crowded(office: Office) -> Office:
    """An office whose share was taken in a while ago, all hundred thousand files of it."""
    for folder in range(FOLDERS):
        (office.share / f"{folder:03}").mkdir()
        for file in range(FILES):
            os.close(os.open(office.share / f"{folder:03}/ata {file:04}.txt", os.O_CREAT))
    office.sync = office.syncing({"folder": later(office)})
    with office.database.write() as db:
        db.many(
            """
            insert into source_entries (source, key, name, owned, bytes, changed, sha256)
            values (:source, :key, :name, 1, :bytes, :changed, :key)
            """,
            [
                {
                    "source": office.source.id,
                    "key": entry.key,
                    "name": entry.name,
                    "bytes": entry.bytes,
                    "changed": entry.changed,
                }
                for entry in listed(office, office.source)
                if isinstance(entry, Entry)
            ],
        )
    return office


def later(office: Office) -> folders.Way:
    """Looking at folders in an hour, when none of the files is fresh."""
    looking = Folders(office.settings, clock=lambda: time.time() + 3600)
    return folders.Way(allowed=str, look=looking.look)


def listed(office: Office, source: Source) -> list[Entry | Gap]:
    return list(
        later(office).look(
            source, known=lambda key: None, check=lambda: None, scratch=office.settings.data
        )
    )


def test_a_run_over_a_hundred_thousand_files_opens_only_those_that_moved(
    crowded: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    fetch = folders._fetch

    def counted(root: Path, path: str, place: Path) -> folders.FetchedFile:
        opened.append(path)
        return fetch(root, path, place)

    monkeypatch.setattr(folders, "_fetch", counted)
    crowded.write("007/ata 0007.txt", "Ata que mudou.")
    (crowded.share / "042" / "ata 0042.txt").unlink()
    run = crowded.run()

    assert (run.state, counts(run)) == ("done", (0, 1, 1, 0, FOLDERS * FILES - 2, 0))
    assert set(opened) == {"007/ata 0007.txt"}
