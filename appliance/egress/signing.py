"""The signature under a report: who has the file and the fingerprint can check every byte.

A file is ``{"report": …, "signature": …}``, laid out in one way only; the report's compact form
is what is signed. Whoever changes a byte of the file, a blank even, breaks it; whoever signs
it anew with another key shows another fingerprint.
"""

from typing import Any

import msgspec

from appliance import attestations, signatures
from appliance.database import Database
from appliance.errors import Unreadable
from appliance.records import Record
from appliance.vault import Vault


class Signature(Record, frozen=True):
    """``value`` signs the report; all but the algorithm's name is hexadecimal."""

    algorithm: str
    public_key: str
    fingerprint: str
    value: str


class Checked(Record, frozen=True):
    """A file whose signature is good: its report, and the fingerprint of its key."""

    report: dict[str, Any]
    fingerprint: str


def fingerprint(database: Database, vault: Vault) -> str:
    """The fingerprint of this installation's key, which is made when first asked for.

    Raises ``Unavailable`` (``secret_unreadable``, ``master_key_damaged``).
    """
    return signatures.fingerprint(signatures.public_key(_seed(database, vault)))


def signed(report: Record, database: Database, vault: Vault) -> str:
    """The file of a report, signed by this installation. Raises as ``fingerprint`` does."""
    seed = _seed(database, vault)
    public = signatures.public_key(seed)
    signature = Signature(
        algorithm=signatures.ALGORITHM,
        public_key=public,
        fingerprint=signatures.fingerprint(public),
        value=signatures.sign(seed, msgspec.json.encode(report)),
    )
    return _laid_out({"report": report, "signature": signature})


def check(file: bytes) -> Checked:
    """The report of a file, if it is as it was signed, by whomever.

    Raises ``Unreadable``: ``egress_no_report`` for something else, ``egress_changed``.
    """
    try:
        read = msgspec.json.decode(file)
        signature = msgspec.convert(read["signature"], Signature)
        report = msgspec.convert(read["report"], dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError) as fault:
        raise Unreadable("egress_no_report") from fault
    written = _laid_out({"report": report, "signature": signature})
    good = signatures.is_good(signature.public_key, msgspec.json.encode(report), signature.value)
    if not good or written.encode() != file or not _names_its_key(signature):
        raise Unreadable("egress_changed")
    return Checked(report=report, fingerprint=signature.fingerprint)


def _names_its_key(signature: Signature) -> bool:
    named = signatures.fingerprint(signature.public_key)
    return (signature.algorithm, signature.fingerprint) == (signatures.ALGORITHM, named)


def _laid_out(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def _seed(database: Database, vault: Vault) -> str:
    with database.write() as writer:
        sealed = attestations.sealed_key(database)
        if sealed is None:
            sealed = vault.seal(signatures.new_seed(), purpose=attestations.PURPOSE)
            attestations.keep_key(writer, sealed)
    return vault.open(sealed, purpose=attestations.PURPOSE)
