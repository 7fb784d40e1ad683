"""Figures for a monitoring system, in the text format of Prometheus.

What happens is counted as it happens, since this process began (``Meters``); what is, is
looked at when somebody asks (``Standing``). No label has a name, a question, a document
or an address of a person in it: assistants are not told apart.
"""

import contextlib
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from appliance import __version__, backups, certificates
from appliance.answering.entrance import Entrance
from appliance.database import Database
from appliance.egress import allowed
from appliance.errors import Unreadable
from appliance.records import Answer
from appliance.settings import Settings
from appliance.status import Status

TYPE = "text/plain; version=0.0.4"  # the charset is added to it
# Seconds. A passage is there in 30 ms, a written word in half a second to a minute.
PASSAGE = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
WORD = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
WHOLE = (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)


class Meters:
    """Counts what happens in this process. Thread-safe."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._answers = Counter(
            "balcao_answers", "Answers that ended.", ("state", "mode"), registry=self.registry
        )
        self._words = Counter(
            "balcao_tokens_written", "Tokens of written answers.", registry=self.registry
        )
        self._requests = Counter(
            "balcao_requests", "Requests answered, by class of status.", ("status",),
            registry=self.registry,
        )  # fmt: skip
        self._passage, self._word, self._whole = (
            Histogram(f"balcao_{name}_seconds", said, buckets=buckets, registry=self.registry)
            for name, said, buckets in (
                ("first_passage", "From a question to its first passage.", PASSAGE),
                ("first_token", "From a question to the first word of its answer.", WORD),
                ("answer", "From a question to the end of its answer.", WHOLE),
            )
        )

    def answered(self, answer: Answer) -> None:
        """Count an answer that ended, or was stopped."""
        self._answers.labels(answer.state, answer.mode).inc()
        self._words.inc(answer.took.tokens)
        took = answer.took
        for meter, milliseconds in (
            (self._passage, took.passages_ms),
            (self._word, took.first_token_ms),
            (self._whole, took.total_ms),
        ):
            if milliseconds > 0:  # 0: it never came to that
                meter.observe(milliseconds / 1000)

    def requested(self, status: int) -> None:
        """Count a request; 0 is one that nobody answered."""
        self._requests.labels(f"{status // 100}xx" if status else "none").inc()


class Standing(Collector):
    """How the appliance stands now."""

    def __init__(
        self, settings: Settings, database: Database, status: Status, entrance: Entrance
    ) -> None:
        self._settings = settings
        self._database = database
        self._status = status
        self._entrance = entrance

    def collect(self) -> Iterator[Metric]:
        """All gauges; a part that is away is left out, and its ``balcao_part_up`` is 0."""
        yield _labelled("info", "The version that runs.", "version", {__version__: 1})
        yield from self._work()
        yield from self._engine()
        yield from self._disk()
        age = backups.age_seconds(self._settings.data)
        if age is not None:
            yield _gauge("backup_verified_age_seconds", "Age of the last verified backup.", age)
        yield from self._certificate()
        made = allowed.made(self._settings, self._database)
        yield _gauge("outgoing_origins", "Servers contacted in 30 days.", len(made))
        outside = sum(one.outside for one in made)
        yield _gauge("outgoing_outside", "Those of them that nothing permits now.", outside)

    def _work(self) -> Iterator[Metric]:
        inside, line = self._entrance.counted()
        yield _gauge("questions_searched", "Questions that are searched for now.", inside)
        yield _gauge("questions_in_line", "Questions that wait for their turn.", line)
        for table in ("jobs", "documents"):
            rows = self._database.rows(_BY_STATE[table])
            states = {row["state"]: row["n"] for row in rows}
            yield _labelled(table, f"How many {table} there are, by state.", "state", states)
        yield _gauge("jobs_oldest_wait_seconds", "How long a job has been due.", self._wait())

    def _wait(self) -> float:
        (row,) = self._database.rows(
            "select min(not_before) as due from jobs where state = 'queued'"
        )
        if row["due"] is None:
            return 0.0
        waited = datetime.now(UTC) - datetime.fromisoformat(row["due"])
        return max(0.0, waited.total_seconds())

    def _engine(self) -> Iterator[Metric]:
        condition = self._status.condition()
        states = [one.state for one in self._status.children]
        parts = {one.name: int(one.state == "running" and not one.stands_still) for one in states}
        parts["runner"] = int(condition is not None)
        yield _labelled("part_up", "Whether a process answers.", "part", parts)
        if condition is None:
            return
        ready = {
            "embedder": int(condition.embedder.state == "ready"),
            "language": int(condition.language.state == "ready"),
        }
        yield _labelled("model_ready", "Whether a model is loaded.", "model", ready)
        yield _gauge("engine_active", "Answers that are written now.", condition.active)
        yield _gauge("engine_waiting", "Answers that wait to be written.", condition.waiting)
        for name, said, value in (
            ("engine_tokens", "Tokens written since the model came.", condition.tokens),
            ("engine_prompt_tokens", "Tokens read since the model came.", condition.prompt_tokens),
        ):
            yield CounterMetricFamily(f"balcao_{name}", said, value=value)

    def _certificate(self) -> Iterator[Metric]:
        if not self._settings.tls:
            return
        with contextlib.suppress(Unreadable):  # the doctor says it
            if found := certificates.current(self._settings.data):
                days = certificates.days_left(found)
                yield _gauge("certificate_days", "Days until its own certificate ends.", days)

    def _disk(self) -> Iterator[Metric]:
        disk = shutil.disk_usage(self._settings.data)
        yield _gauge("disk_free_bytes", "Free where the data lies.", disk.free)
        yield _gauge("disk_bytes", "The disk's size.", disk.total)
        for name in ("appliance.db", "appliance.db-wal"):
            file = self._settings.data / name
            size = file.stat().st_size if file.exists() else 0
            kind = "wal" if name.endswith("wal") else "database"
            yield _gauge(f"{kind}_bytes", f"Size of {name}.", size)


def page(meters: Meters, standing: Standing) -> bytes:
    """Both, as Prometheus reads them."""
    now = CollectorRegistry()
    now.register(standing)
    return generate_latest(meters.registry) + generate_latest(now)


_BY_STATE = {
    "jobs": "select state, count(*) as n from jobs group by state",
    "documents": "select state, count(*) as n from documents group by state",
}


def _gauge(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"balcao_{name}", said, value=value)


def _labelled(name: str, said: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"balcao_{name}", said, labels=(label,))
    for value, number in values.items():
        family.add_metric((value,), number)
    return family
