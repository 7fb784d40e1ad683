"""The report says what this server is, may and did, and is signed to the last byte (ZE-10)."""

import contextlib
from typing import Any

import msgspec
import pytest

from appliance import attestations, facts, outgoing, resealing
from appliance.attestations import Attestation
from appliance.database import Database
from appliance.egress import report, signing
from appliance.errors import Unreadable
from appliance.settings import Settings
from appliance.vault import Vault
from tests.egress.trials import failing, passing

pytestmark = pytest.mark.guarantee("ZE-10")


@pytest.fixture
def vault(settings: Settings) -> Vault:
    return Vault(settings.data)


@pytest.fixture
def made(settings: Settings, database: Database, vault: Vault) -> Attestation:
    return report.make(settings, database, vault, test=passing)


def read(made: Attestation) -> dict[str, Any]:
    return dict(signing.check(made.file.encode()).report)


def test_it_holds_what_an_auditor_asks(settings, database, vault) -> None:
    with database.write() as db:
        facts.put(db, "organization", "Escola Aurora")
    opened = msgspec.structs.replace(settings, source_sites="http://intranet.lan/rh")
    outgoing.record(database, "http://intranet.lan", "crawl")

    told = read(report.make(opened, database, vault, test=passing))

    assert (told["organization"], told["passed"], told["outside"]) == ("Escola Aurora", True, 0)
    assert told["settings"]["source_sites"] == "http://intranet.lan/rh"
    assert ("crawl", "http://intranet.lan") in {
        (one["purpose"], one["origin"]) for one in told["destinations"]
    }
    assert [(one["origin"], one["requests"]) for one in told["contacts"]] == [
        ("http://intranet.lan", 1)
    ]
    assert told["versions"].keys() >= {"balcao", "python", "sqlite"}
    assert all(told["machine"].values())
    assert (told["test"]["isolated"], told["test"]["tracer"]) == (True, "strace")


def test_no_password_of_a_proxy_is_in_it(settings, database, vault) -> None:
    behind = msgspec.structs.replace(settings, proxy="http://ana:segredo@proxy.lan:3128")

    made = report.make(behind, database, vault, test=passing)

    assert "proxy.lan:3128" in made.file
    assert "segredo" not in made.file


def test_a_self_test_that_fails_fails_it(settings, database, vault) -> None:
    made = report.make(settings, database, vault, test=failing)

    assert (made.passed, read(made)["passed"]) == (False, False)


def test_what_was_contacted_outside_fails_it_too(settings, database, vault) -> None:
    outgoing.record(database, "http://estranho.test", "crawl")

    made = report.make(settings, database, vault, test=passing)

    assert (made.passed, read(made)["outside"], read(made)["test"]["passed"]) == (False, 1, True)


def test_it_is_kept_as_it_was_signed(made, database) -> None:
    assert attestations.latest(database) == made


def test_any_changed_byte_is_found(made) -> None:
    """Each byte of the file, one after the other, becomes another one."""
    file = made.file.encode()
    whole = []
    for place in range(len(file)):
        changed = bytearray(file)
        changed[place] ^= 1
        with contextlib.suppress(Unreadable):
            signing.check(bytes(changed))
            whole.append(place)

    assert whole == []
    assert len(file) > 1000


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file + b"\n",
        lambda file: file.replace(b'"passed": true', b'"passed":  true'),
        lambda file: file.replace(b'"report": {', b'"report": {\n    "passed": true,', 1),
        lambda file: file.replace("Balcão".encode(), b"Balc\\u00e3o"),
        lambda file: file.replace(b'"algorithm": "Ed25519"', b'"algorithm": "none"'),
        lambda file: file[:-200],
        lambda file: file.upper(),
    ],
)
def test_a_blank_a_second_value_or_another_spelling_is_a_change(made, change) -> None:
    changed = change(made.file.encode())

    assert changed != made.file.encode()
    with pytest.raises(Unreadable):
        signing.check(changed)


@pytest.mark.parametrize(
    "file", [b"", b"{}", b"[]", b"\xff", b'{"report": 1, "signature": 2}', b"null", b'"a"']
)
def test_what_is_no_report_is_said_to_be_none(file) -> None:
    with pytest.raises(Unreadable) as refused:
        signing.check(file)

    assert refused.value.code == "egress_no_report"


def test_one_key_signs_all_reports_of_an_installation(made, settings, database, vault) -> None:
    again = report.make(settings, database, vault, test=passing)

    prints = {signing.check(one.file.encode()).fingerprint for one in (made, again)}

    assert prints == {signing.fingerprint(database, vault)}


def test_another_installation_signs_with_another_key(made, tmp_path) -> None:
    with contextlib.closing(Database(tmp_path / "other.db")) as elsewhere:
        elsewhere.migrate()
        other = signing.fingerprint(elsewhere, Vault(tmp_path / "other"))

    assert signing.check(made.file.encode()).fingerprint != other


def test_whoever_signs_a_forged_report_shows_another_fingerprint(made, tmp_path) -> None:
    """The database of a thief has a key of its own."""

    class Forged(report.Report, frozen=True):
        pass

    told = signing.check(made.file.encode()).report
    with contextlib.closing(Database(tmp_path / "thief.db")) as elsewhere:
        elsewhere.migrate()
        forged = signing.signed(
            msgspec.convert(told | {"outside": 0, "organization": "Outra"}, Forged),
            elsewhere,
            Vault(tmp_path / "thief"),
        )

    checked = signing.check(forged.encode())

    assert checked.report["organization"] == "Outra"
    assert checked.fingerprint != signing.check(made.file.encode()).fingerprint


def test_the_private_key_is_sealed_and_outlives_a_new_master_key(made, database, vault) -> None:
    before = signing.fingerprint(database, vault)
    sealed = attestations.sealed_key(database)
    assert sealed is not None
    assert vault.open(sealed, purpose=attestations.PURPOSE) not in sealed

    assert resealing.renew(database, vault, []) == 1

    assert attestations.sealed_key(database) != sealed
    assert signing.fingerprint(database, vault) == before
