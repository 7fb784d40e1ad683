"""The signature under a report: who has the file and the fingerprint can check every byte.

The key is the installation's own, made when first asked for; what a signed file is, says
``signatures``.
"""

from typing import Any

from appliance import attestations, signatures
from appliance.database import Database
from appliance.errors import Unreadable
from appliance.records import Record
from appliance.vault import Vault

KIND = "report"


class Checked(Record, frozen=True):
    """A file whose signature is good: its report, and the fingerprint of its key."""

    report: dict[str, Any]
    fingerprint: str


def fingerprint(database: Database, vault: Vault) -> str:
    """The fingerprint of this installation's key, which is made when first asked for.

    Raises ``Unavailable`` (``secret_unreadable``, ``master_key_damaged``).
    """
    return signatures.fingerprint(signatures.public_key(seed(database, vault)))


def signed(report: Record, database: Database, vault: Vault) -> str:
    """The file of a report, signed by this installation. Raises as ``fingerprint`` does."""
    return signatures.signed_file(KIND, report, seed(database, vault))


def check(file: bytes) -> Checked:
    """The report of a file, if it is as it was signed, by whomever.

    Raises ``Unreadable``: ``egress_no_report`` for something else, ``egress_changed``.
    """
    try:
        report, signature = signatures.read_file(KIND, file)
    except signatures.NotSigned as fault:
        raise Unreadable("egress_no_report") from fault
    except signatures.Broken as fault:
        raise Unreadable("egress_changed") from fault
    return Checked(report=report, fingerprint=signature.fingerprint)


def seed(database: Database, vault: Vault) -> str:
    """This installation's private key, for what it signs. Raises as ``fingerprint`` does."""
    with database.write() as writer:
        sealed = attestations.sealed_key(database)
        if sealed is None:
            sealed = vault.seal(signatures.new_seed(), purpose=attestations.PURPOSE)
            attestations.keep_key(writer, sealed)
    return vault.open(sealed, purpose=attestations.PURPOSE)
