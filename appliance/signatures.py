"""Signatures that a stranger can check: Ed25519 (RFC 8032), by a key of this installation.

A key is its seed of 32 bytes, in hexadecimal; whoever keeps one seals it. Everything here is
hexadecimal in small letters, and nothing else is taken: one byte has one way to be written.

A signed file is ``{"report": …, "signature": …}`` (what is signed has a name of its kind),
laid out in one way only; the compact form of the contents is what is signed. Whoever changes
a byte of the file, a blank even, breaks it; whoever signs it anew with another key shows
another fingerprint. ``purpose`` stands before what is signed, so that no file of one kind
passes for one of another.
"""

import secrets
from hashlib import sha256
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from appliance.records import Record

ALGORITHM = "Ed25519"
SEED_BYTES = 32


class Signature(Record, frozen=True):
    """``value`` signs the contents; all but the algorithm's name is hexadecimal."""

    algorithm: str
    public_key: str
    fingerprint: str
    value: str


class NotSigned(Exception):
    """Something else than a signed file of this kind."""


class Broken(Exception):
    """A signed file that is not as it was signed."""


def new_seed() -> str:
    """A new private key."""
    return secrets.token_hex(SEED_BYTES)


def public_key(seed: str) -> str:
    """The public key of a private one."""
    return _private(seed).public_key().public_bytes_raw().hex()


def sign(seed: str, data: bytes) -> str:
    """The signature of data, 64 bytes."""
    return _private(seed).sign(data).hex()


def is_good(public: str, data: bytes, signature: str) -> bool:
    """Whether the private key of this public one signed exactly this data."""
    try:
        key, signed = bytes.fromhex(public), bytes.fromhex(signature)
        if (key.hex(), signed.hex()) != (public, signature):
            return False
        Ed25519PublicKey.from_public_bytes(key).verify(signed, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: str) -> str:
    """What people compare: the SHA-256 of a public key, in groups of four signs."""
    digest = sha256(bytes.fromhex(public)).hexdigest()
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def signed_file(kind: str, contents: Any, seed: str, *, purpose: bytes = b"") -> str:
    """The text of a signed file that holds ``contents`` (JSON) under the name ``kind``."""
    public = public_key(seed)
    signature = Signature(
        algorithm=ALGORITHM,
        public_key=public,
        fingerprint=fingerprint(public),
        value=sign(seed, purpose + msgspec.json.encode(contents)),
    )
    return _laid_out({kind: contents, "signature": signature})


def read_file(kind: str, file: bytes, *, purpose: bytes = b"") -> tuple[dict[str, Any], Signature]:
    """The contents of a file that is as it was signed, by whomever.

    Raises ``NotSigned`` for something else, and ``Broken``.
    """
    try:
        read = msgspec.json.decode(file)
        signature = msgspec.convert(read["signature"], Signature)
        contents = msgspec.convert(read[kind], dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError) as fault:
        raise NotSigned from fault
    written = _laid_out({kind: contents, "signature": signature})
    signed = purpose + msgspec.json.encode(contents)
    good = is_good(signature.public_key, signed, signature.value)
    if not good or written.encode() != file or not _names_its_key(signature):
        raise Broken
    return contents, signature


def _names_its_key(signature: Signature) -> bool:
    named = fingerprint(signature.public_key)
    return (signature.algorithm, signature.fingerprint) == (ALGORITHM, named)


def _laid_out(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def _private(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
