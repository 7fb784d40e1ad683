"""A database migrated once, and copied for each test that begins with an empty one.

The steps of ``schema/`` take a tenth of a second, and two thousand tests begin with them.
A file that is there already, or a schema that a test has put in the place of the real one,
goes its own way; and so does each program that a test starts.
"""

import functools
import shutil
import tempfile
from pathlib import Path

from appliance import database as databases
from appliance.database import Database

_SCHEMA = databases._schema()
_migrate = Database.migrate


def migrate(database: Database) -> None:
    """``Database.migrate``, with all the steps there at once where the file is new."""
    if databases._schema() == _SCHEMA and not database.path.exists():
        database.path.parent.mkdir(parents=True, exist_ok=True)
        database.path.touch(0o600)
        shutil.copyfile(_empty(), database.path)
    _migrate(database)


@functools.cache
def _empty() -> Path:
    path = Path(tempfile.mkdtemp(prefix="migrated-")) / "appliance.db"
    made = Database(path)
    _migrate(made)
    made.close()
    return path
