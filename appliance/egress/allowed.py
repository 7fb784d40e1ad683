"""What may be contacted: nothing but what a setting, a section or a row of this installation
opens, each with the reason; and whether what was contacted is among it.

Every way out derives its gate from the same settings, and a test holds the two together.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from appliance import engines, flows, net, options, outgoing
from appliance.database import Database
from appliance.errors import BadRequest
from appliance.mail import PURPOSE as MAIL
from appliance.mail import Mail
from appliance.models import catalogue
from appliance.outgoing import Contact
from appliance.records import Record
from appliance.settings import Settings
from appliance.signin.directory import Directory
from appliance.signin.ldap import PURPOSE as SIGN_IN
from appliance.signin.oidc import Provider
from appliance.syslog import PURPOSE as AUDIT
from appliance.syslog import Syslog

CRAWL, FORM, GENERATE, PULL, PROXY = "crawl", "form", "generate", "pull", "proxy"
DAYS = 30
RESOLVERS = Path("/etc/resolv.conf")

Because = Literal[
    "catalogue",
    "model_mirrors",
    "open_hosts",
    "source_sites",
    "engine",
    "mail",
    "syslog",
    "form",
    "ldap",
    "oidc",
    "proxy",
]


class Destination(Record, frozen=True):
    """A place that may be contacted: its ``origin`` (scheme, host and port) for one purpose,
    the ``address`` as it stands where it was opened, and that place: ``because``."""

    origin: str
    purpose: str
    address: str
    because: Because


class Judged(Contact, frozen=True):
    """What was contacted, and whether it may be (``allowed``) by the settings of now. What was
    ``refused`` each time was never made: only what was sent can be ``outside``."""

    allowed: bool
    outside: bool


class Resolver(Record, frozen=True):
    """A name server of this machine; one that is ``public`` learns the names of the intranet."""

    address: str
    public: bool


def destinations(settings: Settings, database: Database) -> list[Destination]:
    """Everything that may be contacted, by purpose and origin, each pair once."""
    found: dict[tuple[str, str], Destination] = {}
    for way in WAYS:
        for one in way(settings, database):
            found.setdefault((one.purpose, one.origin), one)
    return [found[pair] for pair in sorted(found)]


def judged(contacts: Iterable[Contact], permitted: Iterable[Destination]) -> list[Judged]:
    """What was contacted, held against what may be; what is outside first."""
    pairs = {(one.origin, one.purpose) for one in permitted}
    found = [_judge(one, allowed=(one.origin, one.purpose) in pairs) for one in contacts]
    return sorted(found, key=lambda one: not one.outside)


def _judge(contact: Contact, *, allowed: bool) -> Judged:
    outside = contact.requests > 0 and not allowed
    return Judged(**msgspec.structs.asdict(contact), allowed=allowed, outside=outside)


def made(settings: Settings, database: Database, *, days: int = DAYS) -> list[Judged]:
    """What was contacted in the last ``days``, judged by the settings of now."""
    return judged(outgoing.contacts(database, days=days), destinations(settings, database))


def resolvers(file: Path = RESOLVERS) -> list[Resolver]:
    """The name servers that this machine asks; none where that cannot be read."""
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    words = [line.split() for line in lines if line.startswith("nameserver")]
    found = (_resolver(rest[0]) for _, *rest in words if rest)
    return [one for one in found if one is not None]


def _resolver(text: str) -> Resolver | None:
    try:
        return Resolver(address=text, public=ip_address(text.partition("%")[0]).is_global)
    except ValueError:
        return None


def _models(settings: Settings, _: Database) -> Iterator[Destination]:
    """Where weights come from when somebody orders them; mirrors take the sources' place."""
    for word in settings.model_mirrors.split():
        yield _one(word, PULL, "model_mirrors")
    if settings.model_mirrors.split():
        return
    for source in {net.origin(entry.source) for entry in catalogue.entries() if entry.source}:
        for origin in {source, *catalogue.hosts_of(source)}:
            yield _one(origin, PULL, "catalogue")


def _opened(settings: Settings, _: Database) -> Iterator[Destination]:
    for origin in net.origins(settings.open_hosts):
        yield Destination(origin=origin, purpose=PULL, address=origin, because="open_hosts")


def _engines(settings: Settings, database: Database) -> Iterator[Destination]:
    """The addresses of engines, as far as the settings open them."""
    opened = net.origins(settings.open_hosts)
    for engine in engines.every(database):
        for address in engine.addresses:
            with suppress(BadRequest):  # one that can no longer be read is not asked either
                if net.origin(address) in opened:
                    yield _one(address, GENERATE, "engine")


def _sites(settings: Settings, _: Database) -> Iterator[Destination]:
    for prefix in net.prefixes(settings.source_sites):
        yield _one(prefix, CRAWL, "source_sites")


def _mail(_: Settings, database: Database) -> Iterator[Destination]:
    mail = options.read(database, Mail)
    if mail.is_set:
        yield Destination(origin=mail.origin, purpose=MAIL, address=mail.host, because="mail")


def _syslog(_: Settings, database: Database) -> Iterator[Destination]:
    section = options.read(database, Syslog)
    if section.enabled:
        yield Destination(
            origin=section.origin, purpose=AUDIT, address=section.host, because="syslog"
        )


def _forms(settings: Settings, database: Database) -> Iterator[Destination]:
    """Where forms are sent on to, as far as the settings open it."""
    opened = net.origins(settings.open_hosts)
    for address in flows.webhooks(database):
        with suppress(BadRequest):
            if net.origin(address) in opened:
                yield _one(address, FORM, "form")


def _directory(_: Settings, database: Database) -> Iterator[Destination]:
    """The company's directory, which may be tried out before anybody signs in by it."""
    section = options.read(database, Directory)
    if section.host:
        yield Destination(
            origin=section.origin, purpose=SIGN_IN, address=section.host, because="ldap"
        )


def _provider(_: Settings, database: Database) -> Iterator[Destination]:
    """The issuer; what it names on the public network is asked, too."""
    section = options.read(database, Provider)
    if section.issuer:
        yield _one(section.issuer, SIGN_IN, "oidc")


def _proxy(settings: Settings, _: Database) -> Iterator[Destination]:
    """The proxy by its name alone: what stands before it may be a password."""
    if settings.proxy:
        url = urlsplit(settings.proxy)
        origin = f"{url.scheme}://{url.netloc.rpartition('@')[2]}"
        yield Destination(origin=origin, purpose=PROXY, address=origin, because="proxy")


def _one(address: str, purpose: str, because: Because) -> Destination:
    (origin,) = net.origins(address)
    return Destination(origin=origin, purpose=purpose, address=address, because=because)


# One for each way out; whoever opens another adds it here.
WAYS: tuple[Callable[[Settings, Database], Iterator[Destination]], ...] = (
    _models,
    _opened,
    _engines,
    _sites,
    _mail,
    _syslog,
    _forms,
    _directory,
    _provider,
    _proxy,
)
