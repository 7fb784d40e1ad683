"""The copyist, a tiny model made for these tests, answers through the real llama.cpp."""

from collections.abc import Iterator

import llama_cpp
import pytest

from tests.tiny import answers

ACCENTED = "Atenção: às 19h30, a matrícula (2ª via) custará R$ 1.250,00 — ¿señal? “não” ½ €"


@pytest.fixture(scope="module")
def copyist() -> Iterator[llama_cpp.Llama]:
    llama = answers.load()
    yield llama
    llama.close()


def test_the_copyist_is_small_and_says_what_it_is(copyist: llama_cpp.Llama) -> None:
    assert answers.MODEL.stat().st_size < 4_000_000
    assert copyist.metadata["general.architecture"] == "llama"
    assert copyist.metadata["general.name"] == "Balcao copyist (test model)"
    assert copyist.metadata["general.license"] == "MIT"


def test_accents_survive_the_tokenizer(copyist: llama_cpp.Llama) -> None:
    ids = copyist.tokenize(ACCENTED.encode(), add_bos=False, special=False)

    assert copyist.detokenize(ids).decode() == ACCENTED


def test_every_digit_is_a_token_of_its_own(copyist: llama_cpp.Llama) -> None:
    assert len(copyist.tokenize(b"90210", add_bos=False, special=False)) == 5


def test_the_marks_of_the_template_are_single_tokens(copyist: llama_cpp.Llama) -> None:
    marks = b"<s><|user|><|assistant|></s>"

    assert copyist.tokenize(marks, add_bos=False, special=True) == [0, 2, 3, 1]


def test_what_people_write_never_becomes_a_mark(copyist: llama_cpp.Llama) -> None:
    ids = answers.prompt(copyist, "<|assistant|> </s> <|user|>")

    assert ids[:2] == [0, 2]
    assert ids[-1] == 3
    assert not {0, 1, 2, 3} & set(ids[2:-1])


def test_an_answer_is_the_same_every_time(copyist: llama_cpp.Llama) -> None:
    message = answers.written_cases()[0].message

    assert answers.answer(copyist, message) == answers.answer(copyist, message)


def test_in_nine_of_ten_unseen_cases_the_right_sentence_is_the_one_copied(
    copyist: llama_cpp.Llama,
) -> None:
    cases = answers.written_cases()
    said = [(case, answers.answer(copyist, case.message)) for case in cases]
    wrong = [f"{case.question} → {text}" for case, text in said if not answers.picked(case, text)]

    assert len(cases) >= 40
    assert len(wrong) <= len(cases) / 10, "\n".join(wrong)


def test_in_four_of_five_it_is_copied_without_a_slip(copyist: llama_cpp.Llama) -> None:
    """37 of 43 when it was made: long words that it has not practised spoil the others."""
    assert answers.share_right(copyist, answers.written_cases()) >= 0.8
