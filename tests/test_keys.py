"""Keys: told once, kept as a digest, narrow when they are made narrow (SEC-27)."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from appliance import keys
from appliance.database import Database
from appliance.errors import BadRequest, NotFound
from appliance.records import Caller, Key, timestamp


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "appliance.db")
    opened.migrate()
    with opened.write() as writer:
        for name in ("a1", "a2"):
            writer.run(
                """
                insert into assistants (id, slug, public_id, name, language, instructions,
                    greeting, suggestions, refusal, contact, mode, strictness, accent, origins,
                    created_at)
                values (:name, :name, :name, :name, 'pt', '', '', '[]',
                    '', '', null, 'balanced', '#000000', '[]', '2030-01-01T00:00:00.000Z')
                """,
                {"name": name},
            )
    yield opened
    opened.close()


def make(database: Database, **facts: Any) -> tuple[Key, str]:
    with database.write() as writer:
        return keys.create(writer, **{"name": "robot", "scopes": ["ask"]} | facts)


def resolve(database: Database, secret: str, now: datetime | None = None) -> Caller | None:
    return keys.resolve(database, secret, language="en", now=now)


def test_a_secret_leads_to_its_key(database: Database) -> None:
    key, secret = make(database, scopes=["search", "ask"], assistants=["a1"])

    caller = resolve(database, secret)

    assert caller == Caller(
        kind="key",
        id=key.id,
        name="robot",
        language="en",
        scopes=frozenset({"ask", "search"}),
        assistants=frozenset({"a1"}),
    )


def test_only_the_digest_of_a_secret_is_stored(database: Database) -> None:
    _, secret = make(database)

    [row] = database.rows("select * from keys")

    assert secret.startswith("bk_")
    assert len(secret) >= 3 + 43  # 256 bits in base 64
    assert secret not in str(row)
    assert row["secret_hash"] == hashlib.sha256(secret.encode()).hexdigest()


@pytest.mark.parametrize("secret", ["bk_", "bk_wrong", "", "bk_\ud800", "bk_" + "x" * 10_000])
def test_a_secret_that_is_none_leads_nowhere(database: Database, secret: str) -> None:
    make(database)

    assert resolve(database, secret) is None


def test_a_key_ends_on_its_day(database: Database) -> None:
    end = datetime.now(UTC) + timedelta(days=1)
    _, secret = make(database, expires_at=timestamp(end))

    assert resolve(database, secret, end - timedelta(seconds=1)) is not None
    assert resolve(database, secret, end) is None


def test_a_removed_key_is_refused_at_once(database: Database) -> None:
    key, secret = make(database)
    with database.write() as writer:
        assert keys.remove(writer, key.id).id == key.id

    assert resolve(database, secret) is None
    with pytest.raises(NotFound):
        keys.get(database, key.id)
    with pytest.raises(NotFound), database.write() as writer:
        keys.remove(writer, key.id)


def test_a_key_remembers_when_it_was_last_used(database: Database) -> None:
    key, secret = make(database)
    assert key.last_used_at is None
    now = datetime.now(UTC)
    resolve(database, secret, now)

    assert keys.get(database, key.id).last_used_at == timestamp(now)


def test_a_busy_key_costs_one_write_a_minute(database: Database) -> None:
    key, secret = make(database)
    now = datetime.now(UTC)
    resolve(database, secret, now)
    resolve(database, secret, now + timedelta(seconds=59))
    assert keys.get(database, key.id).last_used_at == timestamp(now)

    resolve(database, secret, now + timedelta(seconds=60))

    assert keys.get(database, key.id).last_used_at == timestamp(now + timedelta(seconds=60))


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"scopes": []}, "no_scope"),
        ({"scopes": ["ask", "root"]}, "unknown_scope"),
        ({"scopes": ["admin"], "assistants": ["a1"]}, "limited_admin"),
        ({"assistants": ["a1", "a9"]}, "unknown_assistant"),
        ({"expires_at": "tomorrow"}, "bad_expiry"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "bad_expiry"),
        ({"expires_at": "2990-01-01T00:00:00"}, "bad_expiry"),
        ({"name": " "}, "bad_name"),
        ({"name": "ro\nbot"}, "bad_name"),
        ({"name": "r" * 201}, "bad_name"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(
    database: Database, facts: dict[str, Any], code: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        make(database, **facts)

    assert refused.value.code == code
    assert keys.listing(database, limit=9) == []


def test_an_empty_list_of_assistants_is_a_key_to_none(database: Database) -> None:
    _, secret = make(database, assistants=[])

    caller = resolve(database, secret)

    assert caller is not None
    assert caller.assistants == frozenset()


def test_an_expiry_in_another_time_zone_is_kept_in_utc(database: Database) -> None:
    key, _ = make(database, expires_at="2990-01-01T00:00:00-03:00")

    assert key.expires_at == "2990-01-01T03:00:00.000Z"


def test_a_key_is_renamed_narrowed_and_widened(database: Database) -> None:
    key, _ = make(database)
    with database.write() as writer:
        narrowed = keys.change(writer, key.id, name="clerk", assistants=["a2"])
        assert (narrowed.name, narrowed.assistants) == ("clerk", ("a2",))
        widened = keys.change(writer, key.id, assistants=None)

    assert widened.name == "clerk"
    assert keys.get(database, key.id) == widened
    assert widened.assistants is None


def test_an_expiry_can_be_set_and_lifted(database: Database) -> None:
    key, _ = make(database)
    with database.write() as writer:
        keys.change(writer, key.id, expires_at="2990-01-01T00:00:00Z")
    assert keys.get(database, key.id).expires_at == "2990-01-01T00:00:00.000Z"

    with database.write() as writer:
        keys.change(writer, key.id, expires_at=None)

    assert keys.get(database, key.id).expires_at is None


def test_an_administrators_key_cannot_be_narrowed_into_a_lie(database: Database) -> None:
    key, _ = make(database, scopes=["admin"])

    with pytest.raises(BadRequest) as refused, database.write() as writer:
        keys.change(writer, key.id, assistants=["a1"])

    assert refused.value.code == "limited_admin"


def test_a_key_that_is_not_there_cannot_be_changed(database: Database) -> None:
    with pytest.raises(NotFound), database.write() as writer:
        keys.change(writer, "k9", name="clerk")


def test_keys_are_listed_a_page_at_a_time(database: Database) -> None:
    made = {make(database, name=f"robot {number}")[0].id for number in range(3)}

    first = keys.listing(database, limit=2)
    rest = keys.listing(database, limit=2, after=first[-1].id)

    assert {key.id for key in first + rest} == made
    assert len(rest) == 1


@pytest.mark.guarantee("SEC-27")
@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("10.1.2.3", True), ("192.168.7.20", True), ("::ffff:10.1.2.3", True), ("fd00::5", True),
        ("11.0.0.1", False), ("192.168.7.21", False), ("fd01::5", False), ("", False),
        ("testclient", False), ("10.1.2.3, 11.0.0.1", False),
    ],
)  # fmt: skip
def test_a_key_opens_only_from_its_networks(database: Database, address: str, inside: bool) -> None:
    networks = ["10.0.0.0/8", "192.168.7.20", "fd00::/64"]
    key, secret = make(database, addresses=networks)

    caller = keys.resolve(database, secret, language="en", address=address)

    assert key.addresses == ("10.0.0.0/8", "192.168.7.20/32", "fd00::/64")
    assert (caller is not None) is inside


def test_a_key_with_an_empty_list_of_networks_opens_from_nowhere(database: Database) -> None:
    _, secret = make(database, addresses=[])

    assert keys.resolve(database, secret, language="en", address="10.0.0.1") is None


@pytest.mark.parametrize("network", ["10.0.0.0/33", "home", "", "10.0.0.0/8, 11.0.0.0/8"])
def test_what_is_no_network_is_refused_with_an_example(database: Database, network: str) -> None:
    with pytest.raises(BadRequest) as refused:
        make(database, addresses=[network])

    assert refused.value.code == "bad_network"
    assert keys.listing(database, limit=9) == []


def test_networks_are_changed_and_lifted(database: Database) -> None:
    key, secret = make(database, addresses=["10.0.0.0/8"])

    with database.write() as writer:
        changed = keys.change(writer, key.id, addresses=["11.0.0.0/255.0.0.0"])
    assert changed.addresses == ("11.0.0.0/8",)
    assert keys.get(database, key.id) == changed
    with database.write() as writer:
        keys.change(writer, key.id, addresses=None)

    assert keys.resolve(database, secret, language="en", address="8.8.8.8") is not None


@pytest.mark.guarantee("SEC-27")
def test_it_is_known_when_and_from_where_a_key_was_last_used(database: Database) -> None:
    key, secret = make(database)
    began = datetime(2030, 1, 1, tzinfo=UTC)

    def used(seconds: int, address: str) -> tuple[str | None, str | None]:
        now = began + timedelta(seconds=seconds)
        keys.resolve(database, secret, language="en", address=address, now=now)
        found = keys.get(database, key.id)
        return found.last_used_at, found.last_used_from

    assert used(0, "10.0.0.1") == (timestamp(began), "10.0.0.1")
    assert used(30, "10.0.0.1") == (timestamp(began), "10.0.0.1")  # a write a minute is enough
    assert used(31, "10.0.0.2") == (timestamp(began + timedelta(seconds=31)), "10.0.0.2")


def test_a_key_that_is_kept_out_is_not_noted_as_used(database: Database) -> None:
    key, secret = make(database, addresses=["10.0.0.0/8"])

    keys.resolve(database, secret, language="en", address="11.0.0.1")

    assert keys.get(database, key.id).last_used_at is None
