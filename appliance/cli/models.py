"""``appliance models``: what there is, bringing in, using, and what this server can carry."""

from pathlib import Path

import click

from appliance import audit
from appliance.children import socket_path
from appliance.cli import bench, progress, terminal
from appliance.errors import BadRequest, Unavailable, sentence
from appliance.jobs import measurement, pull, stock, switch
from appliance.jobs.stock import Held, Machine, Verified
from appliance.models import catalogue, choice, weights
from appliance.models.catalogue import Entry
from appliance.models.client import RunnerClient
from appliance.models.weights import Imported
from appliance.records import Language
from appliance.settings import Settings
from appliance.status import Status


@click.group("models")
def command() -> None:
    """The models this server knows."""


@command.command("list")
@terminal.as_json
def index(*, as_json: bool) -> None:
    """List the models and how each stands here."""
    with terminal.house() as (settings, database):
        held = stock.listing(settings, database, settings.language)
        if as_json:
            terminal.print_json({"items": held, "next": None})
            return
        for model in held:
            click.echo(_line(model, settings.language))


@command.command("pull")
@click.argument("name")
@terminal.as_json
def fetch(*, name: str, as_json: bool) -> None:
    """Fetch a model from its source or a mirror, going on where an earlier pull ended."""
    with terminal.house() as (settings, database):
        entry = catalogue.find(name)
        with progress.shown(hidden=as_json) as told:
            record = pull.pull(entry, settings, database, told=told)
        with database.write() as db:
            hosts = stock.one(name, settings, database, settings.language).hosts
            audit.record(db, terminal.caller(), "model.pull", name, hosts=hosts)
        _show(settings, record, as_json)


@command.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--name", default="", help="The model's name; else by the file's name.")
@terminal.as_json
def bring(*, path: Path, name: str, as_json: bool) -> None:
    """Import a GGUF, or the folder of an embedder."""
    with terminal.house() as (settings, database):
        name = name or _named(path)
        with progress.shown(hidden=as_json) as told:
            record = weights.import_file(path, name, pull.folder_of(settings), told=told)
        with database.write() as db:
            audit.record(db, terminal.caller(), "model.import", name)
        _show(settings, record, as_json)


@command.command("use")
@click.argument("name")
@terminal.as_json
def use(*, name: str, as_json: bool) -> None:
    """Let this server write its answers with a model; a running one loads it at once."""

    with terminal.house() as (settings, database):
        condition = Status(settings, RunnerClient(socket_path(settings))).condition()
        with database.write() as db:
            audit.record(db, terminal.caller(), "model.use", name)
            switch.use(name, settings, condition)
        if as_json:
            terminal.print_json(choice.chosen(pull.folder_of(settings)))
        else:
            terminal.say(settings, "say_model_used", name=name)


@command.command("leave")
@terminal.as_json
def leave(*, as_json: bool) -> None:
    """Let this server write no answers any more: they quote, and the memory is free."""
    with terminal.house() as (settings, database):
        name = choice.name_of(settings.language_model, pull.folder_of(settings))
        if not name:
            raise Unavailable("no_language_model")
        with database.write() as db:
            audit.record(db, terminal.caller(), "model.leave", name)
            switch.leave(name, settings)
        if as_json:
            terminal.print_json(choice.chosen(pull.folder_of(settings)))
        else:
            terminal.say(settings, "say_model_left", name=name)


@command.command("check")
@click.argument("name", default="")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, max=600),
    default=40.0,
    show_default=True,
    help="How long to measure; 0: only look and verify.",
)
@terminal.as_json
def check(*, name: str, seconds: float, as_json: bool) -> None:
    """Verify the files that are there, measure a model (NAME, else the one in use) and
    say which models this server can serve to how many people."""
    with terminal.house() as (settings, database):
        machine, found = stock.machine(), stock.verified(settings)
        held = stock.listing(settings, database, settings.language)
        if not as_json:
            _say_machine(settings, machine)
            _say_files(settings, found)
            _say_suited(settings, held)
        ok = machine.avx2 and not any(one.problem for one in found)
        chosen = _to_measure(name, settings, held) if ok and seconds else None
        told = _measured(settings, chosen, seconds, as_json=as_json) if chosen else {}
        if as_json:
            shown = {"machine": machine, "files": found, "models": held}
            terminal.print_json(shown | {"measured": None, "advice": []} | told)
    if not ok:
        raise SystemExit(1)


def _to_measure(name: str, settings: Settings, held: list[Held]) -> tuple[Entry, Path] | None:
    """The model somebody named, else the one in use, else the largest that is there.

    Raises ``NotFound`` (``unknown_model``)."""
    there = [one for one in held if one.kind == "language" and one.state == "ready" and one.fits]
    wanted = name or choice.name_of(settings.language_model, pull.folder_of(settings))
    if not wanted and there:
        wanted = max(there, key=lambda one: one.ram_mb).name
    return measurement.place(wanted, settings) if wanted else None


def _measured(
    settings: Settings, chosen: tuple[Entry, Path], seconds: float, *, as_json: bool
) -> dict[str, object]:
    measured, told = measurement.measure(*chosen, settings, seconds=seconds)
    if not as_json:
        bench.show(settings, measured, told)
    return {"measured": measured, "advice": told}


def _say_machine(settings: Settings, machine: Machine) -> None:
    terminal.say(
        settings,
        "say_machine",
        cores=machine.cores,
        total_mb=machine.total_mb,
        available_mb=machine.available_mb,
    )
    if not machine.avx2:
        click.echo(sentence("processor_too_old", {}, settings.language), err=True)


def _say_files(settings: Settings, found: list[Verified]) -> None:
    for one in found:
        if one.problem:
            said = sentence(one.problem.code, one.problem.facts, settings.language)
            click.echo(f"{one.name}: {said}", err=True)
        else:
            terminal.say(settings, "say_model_whole", name=one.name)


def _say_suited(settings: Settings, held: list[Held]) -> None:
    for fits, code in ((True, "say_models_fit"), (False, "say_models_too_big")):
        names = [one.name for one in held if one.kind == "language" and one.fits == fits]
        if names:
            terminal.say(settings, code, names=", ".join(names))


def _named(path: Path) -> str:
    """The model whose file or folder has this name. Raises ``BadRequest`` (``which_model``)."""
    for entry in catalogue.entries():
        if path.name == (entry.name if entry.kind == "embedder" else entry.file):
            return entry.name
    raise BadRequest("which_model", file=path.name)


def _show(settings: Settings, record: Imported, as_json: bool) -> None:
    if as_json:
        terminal.print_json(record)
    else:
        terminal.say(settings, "say_model_in", name=record.name, sha256=record.sha256)


def _line(model: Held, language: Language) -> str:
    used = "*" if model.in_use else " "
    size = f"{model.size / 1e9:.1f} GB" if model.size else "-"
    state = sentence(f"say_state_{model.state}", {}, language)
    return (
        f"{used} {model.name:34} {state:20} {size:>8} {model.ram_mb / 1024:5.1f} GB RAM"
        f"  {model.licence:11} {' '.join(model.languages)}"
    )
