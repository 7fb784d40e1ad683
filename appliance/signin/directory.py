"""The company's directory as administrators set it: where it is, and who of it comes in."""

import re
import ssl
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import msgspec

from appliance.errors import BadRequest
from appliance.sections import Line, Lines, Paragraph, Secret, Section
from appliance.signin import mapping

HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:]+", re.IGNORECASE)
NAME = re.compile(r"\s*[A-Za-z0-9.-]+\s*=.+")  # a distinguished name, as far as we can tell


class Directory(Section, frozen=True):
    """LDAP or Active Directory, always under TLS.

    ``authority`` is the certificate (PEM) that vouches for the server; empty, the machine's
    own do. ``others``: what becomes of people to whom no rule gives a role.
    """

    SECTION: ClassVar[str] = "ldap"
    TIED: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "password": ("host", "port", "safety", "authority", "account")
    }

    enabled: bool = False
    kind: Literal["ldap", "active_directory"] = "ldap"
    host: Line = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 636
    safety: Literal["tls", "starttls"] = "tls"
    authority: Paragraph = ""
    account: Line = ""
    password: Secret = ""
    people: Line = ""
    people_filter: Line = ""
    groups: Line = ""
    rules: Lines = ()
    others: Literal["refuse", "member"] = "refuse"
    check_minutes: Annotated[int, msgspec.Meta(ge=5, le=1440)] = 15

    @property
    def origin(self) -> str:
        """Where the directory is, as it is written down."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'ldaps' if self.safety == 'tls' else 'ldap'}://{host}:{self.port}"

    def check(self) -> None:
        """Raise ``BadRequest`` (``ldap_bad_host``, ``ldap_incomplete``, ``ldap_bad_name``,
        ``ldap_bad_authority``, ``ldap_bad_filter``, and as ``mapping.read`` does)."""
        if self.host and not HOST.fullmatch(self.host):
            raise BadRequest("ldap_bad_host", host=self.host)
        if self.enabled and not (self.host and self.account and self.people):
            raise BadRequest("ldap_incomplete")
        named = [one for one in (self.people, self.groups) if one]
        for name in [*named, *(rule.there for rule in mapping.read(self.rules))]:
            if not NAME.fullmatch(name):
                raise BadRequest("ldap_bad_name", name=name[:200])
        if self.people_filter and not _is_one_filter(self.people_filter):
            raise BadRequest("ldap_bad_filter")
        trust(self.authority)


def trust(authority: str) -> ssl.SSLContext:
    """How a server's certificate is checked: by the one given, else by the machine's.

    Raises ``BadRequest`` (``ldap_bad_authority``).
    """
    try:
        return ssl.create_default_context(cadata=authority.strip() or None)
    except (ssl.SSLError, ValueError, TypeError) as fault:  # a type: letters that are not ASCII
        raise BadRequest("ldap_bad_authority") from fault


def _is_one_filter(text: str) -> bool:
    """Whether the parentheses of a filter begin and end with it: what follows its end would
    stand beside the question rather than within it."""
    depth = 0
    for place, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth <= 0 and place < len(text) - 1:
            return False
    return depth == 0 and text.startswith("(")
