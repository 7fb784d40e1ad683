"""Assembly: settings become parts, parts become the application. Nothing else builds anything.

``assemble(settings, generator=…, embedder=…)`` is also the whole of the tests'
harness: everything else in it is real.
"""

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
from litestar import Litestar, Request, Router
from litestar.di import Provide

from appliance import children, conversations, net
from appliance.answering.finding import Finder, Measured
from appliance.answering.flow import Answering
from appliance.answering.grouping import Grouping
from appliance.answering.in_force import InForce, Named
from appliance.answering.rehearsing import Parts as RehearsalParts
from appliance.answering.rehearsing import Rehearsal
from appliance.answering.warming import Warming
from appliance.answering.writers import Writers
from appliance.api import (
    guards,
    middleware,
    pages,
    problems,
    reference,
    rooms,
)
from appliance.archive.working import Backups
from appliance.audit import chain
from appliance.database import Database
from appliance.egress import report
from appliance.egress.working import Reporting
from appliance.embedders import EmbedderChange, Known
from appliance.errors import BadRequest
from appliance.federation.directories import Directories
from appliance.federation.providers import Providers
from appliance.index.fusion import Weights
from appliance.jobs import (
    backup,
    crawl,
    erasure,
    folders,
    forwarding,
    golden,
    intake,
    ledger,
    measurement,
    post,
    pull,
    replacement,
    sync,
    upkeep,
    upload,
)
from appliance.jobs.bringing import ModelJobs
from appliance.jobs.erasure import Erasing
from appliance.jobs.expiry import Expiry
from appliance.jobs.forwarding import Forwarding
from appliance.jobs.golden import Golden
from appliance.jobs.ingest import Ingestion
from appliance.jobs.keeping import Keeping
from appliance.jobs.listing import Ways
from appliance.jobs.measurement import Measurements
from appliance.jobs.pace import GivesWay
from appliance.jobs.post import Post
from appliance.jobs.promise import Promise
from appliance.jobs.queue import Queue
from appliance.jobs.relaying import Relaying
from appliance.jobs.replacement import Replacement
from appliance.jobs.sync import Sync
from appliance.jobs.upkeep import Upkeep
from appliance.jobs.worker import Work, Worker
from appliance.metrics import Meters
from appliance.models import Embedder, Generator, catalogue
from appliance.models.client import RunnerClient
from appliance.precedence import Precedence
from appliance.processes import Supervised
from appliance.records import settle
from appliance.settings import Settings
from appliance.status import Status
from appliance.vault import Vault

BODY_LIMIT = 1_000_000  # bytes of a JSON body; uploads count for themselves


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything an appliance is made of, in one place."""

    settings: Settings
    database: Database
    vault: Vault
    queue: Queue
    precedence: Precedence
    ways: Ways
    client: RunnerClient
    in_force: InForce
    finder: Finder
    writers: Writers
    answering: Answering
    status: Status
    meters: Meters

    def worker(self) -> Worker:
        """A worker over these parts, for the holder of the worker's lock: which embedder
        the settings want is settled here."""
        indexer = self.finder.indexer
        if self.finder.embedder is self.in_force:
            self.in_force.embedders.settle(self.in_force.wanted)
        merging = Upkeep(self.database, self.queue, indexer)
        replacing = Replacement(self.database, self.queue, indexer)
        bringing = ModelJobs(self.settings, self.database)
        measuring = Measurements(self.settings, self.database, self.client)
        keeping = Keeping(self.database, self.settings)
        asking = self.golden()
        backups = Backups(self.settings, self.database, self.vault)
        promise = Promise(self.database, self.settings, self.queue, self.vault)
        expiry = Expiry(self.database, self.settings, self.queue, self.vault)
        syncing = Sync(self.database, self.settings, self.queue, self.ways)
        sending = Forwarding(self.database, self.settings, self.vault)
        work: dict[str, Work] = {
            intake.KIND: Ingestion(
                self.database,
                self.settings,
                indexer,
                pace=GivesWay(self.precedence.claimed),
                deliver=self.queue.deliver,
            ),
            sync.KIND: syncing,
            upkeep.KIND: merging,
            replacement.REEMBED: replacing.reembed,
            replacement.DISCARD: replacing.discard,
            pull.PULL: bringing.pull,
            pull.IMPORT: bringing.bring,
            measurement.CHECK: measuring.check,
            post.KIND: Post(self.database, self.vault),
            forwarding.MAIL: sending.mail,
            forwarding.HOOK: sending.hook,
            golden.KIND: asking,
            erasure.KIND: Erasing(self.database, self.settings, indexer),
            report.KIND: Reporting(self.settings, self.database, self.vault),
            backup.KIND: backups.make,
            backup.VERIFY: backups.prove,
        }

        directories = Directories(self.database, self.vault, self.settings.language)
        providers = Providers(self.database, self.vault, self.settings)
        grouping = Grouping(self.database, self.finder)
        relaying = Relaying(self.database, self.settings)

        def rounds() -> None:
            merging.look()
            replacing.look()
            syncing.look()
            keeping.look()
            asking.look()
            promise.look()
            expiry.look()
            upload.sweep(self.settings, self.database)
            directories.look()
            providers.look()
            grouping.look()
            relaying.look()

        return Worker(self.database, self.queue, work, rounds=rounds)

    def golden(self) -> Golden:
        """What asks the golden questions."""
        engines = RehearsalParts(
            self.database,
            self.settings,
            self.status.condition,
            by_runner=self.finder.embedder is self.in_force,
        )
        pace = GivesWay(self.precedence.claimed)
        return Golden(self.database, self.queue, Rehearsal(self.answering), engines, pace=pace)

    def runner(self) -> Supervised:
        """The model runner as a child, with the embedder in force beside the wanted one."""
        known = self.in_force.known
        beside = known.stamp != self.in_force.wanted.stamp and self.in_force.usable
        return children.runner(self.settings, also=[known.name] if beside else [])

    def close(self) -> None:
        """Close the files."""
        self.precedence.close()
        self.queue.close()
        self.database.close()


def build(
    settings: Settings, *, generator: Generator | None = None, embedder: Embedder | None = None
) -> Parts:
    """The parts of one data folder, its database migrated.

    ``generator`` and ``embedder`` stand in for the model runner's. Raises ``BadRequest``
    (``bad_host_setting``) for a setting that names a host in a way that would open none.
    """
    _check_hosts(settings)
    settle()
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.data / "appliance.db")
    database.migrate()
    vault = Vault(settings.data)
    vault.prepare()
    with database.write() as db:
        chain.complete(db)
    queue = Queue(settings.data / "queue.db")
    precedence = Precedence(children.answering_path(settings))
    client = RunnerClient(children.socket_path(settings))
    in_force = InForce(database, _wanted(settings), _named(client))
    search = Finder(
        database,
        embedder or in_force,
        settings.data,
        measured=_measured(settings, in_force),
    )
    crawling = crawl.way(settings, database)
    writers = Writers(
        database, settings, (lambda: generator) if generator else (lambda: client.generator)
    )
    meters = Meters()
    answering = Answering(
        database,
        search,
        writers.of,
        passages=settings.passages_per_answer,
        question_limit=settings.question_limit,
        first=precedence.answering,
        heard=meters.answered,
    )
    return Parts(
        settings=settings,
        database=database,
        vault=vault,
        queue=queue,
        precedence=precedence,
        ways={"folder": folders.way(settings), "page": crawling, "site": crawling},
        client=client,
        in_force=in_force,
        finder=search,
        writers=writers,
        answering=answering,
        status=Status(
            settings,
            client,
            change=lambda: _change(in_force),
            directory=Directories(database, vault).problem,
            provider=Providers(database, vault, settings).problem,
            written=database.try_writing,
        ),
        meters=meters,
    )


def assemble(
    settings: Settings,
    *,
    generator: Generator | None = None,
    embedder: Embedder | None = None,
    with_children: bool = False,
) -> Litestar:
    """The application. ``with_children`` also keeps the model runner and the worker alive
    while it serves; its parts are in ``app.state.parts``."""
    parts = build(settings, generator=generator, embedder=embedder)
    conversations.recover(parts.database)
    erasure.adopt(parts.database, settings, parts.queue)
    if with_children:
        parts.status.children = [parts.runner(), children.worker(settings)]
    app = routed()
    app.state.update({"parts": parts, "settings": settings, "database": parts.database})
    return middleware.surround(app, parts.meters.requested)


def routed() -> Litestar:
    """The routes alone: what they do, they do with the parts in the state of their application."""
    app = Litestar(
        # In a router: registered with the application itself, Litestar 2.25 wraps a handler
        # whose path has several methods twice, and answers with a coroutine.
        route_handlers=[Router("/", route_handlers=rooms.routes()), pages.static_files()],
        guards=guards.GUARDS,
        dependencies=guards.DEPENDENCIES | _given(),
        exception_handlers=problems.EXCEPTION_HANDLERS,
        lifespan=[_lifespan],
        request_max_body_size=BODY_LIMIT,
        openapi_config=reference.config(),
        logging_config=None,
        debug=False,
        pdb_on_exception=False,  # or the environment may switch it on
    )
    guards.check_routes(app)
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: Litestar) -> AsyncIterator[None]:
    parts: Parts = app.state.parts
    warming = Warming(parts.database, lambda: parts.client.generator)
    with (
        children.kept(parts.status.children),
        warming if parts.status.children else contextlib.nullcontext(),
    ):
        yield
    parts.close()


def _measured(settings: Settings, in_force: InForce) -> Callable[[], Measured]:
    """The catalogue's constants of the embedder in force, which may change at any time."""
    known = {
        entry.name: Measured(
            msgspec.convert(msgspec.to_builtins(entry.fusion) or {}, Weights),
            msgspec.to_builtins(entry.evidence),
        )
        for entry in catalogue.entries()
        if entry.kind == "embedder"
    }
    # One that left the catalogue embeds no question: keywords are weighed as ever.
    return lambda: known.get(in_force.known.name) or known[settings.embedder]


def _check_hosts(settings: Settings) -> None:
    readers = {
        "open_hosts": net.origins,
        "model_mirrors": net.origins,
        "source_sites": net.prefixes,
    }
    for name, read in readers.items():
        try:
            read(getattr(settings, name))
        except BadRequest as fault:
            raise BadRequest("bad_host_setting", setting=name, **fault.facts) from fault


def _wanted(settings: Settings) -> Known:
    """The embedder of the settings. Raises ``NotFound`` (``unknown_model``)."""
    entry = catalogue.find(settings.embedder, "embedder")
    return Known(stamp=entry.stamp, name=entry.name, dimensions=entry.dimensions)


def _named(client: RunnerClient) -> Named:
    """Embedders of the runner by their stamps: a name may have had other weights once."""
    offered = {entry.stamp: entry for entry in catalogue.entries() if entry.kind == "embedder"}

    def named(known: Known) -> Embedder | None:
        entry = offered.get(known.stamp)
        return client.named(entry) if entry else None

    return named


def _change(in_force: InForce) -> EmbedderChange | None:
    """How far a replacement of the embedder is; None while there is none."""
    coming = in_force.embedders.coming()
    if coming is None:
        return None
    job = ledger.current(in_force.embedders.database, replacement.REEMBED, coming.stamp)
    return EmbedderChange(
        old=in_force.known.name,
        new=coming.name,
        by_keywords=not in_force.usable,
        job=job.id if job else None,
        done=job.done if job else 0,
        total=job.total if job else 0,
    )


def _given() -> dict[str, Provide]:
    """The parts that handlers ask for by name."""
    names = ("settings", "database", "vault", "queue", "ways",
             "answering", "writers", "status", "meters")  # fmt: skip
    return {name: Provide(_part(name), sync_to_thread=False) for name in names}


def _part(name: str) -> Callable[[Request[Any, Any, Any]], object]:
    def part(request: Request[Any, Any, Any]) -> object:
        return getattr(request.app.state.parts, name)

    return part
