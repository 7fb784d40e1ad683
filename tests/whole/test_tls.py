"""The real appliance with TLS of its own: shown, renewed under way, expired (INS-04)."""

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from appliance import certificates
from tests.authority import Authority, pem
from tests.whole.running import Running

pytestmark = pytest.mark.guarantee("INS-04")


class Secured(Running):
    """An appliance that speaks TLS; ``trusted`` is what its client believes."""

    def __init__(self, data: Path, trusted: ssl.SSLContext, **environment: str) -> None:
        super().__init__(data, APPLIANCE_TLS="true", **environment)
        self.address = f"https://localhost:{self.port}"
        self.trust(trusted)

    def trust(self, trusted: ssl.SSLContext) -> None:
        self.client.close()
        self.client = httpx.Client(
            base_url=self.address, timeout=60, trust_env=False, verify=trusted
        )

    def line(self) -> http.client.HTTPConnection:
        unchecked = ssl._create_unverified_context()
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=5, context=unchecked)

    def shown(self, version: ssl.TLSVersion | None = None, *, name: str | None = None) -> str:
        """The fingerprint of the certificate that a new connection is shown."""
        context = ssl._create_unverified_context()
        if version is not None:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=30) as plain,
            context.wrap_socket(plain, server_hostname=name) as secure,
        ):
            sent = secure.getpeercert(binary_form=True)
        assert sent
        found = x509.load_der_x509_certificate(sent)
        return certificates.described(found).fingerprint


def trusting(*ones: x509.Certificate) -> ssl.SSLContext:
    text = pem(*ones).decode()
    return ssl.create_default_context(cadata=text)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Secured]:
    started = Secured(tmp_path_factory.mktemp("tls") / "data", trusting(authority.root))
    started.start()
    yield started
    started.stop()


def test_from_the_first_start_to_the_company_s_certificate_without_a_restart(
    secured: Secured, authority: Authority
) -> None:
    """First it vouches for itself; the answer to its request is shown from the next connection
    on, and a browser of the company takes it."""
    own = certificates.current(secured.data)
    assert own is not None
    assert own.self_signed
    assert secured.shown() == secured.shown(name="localhost") == own.fingerprint
    with pytest.raises(httpx.ConnectError, match="certificate"):
        secured.client.get("/health/live")

    text = secured.command("certificate", "request", "--name", "localhost")
    answer = secured.data.parent / "answer.pem"
    answer.write_bytes(authority.answer(text))
    secured.command("certificate", "install", str(answer))

    found = certificates.current(secured.data)
    assert found is not None
    assert secured.shown() == secured.shown(name="localhost") == found.fingerprint
    assert secured.client.get("/health/live").json() == {"status": "ok"}
    assert "strict-transport-security" in secured.client.get("/health/live").headers


def test_a_connection_that_is_open_goes_on_through_a_renewal(secured: Secured) -> None:
    context = ssl._create_unverified_context()
    line = http.client.HTTPSConnection("127.0.0.1", secured.port, timeout=30, context=context)
    line.request("GET", "/health/live")
    line.getresponse().read()
    opened = line.sock

    # In the very moment: a connection that is not used is closed after five seconds.
    renewed = certificates.make(secured.data, ["localhost"])
    line.request("GET", "/health/live")

    assert line.getresponse().status == 200
    assert line.sock is opened
    line.close()
    assert secured.shown() == renewed.fingerprint


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_nothing_older_than_tls_1_2_is_spoken(secured: Secured) -> None:
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        assert secured.shown(version)
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        with pytest.raises(ssl.SSLError):
            secured.shown(version)


def test_a_file_that_cannot_serve_leaves_the_last_that_could(secured: Secured) -> None:
    file = certificates.file(secured.data)
    good, before = file.read_bytes(), secured.shown()
    file.write_bytes(b"-----BEGIN nonsense")

    assert secured.shown() == before
    file.write_bytes(good)
    assert secured.shown() == before


def test_who_comes_without_tls_gets_nothing(secured: Secured) -> None:
    with httpx.Client(trust_env=False) as client, pytest.raises(httpx.TransportError):
        client.get(f"http://127.0.0.1:{secured.port}/health/live")
    assert secured.shown()


def test_the_first_administrator_signs_in_by_a_secure_cookie(secured: Secured) -> None:
    """Where nothing else is said the address is https, and all that follows from it."""
    certificate = x509.load_pem_x509_certificate(certificates.file(secured.data).read_bytes())
    secured.trust(trusting(certificate))  # somebody compared its fingerprint, and took it
    told = json.loads(secured.command("setup-code", "--json"))
    assert told["address"] == f"https://127.0.0.1:{secured.port}"
    body = {"name": "Ana", "email": "ana@escola.example", "password": "três gatos na janela"}

    made = secured.client.post("/api/setup", json=body | {"code": told["code"]})

    assert made.status_code < 300, made.text
    door = {"email": body["email"], "password": body["password"]}
    cookie = secured.client.post("/api/session", json=door).headers["set-cookie"]
    assert cookie.startswith("__Host-balcao=")
    assert "secure" in cookie.lower()
    assert secured.client.get("/api/session").json()["person"]["name"] == "Ana"


def test_one_that_has_ended_still_opens_the_console_and_says_so(
    tmp_path: Path,
) -> None:
    ended = Secured(tmp_path / "data", ssl._create_unverified_context())
    put(ended.data, over(days=2))
    ended.start()
    try:
        assert ended.client.get("/").status_code == 200
        ended.with_key()
        assert "appliance certificate install" in ended.system()["certificate"]
        figures = ended.client.get("/metrics").text
        assert (
            "balcao_certificate_days -3.0" in figures or "balcao_certificate_days -2.0" in figures
        )
        ended.command("certificate", "self-signed", "--name", "localhost")
        assert ended.system()["certificate"] is None
    finally:
        ended.stop()


def over(*, days: int) -> bytes:
    """A key and a certificate that ended some days ago."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    now = datetime.now(UTC)
    one = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=40))
        .not_valid_after(now - timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=True)
        .sign(key, hashes.SHA256())
    )
    return pem(key) + one.public_bytes(serialization.Encoding.PEM)


def put(data: Path, content: bytes) -> None:
    file = certificates.file(data)
    file.parent.mkdir(parents=True, mode=0o700)
    file.write_bytes(content)
