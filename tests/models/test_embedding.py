"""The embedder that comes along, the real one: meaning, length, and no network."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from appliance import QUIET
from appliance.errors import NotFound, Unavailable
from appliance.models import Vectors, arithmetic, catalogue, embedding, hardware, weights
from appliance.models.arithmetic import LEAST_COSINE, TEXTS, Choice, Trial
from appliance.models.embedding import SILENT, SentenceEmbedder
from appliance.records import Problem

os.environ.setdefault("OMP_NUM_THREADS", "1")
ENTRY = catalogue.find("minilm", "embedder")


@pytest.fixture(scope="module")
def embedder() -> Iterator[SentenceEmbedder]:
    with pytest.MonkeyPatch.context() as patch:
        # Loading and embedding with every way out closed: it must not even try.
        patch.setattr(socket.socket, "connect", _no_network)
        patch.setattr(socket, "getaddrinfo", _no_network)
        yield SentenceEmbedder(ENTRY, threads=1)


def _no_network(*_: object, **__: object) -> None:
    raise AssertionError("the embedder tried to reach the network")


def alike(rows: Vectors, others: Vectors) -> bool:
    """Whether these stand for the same: in bf16 the texts beside a text move its vector by
    a thousandth."""
    return bool(((rows * others).sum(axis=-1) >= LEAST_COSINE).all())


def test_it_says_which_model_it_is(embedder: SentenceEmbedder) -> None:
    assert embedder.stamp == ENTRY.stamp
    assert embedder.dimensions == 384


def test_rows_have_length_one(embedder: SentenceEmbedder) -> None:
    vectors = embedder.embed(["um", "dois três", "", "x" * 5000])

    assert vectors.dtype == np.float32
    assert vectors.shape == (4, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        (
            "Qual é o prazo para entregar os recibos?",
            "Os recibos devem ser entregues ao financeiro até o dia 5.",
            "O gato dormiu no telhado da casa vizinha.",
        ),
        (
            "Quantos dias de férias tenho por ano?",
            "Cada empregado tem trinta dias de férias por ano.",
            "A impressora colorida fica no segundo andar.",
        ),
    ],
)
def test_a_portuguese_answer_is_nearer_than_something_unrelated(
    embedder: SentenceEmbedder, question: str, near: str, far: str
) -> None:
    asked = embedder.embed([question], kind="query")[0]
    close, apart = embedder.embed([near, far])

    assert asked @ close > asked @ apart


def test_the_order_of_the_texts_is_kept_over_batches(embedder: SentenceEmbedder) -> None:
    texts = [f"texto {'muito ' * (number % 5)}{number}" for number in range(20)]
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])

    assert alike(together, alone)
    assert (together @ alone.T).argmax(axis=1).tolist() == list(range(20))


def test_batches_hold_texts_of_like_length_and_every_place_once() -> None:
    lengths = [90, 10, 88, 12, 70, 256]

    assert embedding.batches(lengths) == [[1, 3], [4, 2, 0], [5]]
    assert embedding.batches([]) == []


@pytest.mark.parametrize("length", [3, 40, 75, 256])
def test_no_batch_keeps_a_question_waiting_for_more_than_its_tokens(length: int) -> None:
    found = embedding.batches([length] * 500)

    assert sorted(place for batch in found for place in batch) == list(range(500))
    assert all(len(batch) * length <= embedding.TOKENS for batch in found)
    assert len(found) <= 500 * length // (embedding.TOKENS - length) + 1


def test_texts_are_counted_in_the_models_own_tokens(embedder: SentenceEmbedder) -> None:
    texts = ["prazo " * 600, "", "prazo", "entrega dos recibos ao financeiro"]

    assert embedder.batches(texts) == [[1, 2, 3], [0]]
    assert embedder.batches([]) == []


def test_no_texts_are_no_rows(embedder: SentenceEmbedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_prefixes_of_the_entry_go_before_the_texts(embedder: SentenceEmbedder) -> None:
    plain = embedder.embed(["query: prazo", "passage: prazo"])
    embedder.entry = msgspec.structs.replace(
        ENTRY, query_prefix="query: ", passage_prefix="passage: "
    )
    try:
        asked = embedder.embed(["prazo"], kind="query")[0]
        found = embedder.embed(["prazo"])[0]
    finally:
        embedder.entry = ENTRY

    assert alike(asked, plain[0])
    assert alike(found, plain[1])


def test_the_offline_switches_are_thrown(embedder: SentenceEmbedder) -> None:
    assert {name: os.environ.get(name) for name in QUIET | SILENT} == QUIET | SILENT


def test_an_embedder_that_is_not_installed_is_refused_by_name() -> None:
    for missing in ({"package": "no_such_package"}, {"file": "no_such_file"}):
        with pytest.raises(Unavailable) as refusal:
            SentenceEmbedder(msgspec.structs.replace(ENTRY, **missing), threads=1)
        assert refusal.value.code == "embedder_missing"


def test_weights_that_are_not_the_catalogues_are_refused() -> None:
    with pytest.raises(Unavailable) as refusal:
        SentenceEmbedder(msgspec.structs.replace(ENTRY, sha256="0" * 64), threads=1)

    assert refusal.value.code == "embedder_damaged"


# --- the numbers it calculates in ---------------------------------------------------------


@pytest.fixture(scope="module")
def exact() -> SentenceEmbedder:
    """The same model in fp32, as on a processor without bf16."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hardware, "has_bf16", lambda: False)
        return SentenceEmbedder(ENTRY, threads=1)


def halved(monkeypatch: pytest.MonkeyPatch) -> SentenceEmbedder:
    """The same model in bf16, however fast this machine is with it."""
    always = Choice(numbers="bf16", because=Problem(code="bf16_chosen"))
    monkeypatch.setattr(hardware, "has_bf16", lambda: True)
    monkeypatch.setattr(arithmetic, "chosen", lambda trial: always)
    return SentenceEmbedder(ENTRY, threads=1)


def test_without_bf16_in_the_processor_nothing_is_tried(exact: SentenceEmbedder) -> None:
    assert exact.choice == arithmetic.chosen(None)


def test_vectors_in_bf16_stand_for_the_same_and_have_length_one(
    exact: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = halved(monkeypatch)
    texts = [*TEXTS, "", "x" * 5000, "Art. 5º", "prazo " * 300]

    near, right = half.embed(texts), exact.embed(texts)

    assert near.dtype == np.float32
    assert np.allclose(np.linalg.norm(near, axis=1), 1, atol=1e-5)
    assert (near * right).sum(axis=1).min() >= LEAST_COSINE
    assert half.stamp == exact.stamp


def test_the_trial_measures_what_the_two_models_really_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Trial | None] = []

    def refuse(trial: Trial | None) -> Choice:
        seen.append(trial)
        return Choice(numbers="fp32", because=Problem(code="bf16_differs"))

    monkeypatch.setattr(hardware, "has_bf16", lambda: True)
    monkeypatch.setattr(arithmetic, "chosen", refuse)

    refused = SentenceEmbedder(ENTRY, threads=1)

    (tried,) = seen
    assert tried is not None
    assert LEAST_COSINE <= tried.cosine <= 1.0001
    assert min(tried.fp32_seconds, tried.bf16_seconds) > 0
    assert refused.choice.numbers == "fp32"


def test_a_model_that_bf16_ruins_stays_in_fp32(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = embedding._rows
    ruined: list[object] = []

    def ruin(model: Any, texts: list[str]) -> Any:
        if model in ruined:
            return np.roll(rows(model, texts), 1, axis=1)
        return rows(model, texts)

    def halve(model: Any) -> Any:
        ruined.append(half := made(model))
        return half

    made = embedding._halved
    monkeypatch.setattr(hardware, "has_bf16", lambda: True)
    monkeypatch.setattr(embedding, "_rows", ruin)
    monkeypatch.setattr(embedding, "_halved", halve)

    kept = SentenceEmbedder(ENTRY, threads=1)

    assert (kept.choice.numbers, kept.choice.because.code) == ("fp32", "bf16_differs")
    assert kept._idle["passage"].get() not in ruined


def test_what_it_calculates_in_is_in_the_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level("INFO", logger="appliance.models")

    halved(monkeypatch)

    assert "embedder minilm calculates in bf16: This processor has bf16" in caplog.text


def test_a_question_and_a_passage_may_be_embedded_at_the_same_time(
    embedder: SentenceEmbedder,
) -> None:
    text = "O prazo de entrega dos documentos."
    alone = embedder.embed([text])
    both: dict[str, list[np.ndarray]] = {"passage": [], "query": []}

    def work(kind: Any) -> None:
        both[kind] += [embedder.embed([text] * 9, kind=kind) for _ in range(4)]

    threads = [threading.Thread(target=work, args=(kind,)) for kind in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    for rows in (*both["passage"], *both["query"]):
        assert rows.shape == (9, 384)
        assert (rows @ alone[0]).min() > LEAST_COSINE


def test_questions_and_passages_share_the_weights_in_memory(embedder: SentenceEmbedder) -> None:
    ours, theirs = (embedder._idle[kind].get() for kind in ("passage", "query"))
    embedder._idle["passage"].put(ours)
    embedder._idle["query"].put(theirs)

    assert {one.data_ptr() for one in ours.parameters()} == {
        one.data_ptr() for one in theirs.parameters()
    }


def test_several_batches_of_passages_may_be_embedded_at_once(embedder: SentenceEmbedder) -> None:
    texts = ["O prazo de entrega dos documentos.", "A multa é de dez por cento.", "Bom dia."]
    wide = SentenceEmbedder(ENTRY, threads=2, passages_at_once=2)

    with ThreadPoolExecutor(3) as callers:  # one more than there are models
        found = list(callers.map(lambda turn: wide.embed(texts[turn % 3 :]), range(12)))

    for turn, rows in enumerate(found):
        expected = embedder.embed(texts[turn % 3 :])
        assert (rows * expected).sum(axis=1).min() > LEAST_COSINE


def test_a_model_is_free_again_after_a_text_that_it_chokes_on(embedder: SentenceEmbedder) -> None:
    with pytest.raises(TypeError):
        embedder.embed(["bom", None])  # type: ignore[list-item]

    assert embedder.embed(["bom"]).shape == (1, 384)


def test_an_embedder_that_was_imported_is_used_from_its_folder(
    embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    """The one that comes along, as though somebody had brought it on a USB stick."""
    package = Path(str(resources.files(ENTRY.package))) / ENTRY.folder
    names = [str(file.relative_to(package)) for file in package.rglob("*") if file.is_file()]
    brought = msgspec.structs.replace(
        ENTRY, package="", folder="", files=tuple(name for name in names if name != ENTRY.file)
    )
    home = brought.home(tmp_path)
    shutil.copytree(package, tmp_path / "stick")
    weights.adopt(brought, tmp_path / "stick", tmp_path)

    imported = SentenceEmbedder(brought, threads=1, folder=tmp_path)

    text = ["A multa por atraso é de R$ 1,50 por dia."]
    assert float((imported.embed(text) * embedder.embed(text)).sum()) > LEAST_COSINE
    (home / "config.json").write_text("{}")
    with pytest.raises(Unavailable, match="does not match"):
        SentenceEmbedder(brought, threads=1, folder=tmp_path)


def test_an_embedder_that_was_never_brought_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as refusal:
        SentenceEmbedder(catalogue.find("multilingual-e5-small"), threads=1, folder=tmp_path)

    assert refusal.value.code == "model_file_missing"
