"""A company's own certificate authority: a root, one that it vouches for, and what that issues."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NAME = "balcao.escola.example"


class Authority:
    """``root`` is what browsers of the company trust, ``between`` what issues."""

    def __init__(self) -> None:
        self.root_key, self.key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self.root = self._signed("Escola Root CA", self.root_key.public_key(), "Escola Root CA")
        self.between = self._signed("Escola CA 1", self.key.public_key(), "Escola Root CA")

    def answer(self, request: str, **changes: Any) -> bytes:
        """What it sends for a request: the certificate, and then its own."""
        wanted = x509.load_pem_x509_csr(request.encode())
        assert wanted.is_signature_valid
        names = wanted.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return pem(self.issued(wanted.public_key(), names, **changes), self.between)

    def issue(self, *names: str, key: Any = None, **changes: Any) -> tuple[Any, x509.Certificate]:
        """A key and a certificate for names."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        shown = x509.SubjectAlternativeName([x509.DNSName(name) for name in names or (NAME,)])
        return key, self.issued(key.public_key(), shown, **changes)

    def issued(
        self,
        public: Any,
        names: x509.SubjectAlternativeName,
        *,
        begins: float = -1,
        ends: float = 90,
        use: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
    ) -> x509.Certificate:
        """A certificate; ``begins`` and ``ends`` in days from now."""
        now = datetime.now(UTC)
        return (
            self._begun(NAME, public, "Escola CA 1")
            .not_valid_before(now + timedelta(days=begins))
            .not_valid_after(now + timedelta(days=ends))
            .add_extension(names, critical=False)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
            .sign(self.key, hashes.SHA256())
        )

    def _signed(self, name: str, public: Any, by: str) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            self._begun(name, public, by)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self.root_key, hashes.SHA256())
        )

    def _begun(self, name: str, public: Any, by: str) -> x509.CertificateBuilder:
        serial = x509.random_serial_number()
        return x509.CertificateBuilder(named(by), named(name), public, serial)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def pem(*things: Any, password: str = "") -> bytes:
    """Certificates and keys as one file; the keys under a passphrase, where there is one."""
    return b"".join(
        one.public_bytes(serialization.Encoding.PEM)
        if isinstance(one, x509.Certificate)
        else one.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealing(password)
        )
        for one in things
    )


def pfx(
    key: Any, one: x509.Certificate, others: Sequence[x509.Certificate], password: str
) -> bytes:
    """The same as Windows exports it."""
    return pkcs12.serialize_key_and_certificates(b"x", key, one, others, sealing(password))


def sealing(password: str) -> serialization.KeySerializationEncryption:
    if not password:
        return serialization.NoEncryption()
    return serialization.BestAvailableEncryption(password.encode())


def weak_key() -> rsa.RSAPrivateKey:
    """A key that no server may use any more."""
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)
