"""``appliance bench``: how fast this server is with the model of its settings, and for how many.

What it finds out about the model's flags is kept, and used when the model loads next.
"""

from pathlib import Path

import click
import msgspec

from appliance.cli import terminal
from appliance.errors import Unavailable, sentence
from appliance.models import catalogue, hardware, measuring, tuning
from appliance.models.advice import advice
from appliance.models.catalogue import Entry
from appliance.models.measuring import Measured
from appliance.records import Language, Problem
from appliance.settings import Settings, load


@click.command()
@click.option(
    "--seconds",
    type=click.FloatRange(min=1, max=600),
    default=measuring.SECONDS,
    show_default=True,
    help="How long to measure, besides loading.",
)
@terminal.as_json
def bench(seconds: float, as_json: bool) -> None:
    """Measure the configured language model on this machine, and keep its best flags.

    What else the machine does meanwhile counts too: measure while nobody asks, and where
    memory is short, while the appliance is stopped.
    """
    settings = load()
    if not settings.language_model:
        raise Unavailable("no_language_model")
    folder = settings.data / "models"
    entry, file = catalogue.configured(settings.language_model, folder)
    measured, told = measure(settings, entry, file, seconds)
    if as_json:
        terminal.print_json(msgspec.structs.asdict(measured) | {"advice": told})
        return
    show(settings, measured, told)


def measure(
    settings: Settings, entry: Entry, file: Path, seconds: float
) -> tuple[Measured, list[Problem]]:
    """Measure a model, keep its best flags, and say which models this server can serve.

    Raises what ``measuring.measure`` raises.
    """
    measured = measuring.measure(entry, file, seconds=seconds, threads=settings.threads)
    found = tuning.Kept(
        key=tuning.key(entry, file), tuning=measured.tuning, because=measured.because
    )
    tuning.keep(settings.data / "models", file, found)
    return measured, advice(measured, catalogue.offered("language"), hardware.memory())


def show(settings: Settings, measured: Measured, told: list[Problem]) -> None:
    """The figures as a table, and the advice in sentences."""
    _print(measured)
    for problem in (measured.because, *told):
        _say(problem, settings.language)


def _print(measured: Measured) -> None:
    rows = [
        ("model", f"{measured.model} ({measured.file}, {measured.size_mb} MB)"),
        ("processor", hardware.processor()),
        ("memory", f"{measured.memory_mb} MB"),
        ("flags", measuring.flags(measured.tuning)),
        ("read", f"{measured.read:.1f} tokens/s"),
        *(
            (f"written, {people} at once", f"{rate:.1f} tokens/s")
            for people, rate in sorted(measured.written.items())
        ),
    ]
    for name, value in rows:
        click.echo(f"{name:>20}  {value}")


def _say(problem: Problem, language: Language) -> None:
    click.echo(sentence(problem.code, problem.facts, language))
