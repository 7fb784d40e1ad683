"""The master key is replaced from the terminal, also while the appliance runs."""

from appliance import accounts, audit
from appliance.signin import second_factor
from appliance.vault import Vault
from tests.cli.doors import Terminal, terminal

__all__ = ["terminal"]


def furnish(terminal: Terminal, running: Vault) -> str:
    with terminal.database.write() as writer:
        ana = accounts.create(
            writer, name="Ana", email="ana@casa.test", password_hash="", role="admin"
        )
        second_factor.begin(writer, ana.id, running.seal("JBSWY3DP", purpose="second_factor"))
    return ana.id


def test_a_running_appliance_goes_on_under_the_new_key(terminal: Terminal) -> None:
    running = Vault(terminal.folder)
    ana = furnish(terminal, running)
    before = running.file.read_text()

    result = terminal.type("secrets", "renew")

    assert result.exit_code == 0, result.output
    assert "1 secrets" in result.stdout
    assert running.file.read_text() != before
    standing = second_factor.standing(terminal.database, ana)
    assert standing is not None
    assert running.open(standing.sealed, purpose="second_factor") == "JBSWY3DP"
    assert [one.act for one in audit.newest(terminal.database, limit=1)] == ["secrets.renew"]


def test_the_count_comes_as_json(terminal: Terminal) -> None:
    assert terminal.json("secrets", "renew") == {"sealed": 0}


def test_a_lost_second_factor_is_taken_away(terminal: Terminal) -> None:
    ana = furnish(terminal, Vault(terminal.folder))

    first = terminal.type("person", "without-second-factor", "ana@casa.test")
    again = terminal.type("person", "without-second-factor", "ana@casa.test")

    assert (first.exit_code, again.exit_code) == (0, 1)
    assert "Ana" in first.stdout
    assert second_factor.standing(terminal.database, ana) is None
