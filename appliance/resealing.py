"""A new master key: everything that is sealed is sealed anew, and the old key forgotten.

Broken off anywhere, nothing is lost: until the last step the file holds both keys, and
running it again finishes.
"""

from collections.abc import Iterable
from typing import Protocol

import msgspec

from appliance import attestations, hooks, identities, letters, options, sections
from appliance.database import Database, Writer
from appliance.sections import Section
from appliance.signin import second_factor
from appliance.vault import Vault


class _Sealed(Protocol):
    """A noun whose rows hold something sealed."""

    PURPOSE: str

    def sealed_secrets(self, writer: Writer) -> dict[str, str]: ...

    def seal_again(self, writer: Writer, key: str, sealed: str, /) -> None: ...


NOUNS: tuple[_Sealed, ...] = (second_factor, letters, attestations, identities, hooks)


def renew(database: Database, vault: Vault, kinds: Iterable[type[Section]]) -> int:
    """Replace the master key; how many secrets were sealed anew.

    Raises ``Unavailable`` (``secret_unreadable``) where one no longer opens; the old key
    stays then.
    """
    vault.renew()
    with database.write() as writer:
        count = sum(_section(database, writer, vault, kind) for kind in kinds)
        count += sum(_rows(writer, vault, noun) for noun in NOUNS)
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


def _rows(writer: Writer, vault: Vault, noun: _Sealed) -> int:
    found = noun.sealed_secrets(writer)
    for key, sealed in found.items():
        noun.seal_again(writer, key, vault.again(sealed, purpose=noun.PURPOSE))
    return len(found)
