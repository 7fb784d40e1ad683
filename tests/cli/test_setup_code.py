"""``appliance setup-code`` prints the code until somebody has used it."""

from appliance import accounts
from appliance.signin import setup_code
from tests.cli.doors import Terminal, terminal

__all__ = ["terminal"]


def test_the_code_is_the_last_word_of_the_last_line(terminal: Terminal) -> None:
    result = terminal.type("setup-code")

    assert result.exit_code == 0
    code = result.stdout.splitlines()[-1].split()[-1]
    setup_code.check(terminal.database, code)


def test_the_code_that_was_printed_at_the_start_is_printed_again(terminal: Terminal) -> None:
    first = setup_code.prepare(terminal.database, terminal.folder)

    assert terminal.json("setup-code")["code"] == first


def test_once_there_is_an_administrator_there_is_no_code(terminal: Terminal) -> None:
    with terminal.database.write() as writer:
        accounts.create_first(writer, name="Ana", email="a@b.c", password_hash="h", language="pt")

    result = terminal.type("setup-code")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "already has an administrator" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_it_works_on_a_folder_that_does_not_exist_yet(terminal: Terminal) -> None:
    terminal.environment["APPLIANCE_DATA_DIR"] = str(terminal.folder / "new")

    assert terminal.type("setup-code").exit_code == 0
    assert (terminal.folder / "new" / "secrets" / "setup-code").exists()
