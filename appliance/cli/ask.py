"""``appliance ask`` and ``appliance search``: the main job, in a terminal."""

import textwrap

import click

from appliance.answering.events import Done, Queue
from appliance.app import Parts
from appliance.cli.parts import assistant_named, opened, show
from appliance.cli.terminal import as_json, caller
from appliance.errors import sentence
from appliance.records import Answer, Assistant, Citation, Found, Language, Passage

assistant_option = click.option("--assistant", "name", required=True, help="Its name or id.")


@click.command()
@click.argument("question")
@assistant_option
@as_json
def ask(question: str, name: str, as_json: bool) -> None:
    """Ask an assistant; its answer with the places it stands on."""
    with opened() as parts:
        answer = asked(parts, assistant_named(parts, name), question)
    show(answer, as_json, lambda: print_answer(answer, parts.settings.language))


@click.command()
@click.argument("query")
@assistant_option
@click.option("--limit", default=8, show_default=True, type=click.IntRange(1, 50))
@as_json
def search(query: str, name: str, limit: int, as_json: bool) -> None:
    """Show the passages for a query, best first."""
    with opened() as parts:
        found = parts.answering.search(assistant_named(parts, name), query, limit)
    show(found, as_json, lambda: print_found(found))


def asked(parts: Parts, assistant: Assistant, question: str) -> Answer:
    """The whole answer, the place in the line told on the way."""
    for event in parts.answering.stream(caller(), assistant, question):
        if isinstance(event, Queue):
            click.echo(f"{event.position} · {event.eta_ms / 1000:.0f} s", err=True)
        if isinstance(event, Done):
            return event.answer
    raise AssertionError("a stream ends with Done or raises")


def print_answer(answer: Answer, language: Language) -> None:
    """The answer, then each citation with its page and quote."""
    click.echo(answer.answer)
    if answer.left_building:
        click.echo(f"\n  {sentence('answer_left_building', {}, language)}")
    for citation in answer.citations:
        click.echo(f"\n  [{citation.n}] {place(citation)}")
        click.echo(quoted(citation.quote))


def print_found(found: Found) -> None:
    """Each passage with its place and score."""
    for passage in found.passages:
        click.echo(f"{passage.n}. {place(passage)}  {passage.score:.2f}")
        click.echo(quoted(passage.text))
    click.echo(f"{found.answerable:.0%} · {found.took_ms:.0f} ms")


def place(cited: Citation | Passage) -> str:
    """Document, provision and page, as people write it: "Estatuto, Art. 27, § 2º, p. 12"."""
    page = f"p. {cited.page}" if cited.page else ""
    return ", ".join(part for part in (cited.document.title, cited.place, page) if part)


def quoted(text: str) -> str:
    """A quote as an indented block."""
    return textwrap.fill(
        f"“{' '.join(text.split())}”", 88, initial_indent="      ", subsequent_indent="      "
    )
