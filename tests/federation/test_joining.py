"""What another server says of somebody becomes a person here, and nobody else's account."""

import msgspec
import pytest

from appliance import accounts, groups
from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NotAllowed, NotSignedIn
from appliance.federation import joining
from appliance.federation.joining import Admission, Vouched
from appliance.records import Person, Role
from appliance.signin import identities, mapping, password, resets, sessions

BIA = Vouched(
    origin="ldap", issuer="", subject="7-7-7", name="Bia Lima", email="bia@escola.example",
    groups=("legal", "board"),
)  # fmt: skip
RULES = (
    "legal = role:editor",
    "legal = group:Jurídico",
    "board = group:Direção",
    "it = role:admin",
)


def admission(*rules: str, others: Role | None = None) -> Admission:
    return Admission(rules=mapping.read(rules or RULES), others=others, language="pt")


def local(database: Database, email: str, role: Role = "member", name: str = "Ana") -> Person:
    with database.write() as db:
        return accounts.create(db, name=name, email=email, password_hash="x", role=role)


def group(database: Database, name: str, *members: str) -> str:
    with database.write() as db:
        return groups.create(db, name=name, members=members).id


def members(database: Database, group_id: str) -> list[str]:
    return list(groups.get(database, group_id).members)


def said(**fields: object) -> Vouched:
    return msgspec.structs.replace(BIA, **fields)


def acts(database: Database) -> list[str]:
    return [row["act"] for row in database.rows("select act from audit order by rowid")]


def test_whoever_comes_for_the_first_time_becomes_a_person_by_the_rules(database: Database) -> None:
    legal, board = group(database, "Jurídico"), group(database, "Direção")

    bia = joining.join(database, BIA, admission())

    assert (bia.name, bia.email, bia.role, bia.origin) == (
        "Bia Lima", "bia@escola.example", "editor", "ldap",
    )  # fmt: skip
    assert members(database, legal) == members(database, board) == [bia.id]
    assert acts(database) == ["person.create", "person.groups"]


def test_whoever_comes_again_is_the_same_person_under_another_name(database: Database) -> None:
    bia = joining.join(database, BIA, admission())

    again = joining.join(database, said(name="Bia Reis", email="reis@escola.example"), admission())

    assert again.id == bia.id
    assert (again.name, again.email) == ("Bia Reis", "reis@escola.example")


def test_the_same_name_and_address_under_another_identity_is_somebody_else(
    database: Database,
) -> None:
    joining.join(database, BIA, admission())

    with pytest.raises(Conflict) as refused:
        joining.join(database, said(subject="8-8-8"), admission())

    assert refused.value.code == "address_is_taken"


@pytest.mark.guarantee("SEC-38")
def test_a_local_person_is_never_taken_over(database: Database) -> None:
    ana = local(database, "BIA@escola.example", role="admin")

    with pytest.raises(Conflict) as refused:
        joining.join(database, BIA, admission())

    assert refused.value.code == "address_is_taken"
    assert accounts.get(database, ana.id) == ana
    assert identities.of(database, ana.id) is None


def test_an_address_that_somebody_else_has_by_now_is_not_taken_along(database: Database) -> None:
    bia = joining.join(database, BIA, admission())
    local(database, "nova@escola.example")

    again = joining.join(database, said(email="nova@escola.example"), admission())

    assert (again.id, again.email) == (bia.id, "bia@escola.example")


def test_who_has_no_address_is_told_so(database: Database) -> None:
    with pytest.raises(BadRequest) as refused:
        joining.join(database, said(email=""), admission())

    assert refused.value.code == "no_address"


def test_a_name_that_would_mislead_is_cleaned(database: Database) -> None:
    bia = joining.join(database, said(name="Bia\u202e\n Lima\x00" + "x" * 300), admission())

    assert bia.name.startswith("Bia Lima x")
    assert len(bia.name) <= 200


@pytest.mark.guarantee("INS-06")
def test_a_group_that_is_gone_takes_its_role_and_its_group_along(database: Database) -> None:
    legal, board = group(database, "Jurídico"), group(database, "Direção")
    bia = joining.join(database, said(groups=("it", "legal")), admission("it = role:admin", *RULES))
    with database.write() as db:
        token = sessions.begin(db, bia.id, hours=1)
    local(database, "ana@escola.example", role="admin")

    again = joining.join(database, said(groups=("legal", "board")), admission())

    assert again.role == "editor"
    assert members(database, legal) == members(database, board) == [bia.id]
    assert sessions.resolve(database, token) is None  # the old rights ended with their sessions
    joining.join(database, said(groups=("legal",)), admission())
    assert members(database, board) == []


def test_a_group_whose_rule_is_gone_is_left_as_well(database: Database) -> None:
    legal = group(database, "Jurídico")
    joining.join(database, BIA, admission())

    joining.join(database, BIA, admission("legal = role:editor"))

    assert members(database, legal) == []


def test_groups_that_no_rule_names_are_the_houses_own_matter(database: Database) -> None:
    bia = joining.join(database, BIA, admission())
    own = group(database, "Coral", bia.id)

    joining.join(database, BIA, admission())

    assert members(database, own) == [bia.id]


def test_a_rule_for_a_group_that_is_not_here_gives_none(database: Database) -> None:
    joining.join(database, BIA, admission())

    assert groups.listing(database, limit=9) == []


def test_whom_no_rule_lets_in_stays_out_and_leaves_nothing(database: Database) -> None:
    with pytest.raises(NotAllowed) as refused:
        joining.join(database, said(groups=()), admission())

    assert refused.value.code == "no_rule_fits"
    assert accounts.none_yet(database)


def test_others_may_be_members_where_the_house_says_so(database: Database) -> None:
    bia = joining.join(database, said(groups=()), admission(others="member"))

    assert bia.role == "member"


def test_whom_no_rule_lets_in_any_more_is_let_out_and_comes_back_with_one(
    database: Database,
) -> None:
    bia = joining.join(database, BIA, admission())
    with database.write() as db:
        token = sessions.begin(db, bia.id, hours=1)

    with pytest.raises(NotAllowed):
        joining.join(database, said(groups=()), admission())

    assert not accounts.get(database, bia.id).active
    assert sessions.resolve(database, token) is None
    assert joining.join(database, BIA, admission()).active
    assert acts(database)[-2:] == ["person.gone", "person.change"]


@pytest.mark.guarantee("INS-06")
def test_whoever_was_deactivated_here_stays_out(database: Database) -> None:
    bia = joining.join(database, BIA, admission())
    with database.write() as db:
        accounts.change(db, bia.id, active=False)

    with pytest.raises(NotSignedIn):
        joining.join(database, BIA, admission())

    assert not accounts.get(database, bia.id).active


def test_an_administrators_word_goes_before_the_servers(database: Database) -> None:
    """Gone from there first, and then deactivated here: coming back there opens nothing."""
    bia = joining.join(database, BIA, admission())
    with pytest.raises(NotAllowed):
        joining.join(database, said(groups=()), admission())
    with database.write() as db:
        accounts.change(db, bia.id, active=False)

    with pytest.raises(NotSignedIn):
        joining.join(database, BIA, admission())


@pytest.mark.parametrize(
    "changes",
    [{"name": "Outra"}, {"email": "x@y.example"}, {"role": "admin"}, {"password_hash": "x"}],
    ids=lambda changes: next(iter(changes)),
)
def test_what_the_server_says_of_its_people_is_not_changed_here(
    database: Database, changes: dict[str, str]
) -> None:
    bia = joining.join(database, BIA, admission())

    with pytest.raises(Conflict) as refused, database.write() as db:
        accounts.change(db, bia.id, **changes)

    assert refused.value.code == "said_elsewhere"
    assert accounts.get(database, bia.id) == bia


def test_the_server_changes_no_local_person(database: Database) -> None:
    ana = local(database, "ana@escola.example")

    with pytest.raises(Conflict), database.write() as db:
        accounts.change(db, ana.id, role="admin", word_of="ldap")


def test_an_administrator_of_this_house_always_remains(database: Database) -> None:
    """One whom another server vouches for is no way in while it is away."""
    ana = local(database, "ana@escola.example", role="admin")
    joining.join(database, said(groups=("it",)), admission())

    for changes in ({"role": "member"}, {"active": False}):
        with pytest.raises(Conflict) as refused, database.write() as db:
            accounts.change(db, ana.id, **changes)  # type: ignore[arg-type]
        assert refused.value.code == "last_administrator"
    with pytest.raises(Conflict), database.write() as db:
        accounts.remove(db, ana.id)


def test_an_administrator_over_there_may_be_taken_away(database: Database) -> None:
    local(database, "ana@escola.example", role="admin")
    bia = joining.join(database, said(groups=("it",)), admission())

    again = joining.join(database, said(groups=("legal",)), admission())

    assert (again.id, again.role) == (bia.id, "editor")


def test_a_removed_person_comes_as_somebody_new(database: Database) -> None:
    bia = joining.join(database, BIA, admission())
    with database.write() as db:
        accounts.remove(db, bia.id)

    assert joining.join(database, BIA, admission()).id != bia.id


def test_no_password_of_this_house_opens_their_account(database: Database) -> None:
    joining.join(database, BIA, admission())
    known = accounts.credentials(database, BIA.email)
    assert known is not None

    tries = ["", "!", "a password that nobody has", accounts.NO_PASSWORD]
    assert [password.matches(one, known[1]) for one in tries] == [False] * 4


def test_a_link_for_a_new_password_is_void_for_them(database: Database) -> None:
    bia = joining.join(database, BIA, admission())
    with database.write() as db:
        token, _ = resets.begin(db, bia.id)

    with pytest.raises(Conflict), database.write() as db:
        accounts.change(db, resets.spend(db, token), password_hash="x")
