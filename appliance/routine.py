"""The routine of backups: what administrators set about those that the appliance makes itself.

It has the passphrase, or it could seal nothing while nobody is there. That is kept sealed by
the master key and never comes out again: whoever restores has to have it from elsewhere.
"""

from typing import ClassVar

from appliance.sections import Secret, Section

PURPOSE = "backups.passphrase"  # what the vault seals it for
LEAST = 12  # characters of a passphrase that is kept


class Routine(Section, frozen=True):
    """``passphrase`` is the sealed one, "" where none is kept."""

    SECTION: ClassVar[str] = "backups"

    passphrase: Secret = ""
