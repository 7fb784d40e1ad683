"""The models this server knows, and how each stands here: on the disk, on its way, in use."""

import platform
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from appliance.database import Database
from appliance.embedders import Embedders
from appliance.errors import Conflict, Refusal, Unavailable
from appliance.jobs import ledger, measurement, pull, upload
from appliance.jobs.upload import Upload
from appliance.models import advice, catalogue, choice, hardware, weights
from appliance.models.catalogue import Entry
from appliance.models.tuning import Figures
from appliance.net import origin
from appliance.records import Job, Language, Problem
from appliance.settings import Settings

State = Literal["installed", "ready", "damaged", "partial", "absent"]


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A model as people see it. ``size`` in bytes (0: not known yet), ``ram_mb`` what it
    needs and ``fits`` whether this machine has as much at all; ``hosts`` are the origins
    that a pull would ask, ``brought`` whether the import folder holds it; ``upload`` is what
    has come of it through a browser; ``figures`` is what was measured of it on this machine,
    and ``outlook`` says how many it serves by that, or should serve by its size; ``job``
    brings it in or measures it just now, or was the last to fail or be cancelled."""

    name: str
    kind: str
    description: str
    licence: str
    languages: tuple[Language, ...]
    context: int
    ram_mb: int
    fits: bool
    state: State
    size: int
    fetched: int
    sha256: str
    imported_at: str | None
    in_use: bool
    hosts: tuple[str, ...]
    brought: bool
    upload: Upload | None
    figures: Figures | None
    outlook: Problem | None
    job: Job | None


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """How a model's files were found; ``problem`` is None where they are whole."""

    name: str
    problem: Problem | None


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """What this server is for models; ``avx2`` false means that none is bearable."""

    processor: str
    cores: int
    avx2: bool
    bf16: bool
    total_mb: int
    available_mb: int


def listing(settings: Settings, database: Database, language: Language) -> list[Held]:
    """Every model that people may choose, as it stands here."""
    here = _here(settings, database, language)
    return [_held(entry, here) for entry in catalogue.entries() if not entry.tests_only]


def one(name: str, settings: Settings, database: Database, language: Language) -> Held:
    """One of them. Raises ``NotFound`` (``unknown_model``)."""
    return _held(catalogue.find(name), _here(settings, database, language))


def entry(name: str) -> Entry:
    """The catalogue's entry. Raises ``NotFound`` (``unknown_model``)."""
    return catalogue.find(name)


def in_use(settings: Settings, database: Database) -> set[str]:
    """The names of the models that are wanted, and of the embedders with vectors."""
    language = choice.name_of(settings.language_model, pull.folder_of(settings))
    wanted = {settings.embedder} | ({language} if language else set())
    known = Embedders(database)
    with_vectors = [known.in_force(), known.coming()]
    return wanted | {embedder.name for embedder in with_vectors if embedder}


def remove(name: str, settings: Settings, database: Database) -> bool:
    """Remove a model's files; whether there were any.

    Raises ``NotFound`` (``unknown_model``), ``Conflict`` (``model_in_use``,
    ``pull_already_running``, ``model_being_measured``), ``BadRequest`` (``model_built_in``).
    """
    entry = catalogue.find(name)
    if not entry.package and name in in_use(settings, database):
        raise Conflict("model_in_use", name=name)
    if pull.under_way(database, name):
        raise Conflict("pull_already_running", name=name)
    if ledger.current(database, measurement.CHECK, name):
        raise Conflict("model_being_measured", name=name)
    sent = not entry.package and upload.discard(entry, settings)
    return pull.discard(entry, pull.folder_of(settings)) or sent


def verified(settings: Settings) -> list[Verified]:
    """The models on the disk, each read to its end and compared with its checksum."""
    folder = pull.folder_of(settings)
    return [
        Verified(name=entry.name, problem=_problem(entry, folder))
        for entry in catalogue.entries()
        if not entry.package and weights.there(entry, folder)
    ]


def machine() -> Machine:
    """This server, as far as models care."""
    memory = hardware.memory()
    return Machine(
        processor=platform.machine(),
        cores=hardware.physical_cores(),
        avx2=hardware.has_avx2(),
        bf16=hardware.has_bf16(),
        total_mb=memory.total_mb,
        available_mb=memory.available_mb,
    )


def _problem(entry: Entry, folder: Path) -> Problem | None:
    try:
        weights.verify(entry, entry.home(folder) / entry.file, folder)
    except Refusal as refusal:
        return refusal.problem
    return None


class _Here(NamedTuple):
    """What is the same for every model: ``total_mb`` of the machine, and ``last`` what was
    measured last on it."""

    settings: Settings
    database: Database
    language: Language
    used: set[str]
    total_mb: int
    last: Figures | None


def _here(settings: Settings, database: Database, language: Language) -> _Here:
    used, total_mb = in_use(settings, database), hardware.memory().total_mb
    return _Here(settings, database, language, used, total_mb, measurement.latest(settings))


def _held(entry: Entry, here: _Here) -> Held:
    folder = pull.folder_of(here.settings)
    state, record = _state(entry, folder)
    fetched, sent = pull.fetched(entry, folder), upload.under_way(entry, here.settings)
    figures = measurement.figures(entry, here.settings)
    return Held(
        name=entry.name,
        kind=entry.kind,
        description=entry.description.get(here.language, ""),
        licence=entry.licence,
        languages=entry.languages,
        context=entry.context,
        ram_mb=entry.ram_mb,
        fits=entry.ram_mb <= here.total_mb,
        state="partial" if state == "absent" and (fetched or sent) else state,
        size=record.size if record else entry.size,
        fetched=fetched,
        sha256=record.sha256 if record else entry.sha256,
        imported_at=record.imported_at if record else None,
        in_use=entry.name in here.used,
        hosts=_hosts(entry, here.settings),
        brought=not entry.package and pull.brought(entry, here.settings) is not None,
        upload=sent,
        figures=figures,
        outlook=_outlook(entry, figures, here),
        job=_job(here.database, entry.name),
    )


def _outlook(entry: Entry, figures: Figures | None, here: _Here) -> Problem | None:
    if figures:
        return advice.in_words(figures)
    if here.last and entry.kind == "language" and entry.ram_mb <= here.total_mb:
        return advice.by_size(here.last, entry)
    return None


def _state(entry: Entry, folder: Path) -> tuple[State, weights.Imported | None]:
    if entry.package:
        return "installed", None
    if not weights.there(entry, folder):
        return "absent", None
    try:
        record = weights.recorded(entry.home(folder) / entry.file)
    except Unavailable:
        return "damaged", None
    # What nobody imported is not loaded either, unless the catalogue itself vouches for it.
    return ("ready" if record or entry.sha256 else "damaged"), record


def _hosts(entry: Entry, settings: Settings) -> tuple[str, ...]:
    if not entry.source:
        return ()
    return tuple(origin(address) for address in pull.addresses(entry, settings))


def _job(database: Database, name: str) -> Job | None:
    """The last job about a model, unless it did what it was for."""
    for job in ledger.entries(database, subject=name, limit=1):
        if job.kind in (*pull.KINDS, measurement.CHECK) and job.state != "succeeded":
            return job
    return None
