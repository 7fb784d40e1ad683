"""People: one e-mail each, always an administrator, signed out when rights change."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import accounts
from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NotFound
from appliance.records import Person, Role
from appliance.signin import sessions


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "appliance.db")
    opened.migrate()
    yield opened
    opened.close()


def add(database: Database, name: str = "Ana", role: Role = "admin") -> Person:
    with database.write() as writer:
        return accounts.create(
            writer,
            name=name,
            email=f"{name.strip().lower()}@casa.test",
            password_hash="h",
            role=role,
        )


def test_a_person_is_found_again_by_id(database: Database) -> None:
    ana = add(database)

    assert accounts.get(database, ana.id) == ana


def test_a_person_never_carries_the_hash(database: Database) -> None:
    assert "password_hash" not in Person.__struct_fields__
    assert accounts.credentials(database, add(database).email) is not None


def test_credentials_are_found_however_the_address_is_typed(database: Database) -> None:
    ana = add(database)

    assert accounts.credentials(database, " ANA@casa.TEST ") == (ana, "h")


def test_nobody_has_credentials_under_an_unknown_address(database: Database) -> None:
    assert accounts.credentials(database, "bia@casa.test") is None


def test_an_unknown_person_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        accounts.get(database, "nobody")


def test_an_address_belongs_to_one_person_in_any_letter_case(database: Database) -> None:
    add(database, "Ana")

    with pytest.raises(Conflict) as refused:
        add(database, "ANA")

    assert refused.value.code == "email_taken"


@pytest.mark.parametrize(
    "email", ["", "ana", "@casa", "ana@", "a b@c.d", "a@b\nc", "a" * 251 + "@b.c"]
)
def test_what_is_no_address_is_refused(database: Database, email: str) -> None:
    with pytest.raises(BadRequest) as refused, database.write() as writer:
        accounts.create(writer, name="Ana", email=email, password_hash="h", role="member")

    assert refused.value.code == "bad_email"


@pytest.mark.parametrize(
    "name", ["", "  ", "a" * 201, "Ana\r\nRole: admin", "Ana\x1b[31m", "\u202eanA"]
)
def test_a_name_that_would_deceive_a_log_or_a_reader_is_refused(
    database: Database, name: str
) -> None:
    with pytest.raises(BadRequest) as refused, database.write() as writer:
        accounts.create(writer, name=name, email="a@b.c", password_hash="h", role="member")

    assert refused.value.code == "bad_name"


def test_names_keep_their_accents_and_lose_their_margins(database: Database) -> None:
    assert add(database, " João ").name == "João"


def test_people_are_listed_in_the_order_they_came_a_page_at_a_time(database: Database) -> None:
    added = [add(database, name) for name in ("Ana", "Bia", "Caio")]

    first = accounts.listing(database, limit=2)
    rest = accounts.listing(database, limit=2, after=first[-1].id)

    assert first + rest == sorted(added, key=lambda person: person.id)


def test_what_is_not_given_stays(database: Database) -> None:
    ana = add(database)
    with database.write() as writer:
        changed = accounts.change(writer, ana.id, language="es")

    assert (changed.name, changed.email, changed.language) == (ana.name, ana.email, "es")
    assert accounts.get(database, ana.id) == changed


def test_an_address_cannot_be_changed_into_somebody_elses(database: Database) -> None:
    add(database, "Ana")
    bia = add(database, "Bia")

    with pytest.raises(Conflict), database.write() as writer:
        accounts.change(writer, bia.id, email="Ana@casa.test")

    assert accounts.get(database, bia.id).email == "bia@casa.test"


@pytest.mark.parametrize(
    "change", [{"password_hash": "new"}, {"role": "editor"}, {"email": "x@y.z"}]
)
def test_a_new_password_role_or_address_signs_the_person_out(
    database: Database, change: dict[str, str]
) -> None:
    add(database, "Ana")
    bia = add(database, "Bia")
    with database.write() as writer:
        token = sessions.begin(writer, bia.id, hours=1)
        accounts.change(writer, bia.id, **change)  # type: ignore[arg-type]

    assert sessions.resolve(database, token) is None


def test_a_new_name_or_language_signs_nobody_out(database: Database) -> None:
    ana = add(database)
    with database.write() as writer:
        token = sessions.begin(writer, ana.id, hours=1)
        accounts.change(writer, ana.id, name="Ana Maria", language="en")

    caller = sessions.resolve(database, token)

    assert caller is not None
    assert (caller.name, caller.language) == ("Ana Maria", "en")


def test_a_newer_hash_of_the_same_password_signs_nobody_out(database: Database) -> None:
    ana = add(database)
    with database.write() as writer:
        token = sessions.begin(writer, ana.id, hours=1)
        accounts.store_hash(writer, ana.id, "newer")

    assert accounts.credentials(database, ana.email) == (ana, "newer")
    assert sessions.resolve(database, token) is not None


def test_a_removed_person_is_signed_out_and_gone(database: Database) -> None:
    add(database, "Ana")
    bia = add(database, "Bia", "member")
    with database.write() as writer:
        token = sessions.begin(writer, bia.id, hours=1)
        accounts.remove(writer, bia.id)

    assert sessions.resolve(database, token) is None
    with pytest.raises(NotFound):
        accounts.get(database, bia.id)


def test_the_last_administrator_cannot_be_removed(database: Database) -> None:
    ana = add(database)
    add(database, "Bia", "editor")

    with pytest.raises(Conflict) as refused, database.write() as writer:
        accounts.remove(writer, ana.id)

    assert refused.value.code == "last_administrator"
    assert accounts.get(database, ana.id) == ana


def test_the_last_administrator_cannot_become_something_else(database: Database) -> None:
    ana = add(database)

    with pytest.raises(Conflict), database.write() as writer:
        accounts.change(writer, ana.id, role="member")

    assert accounts.get(database, ana.id).role == "admin"


def test_an_administrator_goes_when_another_stays(database: Database) -> None:
    ana, bia = add(database, "Ana"), add(database, "Bia")
    with database.write() as writer:
        accounts.remove(writer, ana.id)

    assert accounts.listing(database, limit=9) == [bia]


def test_two_administrators_cannot_remove_each_other_at_the_same_moment(
    database: Database,
) -> None:
    both = [add(database, "Ana"), add(database, "Bia")]

    def remove(person: Person) -> None:
        try:
            with database.write() as writer:
                accounts.remove(writer, person.id)
        except Conflict:
            pass

    threads = [threading.Thread(target=remove, args=(person,)) for person in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(accounts.listing(database, limit=9)) == 1


def test_the_first_administrator_is_made_once(database: Database) -> None:
    assert accounts.none_yet(database)
    with database.write() as writer:
        accounts.create_first(writer, name="Ana", email="a@b.c", password_hash="h", language="pt")

    assert not accounts.none_yet(database)
    with pytest.raises(Conflict) as refused, database.write() as writer:
        accounts.create_first(writer, name="Eva", email="e@b.c", password_hash="h", language="pt")
    assert refused.value.code == "already_set_up"
