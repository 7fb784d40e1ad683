"""``appliance key``: credentials for programs from the machine's own terminal."""

import pytest

from appliance import keys
from tests.cli.doors import Terminal, terminal

__all__ = ["terminal"]


def test_a_key_is_made_and_its_secret_is_the_last_word(terminal: Terminal) -> None:
    result = terminal.type(
        "key", "create", "--name", "robot", "--scope", "ask", "--scope", "search"
    )

    assert result.exit_code == 0
    caller = keys.resolve(terminal.database, result.stdout.split()[-1], language="pt")
    assert caller is not None
    assert (caller.name, caller.scopes) == ("robot", {"ask", "search"})


def test_with_json_it_has_the_shape_of_the_api(terminal: Terminal) -> None:
    made = terminal.json("key", "create", "--name", "robot", "--scope", "documents:read")

    assert set(made) == {"key", "secret"}
    assert made["secret"].startswith("bk_")
    assert made["key"]["scopes"] == ["documents:read"]
    assert made["key"]["assistants"] is None


def test_a_key_may_end_on_a_day(terminal: Terminal) -> None:
    made = terminal.json(
        "key", "create", "--name", "r", "--scope", "ask", "--expires-at", "2990-01-01T00:00:00Z"
    )

    assert made["key"]["expires_at"] == "2990-01-01T00:00:00.000Z"


def test_a_key_may_be_for_some_networks(terminal: Terminal) -> None:
    made = terminal.json(
        "key", "create", "--name", "r", "--scope", "ask",
        "--address", "10.0.0.0/8", "--address", "192.168.1.20",
    )  # fmt: skip

    assert made["key"]["addresses"] == ["10.0.0.0/8", "192.168.1.20/32"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("create", "--name", "r", "--scope", "root"), "no scope “root”"),
        (("create", "--name", " ", "--scope", "ask"), "visible characters"),
        (("create", "--name", "r", "--scope", "ask", "--assistant", "a9"), "no assistant"),
        (("create", "--name", "r", "--scope", "ask", "--expires-at", "soon"), "in the future"),
        (("create", "--name", "r", "--scope", "ask", "--address", "home"), "nor an address"),
        (("remove", "k9"), "no key with the id k9"),
    ],
)
def test_a_refusal_is_one_sentence_and_exit_status_one(
    terminal: Terminal, words: tuple[str, ...], reason: str
) -> None:
    result = terminal.type("key", *words)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert reason in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_key_without_a_scope_is_wrong_usage(terminal: Terminal) -> None:
    assert terminal.type("key", "create", "--name", "robot").exit_code == 2


def test_keys_are_listed_without_their_secrets(terminal: Terminal) -> None:
    made = terminal.json("key", "create", "--name", "robot", "--scope", "ask")

    listed = terminal.type("key", "list").stdout

    assert terminal.json("key", "list") == [made["key"]]
    assert made["key"]["id"] in listed
    assert made["secret"] not in listed


def test_a_removed_key_no_longer_works(terminal: Terminal) -> None:
    made = terminal.json("key", "create", "--name", "robot", "--scope", "ask")

    result = terminal.type("key", "remove", made["key"]["id"])

    assert result.exit_code == 0
    assert keys.resolve(terminal.database, made["secret"], language="pt") is None
    acts = [row["act"] for row in terminal.database.rows("select act from audit order by id")]
    assert acts == ["key.create", "key.remove"]
