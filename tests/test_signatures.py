"""Signatures of the installation, as a stranger checks them (ZE-10)."""

import pytest

from appliance import signatures

SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
pytestmark = pytest.mark.guarantee("ZE-10")


def test_they_are_those_of_rfc_8032() -> None:
    """The first test vector of its section 7.1."""
    assert signatures.public_key(SEED) == (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    )
    assert signatures.sign(SEED, b"") == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )


def test_a_signature_is_good_for_its_data_and_its_key_alone() -> None:
    signed = signatures.sign(SEED, b"report")
    other = signatures.public_key(signatures.new_seed())

    assert signatures.is_good(signatures.public_key(SEED), b"report", signed)
    assert not signatures.is_good(signatures.public_key(SEED), b"Report", signed)
    assert not signatures.is_good(other, b"report", signed)


@pytest.mark.parametrize("change", [str.upper, lambda text: f" {text}", lambda text: text[:-1]])
def test_a_signature_is_written_in_one_way_only(change) -> None:
    public, signed = signatures.public_key(SEED), signatures.sign(SEED, b"report")

    assert not signatures.is_good(public, b"report", change(signed))
    assert not signatures.is_good(change(public), b"report", signed)


def test_no_two_keys_are_the_same() -> None:
    assert signatures.new_seed() != signatures.new_seed()


def test_a_fingerprint_is_read_in_groups_of_four() -> None:
    groups = signatures.fingerprint(signatures.public_key(SEED)).split()

    assert {len(group) for group in groups} == {4}
    assert len(groups) == 16
