"""What administrators may set of the directory, and what is refused before it is kept."""

from pathlib import Path
from typing import Any

import pytest

from appliance import sections
from appliance.errors import BadRequest
from appliance.signin.directory import Directory
from tests.mailhouse import certificate

WHOLE: dict[str, Any] = {
    "enabled": True, "host": "ldap.escola.example", "account": "cn=balcao,dc=escola,dc=example",
    "people": "ou=pessoas,dc=escola,dc=example",
}  # fmt: skip


def test_what_is_whole_is_kept(tmp_path: Path) -> None:
    authority = certificate(tmp_path)[0].read_text()

    Directory(**WHOLE, authority=authority, rules=("cn=a,dc=b = role:editor",)).check()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"host": "ldaps://ldap.escola.example"}, "ldap_bad_host"),
        ({"host": ""}, "ldap_incomplete"),
        ({"people": ""}, "ldap_incomplete"),
        ({"account": ""}, "ldap_incomplete"),
        ({"people": "pessoas"}, "ldap_bad_name"),
        ({"groups": "grupos"}, "ldap_bad_name"),
        ({"rules": ("juridico = role:editor",)}, "ldap_bad_name"),
        ({"rules": ("cn=a,dc=b = editor",)}, "bad_rule"),
        ({"authority": "-----BEGIN CERTIFICATE-----\nzzz"}, "ldap_bad_authority"),
        ({"authority": "olá"}, "ldap_bad_authority"),
        ({"people_filter": "a=b"}, "ldap_bad_filter"),
        ({"people_filter": "(a=b"}, "ldap_bad_filter"),
        ({"people_filter": "(a=b))(|(c=d)"}, "ldap_bad_filter"),
        ({"people_filter": "(a=b)(c=d)"}, "ldap_bad_filter"),
    ],
)
def test_what_cannot_work_is_refused(values: dict[str, Any], code: str) -> None:
    with pytest.raises(BadRequest) as refused:
        Directory(**WHOLE | values).check()

    assert refused.value.code == code


def test_there_is_no_way_without_tls() -> None:
    (safety,) = [one for one in sections.fields(Directory) if one.name == "safety"]

    assert set(safety.choices) == {"tls", "starttls"}


@pytest.mark.parametrize("field", ["host", "port", "safety", "authority", "account"])
def test_the_password_does_not_follow_to_another_server(field: str) -> None:
    changed = {"host": "outro.example", "port": 1636, "safety": "starttls", "authority": "x",
               "account": "cn=outra,dc=x"}[field]  # fmt: skip

    after = sections.changed(Directory(**WHOLE, password="selada"), {field: changed})

    assert after.password == ""
