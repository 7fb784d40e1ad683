"""Asking a real directory: under TLS, by names that are values, with passwords that are some."""

import socket
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.errors import Unavailable
from appliance.signin import ldap
from appliance.signin.directory import Directory
from appliance.signin.ldap import Session
from tests.mailhouse import certificate, free_port
from tests.signin.slapd import ACCOUNT, BASE, GROUPS, PAGE, PASSWORD, PEOPLE, Slapd


def settings(slapd: Slapd, **fields: Any) -> Directory:
    known: dict[str, Any] = {
        "enabled": True, "host": "localhost", "port": slapd.port, "authority": slapd.authority,
        "account": ACCOUNT, "people": PEOPLE, "groups": GROUPS,
    }  # fmt: skip
    return Directory(**known | fields)


def nobody_told(origin: str, purpose: str) -> None:
    """The record of connections, where a test does not look at it."""


@pytest.fixture
def session(slapd: Slapd) -> Iterator[Session]:
    with ldap.opened(settings(slapd), PASSWORD, nobody_told) as opened:
        yield opened


def refused(section: Directory, password: str = PASSWORD) -> Unavailable:
    with pytest.raises(Unavailable) as refusal, ldap.opened(section, password, nobody_told) as one:
        list(one.everybody())
    return refusal.value


@pytest.mark.guarantee("INS-06")
@pytest.mark.parametrize("safety", ["tls", "starttls"])
def test_somebody_is_found_and_their_password_compared(slapd: Slapd, safety: str) -> None:
    told: list[tuple[str, str]] = []
    port = slapd.port if safety == "tls" else slapd.plain
    section = settings(slapd, safety=safety, port=port)

    with ldap.opened(section, PASSWORD, lambda *one: told.append(one)) as session:
        bia = session.find("bia")
        assert bia is not None
        assert (bia.name, bia.email, bia.disabled) == ("Bia Lima", "bia@escola.example", False)
        assert uuid.UUID(bia.subject)
        assert session.is_password(bia, "bia-bia")
        assert not session.is_password(bia, "caio-caio")

    scheme = "ldaps" if safety == "tls" else "ldap"
    assert told == [(f"{scheme}://localhost:{port}", "sign-in")]


def test_somebody_is_found_by_their_address_in_any_case(session: Session) -> None:
    found = [session.find(name) for name in ("bia", "BIA", " bia@escola.example ")]

    assert {one.place for one in found if one} == {f"uid=bia,{PEOPLE}"}
    assert None not in found


@pytest.mark.guarantee("SEC-37")
@pytest.mark.parametrize(
    "name", ["*", "b*", "a)(uid=*", "admin)(|(", "bia)(mail=*", "bia\0", "", " ", "b" * 300,
             "\\62ia", "bia*", "*)(objectClass=*", "bi\udc61"]
)  # fmt: skip
def test_a_name_is_a_value_and_never_a_part_of_the_question(session: Session, name: str) -> None:
    assert session.find(name) is None


@pytest.mark.guarantee("SEC-37")
@pytest.mark.parametrize("password", ["", " ", "\t\n", "\0", "bia-bia\0", "\0bia-bia", "a\udcff"])
def test_a_password_that_is_none_is_not_asked_about(
    session: Session, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To many a server a name with an empty password is a stranger who may come in."""
    bia = session.find("bia")
    assert bia is not None
    asked: list[str] = []
    monkeypatch.setattr(Session, "_bind", lambda self, place, given: asked.append(place) or 0)

    assert not session.is_password(bia, password)
    assert asked == []


def test_an_account_without_a_password_asks_nothing(slapd: Slapd) -> None:
    assert refused(settings(slapd), password="").code == "ldap_account"
    assert refused(settings(slapd), password=" ").code == "ldap_account"


def test_after_a_password_was_compared_the_account_asks_on(session: Session) -> None:
    """People of a directory may often read less than the account."""
    bia = session.find("bia")
    assert bia is not None

    assert session.is_password(bia, "bia-bia")

    assert session.find("caio") is not None


@pytest.mark.guarantee("INS-06")
def test_groups_in_groups_count_and_a_circle_ends(session: Session) -> None:
    bia, caio, without = (session.find(name) for name in ("bia", "caio", "sem"))
    assert bia
    assert caio
    assert without

    assert session.groups(bia) == {
        f"cn={name},{GROUPS}" for name in ("juridico", "direcao", "circulo", "outro")
    }
    assert session.groups(caio) == {f"cn=advogados,{GROUPS}"}
    assert session.groups(without) == set()


def test_groups_of_unix_hold_names(slapd: Slapd, session: Session) -> None:
    place = f"cn=alunos,{GROUPS}"
    slapd.add(place, ["posixGroup"], gidNumber="7", memberUid=["caio", "outro"])
    caio = session.find("caio")
    assert caio is not None

    assert place in session.groups(caio)
    slapd.remove(place)


@pytest.mark.guarantee("INS-06")
def test_everybody_is_read_page_by_page(slapd: Slapd, session: Session) -> None:
    """The server answers one question with no more than a page."""
    places = [f"uid=p{n},ou=muitos,{PEOPLE}" for n in range(PAGE + 150)]
    slapd.add(f"ou=muitos,{PEOPLE}", ["organizationalUnit"])
    with slapd.opened() as connection:
        for n, place in enumerate(places):
            connection.add(place, ["inetOrgPerson"], {"cn": f"P {n}", "sn": str(n)})

    found = [one.place for one in session.everybody()]

    assert set(places) < set(found)
    assert len(found) == len(set(found)) == len(places) + 3
    with slapd.opened() as connection:
        for place in [*places, f"ou=muitos,{PEOPLE}"]:
            connection.delete(place)


def test_a_name_that_could_be_two_people_is_nobody(slapd: Slapd, session: Session) -> None:
    twin = slapd.person("outra", "Outra Bia", mail="bia")

    assert session.find("bia") is None
    slapd.remove(twin)
    assert session.find("bia") is not None


@pytest.mark.parametrize(
    "values",
    [{"shadowExpire": "1"}, {"pwdAccountLockedTime": "000001010000Z"}],
    ids=["expired", "locked"],
)
def test_whoever_is_disabled_over_there_shows(
    slapd: Slapd, session: Session, values: dict[str, str]
) -> None:
    place = slapd.person("presa", "Presa Lei")
    slapd.change(place, **values)

    found = session.find("presa")

    assert found is not None
    assert found.disabled
    slapd.remove(place)


def test_the_filter_of_the_house_keeps_others_out(slapd: Slapd) -> None:
    section = settings(slapd, people_filter="(!(uid=caio))")

    with ldap.opened(section, PASSWORD, nobody_told) as session:
        assert session.find("caio") is None
        assert session.find("bia") is not None


@pytest.mark.guarantee("SEC-37")
@pytest.mark.parametrize("safety", ["tls", "starttls"])
def test_a_server_for_which_nobody_vouches_is_told_nothing(
    slapd: Slapd, tmp_path: Path, safety: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = certificate(tmp_path)[0].read_text()
    port = slapd.port if safety == "tls" else slapd.plain
    bound: list[object] = []
    monkeypatch.setattr(ldap.ldap3.Connection, "bind", lambda self: bound.append(self))

    for authority in (wrong, ""):
        section = settings(slapd, safety=safety, port=port, authority=authority)
        assert refused(section).code == "ldap_not_safe"
    assert refused(settings(slapd, safety=safety, port=port, host="127.0.0.1")).code == (
        "ldap_not_safe"
    )
    assert bound == []


def test_a_server_that_offers_no_tls_is_told_nothing(tmp_path: Path) -> None:
    plain = Slapd(_folder(tmp_path))
    conf = plain.folder / "slapd.conf"
    conf.write_text("\n".join(
        line for line in conf.read_text().splitlines() if not line.startswith("TLS")
    ))  # fmt: skip
    plain.start(secure=False)
    try:
        section = settings(plain, safety="starttls", port=plain.plain)
        assert refused(section).code == "ldap_not_safe"
    finally:
        plain.stop()


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "plain"
    folder.mkdir()
    return folder


def test_what_does_not_work_is_named(slapd: Slapd) -> None:
    assert refused(settings(slapd), password="outra").code == "ldap_account"
    assert refused(settings(slapd, account=f"cn=ninguem,{BASE}")).code == "ldap_account"
    assert refused(settings(slapd, people=f"ou=nada,{BASE}")).code == "ldap_base"
    assert refused(settings(slapd, port=free_port())).code == "ldap_not_reached"
    assert refused(settings(slapd, host="nada.invalid")).code == "ldap_not_reached"


def test_a_refusal_never_holds_a_password(slapd: Slapd) -> None:
    fault = refused(settings(slapd), password="senha-errada-77")

    assert "senha-errada-77" not in f"{fault} {fault.facts}"


def test_a_server_that_keeps_silent_is_not_waited_for(
    slapd: Slapd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ldap, "ANSWER_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        held: list[socket.socket] = []
        thread = threading.Thread(target=lambda: held.append(silent.accept()[0]))
        thread.start()
        began = time.monotonic()
        fault = refused(settings(slapd, port=silent.getsockname()[1]))
        took = time.monotonic() - began
        thread.join()
        held[0].close()

    assert fault.code == "ldap_not_reached"
    assert took < 5


@pytest.fixture
def active(slapd: Slapd) -> Iterator[Directory]:
    """The same server with somebody as an Active Directory has them. What it cannot do is
    look into groups of groups by Active Directory's own rule; that question is looked at as
    text below."""
    guid = uuid.UUID("12345678-1234-5678-1234-567812345678").bytes_le
    common = {"objectGUID": guid, "userAccountControl": "512"}
    kinds = ["user"]
    place = slapd.person(
        "davi", "Davi Sá", more=kinds, sAMAccountName="DaviS", mail="",
        userPrincipalName="davi@escola.local", **common,
    )  # fmt: skip
    machine = slapd.person("pc", "PC 7", more=["computer"], sAMAccountName="PC7$", mail="",
                           objectGUID=uuid.uuid4().bytes_le)  # fmt: skip
    group = slapd.group("financeiro", place)
    yield settings(slapd, kind="active_directory")
    for one in (group, place, machine):
        slapd.remove(one)


@pytest.mark.guarantee("INS-06")
@pytest.mark.parametrize("name", ["davis", "ESCOLA\\DaviS", "davi@escola.local"])
def test_active_directory_knows_people_by_its_own_names(active: Directory, name: str) -> None:
    with ldap.opened(active, PASSWORD, nobody_told) as session:
        davi = session.find(name)
        assert davi is not None
        assert davi.subject == "12345678-1234-5678-1234-567812345678"
        assert davi.email == "davi@escola.local"
        assert session.is_password(davi, "davi-davi")
        assert f"cn=financeiro,{GROUPS}" in session.groups(davi)
        assert [one.name for one in session.everybody()] == ["Davi Sá"]


def test_active_directory_disables_by_a_bit(slapd: Slapd, active: Directory) -> None:
    slapd.change(f"uid=davi,{PEOPLE}", userAccountControl="514")

    with ldap.opened(active, PASSWORD, nobody_told) as session:
        davi = session.find("davis")

    assert davi is not None
    assert davi.disabled


def test_active_directory_is_asked_for_groups_of_groups_by_its_own_rule(
    active: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    with ldap.opened(active, PASSWORD, nobody_told) as session:
        davi = session.find("davis")
        assert davi is not None
        search = Session._search
        monkeypatch.setattr(
            Session, "_search",
            lambda self, below, question: asked.append(question) or search(self, below, question),
        )  # fmt: skip
        session.groups(davi)

    assert asked == [f"(member:1.2.840.113556.1.4.1941:=uid=davi,{PEOPLE})"]


def test_a_place_with_signs_of_a_question_in_it_is_a_value() -> None:
    assert ldap.members(["cn=a)(uid=*,dc=b"]) == (
        r"(|(member=cn=a\29\28uid=\2a,dc=b)(uniqueMember=cn=a\29\28uid=\2a,dc=b))"
    )
