"""Administrators hear by mail that the certificate ends: 30, 7 and 1 day before, and after it.

``look`` is called by the worker's rounds, and looks once a minute. What was told of a
certificate is a fact under its fingerprint, so that a new one is told of anew and a restart
repeats nothing.
"""

from datetime import timedelta

from appliance import certificates, facts
from appliance.errors import Unreadable
from appliance.jobs import post
from appliance.jobs.rounds import Round

TOLD = "certificate_told"
STEPS = (1, certificates.URGENT_DAYS, certificates.WARNED_DAYS)  # days before the end
GOOD_FOR = timedelta(days=7)  # how long a letter may wait for the mail server


class Expiry(Round):
    """Writes the letters."""

    def look(self) -> None:
        """Tell what is to be told of the certificate that is shown."""
        if not self.settings.tls or not self.due():
            return
        problem = certificates.worn(self.settings.data, self.clock())
        mark = self._mark()
        if problem is None or not mark or facts.get(self.database, TOLD) == mark:
            return
        with self.database.write() as writer:
            facts.put(writer, TOLD, mark)
            jobs = post.to_administrators(
                self.database,
                self.vault,
                self.settings,
                problem.code,
                problem.facts | {"reason": problem},
                page="doctor",
                until=self.clock() + GOOD_FOR,
            )
        for job in jobs:
            self.queue.deliver(job.id)

    def _mark(self) -> str:
        """The certificate and which step its end has come to; "" for one that cannot be read,
        which the first page and the doctor say."""
        try:
            found = certificates.current(self.settings.data)
        except Unreadable:
            return ""
        if found is None:
            return ""
        days = certificates.days_left(found, self.clock())
        step = "over" if days < 0 else next((str(one) for one in STEPS if days <= one), "")
        return f"{found.fingerprint} {step}" if step else ""
