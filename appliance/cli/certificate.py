"""``appliance certificate``: the certificate of its own that the appliance shows with ``tls``."""

import sys
from pathlib import Path

import click
import msgspec

from appliance import audit, certificates
from appliance.certificates import Certificate
from appliance.cli import secure, terminal
from appliance.database import Writer
from appliance.errors import BadRequest, NotFound, sentence
from appliance.settings import Settings, load

NAMES = click.option(
    "--name", "names", multiple=True, metavar="NAME",
    help="A name or an address that people use; without it, those of the settings.",
)  # fmt: skip


@click.group("certificate")
def command() -> None:
    """The certificate that is shown where the setting tls is on."""


@command.command("show")
@terminal.as_json
def show(*, as_json: bool) -> None:
    """Tell the certificate that is in use: names, who vouches, until when, fingerprint."""
    settings = load()
    found = certificates.current(settings.data)
    if found is None:
        raise NotFound("certificate_missing")
    _tell(settings, found, as_json=as_json)


@command.command("self-signed")
@NAMES
@terminal.as_json
def self_signed(*, names: tuple[str, ...], as_json: bool) -> None:
    """Make one for which nobody vouches but itself, and put it in use."""
    with terminal.house() as (settings, database):
        made = certificates.make(settings.data, names or secure.names(settings))
        with database.write() as writer:
            record(writer, "certificate.self_sign", made)
        _tell(settings, made, as_json=as_json)


@command.command("request")
@NAMES
@click.option("--organization", default="", metavar="NAME", help="The organization's name.")
@click.option("--rsa", "by_rsa", is_flag=True, help="An RSA key, for authorities that want one.")
def request(*, names: tuple[str, ...], organization: str, by_rsa: bool) -> None:
    """Print a request (CSR) for the company's own authority; its key stays here."""
    with terminal.house() as (settings, database):
        wanted = list(names or secure.names(settings))
        text = certificates.request(settings.data, wanted, organization, by_rsa=by_rsa)
        with database.write() as writer:
            audit.record(writer, terminal.caller(), "certificate.request", wanted[0], names=wanted)
        click.echo(text, nl=False)
        facts = {"names": ", ".join(wanted)}
        click.echo(sentence("say_certificate_requested", facts, settings.language), err=True)


@command.command("install")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@terminal.as_json
def install(*, file: Path, as_json: bool) -> None:
    """Put a certificate in use, from the next connection on; the former is kept.

    FILE is PEM or PKCS #12 (.pfx), - reads it from standard input. It holds the certificate,
    those that vouch for it in any order, and the key, unless that is the one of the request or
    the one in use. A key under a passphrase asks for it.
    """
    with terminal.house() as (settings, database):
        sent = _content(file)
        host = secure.host(settings)
        try:
            found = certificates.install(settings.data, sent, host=host)
        except BadRequest as refusal:
            if refusal.code != "certificate_locked" or not is_asked():
                raise
            words = sentence("say_certificate_passphrase", {}, settings.language)
            phrase = click.prompt(words, hide_input=True, err=True)
            found = certificates.install(settings.data, sent, password=phrase, host=host)
        with database.write() as writer:
            record(writer, "certificate.install", found)
        _tell(settings, found, as_json=as_json)


def is_asked() -> bool:
    """Whether somebody sits there to be asked, also where standard input is the file."""
    try:
        Path("/dev/tty").open("rb").close()
    except OSError:
        return False
    return True


def _content(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read(certificates.LARGEST + 1)
    try:
        return file.read_bytes()
    except OSError as fault:
        raise NotFound("certificate_no_file", file=str(file), reason=fault.strerror) from fault


def record(writer: Writer, act: str, made: Certificate) -> None:
    """Put on record which certificate is in use from now on."""
    names = list(made.names)
    audit.record(
        writer, terminal.caller(), act, names[0] if names else "",
        names=names, issuer=made.issuer, until=made.ends_at, fingerprint=made.fingerprint,
    )  # fmt: skip


def _tell(settings: Settings, found: Certificate, *, as_json: bool) -> None:
    days = certificates.days_left(found)
    if as_json:
        terminal.print_json(msgspec.to_builtins(found) | {"days_left": days})
        return
    kind = "say_certificate_own" if found.self_signed else "say_certificate"
    terminal.say(
        settings, kind, names=", ".join(found.names), issuer=found.issuer,
        date=found.ends_at[:10], days=days, fingerprint=found.fingerprint,
    )  # fmt: skip
    if not settings.tls:
        terminal.say(settings, "say_certificate_unused")
