"""The benchmark of OCR counts what is wrong, and nothing else."""

import json
from pathlib import Path

import pytest

from benchmarks import ocr


@pytest.mark.parametrize(
    ("drawn", "got", "wrong"),
    [
        ("matrícula", "matrícula", 0),
        ("matrícula", "matricula", 1),
        ("matrícula", "matícula", 1),
        ("matrícula", "ma trícula", 1),
        ("ação", "", 4),
        ("", "ação", 4),
        ("casa", "saca", 2),
    ],
)
def test_characters_are_wrong_missing_or_added(drawn: str, got: str, wrong: int) -> None:
    assert ocr.distance(drawn, got) == wrong


def test_spaces_line_ends_and_the_taste_in_dashes_do_not_count() -> None:
    assert ocr.plain("Art. 1º –\n\n“caput”") == 'Art. 1º - "caput"'


def test_what_is_missing_is_counted_once_for_each_time_it_was_drawn() -> None:
    pairs = [("é ação", "é acao"), ("são", "são")]

    assert ocr._missed(pairs, r"[À-ÿ]") == pytest.approx(2 / 4)
    assert ocr._missed(pairs, r"\w+") == pytest.approx(1 / 3)
    assert ocr._missed([], r"\w+") == 0


def test_a_scan_shows_the_passages_in_their_order_as_far_as_they_fit() -> None:
    passages = [f"Passagem {number} {'palavra ' * 60}".strip() for number in range(40)]

    one = ocr.scanned(passages, 38, "Times-Roman", 50, 1.0)

    assert one.picture.size == (414, 585)
    assert one.text.startswith("Passagem 38 ")
    assert "Passagem 0 " in one.text
    assert "Passagem 37 " not in one.text


def test_passages_that_no_face_can_write_are_left_out(tmp_path: Path) -> None:
    texts = ["curto", "ação " * 30, "≤ " * 60]
    lines = [json.dumps({"text": text}) for text in texts]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines), "utf-8")

    assert ocr.texts(tmp_path) == [("ação " * 30).strip()]
