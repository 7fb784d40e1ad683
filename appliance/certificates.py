"""The appliance's own certificate, for houses without a proxy before it.

``secrets/tls/server.pem`` holds the private key and after it the certificate with those that
vouch for it: one rename changes all of it, and backups take it along. Beside it lie
``request.pem``, the key of a request that its authority has not answered, and ``former.pem``.

``install`` puts nothing in place that browsers would not take: key and certificate belong
together, each is vouched for by the next, the dates hold, and the name that people use is there.
"""

import contextlib
import ipaddress
import os
import re
import ssl
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from appliance.errors import BadRequest, Unreadable
from appliance.records import Problem, Record, timestamp

FOLDER, SERVER, REQUEST, FORMER = "secrets/tls", "server.pem", "request.pem", "former.pem"
OWN_DAYS = 397  # what a browser takes at most from a certificate of a public authority
WARNED_DAYS = 30
URGENT_DAYS = 7
RSA_BITS = 3072
LARGEST = 1 << 20  # bytes of a file with a certificate

LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?"
HOST_NAME = re.compile(rf"(?=.{{1,253}}$)(\*\.)?{LABEL}(\.{LABEL})*", re.IGNORECASE)

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Certificate(Record, frozen=True):
    """What a browser is shown. ``names`` are host names and addresses, ``issuer`` who vouches
    for them, ``fingerprint`` the SHA-256 of the certificate, as browsers write it."""

    names: tuple[str, ...]
    issuer: str
    begins_at: str
    ends_at: str
    fingerprint: str
    self_signed: bool


def file(data: Path) -> Path:
    """Where the key and the certificate in use lie."""
    return data / FOLDER / SERVER


def current(data: Path) -> Certificate | None:
    """The certificate in use; None where there is none.

    Raises ``Unreadable`` (``certificate_damaged``).
    """
    path = file(data)
    try:
        return described(x509.load_pem_x509_certificates(path.read_bytes())[0])
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as fault:
        raise Unreadable("certificate_damaged", file=str(path)) from fault


def described(one: x509.Certificate) -> Certificate:
    """A certificate as it is told of."""
    digest = one.fingerprint(hashes.SHA256()).hex(":").upper()
    return Certificate(
        names=tuple(_names(one)),
        issuer=one.issuer.rfc4514_string(),
        begins_at=timestamp(one.not_valid_before_utc),
        ends_at=timestamp(one.not_valid_after_utc),
        fingerprint=digest,
        self_signed=one.issuer == one.subject,
    )


def days_left(one: Certificate, now: datetime | None = None) -> int:
    """Whole days until it ends; negative once it has."""
    return (datetime.fromisoformat(one.ends_at) - (now or datetime.now(UTC))).days


def worn(data: Path, now: datetime | None = None) -> Problem | None:
    """What is wrong with the certificate in use: it has ended, or will within ``WARNED_DAYS``."""
    try:
        found = current(data)
    except Unreadable as refusal:
        return refusal.problem
    if found is None:
        return Problem(code="certificate_missing", facts={})
    days = days_left(found, now)
    facts = {"date": found.ends_at[:10], "days": days}
    if days < 0:
        return Problem(code="certificate_over", facts=facts)
    return Problem(code="certificate_ends", facts=facts) if days <= WARNED_DAYS else None


def context(path: Path) -> ssl.SSLContext:
    """What serves a key and certificate, by TLS 1.2 and 1.3. Raises ``OSError``."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(path)
    return made


def make(data: Path, names: Sequence[str]) -> Certificate:
    """Put a certificate in place for which nobody vouches but itself."""
    key = _new_key(by_rsa=False)
    subject = _subject(names, "")
    now = datetime.now(UTC)
    server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    signed = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=OWN_DAYS))
        .add_extension(_alternatives(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(server, critical=False)
        .sign(key, hashes.SHA256())
    )
    _put_in_place(data, key, [signed])
    return described(signed)


def request(
    data: Path, names: Sequence[str], organization: str = "", *, by_rsa: bool = False
) -> str:
    """A request for an authority (PKCS #10, PEM). Its key is kept until the certificate comes;
    a second request before that is for the same key, unless it is of the other kind."""
    path = data / FOLDER / REQUEST
    key = _key_in(path)
    if not isinstance(key, rsa.RSAPrivateKey if by_rsa else ec.EllipticCurvePrivateKey):
        key = _new_key(by_rsa=by_rsa)
        _write(path, _as_pem(key))
    wanted = (
        x509.CertificateSigningRequestBuilder(_subject(names, organization))
        .add_extension(_alternatives(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    return wanted.public_bytes(serialization.Encoding.PEM).decode()


def install(data: Path, sent: bytes, *, password: str = "", host: str = "") -> Certificate:
    """Put a certificate in place: PEM, with or without its key, or PKCS #12.

    Without a key in it the certificate is for the key of the request, or for the one in use.
    ``host`` is the name that people use; "" asks for none. Nothing is changed by a refusal:
    ``BadRequest`` (``certificate_unreadable``, ``certificate_locked``, ``certificate_keyless``,
    ``certificate_chain``, ``certificate_expired``, ``certificate_early``, ``certificate_purpose``,
    ``certificate_other_name``, ``certificate_refused``).
    """
    keys, certificates = _read(sent, password)
    keys += [key for name in (REQUEST, SERVER) if (key := _key_in(data / FOLDER / name))]
    key, leaf = _pair(keys, certificates)
    chain = _chain(leaf, [one for one in certificates if one != leaf])
    _check(chain, host)
    _put_in_place(data, key, chain)
    return described(leaf)


# ---------------------------------------------------------------- reading


def _read(sent: bytes, password: str) -> tuple[list[Key], list[x509.Certificate]]:
    """The keys and certificates of a file."""
    if len(sent) > LARGEST:
        raise BadRequest("certificate_unreadable")
    secret = password.encode() or None
    try:
        if b"-----BEGIN" in sent:
            return _keys(sent, secret), x509.load_pem_x509_certificates(sent)
        key, one, others = pkcs12.load_key_and_certificates(sent, secret)
    except (ValueError, TypeError) as fault:
        locked = "password" in str(fault).lower() or "decrypt" in str(fault).lower()
        raise BadRequest("certificate_locked" if locked else "certificate_unreadable") from fault
    found = [one for one in (one, *others) if one is not None]
    if not found:
        raise BadRequest("certificate_unreadable")
    return ([key] if isinstance(key, Key) else []), found


def _keys(pem: bytes, secret: bytes | None) -> list[Key]:
    """The private keys that stand in a PEM file, encrypted or not."""
    found = []
    for block in pem.split(b"-----BEGIN ")[1:]:
        label = block.partition(b"-----")[0]
        if not label.endswith(b"PRIVATE KEY"):
            continue
        end = b"-----END " + label + b"-----"
        text = b"-----BEGIN " + block.partition(end)[0] + end + b"\n"
        is_locked = label.startswith(b"ENCRYPTED") or b"ENCRYPTED" in block.partition(b"\n\n")[0]
        key = serialization.load_pem_private_key(text, secret if is_locked else None)
        found += [key] if isinstance(key, Key) else []
    return found


def _key_in(path: Path) -> Key | None:
    """The key in a file of ours; None where there is none to be read."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        return next(iter(_keys(path.read_bytes(), None)), None)
    return None


def _pair(
    keys: Sequence[Key], certificates: Sequence[x509.Certificate]
) -> tuple[Key, x509.Certificate]:
    for key in keys:
        for one in certificates:
            if _public(key) == _public(one):
                return key, one
    raise BadRequest("certificate_keyless", subject=_called(certificates[0].subject))


def _public(one: PrivateKeyTypes | x509.Certificate) -> bytes:
    return one.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


# ---------------------------------------------------------------- checking


def _chain(leaf: x509.Certificate, others: list[x509.Certificate]) -> list[x509.Certificate]:
    """The certificates in their order, each vouched for by the next."""
    found = [leaf]
    while vouching := next((one for one in others if _vouches(one, found[-1])), None):
        found.append(vouching)
        others.remove(vouching)
    if others:
        raise BadRequest(
            "certificate_chain",
            subject=_called(found[-1].subject),
            other=_called(others[0].subject),
        )
    return found


def _vouches(issuer: x509.Certificate, one: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _check(chain: Sequence[x509.Certificate], host: str) -> None:
    now = datetime.now(UTC)
    for one in chain:
        if one.not_valid_after_utc <= now:
            raise BadRequest("certificate_expired", date=timestamp(one.not_valid_after_utc)[:10])
        if one.not_valid_before_utc > now:
            raise BadRequest("certificate_early", date=timestamp(one.not_valid_before_utc)[:10])
    names = list(_names(chain[0]))
    if host and not any(_covers(name, host) for name in names):
        raise BadRequest("certificate_other_name", names=", ".join(names) or "–", host=host)
    with contextlib.suppress(x509.ExtensionNotFound):
        uses = chain[0].extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        if not {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE} & {
            *uses
        }:
            raise BadRequest("certificate_purpose")


def _names(one: x509.Certificate) -> Iterator[str]:
    """The names and addresses that it is for. Browsers look nowhere else."""
    with contextlib.suppress(x509.ExtensionNotFound):
        value = one.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        yield from value.get_values_for_type(x509.DNSName)
        yield from map(str, value.get_values_for_type(x509.IPAddress))


def _covers(name: str, host: str) -> bool:
    """RFC 6125: a star stands for one label, the left-most."""
    name, host = name.lower(), host.lower()
    with contextlib.suppress(ValueError):
        host = str(ipaddress.ip_address(host))
    if name.startswith("*."):
        return bool(host.partition(".")[0]) and host.partition(".")[2] == name[2:]
    return name == host


def _called(name: x509.Name) -> str:
    """What people call it by."""
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string() or "–"


# ---------------------------------------------------------------- writing


def _subject(names: Sequence[str], organization: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)] if organization else []
    # 64 characters at most, which a name of a host may pass; the names themselves stand beside.
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])


def _alternatives(names: Sequence[str]) -> x509.SubjectAlternativeName:
    """Raises ``BadRequest`` (``certificate_bad_name``)."""
    found: list[x509.GeneralName] = []
    for name in names:
        with contextlib.suppress(ValueError):
            found.append(x509.IPAddress(ipaddress.ip_address(name)))
            continue
        found.append(x509.DNSName(_host_name(name)))
    return x509.SubjectAlternativeName(found)


def _host_name(name: str) -> str:
    """A name as it stands in a certificate."""
    with contextlib.suppress(UnicodeError):
        written = name.encode("idna").decode() if not name.isascii() else name
        if HOST_NAME.fullmatch(written):
            return written
    raise BadRequest("certificate_bad_name", name=name)


def _new_key(*, by_rsa: bool) -> Key:
    if by_rsa:
        return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    return ec.generate_private_key(ec.SECP256R1())


def _as_pem(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _put_in_place(data: Path, key: Key, chain: Sequence[x509.Certificate]) -> None:
    """Keep the former one, and change to this by one rename; the request is answered."""
    path = file(data)
    fresh = path.with_name("fresh.pem")
    pem = [one.public_bytes(serialization.Encoding.PEM) for one in chain]
    _write(fresh, _as_pem(key) + b"".join(pem))
    try:
        context(fresh)
    except ssl.SSLError as fault:
        fresh.unlink()
        raise BadRequest("certificate_refused", reason=fault.reason or str(fault)) from fault
    if path.exists():
        _write(path.with_name(FORMER), path.read_bytes())
    fresh.replace(path)
    pending = path.with_name(REQUEST)
    if (waiting := _key_in(pending)) and _public(waiting) == _public(key):
        pending.unlink()


def _write(path: Path, content: bytes) -> None:
    """A file for the appliance's user alone, whole or not there."""
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent)  # 0600 from the beginning
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    Path(name).replace(path)
