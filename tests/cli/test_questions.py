"""The three files of a set, and the shelf that its passages stand on."""

from pathlib import Path

import pytest

from appliance.cli.questions import COLLECTION, PassageLine, fill, read, shelf
from appliance.errors import BadRequest
from appliance.index.fusion import Weights
from tests.cli.sets import lines, put
from tests.fakes import WordEmbedder

CORPUS = [{"id": "multa", "title": "Biblioteca", "text": "A multa é de R$ 1,50 por dia."}]
QUERIES = [{"id": one, "text": "Qual é a multa?"} for one in ("q1", "q2", "sem resposta")]
QRELS = [{"query": one, "doc": "multa"} for one in ("q1", "q2")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set of two questions over one passage."""
    return put(tmp_path / "set", CORPUS, QUERIES, QRELS)


def test_a_line_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "corpus.jsonl").write_text(lines(CORPUS) + "{not json\n", "utf-8")

    with pytest.raises(BadRequest) as refused:
        read(folder)

    assert refused.value.code == "eval_file"
    assert refused.value.facts["file"].endswith("corpus.jsonl:2")


def test_questions_without_a_relevant_passage_are_left_out(folder: Path) -> None:
    assert [line.id for line in read(folder).queries] == ["q1", "q2"]
    assert [line.id for line in read(folder, limit=1).queries] == ["q1"]


def test_empty_lines_and_unknown_fields_are_no_fault(folder: Path) -> None:
    (folder / "qrels.jsonl").write_text(
        '\n{"query": "q1", "doc": "multa", "score": 1}\n\n', "utf-8"
    )

    assert read(folder).relevant == {"q1": frozenset({"multa"})}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (PassageLine(id="p1", text="", title="Lei 9.504", doc="leis/9504.docx"), "leis/9504.docx"),
        (PassageLine(id="p1", text="", title="Lei 9.504"), "Lei 9.504"),
        (PassageLine(id="p1", text=""), "p1"),
    ],
)
def test_a_passage_knows_the_document_it_is_a_part_of(line: PassageLine, name: str) -> None:
    assert line.whole == name


def test_passages_can_be_searched_once_they_are_on_the_shelf(folder: Path) -> None:
    with shelf(WordEmbedder(), Weights()) as finder:
        fill(finder, read(folder).corpus)
        (passage,) = finder.search([COLLECTION], "Qual é a multa?").passages

    assert (passage.document.id, passage.document.title) == ("multa", "Biblioteca")
    assert passage.found_by == ("keywords", "meaning")


def test_a_shelf_is_gone_at_the_end_of_its_block() -> None:
    with shelf(None, Weights()) as finder:
        place = finder.database.path.parent
        assert place.is_dir()

    assert not place.exists()
