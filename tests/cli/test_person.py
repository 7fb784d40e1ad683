"""``appliance person``: people from the machine's own terminal."""

import pytest

from appliance import accounts
from appliance.signin import password, resets, sessions
from tests.cli.doors import Terminal, terminal

__all__ = ["terminal"]

WORD = "três gatos na janela"
ANA = ("person", "create", "--name", "Ana", "--email", "ana@casa.test", "--password-stdin")


def test_a_person_is_added_and_listed(terminal: Terminal) -> None:
    made = terminal.json(*ANA, "--role", "admin", typed=f"{WORD}\n")

    assert (made["name"], made["role"], made["language"]) == ("Ana", "admin", "en")
    assert terminal.json("person", "list") == [made]
    assert "ana@casa.test" in terminal.type("person", "list").stdout
    known = accounts.credentials(terminal.database, "ana@casa.test")
    assert known is not None
    assert password.matches(WORD, known[1])


def test_a_password_is_asked_for_twice_and_never_shown(terminal: Terminal) -> None:
    words = ("person", "create", "--name", "Ana", "--email", "ana@casa.test")

    result = terminal.type(*words, typed=f"{WORD}\n{WORD}\n")

    assert result.exit_code == 0
    assert WORD not in result.output


def test_no_command_takes_a_password_as_an_argument(terminal: Terminal) -> None:
    """Every user of the machine can read the arguments of every process."""
    result = terminal.type(*ANA[:-1], "--password", WORD)

    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("words", "word", "reason"),
    [
        (ANA, "short", "too short"),
        (ANA, "password123", "first that everybody tries"),
        (("person", "password", "nobody@casa.test", "--password-stdin"), WORD, "nobody with"),
        (("person", "remove", "nobody@casa.test"), "", "nobody with"),
    ],
)
def test_a_refusal_is_one_sentence_and_exit_status_one(
    terminal: Terminal, words: tuple[str, ...], word: str, reason: str
) -> None:
    result = terminal.type(*words, typed=f"{word}\n")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert reason in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_wrong_usage_is_exit_status_two(terminal: Terminal) -> None:
    assert terminal.type("person", "create").exit_code == 2
    assert terminal.type(*ANA, "--role", "king", typed=f"{WORD}\n").exit_code == 2


def test_a_forgotten_password_is_replaced_and_everybody_else_signed_out(
    terminal: Terminal,
) -> None:
    made = terminal.json(*ANA, typed=f"{WORD}\n")
    with terminal.database.write() as writer:
        token = sessions.begin(writer, made["id"], hours=1)

    result = terminal.type(
        "person", "password", "ANA@casa.test", "--password-stdin", typed="quatro patos no lago\n"
    )

    assert result.exit_code == 0
    assert "Ana" in result.stdout
    assert sessions.resolve(terminal.database, token) is None
    known = accounts.credentials(terminal.database, "ana@casa.test")
    assert known is not None
    assert password.matches("quatro patos no lago", known[1])


def test_a_person_is_removed_but_not_the_last_administrator(terminal: Terminal) -> None:
    terminal.json(*ANA, "--role", "admin", typed=f"{WORD}\n")
    bia = ("person", "create", "--name", "Bia", "--email", "bia@casa.test", "--password-stdin")
    terminal.json(*bia, typed=f"{WORD}\n")

    removed = terminal.type("person", "remove", "bia@casa.test")
    refused = terminal.type("person", "remove", "ana@casa.test")

    assert removed.exit_code == 0
    assert refused.exit_code == 1
    assert [person["name"] for person in terminal.json("person", "list")] == ["Ana"]


def test_what_is_done_in_the_terminal_is_on_the_record(terminal: Terminal) -> None:
    made = terminal.json(*ANA, typed=f"{WORD}\n")

    [row] = terminal.database.rows("select * from audit")

    assert (row["act"], row["subject"]) == ("person.create", made["id"])
    assert row["caller"].startswith("terminal:")


def test_a_setting_with_a_typo_is_refused_by_name(terminal: Terminal) -> None:
    terminal.environment["APPLIANCE_LANGUAGE"] = "fr"

    result = terminal.type("person", "list")

    assert result.exit_code == 1
    assert "language" in result.stderr


def test_somebody_is_invited_by_a_link(terminal: Terminal) -> None:
    made = terminal.json("person", "invite", "--email", "bia@casa.test", "--role", "editor")
    said = terminal.type("person", "invite", "--email", "caio@casa.test")

    assert made["link"].startswith("http://127.0.0.1:8080/#/invitation/")
    assert (made["invitation"]["role"], made["mailed"]) == ("editor", False)
    assert "/#/invitation/" in said.stdout
    again = terminal.type("person", "invite", "--email", "BIA@casa.test")
    assert again.exit_code == 1
    assert "already" in again.stderr


def test_who_has_an_account_is_not_invited(terminal: Terminal) -> None:
    terminal.json(*ANA, typed=f"{WORD}\n")

    assert terminal.type("person", "invite", "--email", "ANA@casa.test").exit_code == 1


def test_a_link_lets_a_person_choose_a_password(terminal: Terminal) -> None:
    terminal.json(*ANA, typed=f"{WORD}\n")

    said = terminal.type("person", "reset", "ana@casa.test")

    token = said.stdout.strip().rpartition("/")[2]
    assert resets.find(terminal.database, token)


def test_who_is_deactivated_is_signed_out_and_comes_back_when_activated(
    terminal: Terminal,
) -> None:
    made = terminal.json(*ANA, typed=f"{WORD}\n")
    with terminal.database.write() as writer:
        token = sessions.begin(writer, made["id"], hours=1)

    gone = terminal.type("person", "deactivate", "ana@casa.test")

    assert gone.exit_code == 0
    assert sessions.resolve(terminal.database, token) is None
    assert terminal.type("person", "reset", "ana@casa.test").exit_code == 1
    assert terminal.type("person", "activate", "ana@casa.test").exit_code == 0
    assert accounts.get(terminal.database, made["id"]).active


def test_the_last_administrator_is_not_deactivated(terminal: Terminal) -> None:
    terminal.json(*ANA, "--role", "admin", typed=f"{WORD}\n")

    assert terminal.type("person", "deactivate", "ana@casa.test").exit_code == 1
