"""What has to be read again is sealed under a key that lies beside the database, not in it."""

import stat
import threading
from pathlib import Path

import pytest

from appliance.errors import Unavailable
from appliance.vault import Vault

PASSWORD = "três gatos e um cão"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path)


def test_what_was_sealed_opens_for_its_purpose(vault: Vault) -> None:
    sealed = vault.seal(PASSWORD, purpose="mail.password")

    assert PASSWORD not in sealed
    assert vault.open(sealed, purpose="mail.password") == PASSWORD


def test_for_another_purpose_it_does_not_open(vault: Vault) -> None:
    sealed = vault.seal(PASSWORD, purpose="mail.password")

    with pytest.raises(Unavailable) as refused:
        vault.open(sealed, purpose="ldap.password")

    assert refused.value.code == "secret_unreadable"


def test_nothing_sealed_is_nothing(vault: Vault) -> None:
    assert vault.seal("", purpose="mail.password") == ""
    assert vault.open("", purpose="mail.password") == ""


def test_the_key_is_for_the_appliances_user_alone(vault: Vault) -> None:
    vault.prepare()

    assert stat.S_IMODE(vault.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(vault.file.parent.stat().st_mode) == 0o700


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    one, other = Vault(tmp_path / "one"), Vault(tmp_path / "other")
    sealed = one.seal(PASSWORD, purpose="x")

    with pytest.raises(Unavailable):
        other.open(sealed, purpose="x")


def test_the_key_stays_the_same_from_start_to_start(tmp_path: Path) -> None:
    sealed = Vault(tmp_path).seal(PASSWORD, purpose="x")

    assert Vault(tmp_path).open(sealed, purpose="x") == PASSWORD


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    vaults = [Vault(tmp_path) for _ in range(8)]
    starts = [threading.Thread(target=vault.prepare) for vault in vaults]
    for start in starts:
        start.start()
    for start in starts:
        start.join()

    sealed = vaults[0].seal(PASSWORD, purpose="x")
    assert [vault.open(sealed, purpose="x") for vault in vaults] == [PASSWORD] * 8
    assert [file.name for file in vaults[0].file.parent.iterdir()] == ["master.key"]


@pytest.mark.guarantee("SEC-41")
@pytest.mark.parametrize(
    "content", ["", "no hexadecimal", "abcd", "ab" * 31, "00" * 32, "0123456789abcdef" * 4]
)
def test_a_damaged_key_is_said_and_never_replaced(tmp_path: Path, content: str) -> None:
    vault = Vault(tmp_path)
    vault.file.parent.mkdir()
    vault.file.write_text(content)

    with pytest.raises(Unavailable) as refused:
        vault.prepare()

    assert refused.value.code == "master_key_damaged"
    assert vault.file.read_text() == content


def test_a_new_key_seals_and_the_old_one_still_opens(vault: Vault) -> None:
    before = vault.seal(PASSWORD, purpose="x")

    vault.renew()
    after = vault.again(before, purpose="x")
    forgotten = vault.retire()

    assert forgotten == 1
    assert vault.open(after, purpose="x") == PASSWORD
    with pytest.raises(Unavailable):
        vault.open(before, purpose="x")


def test_a_process_that_read_the_key_before_opens_what_the_new_one_sealed(tmp_path: Path) -> None:
    running = Vault(tmp_path)
    running.prepare()
    other = Vault(tmp_path)
    other.renew()

    assert running.open(other.seal(PASSWORD, purpose="x"), purpose="x") == PASSWORD


def test_a_signature_holds_for_its_data_and_purpose(vault: Vault) -> None:
    signature = vault.sign(b"relat\xc3\xb3rio", purpose="egress")

    assert vault.verifies("relatório".encode(), signature, purpose="egress")
    assert not vault.verifies(b"relatorio", signature, purpose="egress")
    assert not vault.verifies("relatório".encode(), signature, purpose="other")
    assert not vault.verifies("relatório".encode(), "ção", purpose="egress")


def test_an_older_key_still_verifies_what_it_signed(vault: Vault) -> None:
    signature = vault.sign(b"x", purpose="egress")
    vault.renew()

    assert vault.verifies(b"x", signature, purpose="egress")
