"""``appliance golden``: list an assistant's golden questions, and ask them."""

import click
import msgspec

from appliance import app, assistants, golden
from appliance.app import Parts
from appliance.cli import terminal
from appliance.cli.parts import assistant_named, opened, show
from appliance.errors import Conflict, sentence
from appliance.golden import GoldenQuestion
from appliance.golden.judging import Result
from appliance.records import Assistant, Language, Record
from appliance.settings import Settings

named = click.option("--assistant", "name", help="Its name or id; all of them if not given.")


class Examined(Record, frozen=True):
    """An assistant's golden questions, asked now."""

    assistant: str
    name: str
    passed: int
    failed: int
    results: tuple[Result, ...]


@click.group("golden")
def command() -> None:
    """Golden questions: what assistants must answer, and must refuse."""


@command.command("list")
@named
@terminal.as_json
def list_all(*, name: str | None, as_json: bool) -> None:
    """Show them, with what is expected of each."""
    with opened() as parts:
        found = [
            one
            for assistant in _meant(parts, name)
            for one in golden.every(parts.database, assistant.id)
        ]
    show(found, as_json, lambda: _print_questions(found))


@command.command("run")
@named
@click.option("--keep/--no-keep", default=True, help="Whether the console shows this run.")
@terminal.as_json
def run(*, name: str | None, keep: bool, as_json: bool) -> None:
    """Ask them now; exits 1 where one does not pass."""
    with opened(at_work=True) as parts:
        found = [_examined(parts, one, keep=keep) for one in _meant(parts, name)]
        language = parts.settings.language
    show(found, as_json, lambda: _print_results(found, language))
    if failed := sum(one.failed for one in found):
        raise Conflict("golden_failed", failed=failed)


def examine(settings: Settings) -> list[Examined]:
    """The golden questions of all assistants of a data folder, asked now and not kept: with
    what there is, so that a copy of the data can be looked at without any process beside it
    (by keywords and quotes then)."""
    parts = app.build(settings)
    try:
        return [_examined(parts, one, keep=False) for one in _meant(parts, None)]
    finally:
        parts.close()


def _meant(parts: Parts, name: str | None) -> list[Assistant]:
    if name is not None:
        return [assistant_named(parts, name)]
    return [assistants.get(parts.database, one) for one in golden.asked_of(parts.database)]


def _examined(parts: Parts, assistant: Assistant, *, keep: bool) -> Examined:
    asking = parts.golden()
    results = asking.run(assistant).results if keep else tuple(asking.results(assistant))
    return Examined(
        assistant=assistant.id,
        name=assistant.name,
        passed=sum(one.passed for one in results),
        failed=sum(not one.passed for one in results),
        results=results,
    )


def _print_questions(found: list[GoldenQuestion]) -> None:
    for one in found:
        page = "" if one.page is None else f", {one.page}"
        expected = "—" if one.must_refuse else f"{one.document}{page}"
        click.echo(f"{one.id}  {one.question}  [{expected}]  {' · '.join(one.phrases)}")


def _print_results(found: list[Examined], language: Language) -> None:
    for one in found:
        for result in one.results:
            click.echo(f"{'✓' if result.passed else '✗'} {result.text}{_why(result, language)}")
        code = "say_golden_red" if one.failed else "say_golden_green"
        code = code if one.results else "say_golden_none"
        facts = msgspec.structs.asdict(one) | {"count": len(one.results)}
        click.echo(sentence(code, facts, language))


def _why(result: Result, language: Language) -> str:
    facts = {"phrases": ", ".join(f"“{one}”" for one in result.phrases_missing)}
    why = [sentence(f"golden_says_{one}", facts, language) for one in result.failing]
    return f" ({'; '.join(why)})" if why else ""
