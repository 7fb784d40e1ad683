"""``appliance eval``: the product's own finding, measured on a small set made by hand."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from appliance.cli import eval as evaluation
from appliance.errors import BadRequest
from appliance.index.fusion import SIGNALS, Weights
from tests.cli.doors import Terminal, terminal  # noqa: F401  (a fixture)
from tests.fakes import WordEmbedder

KEYS = [
    *(f"recall@{k}" for k in (1, 5, 10)),
    *(f"hit@{k}" for k in (1, 5, 10)),
    *("mrr@10", "ndcg@10", "answer@2000", "p50_ms", "p95_ms"),
]
CORPUS = [
    {"id": "multa", "title": "Biblioteca", "text": "A multa por atraso é de R$ 1,50 por dia."},
    {"id": "horario", "title": "Secretaria", "text": "A secretaria atende das 7h30 às 17h."},
    {"id": "uniforme", "title": "", "text": "O uso do uniforme é obrigatório."},
]
QUERIES = [
    {"id": "q1", "text": "Qual é a multa por atraso?", "answers": ["R$ 1,50"]},
    {"id": "q2", "text": "Quando atende a secretaria?", "answers": ["das 7h30 às 17h"]},
    {"id": "q3", "text": "Esta não tem resposta marcada."},
]
QRELS = [{"query": "q1", "doc": "multa"}, {"query": "q2", "doc": "horario"}]


def lines(rows: Sequence[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set of two questions over three passages."""
    made = tmp_path / "set"
    made.mkdir()
    (made / "corpus.jsonl").write_text(lines(CORPUS), "utf-8")
    (made / "queries.jsonl").write_text(lines(QUERIES), "utf-8")
    (made / "qrels.jsonl").write_text(lines(QRELS), "utf-8")
    return made


def test_the_figures_have_the_keys_of_the_contract(terminal: Terminal, folder: Path) -> None:  # noqa: F811
    figures = terminal.json("eval", str(folder), "--embedder", "none")

    assert list(figures) == KEYS
    assert figures["recall@1"] == figures["hit@10"] == figures["mrr@10"] == 1.0
    assert figures["answer@2000"] == 1.0
    assert 0 < figures["p50_ms"] <= figures["p95_ms"]


def test_the_figures_are_also_for_reading(terminal: Terminal, folder: Path) -> None:  # noqa: F811
    said = terminal.type("eval", str(folder), "--embedder", "none")

    assert said.exit_code == 0, said.output
    assert [line.split()[0] for line in said.stdout.splitlines()[-len(KEYS) :]] == KEYS


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl", "qrels.jsonl"])
def test_a_folder_without_one_of_its_files_gets_one_sentence(
    terminal: Terminal,  # noqa: F811
    folder: Path,
    file: str,
) -> None:
    (folder / file).unlink()

    said = terminal.type("eval", str(folder), "--embedder", "none")

    assert said.exit_code == 1
    assert len(said.stderr.strip().splitlines()) == 1
    assert file in said.stderr
    assert "Traceback" not in said.output


def test_a_line_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "corpus.jsonl").write_text(lines(CORPUS) + "{not json\n", "utf-8")

    with pytest.raises(BadRequest) as refused:
        evaluation.read(folder)

    assert refused.value.code == "eval_file"
    assert refused.value.facts["file"].endswith("corpus.jsonl:4")


def test_a_model_that_is_not_in_the_catalogue_gets_one_sentence(
    terminal: Terminal,  # noqa: F811
    folder: Path,
) -> None:
    said = terminal.type("eval", str(folder), "--embedder", "no-such-model")

    assert said.exit_code == 1
    assert len(said.stderr.strip().splitlines()) == 1


def test_questions_without_a_relevant_passage_are_left_out(folder: Path) -> None:
    assert [line.id for line in evaluation.read(folder).queries] == ["q1", "q2"]
    assert [line.id for line in evaluation.read(folder, limit=1).queries] == ["q1"]


def test_empty_lines_and_unknown_fields_are_no_fault(folder: Path) -> None:
    (folder / "qrels.jsonl").write_text(
        '\n{"query": "q1", "doc": "multa", "score": 1}\n\n', "utf-8"
    )

    assert evaluation.read(folder).relevant == {"q1": frozenset({"multa"})}


def test_a_set_is_measured_with_an_embedder_too(folder: Path) -> None:
    figures = evaluation.run(folder, WordEmbedder(), Weights())

    assert list(figures) == KEYS
    assert figures["recall@1"] == 1.0


def test_a_sweep_gives_weights_for_every_signal(folder: Path) -> None:
    report = evaluation.run(folder, WordEmbedder(), Weights(), sweep=True)

    assert set(report["weights"]) == {*SIGNALS, "mrr", "recall@1"}
    assert report["weights"]["mrr"] >= report["mrr@10"]


def test_a_wrong_answer_is_counted_as_wrong(folder: Path) -> None:
    (folder / "qrels.jsonl").write_text(lines([{"query": "q1", "doc": "uniforme"}]), "utf-8")

    assert evaluation.run(folder, None, Weights(meaning=0.0))["recall@1"] == 0.0


def test_a_long_passage_is_split_and_its_pieces_count_for_it(folder: Path) -> None:
    filler = "Este parágrafo trata de assuntos gerais da vida escolar. " * 20
    long = "\n\n".join([*([filler] * 6), CORPUS[0]["text"]])
    (folder / "corpus.jsonl").write_text(lines([CORPUS[0] | {"text": long}, *CORPUS[1:]]), "utf-8")

    assert evaluation.run(folder, None, Weights(meaning=0.0))["recall@1"] == 1.0


def test_two_passages_with_the_same_text_are_two(folder: Path) -> None:
    twins = [*CORPUS, CORPUS[0] | {"id": "gêmea"}]
    (folder / "corpus.jsonl").write_text(lines(twins), "utf-8")

    assert evaluation.run(folder, None, Weights(meaning=0.0))["recall@5"] == 1.0


def test_nothing_is_kept_afterwards(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))

    evaluation.run(folder, None, Weights())

    assert list(scratch.iterdir()) == []
