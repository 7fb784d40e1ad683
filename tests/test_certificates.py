"""The appliance's own certificate: made, asked for, put in place, refused (INS-04)."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from appliance import certificates
from appliance.errors import BadRequest, Unreadable, sentence
from appliance.records import LANGUAGES
from tests.authority import NAME, Authority, pem, pfx, weak_key

pytestmark = pytest.mark.guarantee("INS-04")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def refused(data: Path, sent: bytes, **more: str) -> BadRequest:
    """Why a file is not taken, and that nothing has changed."""
    before = state(data)
    with pytest.raises(BadRequest) as refusal:
        certificates.install(data, sent, **more)
    assert state(data) == before
    for language in LANGUAGES:
        assert "…" not in sentence(refusal.value.code, refusal.value.facts, language)
    return refusal.value


def state(data: Path) -> dict[str, bytes]:
    folder = data / certificates.FOLDER
    return {file.name: file.read_bytes() for file in sorted(folder.glob("*"))}


def test_where_nobody_made_one_there_is_none(tmp_path: Path) -> None:
    assert certificates.current(tmp_path) is None
    missing = certificates.worn(tmp_path)
    assert missing is not None
    assert missing.code == "certificate_missing"


def test_one_that_vouches_for_itself_is_for_every_name_and_for_the_user_alone(
    tmp_path: Path,
) -> None:
    made = certificates.make(tmp_path, [NAME, "10.0.0.5", "fd00::5"])

    assert made == certificates.current(tmp_path)
    assert made.names == (NAME, "10.0.0.5", "fd00::5")
    assert made.self_signed
    assert len(made.fingerprint) == 32 * 3 - 1
    assert certificates.days_left(made) == certificates.OWN_DAYS - 1
    assert stat.S_IMODE(certificates.file(tmp_path).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_a_name_with_accents_is_asked_for_as_browsers_ask(tmp_path: Path) -> None:
    assert certificates.make(tmp_path, ["são.example"]).names == ("xn--so-sia.example",)


@pytest.mark.parametrize("name", ["", "a" * 64 + ".example", "ção" * 30])
def test_what_is_no_name_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        certificates.make(tmp_path, [NAME, name])

    assert (refusal.value.code, refusal.value.facts) == ("certificate_bad_name", {"name": name})


@pytest.mark.parametrize(
    ("by_rsa", "kind"), [(False, ec.EllipticCurvePublicKey), (True, rsa.RSAPublicKey)]
)
def test_a_request_has_the_names_and_its_key_stays_here(
    tmp_path: Path, by_rsa: bool, kind: type
) -> None:
    text = certificates.request(tmp_path, [NAME, "10.0.0.5"], "Escola Ltda.", by_rsa=by_rsa)

    wanted = x509.load_pem_x509_csr(text.encode())
    names = wanted.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [NAME]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["10.0.0.5"]
    assert wanted.subject.rfc4514_string() == f"CN={NAME},O=Escola Ltda."
    assert isinstance(wanted.public_key(), kind)
    kept = tmp_path / certificates.FOLDER / certificates.REQUEST
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert certificates.current(tmp_path) is None


def test_what_the_authority_answers_is_put_in_place_and_the_request_is_done(
    tmp_path: Path, authority: Authority
) -> None:
    certificates.make(tmp_path, [NAME])
    former = certificates.file(tmp_path).read_bytes()
    text = certificates.request(tmp_path, [NAME])

    found = certificates.install(tmp_path, authority.answer(text), host=NAME)

    assert found == certificates.current(tmp_path)
    assert (found.names, found.self_signed) == ((NAME,), False)
    assert found.issuer == "CN=Escola CA 1"
    assert sorted(state(tmp_path)) == [certificates.FORMER, certificates.SERVER]
    assert state(tmp_path)[certificates.FORMER] == former


def test_a_second_request_is_for_the_same_key_so_that_either_answer_fits(
    tmp_path: Path, authority: Authority
) -> None:
    first = certificates.request(tmp_path, [NAME])
    certificates.request(tmp_path, [NAME, "10.0.0.5"])

    assert certificates.install(tmp_path, authority.answer(first)).names == (NAME,)


def test_a_renewal_for_the_key_in_use_needs_no_key(tmp_path: Path, authority: Authority) -> None:
    key, first = authority.issue()
    certificates.install(tmp_path, pem(first, authority.between, key))
    _, second = authority.issue(key=key, ends=200)

    found = certificates.install(tmp_path, pem(second, authority.between))

    assert certificates.days_left(found) == 199


def test_the_former_one_goes_back_as_it_lies_there(tmp_path: Path, authority: Authority) -> None:
    certificates.make(tmp_path, [NAME])
    before = certificates.current(tmp_path)
    key, one = authority.issue()
    certificates.install(tmp_path, pem(key, one))

    again = certificates.install(tmp_path, state(tmp_path)[certificates.FORMER])

    assert again == before


def test_a_chain_is_put_in_order_whatever_order_it_came_in(
    tmp_path: Path, authority: Authority
) -> None:
    key, one = authority.issue()

    certificates.install(tmp_path, pem(authority.root, authority.between, key, one))

    chain = x509.load_pem_x509_certificates(certificates.file(tmp_path).read_bytes())
    assert chain == [one, authority.between, authority.root]


@pytest.mark.parametrize("password", ["", "três gatos"])
def test_what_windows_exports_is_taken(tmp_path: Path, authority: Authority, password: str) -> None:
    key, one = authority.issue()
    sent = pfx(key, one, [authority.between], password)

    assert certificates.install(tmp_path, sent, password=password).names == (NAME,)
    if password:
        assert refused(tmp_path, sent, password="outra").code == "certificate_locked"
        assert refused(tmp_path, sent).code == "certificate_locked"


def test_a_key_under_a_passphrase_opens_with_it_alone(tmp_path: Path, authority: Authority) -> None:
    key, one = authority.issue()
    sent = pem(one, key, password="três gatos")

    assert refused(tmp_path, sent).code == "certificate_locked"
    assert refused(tmp_path, sent, password="dois gatos").code == "certificate_locked"
    assert certificates.install(tmp_path, sent, password="três gatos").names == (NAME,)


BROKEN = b"-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    "sent", [b"", bytes(40), BROKEN, b"a" * (1 << 21)], ids=["empty", "zeros", "broken", "huge"]
)
def test_what_is_no_certificate_is_refused(tmp_path: Path, sent: bytes) -> None:
    assert refused(tmp_path, sent).code == "certificate_unreadable"


def test_a_certificate_of_another_key_is_refused(tmp_path: Path, authority: Authority) -> None:
    certificates.request(tmp_path, [NAME])
    _, one = authority.issue()
    key, _ = authority.issue()

    for sent in (pem(one), pem(one, key)):
        found = refused(tmp_path, sent)
        assert (found.code, found.facts) == ("certificate_keyless", {"subject": NAME})


def test_a_chain_that_does_not_hold_is_refused(tmp_path: Path, authority: Authority) -> None:
    key, one = authority.issue()
    # Of the same name, and another key: what a stale download of an authority's file is.
    stale = Authority().between

    found = refused(tmp_path, pem(key, one, stale))

    assert (found.code, found.facts["other"]) == ("certificate_chain", "Escola CA 1")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"begins": -20, "ends": -1}, "certificate_expired"),
        ({"begins": 2}, "certificate_early"),
        ({"use": ExtendedKeyUsageOID.CLIENT_AUTH}, "certificate_purpose"),
    ],
)
def test_what_browsers_would_not_take_is_refused(
    tmp_path: Path, authority: Authority, changes: dict[str, object], code: str
) -> None:
    key, one = authority.issue(**changes)

    assert refused(tmp_path, pem(key, one)).code == code


def test_a_key_that_is_too_weak_is_refused(tmp_path: Path, authority: Authority) -> None:
    key, one = authority.issue(key=weak_key())

    assert refused(tmp_path, pem(key, one)).code == "certificate_refused"


@pytest.mark.parametrize(
    ("name", "host"),
    [
        (NAME, "outro.escola.example"),
        ("*.escola.example", "escola.example"),
        ("*.escola.example", "a.b.escola.example"),
        ("*.example", NAME),
        (NAME, "10.0.0.5"),
    ],
)
def test_a_certificate_for_another_name_is_refused(
    tmp_path: Path, authority: Authority, name: str, host: str
) -> None:
    key, one = authority.issue(name)

    found = refused(tmp_path, pem(key, one), host=host)

    assert (found.code, found.facts) == ("certificate_other_name", {"names": name, "host": host})


@pytest.mark.parametrize("name", [NAME, NAME.upper(), "*.escola.example"])
def test_a_certificate_for_the_name_that_people_use_is_taken(
    tmp_path: Path, authority: Authority, name: str
) -> None:
    key, one = authority.issue("x.example", name)

    assert certificates.install(tmp_path, pem(key, one), host=NAME).names[1] == name


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (-0.5, "certificate_over"),
        (0.5, "certificate_ends"),
        (7.5, "certificate_ends"),
        (30.5, "certificate_ends"),
        (31.5, None),
    ],
)
def test_it_is_told_thirty_days_before_the_end_and_after_it(
    tmp_path: Path, days: float, code: str | None
) -> None:
    made = certificates.make(tmp_path, [NAME])
    now = datetime.fromisoformat(made.ends_at) - timedelta(days=days)

    found = certificates.worn(tmp_path, now)

    assert (found and found.code) == code
    if found:
        assert found.facts == {"date": made.ends_at[:10], "days": int(days // 1)}


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    certificates.make(tmp_path, [NAME])
    certificates.file(tmp_path).write_text("-----BEGIN CERT")

    with pytest.raises(Unreadable) as refusal:
        certificates.current(tmp_path)
    assert refusal.value.code == "certificate_damaged"
    told = certificates.worn(tmp_path, datetime.now(UTC))
    assert told is not None
    assert told.code == "certificate_damaged"


def test_one_that_is_damaged_gives_way_to_another(tmp_path: Path, authority: Authority) -> None:
    certificates.make(tmp_path, [NAME])
    certificates.file(tmp_path).write_text("nothing")
    key, one = authority.issue()

    assert certificates.install(tmp_path, pem(key, one)).names == (NAME,)
