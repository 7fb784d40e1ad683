"""``appliance bench``: how fast this server is with the model in use, and for how many.

What it finds out is kept, and a running appliance takes the best flags over.
"""

import click
import msgspec

from appliance.cli import terminal
from appliance.errors import Unavailable, sentence
from appliance.jobs import measurement, pull
from appliance.models import choice, hardware, measuring
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
    """Measure the language model in use on this machine, and keep its best flags.

    What else the machine does meanwhile counts too: measure while nobody asks, and where
    memory is short, while the appliance is stopped.
    """
    settings = load()
    name = choice.name_of(settings.language_model, pull.folder_of(settings))
    if not name:
        raise Unavailable("no_language_model")
    chosen = measurement.place(name, settings)
    measured, told = measurement.measure(*chosen, settings, seconds=seconds)
    if as_json:
        terminal.print_json(msgspec.structs.asdict(measured) | {"advice": told})
        return
    show(settings, measured, told)


def show(settings: Settings, measured: Measured, told: list[Problem]) -> None:
    """The figures as a table, and the advice in sentences, in the appliance's language."""
    _print(measured, settings.language)
    for problem in (measured.because, *told):
        _say(problem, settings.language)


def _print(measured: Measured, language: Language) -> None:
    rows = [
        ("say_measured_model", f"{measured.model} ({measured.file}, {measured.size_mb} MB)"),
        ("say_measured_processor", hardware.processor_name()),
        ("say_measured_cores", str(hardware.physical_cores())),
        ("say_measured_memory", f"{measured.memory_mb} MB"),
        ("say_measured_flags", measuring.flags(measured.tuning)),
        ("say_measured_read", f"{measured.read:.1f} tokens/s"),
    ]
    for code, value in rows:
        click.echo(f"{sentence(code, {}, language):>20}  {value}")
    for people, rate in sorted(measured.written.items()):
        name = sentence("say_measured_written", {"people": people}, language)
        click.echo(f"{name:>20}  {rate:.1f} tokens/s")


def _say(problem: Problem, language: Language) -> None:
    click.echo(sentence(problem.code, problem.facts, language))
