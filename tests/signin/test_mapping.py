"""Rules turn groups of another server into a role and groups of this house."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.errors import BadRequest
from appliance.signin import mapping
from appliance.signin.mapping import Rule

LEGAL = "cn=juridico,ou=grupos,dc=escola,dc=example"


def test_a_rule_gives_a_role_or_a_group() -> None:
    rules = mapping.read([f"{LEGAL} = role:editor", f"  {LEGAL}=group:Jurídico  ", "", "  "])

    assert rules == [Rule(there=LEGAL, role="editor"), Rule(there=LEGAL, group="Jurídico")]


def test_a_group_may_have_any_name() -> None:
    (rule,) = mapping.read([f"{LEGAL} = group:Contratos = 2026: role"])

    assert rule.group.endswith("role")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (LEGAL, "bad_rule"),
        (f"{LEGAL} = Jurídico", "bad_rule"),
        ("= role:editor", "bad_rule"),
        (f"{LEGAL} = group:", "bad_rule"),
        (f"{LEGAL} = role:root", "bad_rule_role"),
        (f"{LEGAL} = role:ADMIN", "bad_rule_role"),
    ],
)
def test_what_is_no_rule_is_refused_with_its_line(line: str, code: str) -> None:
    with pytest.raises(BadRequest) as refused:
        mapping.read([line])

    assert refused.value.code == code
    assert line.strip() in str(refused.value)


def test_the_first_role_that_fits_is_the_role_and_all_groups_fit() -> None:
    rules = mapping.read(["a = role:auditor", "b = role:admin", "a = group:Um", "b = group:Dois"])

    standing = mapping.standing(rules, ["b", "a", "c"])

    assert (standing.role, standing.groups) == ("auditor", ("Um", "Dois"))


def test_whom_no_rule_fits_has_no_role_and_no_group() -> None:
    standing = mapping.standing(mapping.read(["a = role:admin", "a = group:Um"]), ["b"])

    assert (standing.role, standing.groups) == (None, ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CN=Juridico,OU=Grupos", "cn=juridico, ou=grupos"),
        ("cn = juridico , ou = grupos", "cn=juridico,ou=grupos"),
        (r"cn=jur\C3\ADdico,ou=grupos", "cn=jurídico,ou=grupos"),
        (r"cn=Silva\2C Bia,ou=grupos", r"cn=silva\, bia,ou=grupos"),
    ],
)
def test_the_same_name_written_differently_is_the_same_group(one: str, other: str) -> None:
    assert mapping.folded(one) == mapping.folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"cn=a\,ou=b", "cn=a,ou=b"),  # one part that holds a comma is not two parts
        (r"cn=a\2Cou\3Db", "cn=a,ou=b"),
        ("cn=ab", "cn=a b"),
    ],
)
def test_different_groups_stay_different(one: str, other: str) -> None:
    assert mapping.folded(one) != mapping.folded(other)


@given(st.text(max_size=80))
def test_any_text_is_a_rule_or_is_refused(line: str) -> None:
    rules = []
    with contextlib.suppress(BadRequest):
        rules = mapping.read([line])

    assert all(bool(rule.role) != bool(rule.group) for rule in rules)
