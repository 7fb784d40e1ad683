"""``appliance certificate``, as an administrator types it (INS-04)."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from appliance import audit, certificates
from tests.authority import NAME, Authority, pem, pfx
from tests.cli.doors import Terminal, terminal

__all__ = ["terminal"]

pytestmark = pytest.mark.guarantee("INS-04")


@pytest.fixture
def named(terminal: Terminal) -> Terminal:
    """A terminal of a house that people reach by its name, with TLS of its own."""
    terminal.environment |= {"APPLIANCE_PUBLIC_URL": f"https://{NAME}", "APPLIANCE_TLS": "true"}
    return terminal


def acts(terminal: Terminal) -> list[tuple[str, str, dict[str, Any]]]:
    rows = audit.newest(terminal.database, limit=9)
    return [(row.act, row.subject, row.details) for row in rows]


def test_one_of_its_own_is_for_the_names_of_the_settings_and_its_fingerprint_is_shown(
    named: Terminal,
) -> None:
    made = named.type("certificate", "self-signed")

    found = certificates.current(named.folder)
    assert made.exit_code == 0, made.output
    assert found is not None
    assert found.names[0] == NAME
    assert found.fingerprint in made.stdout
    ((act, subject, details),) = acts(named)
    assert (act, subject) == ("certificate.self_sign", NAME)
    assert details["fingerprint"] == found.fingerprint
    assert named.json("certificate", "show")["fingerprint"] == found.fingerprint


def test_names_can_be_said(named: Terminal) -> None:
    told = named.json("certificate", "self-signed", "--name", "a.example", "--name", "10.0.0.5")

    assert told["names"] == ["a.example", "10.0.0.5"]


def test_from_the_request_to_the_certificate_of_the_company(
    named: Terminal, tmp_path: Path
) -> None:
    asked = named.type("certificate", "request", "--organization", "Escola")
    answer = tmp_path / "answer.pem"
    answer.write_bytes(Authority().answer(asked.stdout))

    told = named.json("certificate", "install", str(answer))

    assert "PRIVATE" not in asked.output
    assert NAME in asked.stderr
    assert (told["names"][0], told["issuer"]) == (NAME, "CN=Escola CA 1")
    assert told["days_left"] == 89
    assert [act for act, _, _ in acts(named)] == ["certificate.install", "certificate.request"]


def test_what_only_root_may_read_comes_by_standard_input(named: Terminal) -> None:
    """As in the hook of a program that renews certificates (the manual, TLS)."""
    key, one = Authority().issue()

    done = named.type("certificate", "install", "-", typed=pem(one, key).decode())

    assert done.exit_code == 0, done.output
    assert named.json("certificate", "show")["names"] == [NAME]


def test_a_refusal_is_a_sentence_and_changes_nothing(named: Terminal) -> None:
    authority = Authority()
    key, one = authority.issue("outro.example")
    named.type("certificate", "self-signed")
    before = certificates.file(named.folder).read_bytes()

    refused = named.type("certificate", "install", "-", typed=pem(key, one).decode())
    away = named.type("certificate", "install", str(named.folder / "nowhere.pem"))

    assert (refused.exit_code, away.exit_code) == (1, 1)
    assert f"is for outro.example, and people use {NAME}" in refused.stderr
    assert "could not be read (No such file or directory)" in away.stderr
    assert certificates.file(named.folder).read_bytes() == before
    assert [act for act, _, _ in acts(named)] == ["certificate.self_sign"]


def test_a_file_under_a_passphrase_says_so_where_nobody_can_be_asked(
    named: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.cli.certificate.is_asked", lambda: False)
    authority = Authority()
    key, one = authority.issue()
    file = tmp_path / "windows.pfx"
    file.write_bytes(pfx(key, one, [authority.between], "três gatos"))

    refused = named.type("certificate", "install", str(file))

    assert refused.exit_code == 1
    assert "passphrase does not open" in refused.stderr


def test_at_a_terminal_the_passphrase_is_asked_for(
    named: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority()
    key, one = authority.issue()
    file = tmp_path / "windows.pfx"
    file.write_bytes(pfx(key, one, [authority.between], "três gatos"))
    monkeypatch.setattr("appliance.cli.certificate.is_asked", lambda: True)

    done = named.type("certificate", "install", str(file), typed="três gatos\n")

    assert done.exit_code == 0, done.output
    assert "três gatos" not in done.output


def test_the_hook_of_the_manual_puts_in_what_was_renewed(named: Terminal, tmp_path: Path) -> None:
    """As certbot runs it: with the folder of the renewed certificate in its environment."""
    manual = (Path(__file__).parents[2] / "installer" / "README.md").read_text("utf-8")
    (hook,) = re.findall(r"renewal-hooks/deploy/balcao <<'END'\n(.*?)END\n", manual, re.DOTALL)
    key, one = (authority := Authority()).issue()
    (tmp_path / "fullchain.pem").write_bytes(pem(one, authority.between))
    (tmp_path / "privkey.pem").write_bytes(pem(key))
    program = tmp_path / "bin" / "appliance"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m appliance "$@"\n')
    program.chmod(0o755)

    subprocess.run(
        ["sh", "-c", hook],
        env=os.environ
        | named.environment
        | {"RENEWED_LINEAGE": str(tmp_path), "PATH": f"{program.parent}:{os.environ['PATH']}"},
        check=True,
    )

    found = certificates.current(named.folder)
    assert found is not None
    assert found.issuer == "CN=Escola CA 1"


def test_certbot_runs_the_hook_of_the_manual_at_the_first_certificate_too(tmp_path: Path) -> None:
    """The manual's lines as printed, where certbot never ran: it runs what its option names."""
    manual = (Path(__file__).parents[2] / "installer" / "README.md").read_text("utf-8")
    (lines,) = re.findall(
        r"```sh\n([^`]*renewal-hooks/deploy/balcao <<'END'.*?)```", manual, re.DOTALL
    )
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (
        ("certbot", 'while [ "$1" != --deploy-hook ]; do shift; done\nexec "$2"\n'),
        ("appliance", f'echo "$@" > {tmp_path}/typed\ncat > {tmp_path}/sent\n'),
    ):
        (programs / name).write_text(f"#!/bin/sh\n{text}")
        (programs / name).chmod(0o755)
    (tmp_path / "fullchain.pem").write_text("chain\n")
    (tmp_path / "privkey.pem").write_text("key\n")

    subprocess.run(
        ["sh", "-ec", lines.replace("/etc/letsencrypt", f"{tmp_path}/letsencrypt")],
        env={"RENEWED_LINEAGE": str(tmp_path), "PATH": f"{programs}:{os.environ['PATH']}"},
        check=True,
    )

    assert (tmp_path / "typed").read_text() == "certificate install -\n"
    assert (tmp_path / "sent").read_text() == "chain\nkey\n"


def test_where_there_is_none_or_none_is_shown_that_is_said(terminal: Terminal) -> None:
    none = terminal.type("certificate", "show")
    made = terminal.type("certificate", "self-signed")

    assert none.exit_code == 1
    assert "no certificate yet" in none.stderr
    assert "set tls = true" in made.stdout
