"""Outgoing mail: the only way out by SMTP, to the one server that an administrator named.

Promises. Nothing is sent before that it is sent was written down, as with every request that
leaves (``net``). A password travels under TLS alone, to a server whose certificate was
checked; a server that offers no TLS where it was wanted gets nothing. No name comes from the
environment, and nothing is looked up but the server's.
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from typing import Annotated, ClassVar, Literal

import msgspec

from appliance.errors import BadRequest, Refusal, Unavailable, Unreadable
from appliance.records import Record
from appliance.sections import Line, Secret, Section

PURPOSE = "mail"
SECONDS = 20.0  # for a connection, and for each answer
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:]+", re.IGNORECASE)
# What an address may be in an envelope; RFC 5321 has more, and nobody's is among it.
ADDRESS = re.compile(r"[^\s@<>(),;:\\\"\[\]]+@[^\s@<>(),;:\\\"\[\]]+")

Told = Callable[[str, str], None]  # (origin, purpose), before each connection


class Mail(Section, frozen=True):
    """The server by which letters leave; without a ``host`` none do."""

    SECTION: ClassVar[str] = "mail"
    TIED: ClassVar[Mapping[str, tuple[str, ...]]] = {"password": ("host", "port")}

    host: Line = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 587
    safety: Literal["starttls", "tls", "none"] = "starttls"
    user: Line = ""
    password: Secret = ""
    sender: Line = ""

    @property
    def is_set(self) -> bool:
        """Whether letters can leave at all."""
        return bool(self.host)

    @property
    def origin(self) -> str:
        """Where letters go, as it is written down."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'smtps' if self.safety == 'tls' else 'smtp'}://{host}:{self.port}"

    def check(self) -> None:
        """Raise ``BadRequest`` (``mail_bad_host``, ``mail_bad_sender``, ``mail_open_password``)."""
        if self.host and not HOST.fullmatch(self.host):
            raise BadRequest("mail_bad_host", host=self.host)
        if (self.host or self.sender) and not ADDRESS.fullmatch(self.sender):
            raise BadRequest("mail_bad_sender")
        if self.safety == "none" and self.password:
            raise BadRequest("mail_open_password")


class Letter(Record, frozen=True):
    """A letter to one address; its text is plain."""

    to: str
    subject: str
    text: str


def send(mail: Mail, password: str, letter: Letter, *, sender_name: str, record: Told) -> None:
    """Send a letter now. ``password`` is the opened one; ``record`` is called before.

    Raises ``Unavailable`` for what may pass (``mail_not_set``, ``mail_not_reached``,
    ``mail_not_safe``, ``mail_sign_in``, ``mail_later``) and ``Unreadable``
    (``mail_refused``) for a letter that this server will never take.
    """
    if not mail.is_set:
        raise Unavailable("mail_not_set")
    message = _message(mail, letter, sender_name)
    record(mail.origin, PURPOSE)
    with _refusals(mail), _connection(mail) as server:
        if mail.user and password:
            server.login(mail.user, password)
        server.send_message(message, from_addr=mail.sender, to_addrs=[letter.to])


def _message(mail: Mail, letter: Letter, sender_name: str) -> EmailMessage:
    if not ADDRESS.fullmatch(letter.to):
        raise Unreadable("mail_refused", address=letter.to, reason="address")
    domain = mail.sender.rpartition("@")[2]
    message = EmailMessage()
    message["From"] = formataddr((sender_name, mail.sender))
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
    message.set_content(letter.text)
    return message


@contextmanager
def _connection(mail: Mail) -> Iterator[smtplib.SMTP]:
    # Named, for the name that smtplib would find for this machine is a question to a DNS.
    here = mail.sender.rpartition("@")[2]
    if mail.safety == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.host, mail.port, here, timeout=SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(mail.host, mail.port, here, timeout=SECONDS)
    with server:
        if mail.safety == "starttls":
            server.starttls(context=ssl.create_default_context())
        yield server


@contextmanager
def _refusals(mail: Mail) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as fault:
        ((address, (code, said)),) = fault.recipients.items()
        raise _answered(code, said, address) from fault
    except smtplib.SMTPAuthenticationError as fault:
        raise Unavailable("mail_sign_in", host=mail.host, reason=_said(fault.smtp_error)) from fault
    except (ssl.SSLError, smtplib.SMTPNotSupportedError) as fault:
        raise Unavailable("mail_not_safe", host=mail.host, reason=str(fault)) from fault
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as fault:
        raise _answered(fault.smtp_code, fault.smtp_error, mail.sender) from fault
    except (smtplib.SMTPException, OSError) as fault:
        why = str(fault) or type(fault).__name__
        raise Unavailable("mail_not_reached", host=mail.host, port=mail.port, reason=why) from fault


def _answered(code: int, reason: bytes | str, address: str) -> Refusal:
    """RFC 5321, 4.2.1: what begins with 4 may go well later, what begins with 5 never does."""
    kind, name = (Unreadable, "mail_refused") if code >= 500 else (Unavailable, "mail_later")
    return kind(name, address=address, reason=f"{code} {_said(reason)}")


def _said(reason: bytes | str) -> str:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:300]
