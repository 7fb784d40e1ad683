"""Signatures that a stranger can check: Ed25519 (RFC 8032), by a key of this installation.

A key is its seed of 32 bytes, in hexadecimal; whoever keeps one seals it. Everything here is
hexadecimal in small letters, and nothing else is taken: one byte has one way to be written.
"""

import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

ALGORITHM = "Ed25519"
SEED_BYTES = 32


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


def _private(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
