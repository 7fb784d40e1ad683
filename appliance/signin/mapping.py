"""Rules by which groups of another server become a role and groups here, one to a line:

    cn=juridico,ou=grupos,dc=escola,dc=example = role:editor
    cn=juridico,ou=grupos,dc=escola,dc=example = group:Jurídico

What stands before the last " = " is the group over there: its distinguished name in a
directory, its name at an OpenID provider. Rules are read from top to bottom; the first role
that fits is the person's, and they are in every group that fits.
"""

import re
from collections.abc import Iterable, Sequence
from typing import cast, get_args

from appliance.errors import BadRequest
from appliance.records import Record, Role

_RULE = re.compile(r"(?P<there>.*\S)\s*=\s*(?P<kind>role|group)\s*:\s*(?P<here>\S.*)")
_HEX = re.compile(r"(?:\\[0-9a-f]{2})+", re.IGNORECASE)
ROLES: frozenset[Role] = frozenset(get_args(Role))


class Rule(Record, frozen=True):
    """Whoever is in the group ``there`` has the ``role``, or is in the ``group`` here."""

    there: str
    role: Role | None = None
    group: str = ""


class Standing(Record, frozen=True):
    """What somebody is here: ``role`` None where no rule gives one; ``groups`` are names."""

    role: Role | None
    groups: tuple[str, ...]


def read(lines: Iterable[str]) -> list[Rule]:
    """The rules of these lines; empty ones do not count.

    Raises ``BadRequest`` (``bad_rule``, ``bad_rule_role``) with the line.
    """
    return [_rule(line.strip()) for line in lines if line.strip()]


def standing(rules: Sequence[Rule], there: Iterable[str]) -> Standing:
    """What the groups that somebody is in over there make of them here."""
    held = {folded(one) for one in there}
    fitting = [rule for rule in rules if folded(rule.there) in held]
    role = next((rule.role for rule in fitting if rule.role), None)
    return Standing(role=role, groups=tuple(dict.fromkeys(r.group for r in fitting if r.group)))


def folded(name: str) -> str:
    """A group's name as it is compared: in any case, with or without spaces around the parts
    of a distinguished name, and with its letters written out (RFC 4514, 2.4)."""
    plain = _HEX.sub(_unescaped, name.strip())
    return re.sub(r"\s*(?<!\\)([,=+])\s*", r"\1", plain).casefold()


def _rule(line: str) -> Rule:
    found = _RULE.fullmatch(line)
    if found is None:
        raise BadRequest("bad_rule", line=line[:200])
    there, kind, here = found["there"], found["kind"], found["here"].strip()
    if kind == "group":
        return Rule(there=there, group=here)
    if here not in ROLES:
        raise BadRequest("bad_rule_role", line=line[:200], roles=", ".join(sorted(ROLES)))
    return Rule(there=there, role=cast("Role", here))


def _unescaped(found: re.Match[str]) -> str:
    octets = bytes.fromhex(found[0].replace("\\", ""))
    text = octets.decode("utf-8", "replace")
    # What parts a name stays told from what is in a part.
    return re.sub(r"([,=+\\])", r"\\\1", text)
