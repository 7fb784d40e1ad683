"""``appliance person``: people, from the terminal of the machine itself.

Also the way back in when an administrator has forgotten the password. Passwords are
prompted for or read from standard input; never an argument, which every user of the
machine could read in the list of processes.
"""

import sys
from typing import cast, get_args

import click
from click.termui import prompt

from appliance import accounts, audit, facts, holds
from appliance.cli import terminal
from appliance.database import Database
from appliance.errors import Conflict, NotFound, sentence
from appliance.jobs.letting_in import LettingIn
from appliance.records import LANGUAGES, Language, Person, Role
from appliance.settings import Settings
from appliance.signin import password, second_factor
from appliance.vault import Vault

EVERYBODY = 1_000_000  # people in one listing of a terminal

from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.group("person")
def command() -> None:
    """People who may sign in."""


@command.command("create")
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option("--role", type=click.Choice(get_args(Role)), default="member", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default=None)
@from_stdin
@terminal.as_json
def create(
    *,
    name: str,
    email: str,
    role: str,
    language: str | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Add a person."""
    with terminal.house() as (settings, database):
        password_hash = _hashed(database, settings, name, email, stdin=password_stdin)
        with database.write() as writer:
            person = accounts.create(
                writer,
                name=name,
                email=email,
                password_hash=password_hash,
                role=cast("Role", role),
                language=cast("Language", language or settings.language),
            )
            audit.record(writer, terminal.caller(), "person.create", person.id, role=role)
        _show([person], as_json=as_json)


@command.command("list")
@terminal.as_json
def index(*, as_json: bool) -> None:
    """List everybody."""
    with terminal.house() as (_, database):
        people = accounts.listing(database, limit=EVERYBODY)
        if as_json:
            terminal.print_json(people)
            return
        _show(people, as_json=False)


@command.command("password")
@click.argument("email")
@from_stdin
def change_password(email: str, *, password_stdin: bool) -> None:
    """Give a person a new password; it signs them out everywhere."""
    with terminal.house() as (settings, database):
        person = _named(database, email)
        names = (person.name, person.email)
        password_hash = _hashed(database, settings, *names, stdin=password_stdin)
        with database.write() as writer:
            accounts.change(writer, person.id, password_hash=password_hash)
            audit.record(writer, terminal.caller(), "person.change", person.id, fields=["password"])
        terminal.say(settings, "say_password_changed", name=person.name)


@command.command("without-second-factor")
@click.argument("email")
def take_second_factor(email: str) -> None:
    """Take away the second factor of somebody who lost it; it signs them out everywhere."""
    with terminal.house() as (settings, database):
        person = _named(database, email)
        with database.write() as writer:
            if not second_factor.remove(writer, person.id):
                raise NotFound("no_second_factor", name=person.name)
            audit.record(writer, terminal.caller(), "second_factor.take_away", person.id)
        terminal.say(settings, "say_second_factor_removed", name=person.name)


@command.command("reset-admin")
@click.argument("email")
@from_stdin
def reset_admin(email: str, *, password_stdin: bool) -> None:
    """The way back in for an administrator who lost everything: a new password, no second
    factor, an active administrator again, and signed out everywhere.

    Asks nobody but the database: no directory, provider or mail server has to answer.
    """
    with terminal.house() as (settings, database):
        person = _named(database, email)
        if person.origin != "local":
            raise Conflict("recover_elsewhere", name=person.name)
        names = (person.name, person.email)
        password_hash = _hashed(database, settings, *names, stdin=password_stdin)
        with database.write() as writer:
            accounts.change(
                writer, person.id, role="admin", password_hash=password_hash, active=True
            )
            had_two = second_factor.remove(writer, person.id)
            audit.record(
                writer, terminal.caller(), "person.recover", person.id, second_factor=had_two
            )
        terminal.say(settings, "say_recovered", name=person.name)


@command.command("invite")
@click.option("--email", required=True)
@click.option("--role", type=click.Choice(get_args(Role)), default="member", show_default=True)
@click.option("--name", default="", help="Left out, whoever is invited says it.")
@click.option("--language", type=click.Choice(LANGUAGES), default=None)
@terminal.as_json
def invite(*, email: str, role: str, name: str, language: str | None, as_json: bool) -> None:
    """Make a link by which somebody comes in, and mail it where mail is set."""
    with terminal.house() as (settings, database):
        made, told = LettingIn(database, Vault(settings.data), settings).invite(
            terminal.caller(),
            email=email,
            role=cast("Role", role),
            name=name,
            language=cast("Language | None", language),
        )
        if as_json:
            terminal.print_json({"invitation": made, "link": told.link, "mailed": told.mailed})
        else:
            terminal.say(settings, "say_invited", email=made.email, link=told.link)


@command.command("reset")
@click.argument("email")
def reset(email: str) -> None:
    """Make a link by which a person chooses a new password, and mail it where mail is set."""
    with terminal.house() as (settings, database):
        person = _named(database, email)
        told = LettingIn(database, Vault(settings.data), settings).reset(terminal.caller(), person)
        terminal.say(settings, "say_reset", name=person.name, link=told.link)


@command.command("deactivate")
@click.argument("email")
def deactivate(email: str) -> None:
    """Let a person in no more: signed out everywhere, and their keys open nothing."""
    _stand(email, active=False)


@command.command("activate")
@click.argument("email")
def activate(email: str) -> None:
    """Let a person in again who was deactivated."""
    _stand(email, active=True)


def _stand(email: str, *, active: bool) -> None:
    act = "activate" if active else "deactivate"
    with terminal.house() as (settings, database):
        person = _named(database, email)
        with database.write() as writer:
            accounts.change(writer, person.id, active=active)
            audit.record(writer, terminal.caller(), f"person.{act}", person.id, fields=["active"])
        terminal.say(settings, f"say_{act}d", name=person.name)


@command.command("remove")
@click.argument("email")
def remove(email: str) -> None:
    """Remove a person, who is signed out at once."""
    with terminal.house() as (settings, database):
        person = _named(database, email)
        with database.write() as writer:
            holds.check(database, "person", person.id)
            accounts.remove(writer, person.id)
            audit.record(writer, terminal.caller(), "person.remove", person.id, role=person.role)
        terminal.say(settings, "say_person_removed", name=person.name)


def _named(database: Database, email: str) -> Person:
    known = accounts.credentials(database, email)
    if known is None:
        raise NotFound("person_unknown", email=email)
    return known[0]


def _hashed(database: Database, settings: Settings, *names: str, stdin: bool) -> str:
    """The hash of a password asked for, which is none of the ``names`` of its person."""
    about = (facts.get(database, "organization"), *names)
    return password.hashed(_ask(settings, stdin=stdin), about=about)


def _ask(settings: Settings, *, stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    words = sentence("say_password", {}, settings.language)
    return str(prompt(words, hide_input=True, confirmation_prompt=True, err=True))


def _show(people: list[Person], *, as_json: bool) -> None:
    for person in people:
        if as_json:
            terminal.print_json(person)
        else:
            click.echo(f"{person.id}  {person.role:<8} {person.email}  {person.name}")
