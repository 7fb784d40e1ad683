"""Other servers: the directory, the mail server, and whatever was asked that nothing permits."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from appliance import options
from appliance.doctor import Finding, Patient, failed, ok, warning
from appliance.egress import allowed
from appliance.federation.directories import Directories
from appliance.hosts import is_here
from appliance.jobs import relaying
from appliance.records import timestamp
from appliance.syslog import Syslog


def directory(patient: Patient) -> Finding:
    """Whether the company's directory answered when it was asked last."""
    problem = Directories(patient.database, patient.vault).problem()
    if problem is not None:
        return failed("doctor_directory_away", because=problem)
    return ok("doctor_directory")


def mail(patient: Patient) -> Finding:
    """Whether letters have waited for more than an hour."""
    (row,) = patient.database.rows(
        """
        select count(*) as n from letters
        where created_at < :hour_ago and expires_at > :now
        """,
        {"now": timestamp(), "hour_ago": timestamp(datetime.now(UTC) - timedelta(hours=1))},
    )
    return warning("doctor_mail_waits", count=row["n"]) if row["n"] else ok("doctor_mail")


def log_server(patient: Patient) -> Finding:
    """Whether the record of acts reaches the log server, where one was named."""
    section = options.read(patient.database, Syslog)
    if not section.enabled:
        return ok("doctor_syslog_off")
    known = relaying.standing(patient.database)
    if known and known.problem:
        count = relaying.waiting(patient.database)
        return failed("doctor_syslog_waits", count=count, because=known.problem)
    return ok("doctor_syslog", host=section.host)


def network_exit(patient: Patient) -> Finding:
    """Whether anything was contacted that the settings of now do not permit."""
    made = allowed.made(patient.settings, patient.database)
    outside = [one.origin for one in made if one.outside]
    if outside:
        return warning("doctor_exit_outside", origin=outside[0], count=len(outside))
    return ok("doctor_exit", count=len(made))


def address(patient: Patient) -> Finding:
    """Whether passwords and answers pass the network unencrypted."""
    shown = urlsplit(patient.settings.address)
    if shown.scheme == "https" or is_here(shown.hostname or ""):
        return ok("doctor_address", address=patient.settings.address)
    return warning("doctor_address_plain", address=patient.settings.address)
