"""The administrator's way back in from the shell, when all else is away (INS-14)."""

from collections.abc import Iterator
from typing import Any

import pyotp
import pytest

from appliance import accounts, audit
from appliance.settings import Settings
from appliance.signin import password, second_factor, sessions
from appliance.vault import Vault
from tests.cli.doors import Terminal
from tests.fakes import WordEmbedder
from tests.house import House
from tests.mailhouse import free_port

pytestmark = pytest.mark.guarantee("INS-14")

EMAIL = "ana@escola.example"
LOST, FOUND = "três gatos na janela", "quatro patos no lago"


@pytest.fixture
def shell(settings: Settings) -> Iterator[Terminal]:
    opened = Terminal(settings.data)
    yield opened
    opened.database.close()


@pytest.fixture
def house(settings: Settings, shell: Terminal) -> Iterator[House]:
    """A house whose directory, provider and mail server are set and do not answer."""
    with House(settings, embedder=WordEmbedder()) as opened:
        away = f"https://localhost:{free_port()}"
        for section, fields in (
            ("ldap", {"enabled": True, "host": "localhost", "port": free_port(),
                      "account": "cn=balcao,dc=escola", "password": "segredo",
                      "people": "ou=pessoas,dc=escola"}),
            ("oidc", {"enabled": True, "issuer": away, "client": "balcao", "secret": "s"}),
            ("mail", {"host": "localhost", "port": free_port(), "sender": EMAIL}),
        ):  # fmt: skip
            told = opened.client.patch(f"/api/settings/{section}", json=fields)
            assert told.status_code == 200, told.text
        yield opened


def ana(house: House) -> str:
    """The only administrator: her password is known, her telephone with the codes is not."""
    database = house.parts.database
    known = accounts.credentials(database, EMAIL)
    assert known is not None
    vault = Vault(house.settings.data)
    secret = pyotp.random_base32()
    with database.write() as db:
        accounts.change(db, known[0].id, password_hash=password.hashed(LOST))
        db.run(
            """
            insert into second_factors (person, secret, created_at, confirmed_at, last_step)
            values (:id, :secret, '2026-01-01', '2026-01-01', 0)
            """,
            {"id": known[0].id, "secret": vault.seal(secret, purpose=second_factor.PURPOSE)},
        )
        second_factor.new_codes(db, known[0].id)
    return known[0].id


def enter(house: House, word: str) -> Any:
    with house.as_nobody() as client:
        answer = client.post("/api/session", json={"email": EMAIL, "password": word})
        client.cookies.clear()
    return answer


def reset(shell: Terminal, email: str = EMAIL, word: str = FOUND) -> Any:
    return shell.type("person", "reset-admin", email, "--password-stdin", typed=f"{word}\n")


def test_an_administrator_who_lost_everything_is_in_again_while_every_other_server_is_away(
    house: House, shell: Terminal
) -> None:
    person = ana(house)
    assert enter(house, LOST).json()["code"] == "totp_required"
    with house.parts.database.write() as db:
        open_elsewhere = sessions.begin(db, person, hours=1)

    said = reset(shell)

    assert said.exit_code == 0, said.output
    assert "Ana Prado" in said.stdout
    assert FOUND not in said.output
    assert sessions.resolve(house.parts.database, open_elsewhere) is None
    assert house.client.get("/api/people").status_code == 401, "her browsers are signed out"
    assert enter(house, LOST).status_code != 200
    entered = enter(house, FOUND)
    assert (entered.status_code, entered.json()["person"]["role"]) == (200, "admin")
    assert house.parts.database.rows("select * from recovery_codes") == []


def test_whoever_was_deactivated_or_made_a_member_administers_again(
    house: House, shell: Terminal
) -> None:
    person = ana(house)
    with house.parts.database.write() as db:
        accounts.create(db, name="Bia", email="bia@escola.example", password_hash="", role="admin")
        accounts.change(db, person, role="member", active=False)

    assert reset(shell).exit_code == 0

    entered = enter(house, FOUND)
    assert (entered.status_code, entered.json()["person"]["role"]) == (200, "admin")


def test_it_is_on_the_record_without_the_password_and_the_chain_holds(
    house: House, shell: Terminal
) -> None:
    person = ana(house)

    reset(shell)

    (last,) = audit.newest(house.parts.database, audit.wanted(act="person.recover"), limit=1)
    assert (last.subject, last.details) == (person, {"second_factor": True})
    assert last.caller.startswith("terminal:")
    assert audit.verify(house.parts.database).intact
    row = house.parts.database.row("select * from audit where act = 'person.recover'")
    assert FOUND not in str(row)


@pytest.mark.parametrize(
    ("email", "word", "reason"),
    [("nobody@escola.example", FOUND, "nobody with"), (EMAIL, "short", "too short")],
)
def test_a_refusal_is_one_sentence_and_changes_nothing(
    house: House, shell: Terminal, email: str, word: str, reason: str
) -> None:
    ana(house)

    refused = reset(shell, email, word)

    assert refused.exit_code == 1
    assert reason in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert enter(house, LOST).json()["code"] == "totp_required"


def test_of_somebody_of_the_directory_it_says_how_to_make_one_of_this_house(
    house: House, shell: Terminal
) -> None:
    with house.parts.database.write() as db:
        accounts.create(
            db, name="Caio", email="caio@escola.example", password_hash="", role="admin",
            origin="ldap",
        )  # fmt: skip

    refused = reset(shell, "caio@escola.example")
    assert (refused.exit_code, "person create --role admin" in refused.stderr) == (1, True)

    made = shell.type(
        "person", "create", "--name", "Duda", "--email", "duda@escola.example", "--role", "admin",
        "--password-stdin", typed=f"{FOUND}\n",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    with house.as_nobody() as client:
        sent = {"email": "duda@escola.example", "password": FOUND}
        assert client.post("/api/session", json=sent).status_code == 200
        client.cookies.clear()


def test_it_needs_no_running_appliance(shell: Terminal) -> None:
    made = shell.json(
        "person", "create", "--name", "Ana", "--email", EMAIL, "--role", "admin",
        "--password-stdin", typed=f"{LOST}\n",
    )  # fmt: skip

    assert reset(shell).exit_code == 0

    known = accounts.credentials(shell.database, EMAIL)
    assert known is not None
    assert known[0].id == made["id"]
    assert password.matches(FOUND, known[1])
