"""Vector files that are not what they were: made again from the database, and never believed."""

import os
import pickle
from collections.abc import Callable

import pytest

from appliance.answering import finding
from tests.answering.shelf import Shelf
from tests.bomb import Bomb

FINE = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."
DESK = "A secretaria atende de segunda a sexta, das 7h30 às 17h."


def damage_a_byte(shelf: Shelf) -> None:
    for file in shelf.files():
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 0xFF
        file.write_bytes(content)


def truncate(shelf: Shelf) -> None:
    for file in shelf.files():
        os.truncate(file, file.stat().st_size // 2)


def empty(shelf: Shelf) -> None:
    for file in shelf.files():
        file.write_bytes(b"")


def remove(shelf: Shelf) -> None:
    for file in shelf.files():
        file.unlink()


def swap(shelf: Shelf) -> None:
    first, second = shelf.files()
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)


def claim_many(shelf: Shelf) -> None:
    """Headers that speak of 2**40 vectors, as FAISS would read them."""
    for file in shelf.files():
        content = bytearray(file.read_bytes())
        assert content[:4] == b"IxMp"
        content[8:16] = (2**40).to_bytes(8, "little")
        file.write_bytes(content)


def plant_a_pickle(shelf: Shelf) -> None:
    bomb = pickle.dumps(Bomb(shelf.data / "executed"))
    for file in shelf.files():
        file.write_bytes(bomb)
        file.with_suffix(".pkl").write_bytes(bomb)


@pytest.mark.guarantee("REL-06")
@pytest.mark.guarantee("SEC-42")
@pytest.mark.parametrize(
    "harm", [damage_a_byte, truncate, empty, remove, swap, claim_many, plant_a_pickle]
)
def test_a_vector_file_that_was_harmed_is_made_again_and_gives_no_wrong_answer(
    shelf: Shelf, harm: Callable[[Shelf], None]
) -> None:
    shelf.put("regimento", FINE, collection="Alunos")
    shelf.put("horario", DESK, collection="Diretoria")
    before = [shelf.search("multa dia", name) for name in ("Alunos", "Diretoria")]
    harm(shelf)

    again = shelf.reopened()
    after = [again.search("multa dia", name) for name in ("Alunos", "Diretoria")]

    assert [one.passages for one in after] == [one.passages for one in before]
    assert after[0].passages[0].found_by == ("keywords", "meaning")
    assert not (shelf.data / "executed").exists()
    names = {f"{name}.faiss" for name in again.chunks.segment_names()}
    assert names <= {file.name for file in again.files()}


@pytest.mark.guarantee("REL-06")
def test_a_large_file_that_was_harmed_waits_for_the_worker(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("regimento", FINE)
    damage_a_byte(shelf)
    monkeypatch.setattr(finding, "_REBUILD_HERE", 0)
    again = shelf.reopened()

    first = again.search("multa")
    again.finder.refresh(again.collection())
    then = again.search("multa")

    assert first.passages[0].found_by == ("keywords",)
    assert then.passages[0].found_by == ("keywords", "meaning")


@pytest.mark.guarantee("REL-06")
@pytest.mark.parametrize("harm", [damage_a_byte, truncate, remove])
def test_fifty_questions_find_the_same_ten_as_before_the_harm(
    shelf: Shelf, harm: Callable[[Shelf], None]
) -> None:
    for number in range(50):
        text = f"A sala {number} abre às {number % 12} horas e fecha com a chave {number * 7}."
        shelf.put(f"sala-{number}", text)
    questions = [f"Que chave fecha a sala {number}?" for number in range(50)]
    before = [shelf.search(question, limit=10).passages for question in questions]
    harm(shelf)

    again = shelf.reopened()

    assert [again.search(question, limit=10).passages for question in questions] == before
    assert {len(found) for found in before} == {10}
