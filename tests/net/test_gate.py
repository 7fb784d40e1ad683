"""The only way out: exact hosts, checked addresses, nothing unwritten (SEC-08 to SEC-11, ZE-08)."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from appliance import net
from appliance.errors import BadRequest, NotAllowed, TooLarge, Unavailable
from appliance.net import Gate, addresses, doors
from tests.hosting import Site, site


@pytest.fixture
def host() -> Iterator[Site]:
    with site() as opened:
        opened.files["/a"] = b"from a"
        yield opened


@pytest.fixture
def other() -> Iterator[Site]:
    with site() as opened:
        opened.files["/b"] = b"from b"
        yield opened


def gate(*opened: str, **rest: Any) -> Gate:
    written: list[tuple[str, str]] = rest.pop("written", [])
    return Gate(
        purpose="test",
        opened=frozenset(opened),
        record=lambda *contact: written.append(contact),
        **rest,
    )


def test_an_open_host_answers(host) -> None:
    answer = gate(host.origin).send("GET", f"{host.origin}/a")

    assert (answer.status, answer.body) == (200, b"from a")


def test_whatever_the_status_is_the_answer_comes_back(host) -> None:
    assert gate(host.origin).send("POST", f"{host.origin}/none", body=b"{}").status == 404


def test_a_host_that_is_not_open_gets_no_request(host) -> None:
    with pytest.raises(NotAllowed) as refused:
        gate("https://elsewhere.test").send("GET", f"{host.origin}/a")

    assert refused.value.code == "host_not_open"
    assert refused.value.facts == {"origin": host.origin}
    assert host.asked == []


def test_another_port_is_another_host(host, other) -> None:
    with pytest.raises(NotAllowed):
        gate(host.origin).send("GET", f"{other.origin}/b")


def test_each_request_is_written_down_before_it_is_sent(host) -> None:
    written: list[tuple[str, str]] = []

    gate(host.origin, written=written).send("GET", f"{host.origin}/a")

    assert written == [(host.origin, "test")]


def test_what_cannot_be_written_down_is_not_sent(host) -> None:
    def full(origin: str, purpose: str) -> None:
        raise OSError("no space")

    closed = Gate(purpose="test", opened=frozenset({host.origin}), record=full)

    with pytest.raises(OSError, match="no space"):
        closed.send("GET", f"{host.origin}/a")
    assert host.asked == []


def test_a_redirect_to_an_open_host_is_followed_and_written_down(host, other) -> None:
    host.redirects["/go"] = f"{other.origin}/b"
    written: list[tuple[str, str]] = []

    answer = gate(host.origin, other.origin, written=written).send("GET", f"{host.origin}/go")

    assert answer.body == b"from b"
    assert [origin for origin, _ in written] == [host.origin, other.origin]


def test_a_redirect_out_of_the_open_hosts_is_not_followed(host, other) -> None:
    host.redirects["/go"] = f"{other.origin}/b"

    with pytest.raises(NotAllowed) as refused:
        gate(host.origin).send("GET", f"{host.origin}/go")

    assert refused.value.facts == {"origin": other.origin}
    assert other.asked == []


def test_a_key_does_not_travel_along_with_a_redirect(host, other) -> None:
    host.redirects["/go"] = f"{other.origin}/b"

    gate(host.origin, other.origin).send(
        "GET", f"{host.origin}/go", headers={"Authorization": "Bearer secret"}
    )

    assert host.asked[0][1]["authorization"] == "Bearer secret"
    assert "authorization" not in other.asked[0][1]


def test_a_circle_of_redirects_ends(host) -> None:
    host.redirects["/go"] = "/go"

    with pytest.raises(Unavailable, match="could not be reached"):
        gate(host.origin).send("GET", f"{host.origin}/go")
    assert len(host.asked) == net.REDIRECTS + 1


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://a.test/",
        "gopher://a.test",
        "http://good.test@127.0.0.1/",
        "//x",
    ],
)
def test_an_address_of_another_kind_or_with_a_name_before_it_is_refused(address) -> None:
    with pytest.raises((BadRequest, NotAllowed)):
        gate("http://good.test", "http://127.0.0.1").send("GET", address)


@pytest.mark.parametrize("name", ["127.1", "2130706433", "0x7f.1", "0"])
def test_a_name_that_leads_inside_this_machine_leads_nowhere(host, name) -> None:
    there = f"http://{name}:{host.server_port}"

    with pytest.raises(NotAllowed) as refused:
        gate(there).send("GET", f"{there}/a")

    assert refused.value.code == "address_not_allowed"
    assert host.asked == []


@pytest.mark.parametrize("address", ["169.254.169.254", "[fe80::1]", "0.0.0.0", "224.0.0.1"])
def test_addresses_of_no_service_are_refused_even_where_they_were_named(address) -> None:
    with pytest.raises(NotAllowed):
        gate(f"http://{address}").send("GET", f"http://{address}/")


def test_a_host_that_the_product_names_must_be_on_the_public_network(host) -> None:
    with pytest.raises(NotAllowed) as refused:
        gate(public=frozenset({host.origin})).send("GET", f"{host.origin}/a")

    assert refused.value.code == "address_not_allowed"


def answers(*rounds: list[str]) -> Any:
    """A name server that gives these addresses for names, another list at each question."""
    real, left = socket.getaddrinfo, list(rounds)

    def found(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host != "engine.test":
            return real(host, port, *rest, **more)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in left.pop(0)
        ]

    return found


def test_one_bad_address_among_good_ones_refuses_them_all(monkeypatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answers(["10.0.0.7", "127.0.0.1"]))

    with pytest.raises(NotAllowed):
        gate("http://engine.test").send("GET", "http://engine.test/")


def test_a_name_is_looked_up_once_for_a_request(monkeypatch) -> None:
    # 192.0.2.0/24 is for documents: nobody answers there, and nobody asks a second time.
    monkeypatch.setattr(socket, "getaddrinfo", answers(["192.0.2.1"], ["127.0.0.1"]))

    with pytest.raises(Unavailable) as failed:
        gate("http://engine.test").send("GET", "http://engine.test/")

    assert failed.value.code == "host_not_reached"
    assert socket.getaddrinfo("engine.test", 80)[0][4][0] == "127.0.0.1"  # still to be given


def test_the_name_goes_along_to_the_address(host, monkeypatch) -> None:
    monkeypatch.setattr(addresses, "may_be", lambda *_, **__: True)
    monkeypatch.setattr(socket, "getaddrinfo", answers(["127.0.0.1"]))
    there = f"http://engine.test:{host.server_port}"

    assert gate(there).send("GET", f"{there}/a").body == b"from a"
    assert host.asked[0][1]["host"] == f"engine.test:{host.server_port}"


def test_the_next_address_is_tried_where_nobody_is_at_the_first(host, monkeypatch) -> None:
    monkeypatch.setattr(addresses, "may_be", lambda *_, **__: True)
    monkeypatch.setattr(socket, "getaddrinfo", answers(["127.0.0.9", "127.0.0.1"]))
    there = f"http://engine.test:{host.server_port}"

    assert gate(there).send("GET", f"{there}/a").body == b"from a"


def test_an_answer_without_end_is_cut_off(host) -> None:
    host.files["/long"] = b"x" * 100_000

    with pytest.raises(TooLarge):
        gate(host.origin, limit=50_000).send("GET", f"{host.origin}/long")


def test_a_packed_answer_is_not_unpacked(host) -> None:
    host.headers["Content-Encoding"] = "gzip"

    assert gate(host.origin).send("GET", f"{host.origin}/a").body == b"from a"
    assert host.asked[0][1]["accept-encoding"] == "identity"


def test_a_host_that_says_nothing_is_waited_for_no_longer_than_was_said(host) -> None:
    host.stall = threading.Event()
    host.files["/slow"] = b"x" * 5000

    with pytest.raises(Unavailable):
        gate(host.origin).send("GET", f"{host.origin}/slow", silence=0.2)


def test_a_proxy_in_the_environment_is_not_used(host, other, monkeypatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, other.origin)

    assert gate(host.origin).send("GET", f"{host.origin}/a").body == b"from a"
    assert other.asked == []


def test_a_proxy_that_was_set_gets_the_requests_to_open_hosts_alone(other) -> None:
    other.files["http://engine.test/a"] = b"by proxy"
    through = gate("http://engine.test", proxy=other.origin)

    assert through.send("GET", "http://engine.test/a").body == b"by proxy"
    with pytest.raises(NotAllowed):
        through.send("GET", "http://elsewhere.test/a")
    assert len(other.asked) == 1


def test_a_library_gets_a_client_that_goes_nowhere_else(host, other) -> None:
    with gate(host.origin).client() as client:
        assert client.get(f"{host.origin}/a").text == "from a"
        with pytest.raises(NotAllowed):
            client.get(f"{other.origin}/b")


def test_the_client_that_is_awaited_keeps_the_same_rules(host, other) -> None:
    written: list[tuple[str, str]] = []
    host.redirects["/go"] = f"{other.origin}/b"
    host.files["/long"] = b"x" * 100_000

    async def ask() -> None:
        door = gate(host.origin, written=written, limit=50_000)
        async with door.async_client() as client:
            assert (await client.get(f"{host.origin}/a")).text == "from a"
            with pytest.raises(NotAllowed):
                await client.get(f"{host.origin}/go")
            with pytest.raises(TooLarge):
                await client.get(f"{host.origin}/long")
            with pytest.raises(NotAllowed):
                await client.get("http://127.1/")

    asyncio.run(ask())

    assert other.asked == []
    assert len(written) == 3


def test_a_fault_on_the_way_reaches_a_library_as_it_knows_it() -> None:
    with gate("http://127.0.0.1:9").client() as client, pytest.raises(httpx.ConnectError):
        client.get("http://127.0.0.1:9/")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", set()),
        ("api.mistral.ai", {"https://api.mistral.ai"}),
        ("https://API.mistral.ai:443/v1", {"https://api.mistral.ai"}),
        ("http://10.0.0.5:8000 gpu.lan", {"http://10.0.0.5:8000", "https://gpu.lan"}),
        ("http://[::1]:8000", {"http://[::1]:8000"}),
    ],
)
def test_open_hosts_are_origins_with_spaces_between(written, read) -> None:
    assert net.origins(written) == read


@pytest.mark.parametrize(
    "written",
    ["10.0.0.5:8000,", "a.lan,b.lan", "https://*.openai.com", "*", "a.lan;", "'a.lan'", "http://a..lan",
     "a.lan:port", "a.lan:99999", "a.lan:-1", "ftp://a.lan", "https://", "good.test@evil.test"],
)  # fmt: skip
def test_what_names_no_host_is_refused_rather_than_open_nothing(written) -> None:
    with pytest.raises(BadRequest, match="is not an address"):
        net.origins(f"https://fine.test {written}")


def test_the_origin_of_an_open_address_is_said_without_a_request() -> None:
    assert gate("http://[::1]:8000").check("http://[::1]:8000/v1") == "http://[::1]:8000"


# ------------------------------------------------------------------ certificates


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Site]:
    """A site behind TLS for the name ``engine.test``, whose certificate nobody vouches for."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "engine.test")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("engine.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with site() as opened:
        opened.socket = context.wrap_socket(opened.socket, server_side=True)
        opened.files["/a"] = b"behind TLS"
        doors._certificates.cache_clear()  # what the machine knows is read once
        yield opened
        doors._certificates.cache_clear()


def test_a_certificate_that_nobody_vouches_for_is_refused(secure) -> None:
    there = f"https://127.0.0.1:{secure.server_port}"

    with pytest.raises(Unavailable) as failed:
        gate(there).send("GET", f"{there}/a")

    assert "CERTIFICATE_VERIFY_FAILED" in failed.value.facts["reason"]
    assert secure.asked == []


def test_a_certificate_is_the_names_though_the_connection_goes_to_an_address(
    secure, tmp_path, monkeypatch
) -> None:
    """The site's own authority counts once the machine knows it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    monkeypatch.setattr(addresses, "may_be", lambda *_, **__: True)
    monkeypatch.setattr(socket, "getaddrinfo", answers(["127.0.0.1"], ["127.0.0.1"]))
    there = f"https://engine.test:{secure.server_port}"
    other = f"https://127.0.0.1:{secure.server_port}"

    assert gate(there).send("GET", f"{there}/a").body == b"behind TLS"
    with pytest.raises(Unavailable):
        gate(other).send("GET", f"{other}/a")


@pytest.mark.parametrize("address", ["93.184.216.34", "::ffff:93.184.216.34", "2600:1406::1"])
def test_what_has_to_stay_on_the_site_does_not_go_to_a_public_address(address, monkeypatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answers([address]))
    written: list[tuple[str, str]] = []

    with pytest.raises(NotAllowed) as refused:
        gate("http://engine.test", within=True, written=written).send("GET", "http://engine.test/a")

    assert refused.value.code == "address_outside"
    assert written == []


def test_what_has_to_stay_on_the_site_goes_past_the_proxy(host, other) -> None:
    inside = gate(host.origin, within=True, proxy=other.origin)

    assert inside.send("GET", f"{host.origin}/a").body == b"from a"
    assert other.asked == []
