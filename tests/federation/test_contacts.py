"""What is noted of the servers that vouch for people."""

from appliance import accounts
from appliance.database import Database
from appliance.federation import contacts, joining
from appliance.federation.contacts import Contact, Count
from appliance.federation.joining import Admission, Vouched
from appliance.records import Problem
from appliance.signin import identities

AWAY = Problem(code="oidc_not_reached", facts={"issuer": "https://id.example", "reason": "x"})


def test_a_server_that_was_never_asked_is_not_away(database: Database) -> None:
    assert contacts.read(database, "directory") == Contact()
    assert not contacts.read(database, "directory").is_away


def test_the_last_failure_stays_known_after_an_answer(database: Database) -> None:
    contacts.failed(database, "provider", AWAY)
    away = contacts.read(database, "provider")
    contacts.worked(database, "provider", ends_at="https://id.example/out")
    back = contacts.read(database, "provider")

    assert away.is_away
    assert (back.problem, back.failed_at) == (AWAY, away.failed_at)
    assert back.ends_at == "https://id.example/out"
    assert not back.is_away or back.worked_at == back.failed_at


def test_each_server_has_its_own_note(database: Database) -> None:
    contacts.failed(database, "provider", AWAY)

    assert not contacts.read(database, "directory").is_away


def test_people_are_counted_by_who_vouches_for_them(database: Database) -> None:
    admission = Admission(rules=(), others="member", language="pt")
    for number in range(3):
        joining.join(
            database,
            Vouched(origin="oidc", issuer="i", subject=str(number), name="N",
                    email=f"{number}@escola.example"),
            admission,
        )  # fmt: skip
    with database.write() as writer:
        accounts.create(
            writer, name="Ana", email="a@escola.example", password_hash="x", role="admin"
        )
        joining.let_out(database, writer, identities.standing(database, "oidc")[0])

    assert contacts.count(database, "provider") == Count(people=2, gone=1)
    assert contacts.count(database, "directory") == Count(people=0, gone=0)
