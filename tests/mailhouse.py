"""A mail house for the tests: a real SMTP server on this machine, with or without TLS."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "balcao", "gaivota-azul"


class MailHouse:
    """Keeps the letters it took; ``says`` answers for a recipient, None takes the letter."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.names: list[str] = []  # by which senders introduced themselves
        self.under_tls: list[bool] = []
        self.says: dict[str, str] = {}
        self.port = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.says.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = cast(bytes, envelope.content)
        self.letters.append(cast(EmailMessage, message_from_bytes(content, policy=policy.default)))
        self.recipients += envelope.rcpt_tos
        self.names.append(str(session.host_name))
        self.under_tls.append(session.ssl is not None)
        return "250 OK"


class _Controller(Controller):
    def factory(self) -> SMTP:
        # Without it each server makes a loop of its own for the calling thread, which nobody
        # closes and some other test is blamed for.
        return SMTP(self.handler, loop=self.loop, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        # Its own first connection would need a client's TLS context, and is not needed: the
        # port is bound by now.
        self._factory_invoker()


@contextmanager
def open_house(
    *, certificate: tuple[Path, Path] | None = None, from_the_start: bool = False, port: int = 0,
    sign_in: bool = False,
) -> Iterator[MailHouse]:  # fmt: skip
    """An SMTP server on 127.0.0.1; with a ``certificate`` (certificate, key) under STARTTLS, or
    TLS ``from_the_start``."""
    house = MailHouse()
    house.port = port or free_port()
    context = _context(certificate)
    wanted: dict[str, Any] = {}
    if context and not from_the_start:
        wanted |= {"tls_context": context, "require_starttls": True}
    if sign_in:
        wanted |= {
            "authenticator": _authenticate,
            "auth_required": True,
            "auth_require_tls": not from_the_start,
        }
    controller = _Controller(
        house,
        hostname="127.0.0.1",
        port=house.port,
        ssl_context=context if from_the_start else None,
        **wanted,
    )
    controller.start()
    try:
        yield house
    finally:
        controller.stop()


def free_port() -> int:
    """A port that nobody listens at just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def certificate(folder: Path, name: str = "localhost") -> tuple[Path, Path]:
    """A certificate for a name that vouches for itself, and its key."""
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(subject, subject, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    paths = folder / f"{name}.pem", folder / f"{name}.key"
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def _context(paths: tuple[Path, Path] | None) -> ssl.SSLContext | None:
    if paths is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*paths)
    return context


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=right)
