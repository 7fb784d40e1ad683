"""``appliance serve``: the web process with its two children."""

import contextlib
import logging
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import uvicorn

from appliance import app, audit, certificates, disk, logs, settings, systemd, trail
from appliance.api import maintenance
from appliance.app import Parts
from appliance.archive import restoring
from appliance.children import Watch
from appliance.cli import certificate, secure, terminal
from appliance.cli.announcing import Announced
from appliance.cli.connections import Guarded
from appliance.cli.holding import alone, brought_up
from appliance.database import Database, damage
from appliance.errors import Refusal, Unavailable, sentence
from appliance.records import Problem
from appliance.settings import Settings
from appliance.signin import setup_code
from appliance.systemd import Channel

NAMED = "model.name_file"
NOT_STARTED = 3  # the exit status, as uvicorn has it
GRACE_SECONDS = 5  # what open streams get at the end
LOOK_SECONDS = 2.0  # between two tries whether a disk takes anything
TRIED_BYTES = 1 << 20
# The event loop lets go of the interpreter at every read and write of a socket, and gets it
# back when a thread that searches has had its turn of this length: 5 ms if nothing is said.
TURN_SECONDS = 0.0005

log = logging.getLogger("appliance")


@click.command()
def serve() -> None:
    """Serve the console, the API and the widget until stopped."""
    found = settings.load()
    channel = systemd.channel()  # before any process of ours starts
    _log(found)
    sys.setswitchinterval(TURN_SECONDS)
    while refusal := _served(found, channel):
        _wait_for_disk(found, channel, refusal)


def _served(found: Settings, channel: Channel) -> Refusal | None:
    """Serve until stopped; what is wrong with the disk where that does not even begin."""
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(alone(found.data))
            run = _prepared(found, channel)
        except (OSError, sqlite3.OperationalError) as fault:
            refusal = disk.refusal_of(fault)
            if refusal is None or refusal.code == "database_busy":
                raise
            return refusal
        run()
    return None


def _prepared(found: Settings, channel: Channel) -> Callable[[], None]:
    """All that comes before the first request; what then serves."""
    if restoring.unfinished(found.data):
        raise Unavailable("restore_unfinished", folder=str(found.data))
    if reason := damage(found.data / "appliance.db"):
        return lambda: _maintain(found, channel, reason)
    if made := brought_up(found.data, terminal.caller()):
        log.info("upgraded the data; it can be undone: snapshot %s", made.id)
    application = app.assemble(found, with_children=True)
    # Kept where the appliance does not write, it shows a record that was cut or rewritten.
    log.info("head of the record of acts: %s", audit.head(application.state.database))
    application.state.database.reserve()
    note_named_file(application.state.database, found)
    if found.tls:
        _certify(application.state.database, found)
    _welcome(found, setup_code.prepare(application.state.database, found.data))
    status = sentence("service_ready", {"address": found.address}, found.language)
    ailment = _ailment(application.state.parts, found)
    return lambda: _run(application, found, channel, status, ailment)


def _run(
    application: Any,
    found: Settings,
    channel: Channel,
    status: str,
    ailment: Callable[[], str] = str,
) -> None:
    config = _config(application, found)
    _serve(Announced(config, channel, status=status, ailment=ailment))


def _serve(server: Announced) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(NOT_STARTED)


def _config(application: Any, found: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=Guarded,
        host=found.host,
        port=found.port,
        timeout_graceful_shutdown=GRACE_SECONDS,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ssl_context_factory=(lambda *_: secure.shown(found)) if found.tls else None,
    )


def _ailment(parts: Parts, found: Settings) -> Callable[[], str]:
    """What asks whether the model runner lives, and says so in words where it does not."""
    watch = Watch(parts.status.children[0], parts.client)

    def said() -> str:
        seconds = round(watch.silent_for())
        if not seconds:
            return ""
        return sentence("service_runner_silent", {"seconds": seconds}, found.language)

    return said


def _maintain(found: Settings, channel: Channel, reason: str) -> None:
    """Say what is wrong to whoever asks, until stopped; nothing of the data is touched."""
    problem = maintenance.said(found.data, reason)
    said = sentence(problem.code, problem.facts, found.language)
    click.echo(said, err=True)
    _run(maintenance.application(problem, found.language), found, channel, said)


def _wait_for_disk(found: Settings, channel: Channel, refusal: Refusal) -> None:
    """Say what the disk refuses to whoever asks, until it takes what is written again.

    A service that ended instead would be started and end again until systemd gives up. It is
    not ready either, so that systemd hears the reason and nothing else.
    """
    problem = Problem(
        code="maintenance_disk",
        facts={"reason": sentence(refusal.code, refusal.facts, found.language)},
    )
    said = sentence(problem.code, problem.facts, found.language)
    click.echo(said, err=True)
    channel.tell(f"STATUS={said}")
    config = _config(maintenance.application(problem, found.language), found)
    server = Announced(config, Channel(), status=said)
    watch = threading.Thread(target=_end_when_writable, args=(server, found.data), daemon=True)
    watch.start()
    _serve(server)


def _end_when_writable(server: uvicorn.Server, folder: Path) -> None:
    while not server.should_exit:
        time.sleep(LOOK_SECONDS)
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(bytes(TRIED_BYTES))
                file.flush()
            server.should_exit = True


def note_named_file(database: Database, found: Settings) -> None:
    """Put on record that the settings name a model's file themselves (``NAME=PATH``): such a
    file has no checksum, and is loaded on their word. Once for each file as it lies there."""
    name, named, path = found.language_model.partition("=")
    if not named:
        return
    file = Path(path.strip()).expanduser()
    size = file.stat().st_size if file.is_file() else None
    told: dict[str, Any] = {"file": str(file), "size": size}
    last = audit.newest(database, audit.wanted(act=NAMED), limit=1)
    if not last or last[0].details != told:
        with database.write() as writer:
            audit.record(writer, terminal.caller(), NAMED, name.strip(), **told)


def _certify(database: Database, found: Settings) -> None:
    """See to it that there is a certificate, and print the fingerprint of one for which nobody
    else vouches: people compare it with what their browser warns of."""
    if (shown := certificates.current(found.data)) is None:
        shown = certificates.make(found.data, secure.names(found))
        with database.write() as writer:
            certificate.record(writer, "certificate.self_sign", shown)
    if shown.self_signed:
        click.echo(f"SHA-256: {shown.fingerprint}")


def _welcome(found: Settings, code: str | None) -> None:
    click.echo(f"Balcão: {found.address}")
    if code:
        click.echo(f"setup code: {code}")
    sys.stdout.flush()


def _log(found: Settings) -> None:
    logs.begin(found.log_level)
    trail.begin(found.data, "web")
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
