"""``appliance sample``: an assistant to try, on a folder of sample documents.

``--check`` also asks the folder's questions and compares each answer with what
``questions.json`` expects: the document, the page and a phrase of the quote, or
a refusal.
"""

from pathlib import Path

import click
import msgspec

from appliance import assistants, audit, collections, library, places
from appliance.app import Parts
from appliance.cli import ask
from appliance.cli.ingest import follow, take_in
from appliance.cli.parts import opened
from appliance.cli.terminal import caller
from appliance.errors import NotFound
from appliance.index.reading.kinds import SUFFIXES
from appliance.records import Answer, Assistant, Citation

NAME = "Secretaria"
QUESTIONS = "questions.json"


class Expected(msgspec.Struct, frozen=True):
    """Where the answer stands: a file's name, its page and words of the quote."""

    document: str
    page: int | None
    quote: str


class Check(msgspec.Struct, frozen=True):
    """A question, and what must come of it; ``expect`` None is a refusal."""

    question: str
    expect: Expected | None


@click.command()
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The sample documents; those of this checkout when not given.",
)
@click.option(
    "--check", is_flag=True, help="Ask the sample questions; exit 0 only if all is right."
)
def sample(folder: Path | None, check: bool) -> None:
    """Make the sample assistant, unless it is there, and wait until it has read."""
    folder = folder or places.samples_folder()
    with opened(at_work=True) as parts:
        assistant = _assistant(parts)
        documents = [path for path in sorted(folder.iterdir()) if _is_document(path)]
        new = [path for path in documents if path.name not in _known(parts, assistant)]
        taken = [pair for path in new for pair in take_in(parts, assistant.collections[0], path)[0]]
        follow(parts, [job for _, job in taken])
        click.echo(f"{assistant.name}: {len(documents)} documentos")
        if check and not _checked(parts, assistant, folder / QUESTIONS):
            raise SystemExit(1)


def _assistant(parts: Parts) -> Assistant:
    try:
        return assistants.named(parts.database, NAME)
    except NotFound:
        pass
    with parts.database.write() as db:
        made = assistants.create(
            db,
            name=NAME,
            language="pt",
            collections=[collections.create(db, NAME).id],
            greeting="Bom dia! Pergunte sobre o regimento, o calendário e os preços do colégio.",
            suggestions=[
                "Qual é a multa por atraso na biblioteca?",
                "Quando são as férias de julho?",
                "Quanto custa a matrícula?",
            ],
            contact="secretaria@colegioaurora.example",
        )
        audit.record(
            db, caller(), "assistant.create", made.id, collections=made.collections, name=NAME
        )
    return made


def _is_document(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and path.name != QUESTIONS


def _known(parts: Parts, assistant: Assistant) -> set[str]:
    found = library.of_collection(parts.database, assistant.collections[0], limit=1000)
    return {document.file_name for document in found}


def _checked(parts: Parts, assistant: Assistant, questions: Path) -> bool:
    """Ask every question, print what came, and say whether all of it is right."""
    right = True
    for check in msgspec.json.decode(questions.read_bytes(), type=list[Check]):
        answer = ask.asked(parts, assistant, check.question)
        click.echo(f"\n? {check.question}")
        ask.print_answer(answer, parts.settings.language)
        as_expected = _fits(parts, answer, check.expect)
        click.echo("  ✓" if as_expected else f"  ✗ expected: {check.expect}")
        right = right and as_expected
    return right


def _fits(parts: Parts, answer: Answer, expected: Expected | None) -> bool:
    if expected is None:
        return answer.state == "refused"
    return answer.state == "answered" and any(
        _cites(parts, citation, expected) for citation in answer.citations
    )


def _cites(parts: Parts, citation: Citation, expected: Expected) -> bool:
    document = library.get(parts.database, citation.document.id)
    quote = " ".join(citation.quote.split())
    return (
        document.file_name == expected.document
        and citation.page == expected.page
        and expected.quote in quote
    )
