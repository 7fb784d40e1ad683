"""``appliance eval``: the product's own finding, measured on a small set made by hand."""

import tempfile
from pathlib import Path

import pytest

from appliance.answering import evidence
from appliance.cli import eval as evaluation
from appliance.index.fusion import SIGNALS, Weights
from tests.cli.doors import Terminal, terminal  # noqa: F401  (a fixture)
from tests.cli.sets import lines, put
from tests.fakes import WordEmbedder

KEYS = [
    *(f"recall@{k}" for k in (1, 5, 10)),
    *(f"hit@{k}" for k in (1, 5, 10)),
    *("mrr@10", "ndcg@10", "answer@2000", "quote@2", "quote@3", "p50_ms", "p95_ms", "auroc"),
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set of two questions over three passages."""
    return put(tmp_path / "set", CORPUS, QUERIES, QRELS)


def test_the_figures_have_the_keys_of_the_contract(terminal: Terminal, folder: Path) -> None:  # noqa: F811
    figures = terminal.json("eval", str(folder), "--embedder", "none")

    assert list(figures) == KEYS
    assert figures["recall@1"] == figures["hit@10"] == figures["mrr@10"] == 1.0
    assert figures["answer@2000"] == figures["quote@2"] == figures["auroc"] == 1.0
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


def test_a_model_that_is_not_in_the_catalogue_gets_one_sentence(
    terminal: Terminal,  # noqa: F811
    folder: Path,
) -> None:
    said = terminal.type("eval", str(folder), "--embedder", "no-such-model")

    assert said.exit_code == 1
    assert len(said.stderr.strip().splitlines()) == 1


def test_a_set_is_measured_with_an_embedder_too(folder: Path) -> None:
    figures = evaluation.run(folder, WordEmbedder(), Weights())

    assert list(figures) == KEYS
    assert figures["recall@1"] == 1.0


def test_a_sweep_gives_weights_for_every_signal(folder: Path) -> None:
    report = evaluation.run(folder, WordEmbedder(), Weights(), sweep=True)

    assert set(report["weights"]) == {*SIGNALS, "mrr", "recall@1", "recall@5"}
    assert report["weights"]["mrr"] >= report["mrr@10"]


def test_an_answer_in_none_of_the_best_sentences_is_not_quoted(folder: Path) -> None:
    text = (
        "A multa por atraso é cobrada. A multa por atraso é paga na secretaria. "
        "A multa por atraso é de todos. O valor é de R$ 1,50."
    )
    (folder / "corpus.jsonl").write_text(lines([CORPUS[0] | {"text": text}]), "utf-8")
    (folder / "qrels.jsonl").write_text(lines(QRELS[:1]), "utf-8")

    figures = evaluation.run(folder, None, Weights(meaning=0.0))

    assert (figures["answer@2000"], figures["quote@2"], figures["quote@3"]) == (1.0, 0.0, 0.0)


def test_an_embedder_without_constants_is_judged_by_keywords(folder: Path) -> None:
    by_itself = dict.fromkeys(evidence.WITH_VECTORS, 0.0)

    def told(judged_by: dict[str, float] | None) -> float:
        return evaluation.run(folder, WordEmbedder(), Weights(), judged_by)["auroc"]

    assert told(by_itself) == 0.5  # constants that say the same of everything
    assert told(None) == 1.0


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
