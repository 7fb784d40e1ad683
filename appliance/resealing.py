"""A new master key: everything that is sealed is sealed anew, and the old key forgotten.

Broken off anywhere, nothing is lost: until the last step the file holds both keys, and
running it again finishes.
"""

from collections.abc import Iterable

import msgspec

from appliance import options, sections
from appliance.database import Database, Writer
from appliance.sections import Section
from appliance.signin import second_factor
from appliance.vault import Vault


def renew(database: Database, vault: Vault, kinds: Iterable[type[Section]]) -> int:
    """Replace the master key; how many secrets were sealed anew.

    Raises ``Unavailable`` (``secret_unreadable``) where one no longer opens; the old key
    stays then.
    """
    vault.renew()
    with database.write() as writer:
        count = sum(_section(database, writer, vault, kind) for kind in kinds)
        count += _second_factors(writer, vault)
    vault.retire()
    return count


def _section(database: Database, writer: Writer, vault: Vault, kind: type[Section]) -> int:
    section = options.read(database, kind)
    kept = {name: getattr(section, name) for name in sections.secrets(kind)}
    again = {
        name: vault.again(sealed, purpose=f"{kind.SECTION}.{name}")
        for name, sealed in kept.items()
        if sealed
    }
    if again:
        options.store(writer, msgspec.structs.replace(section, **again))
    return len(again)


def _second_factors(writer: Writer, vault: Vault) -> int:
    found = second_factor.sealed_secrets(writer)
    for person, sealed in found.items():
        second_factor.seal_again(writer, person, vault.again(sealed, purpose=second_factor.PURPOSE))
    return len(found)
