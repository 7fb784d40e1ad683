"""The company's directory and this house: who comes in, who is out, and what holds while it
is away."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance import accounts, groups, options, outgoing
from appliance.database import Database
from appliance.errors import NotAllowed, NotSignedIn, Unavailable
from appliance.federation import contacts, directories
from appliance.federation.directories import Directories
from appliance.records import Person
from appliance.signin import ldap, sessions
from appliance.signin.directory import Directory
from appliance.vault import Vault
from tests.mailhouse import free_port
from tests.signin.slapd import ACCOUNT, BASE, GROUPS, PASSWORD, PEOPLE, Slapd

RULES = (
    f"cn=direcao,{GROUPS} = role:editor",
    f"cn=advogados,{GROUPS} = role:member",
    f"cn=juridico,{GROUPS} = group:Jurídico",
)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "data")


@pytest.fixture
def school(database: Database, vault: Vault, slapd: Slapd) -> Directories:
    """The directory, set as an administrator would."""
    password = vault.seal(PASSWORD, purpose="ldap.password")
    section = Directory(
        enabled=True, host="localhost", port=slapd.port, authority=slapd.authority,
        account=ACCOUNT, password=password, people=PEOPLE, groups=GROUPS, rules=RULES,
    )  # fmt: skip
    with database.write() as db:
        options.store(db, section)
    return Directories(database, vault)


def set_(database: Database, **fields: Any) -> None:
    with database.write() as db:
        section = msgspec.structs.replace(options.read(database, Directory), **fields)
        options.store(db, section)


def in_(database: Database, person: Person) -> bool:
    return accounts.get(database, person.id).active


def later(minutes: int = 60) -> datetime:
    return datetime.now(UTC) + timedelta(minutes=minutes)


@pytest.mark.guarantee("INS-06")
def test_a_group_in_a_group_gives_its_role(school: Directories) -> None:
    """Bia is of the legal department, which is of the board."""
    bia = school.sign_in("bia", "bia-bia")

    assert (bia.role, bia.origin, bia.email) == ("editor", "ldap", "bia@escola.example")


def test_the_same_person_comes_by_name_and_by_address(school: Directories) -> None:
    assert school.sign_in("bia", "bia-bia") == school.sign_in("Bia@escola.example", "bia-bia")


@pytest.mark.parametrize(
    ("name", "password"),
    [("bia", "errada"), ("ninguem", "bia-bia"), ("*", "bia-bia"), ("bia", "caio-caio")],
)
def test_anything_else_is_refused_in_the_same_words(
    school: Directories, name: str, password: str
) -> None:
    with pytest.raises(NotSignedIn) as refused:
        school.sign_in(name, password)

    assert refused.value.code == "wrong_credentials"


@pytest.mark.guarantee("SEC-37")
@pytest.mark.parametrize("password", ["", " ", "\0", "bia-bia\0"])
def test_a_password_that_is_none_makes_no_connection(
    school: Directories, database: Database, password: str
) -> None:
    with pytest.raises(NotSignedIn):
        school.sign_in("bia", password)

    assert outgoing.entries(database) == []


def test_each_connection_is_written_down(
    school: Directories, database: Database, slapd: Slapd
) -> None:
    school.sign_in("bia", "bia-bia")

    (entry,) = outgoing.entries(database)
    assert (entry.origin, entry.purpose) == (f"ldaps://localhost:{slapd.port}", "sign-in")


def test_whom_no_rule_fits_is_told_so(school: Directories) -> None:
    with pytest.raises(NotAllowed) as refused:
        school.sign_in("sem", "sem-sem")

    assert refused.value.code == "no_rule_fits"


@pytest.mark.guarantee("INS-06")
def test_whoever_is_gone_from_the_directory_is_out_at_the_next_look(
    school: Directories, database: Database, slapd: Slapd
) -> None:
    place = slapd.person("zeca", "Zeca Sá")
    slapd.change(f"cn=advogados,{GROUPS}", member=[f"uid=caio,{PEOPLE}", place])
    zeca, bia = school.sign_in("zeca", "zeca-zeca"), school.sign_in("bia", "bia-bia")
    with database.write() as db:
        token = sessions.begin(db, zeca.id, hours=1)
    slapd.change(f"cn=advogados,{GROUPS}", member=[f"uid=caio,{PEOPLE}"])
    slapd.remove(place)

    assert school.look(now=later())

    assert not in_(database, zeca)
    assert in_(database, bia)
    assert sessions.resolve(database, token) is None


def test_whoever_is_disabled_over_there_is_out_and_comes_back_when_let(
    school: Directories, database: Database, slapd: Slapd
) -> None:
    bia = school.sign_in("bia", "bia-bia")
    slapd.change(bia_place := f"uid=bia,{PEOPLE}", shadowExpire="1")

    school.look(now=later())

    assert not in_(database, bia)
    with pytest.raises(NotSignedIn):
        school.sign_in("bia", "bia-bia")
    slapd.change(bia_place, shadowExpire=[])
    assert school.sign_in("bia", "bia-bia").active


@pytest.mark.guarantee("INS-06")
def test_a_group_that_is_gone_takes_the_role_along_at_the_next_look(
    school: Directories, database: Database, slapd: Slapd
) -> None:
    with database.write() as db:
        legal = groups.create(db, name="Jurídico").id
    bia = school.sign_in("bia", "bia-bia")
    assert list(groups.get(database, legal).members) == [bia.id]
    slapd.change(f"cn=juridico,{GROUPS}", member=[f"uid=caio,{PEOPLE}"])
    slapd.change(f"cn=advogados,{GROUPS}", member=[f"uid=caio,{PEOPLE}", f"uid=bia,{PEOPLE}"])

    school.look(now=later())

    assert accounts.get(database, bia.id).role == "member"
    assert list(groups.get(database, legal).members) == []
    slapd.change(f"cn=advogados,{GROUPS}", member=[f"uid=caio,{PEOPLE}"])
    slapd.change(f"cn=juridico,{GROUPS}", member=[f"uid=bia,{PEOPLE}"])


def test_a_look_comes_every_so_many_minutes(school: Directories, database: Database) -> None:
    assert school.look()
    assert not school.look(now=later(minutes=14))
    assert school.look(now=later(minutes=16))
    set_(database, enabled=False)
    assert not school.look(now=later(minutes=600))


def test_a_directory_in_which_there_is_nobody_says_nothing_about_anybody(
    school: Directories, database: Database
) -> None:
    """A wrong place, or an account that may see nothing any more, would let everybody out."""
    bia = school.sign_in("bia", "bia-bia")
    set_(database, people=GROUPS)

    assert not school.look(now=later())

    assert in_(database, bia)
    problem = school.problem()
    assert problem is not None
    assert problem.code == "ldap_nobody"


@pytest.mark.guarantee("REL-23")
def test_a_directory_that_is_away_lets_nobody_out_and_says_why(
    school: Directories, database: Database, slapd: Slapd, monkeypatch: pytest.MonkeyPatch
) -> None:
    bia = school.sign_in("bia", "bia-bia")
    slapd.stop()
    try:
        assert not school.look(now=later())
        assert in_(database, bia)
        with pytest.raises(Unavailable) as refused:
            school.sign_in("bia", "bia-bia")
        assert refused.value.code == "ldap_not_reached"
        problem = school.problem()
        assert problem is not None
        assert problem.code == "ldap_not_reached"
    finally:
        slapd.start()

    monkeypatch.setattr(directories, "ASKED_AGAIN", timedelta(0))
    assert school.sign_in("bia", "bia-bia").id == bia.id
    assert school.problem() is None
    noted = contacts.read(database, "directory")
    assert noted.worked_at is not None
    assert noted.problem is not None  # what was wrong last stays known
    assert contacts.count(database, "directory").people == 1


def test_a_directory_that_was_away_a_moment_ago_is_not_waited_for(
    school: Directories, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_(database, port=free_port())
    with pytest.raises(Unavailable):
        school.sign_in("bia", "bia-bia")
    asked = [entry.requests for entry in outgoing.entries(database)]

    with pytest.raises(Unavailable) as refused:
        school.sign_in("bia", "bia-bia")

    assert refused.value.code == "ldap_not_reached"
    assert [entry.requests for entry in outgoing.entries(database)] == asked


def test_a_wrong_password_is_no_sign_of_anything_being_away(school: Directories) -> None:
    with pytest.raises(NotSignedIn):
        school.sign_in("bia", "errada")

    assert school.problem() is None


def test_whoever_is_signed_in_shows_the_password_of_the_directory(school: Directories) -> None:
    bia = school.sign_in("bia", "bia-bia")

    assert school.proves(bia, "bia-bia")
    assert not any(school.proves(bia, one) for one in ("caio-caio", "", " ", "\0", "!"))


def test_an_address_that_is_somebody_elses_over_there_by_now_proves_nothing(
    school: Directories, slapd: Slapd
) -> None:
    bia = school.sign_in("bia", "bia-bia")
    slapd.change(f"uid=bia,{PEOPLE}", mail="outra@escola.example")
    slapd.change(f"uid=caio,{PEOPLE}", mail="bia@escola.example")

    assert not school.proves(bia, "caio-caio")

    slapd.change(f"uid=bia,{PEOPLE}", mail="bia@escola.example")
    slapd.change(f"uid=caio,{PEOPLE}", mail="caio@escola.example")


def test_the_test_counts_who_could_come_and_names_groups_that_are_not_here(
    school: Directories, database: Database
) -> None:
    found = school.test()

    assert (found.people, found.unknown_groups) == (3, ("Jurídico",))
    with database.write() as db:
        groups.create(db, name="JURÍDICO")
    assert school.test().unknown_groups == ()


def test_the_test_works_before_anybody_signs_in_by_it(
    school: Directories, database: Database
) -> None:
    set_(database, enabled=False)

    assert school.test().people == 3
    assert not school.is_on()
    with pytest.raises(NotSignedIn):
        school.sign_in("bia", "bia-bia")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"people": f"ou=nada,{BASE}"}, "ldap_base"),
        ({"people": GROUPS}, "ldap_nobody"),
        ({"authority": ""}, "ldap_not_safe"),
        ({"account": f"cn=outra,{BASE}"}, "ldap_account"),
    ],
)
def test_the_test_names_what_does_not_work(
    school: Directories, database: Database, fields: dict[str, str], code: str
) -> None:
    set_(database, **fields)

    with pytest.raises(Unavailable) as refused:
        school.test()

    assert refused.value.code == code


def test_the_password_of_the_account_is_sealed(
    school: Directories, database: Database, slapd: Slapd
) -> None:
    kept = options.read(database, Directory).password

    assert PASSWORD not in kept
    assert ldap.sayable(kept)
