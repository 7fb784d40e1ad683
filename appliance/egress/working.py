"""The self-test as a job, ordered in the console: kind "egress"."""

from typing import Protocol

from appliance.database import Database
from appliance.egress import report
from appliance.records import Job
from appliance.settings import Settings
from appliance.vault import Vault


class Eye(Protocol):
    """What the job asks of its watch."""

    def check(self) -> None: ...


class Reporting:
    """Does the jobs of the kind "egress"."""

    def __init__(self, settings: Settings, database: Database, vault: Vault) -> None:
        self.settings = settings
        self.database = database
        self.vault = vault

    def __call__(self, _: Job, watch: Eye) -> None:
        """Make a report; that a test did not pass is its result, not a failure of the job."""
        report.make(self.settings, self.database, self.vault, look=watch.check)
