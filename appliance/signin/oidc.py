"""OpenID Connect: the provider as administrators set it, and what of its word is believed.

An ID token counts when it is signed by a key of the provider, by an algorithm of the list
below (never by none, never by a secret that is no secret), for this appliance, by this issuer,
for this very sign-in, and now. Who somebody is, is the issuer with the subject; the address, the
name and the picture say nothing about that.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

import jwt

from appliance.errors import BadRequest, NotSignedIn
from appliance.hosts import is_here
from appliance.sections import Line, Lines, Secret, Section
from appliance.signin import mapping

ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip
CLOCKS_SECONDS = 60  # by which the clocks of two servers may differ
LONGEST_TOKEN = 64_000
LONGEST_NEXT = 500
MOST_KEYS = 20  # of one name that are tried; a list of thousands is no list of keys


class Provider(Section, frozen=True):
    """``others``: what becomes of people to whom no rule gives a role."""

    SECTION: ClassVar[str] = "oidc"
    TIED: ClassVar[Mapping[str, tuple[str, ...]]] = {"secret": ("issuer", "client")}

    enabled: bool = False
    name: Line = ""
    issuer: Line = ""
    client: Line = ""
    secret: Secret = ""
    scopes: Line = "openid email profile"
    groups: Line = "groups"
    rules: Lines = ()
    others: Literal["refuse", "member"] = "refuse"

    @property
    def called(self) -> str:
        """What the button at the door calls it."""
        return self.name or urlsplit(self.issuer).hostname or ""

    def check(self) -> None:
        """Raise ``BadRequest`` (``oidc_bad_issuer``, ``oidc_incomplete``, and as
        ``mapping.read`` does)."""
        if self.issuer and not is_safe(self.issuer):
            raise BadRequest("oidc_bad_issuer", issuer=self.issuer)
        if self.enabled and not (self.issuer and self.client):
            raise BadRequest("oidc_incomplete")
        mapping.read(self.rules)


def is_safe(address: str) -> bool:
    """Whether secrets may travel to an address: by https, or inside this machine."""
    try:
        parts = urlsplit(address)
        plain = bool(parts.hostname) and not (parts.username or parts.query or parts.fragment)
    except ValueError:
        return False
    if parts.scheme == "http":
        return plain and is_here(parts.hostname or "")
    return plain and parts.scheme == "https"


def local_path(path: str) -> str:
    """Where somebody goes after signing in: a path of this house.

    Raises ``BadRequest`` (``bad_next``): what begins with two strokes, or one the other way
    round, leads elsewhere.
    """
    plain = len(path) <= LONGEST_NEXT and path.isprintable() and path.isascii()
    if not plain or not path.startswith("/") or "\\" in path or path.startswith("//"):
        raise BadRequest("bad_next")
    return path


def challenge(verifier: str) -> str:
    """RFC 7636, 4.2."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def claims(
    token: str, keys: Iterable[Any], *, issuer: str, client: str, nonce: str
) -> dict[str, Any]:
    """What an ID token says, once it is believed. ``keys`` are the provider's, as it lists them.

    Raises ``NotSignedIn`` (``oidc_token``).
    """
    try:
        if len(token) > LONGEST_TOKEN:
            raise jwt.InvalidTokenError("too long")
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError("algorithm")
        said = _decoded(token, _fitting(keys, header, algorithm), algorithm, issuer, client)
        _for_this_sign_in(said, client, nonce)
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, KeyError) as fault:
        raise NotSignedIn("oidc_token", reason=type(fault).__name__) from fault
    return said


def groups_of(said: Mapping[str, Any], claim: str) -> tuple[str, ...]:
    """The groups that a claim names; its parts with a dot between lead inside
    ("realm_access.roles")."""
    found: Any = said.get(claim)
    if found is None:
        found = said
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return (found,)
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def _decoded(
    token: str, keys: list[jwt.PyJWK], algorithm: str, issuer: str, client: str
) -> dict[str, Any]:
    for key in keys:
        try:
            return dict(
                jwt.decode(
                    token,
                    key.key,
                    algorithms=[algorithm],
                    audience=client,
                    issuer=issuer,
                    leeway=CLOCKS_SECONDS,
                    options={
                        "require": ["exp", "iat", "iss", "aud", "sub"],
                        "enforce_minimum_key_length": True,
                    },
                )
            )
        except (jwt.InvalidSignatureError, jwt.InvalidKeyError):  # that one; perhaps the next
            continue
    raise jwt.InvalidSignatureError("signature")


def _fitting(keys: Iterable[Any], header: Mapping[str, Any], algorithm: str) -> list[jwt.PyJWK]:
    """The keys that may have signed it: public ones, for signing, of this name if it has one."""
    kinds = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}[algorithm[:2]]
    fitting = [
        one
        for one in keys
        if isinstance(one, dict)
        and one.get("kty") == kinds
        and one.get("use", "sig") == "sig"
        and one.get("alg", algorithm) == algorithm
        and ("kid" not in header or one.get("kid", header["kid"]) == header["kid"])
    ]
    return [jwt.PyJWK(one, algorithm) for one in fitting[:MOST_KEYS]]


def _for_this_sign_in(said: Mapping[str, Any], client: str, nonce: str) -> None:
    if not isinstance(said["sub"], str) or not 1 <= len(said["sub"]) <= 255:
        raise jwt.InvalidTokenError("subject")
    audience = said["aud"]
    if said.get("azp", client) != client or (
        isinstance(audience, list) and len(audience) > 1 and "azp" not in said
    ):
        raise jwt.InvalidAudienceError("azp")
    given = said.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise jwt.InvalidTokenError("nonce")
