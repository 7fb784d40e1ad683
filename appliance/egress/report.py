"""The report of the network exit: what this server is, what it may contact and did, and what
the self-test found, in one file that is signed and kept."""

import platform
import sqlite3
import sys
from collections.abc import Callable

from appliance import __version__, attestations, facts
from appliance.attestations import Attestation
from appliance.database import Database
from appliance.egress import allowed, selftest, signing
from appliance.egress.allowed import Destination, Judged, Resolver
from appliance.egress.selftest import Trial
from appliance.models import hardware
from appliance.records import Record, timestamp
from appliance.settings import Settings
from appliance.vault import Vault

SUBJECT = "network exit"  # of the job that makes a report
KIND = "egress"
# The settings that open a way, or say where this server stands.
TOLD = (
    "host", "port", "public_url", "open_hosts", "model_mirrors", "source_sites", "trusted_proxies",
    "embedder", "language_model",
)  # fmt: skip


class Machine(Record, frozen=True):
    """The machine that the report was made on."""

    name: str
    system: str
    processor: str


class Report(Record, frozen=True):
    """``passed``: the self-test did, and nothing ``outside`` of what is permitted was contacted
    in so many ``days``."""

    product: str
    made_at: str
    passed: bool
    organization: str
    machine: Machine
    versions: dict[str, str]
    settings: dict[str, str]
    days: int
    destinations: list[Destination]
    contacts: list[Judged]
    outside: int
    resolvers: list[Resolver]
    test: Trial


def make(
    settings: Settings,
    database: Database,
    vault: Vault,
    *,
    look: Callable[[], None] = lambda: None,
    test: Callable[..., Trial] = selftest.run,
) -> Attestation:
    """Run the self-test, write the report, sign and keep it.

    Raises as ``signing.signed`` does, and what ``look`` raises.
    """
    report = _written(settings, database, test(settings, look=look))
    file = signing.signed(report, database, vault)
    with database.write() as writer:
        return attestations.add(writer, passed=report.passed, file=file)


def _written(settings: Settings, database: Database, test: Trial) -> Report:
    contacts = allowed.made(settings, database)
    outside = sum(one.outside for one in contacts)
    return Report(
        product="Balcão",
        made_at=timestamp(),
        passed=test.passed and outside == 0,
        organization=facts.get(database, "organization") or "",
        machine=Machine(
            name=platform.node(), system=platform.platform(), processor=hardware.processor_name()
        ),
        versions={
            "balcao": __version__,
            "python": sys.version.split()[0],
            "sqlite": sqlite3.sqlite_version,
        },
        settings={name: str(getattr(settings, name)) for name in TOLD},
        days=allowed.DAYS,
        destinations=allowed.destinations(settings, database),
        contacts=contacts,
        outside=outside,
        resolvers=allowed.resolvers(),
        test=test,
    )
