"""Sentences: where they end in Portuguese, English and Spanish."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.index.sentences import sentences, windows


def texts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def test_a_full_stop_before_a_capital_ends_a_sentence() -> None:
    assert texts("O prazo é curto. A multa é alta.") == ["O prazo é curto.", "A multa é alta."]


@pytest.mark.parametrize(
    "text",
    [
        "Conforme o Art. 5º da lei, o prazo conta em dobro.",
        "O Sr. Silva e a Dra. Souza assinam o termo.",
        "O valor de R$ 1.234,56 vence em 31.12.2025 sem juros.",
        "Use meios próprios, p. ex. Correios, para a entrega.",
        "O processo nº 5 e o proc. n. 7 seguem juntos.",
        "A versão 2.0 do plano vale desde já.",
        "Mr. Jones and Dr. Smith agreed on the terms.",
        "La Sra. Díaz firma en la pág. 3 del contrato.",
    ],
)
def test_an_abbreviation_a_number_or_a_date_ends_none(text: str) -> None:
    assert texts(text) == [text]


def test_a_year_may_end_a_sentence() -> None:
    assert texts("A lei é de 2024. Ela vale já.") == ["A lei é de 2024.", "Ela vale já."]


def test_questions_and_exclamations_end_sentences_in_spanish_too() -> None:
    assert texts("¿Cuándo vence? ¡Mañana! Traiga todo.") == [
        "¿Cuándo vence?",
        "¡Mañana!",
        "Traiga todo.",
    ]


def test_each_item_of_a_list_is_a_sentence() -> None:
    text = (
        "São deveres:\nI - zelar pelo bem;\nII - cumprir prazos; e\na) avisar a chefia\n• sair cedo"
    )

    assert texts(text) == [
        "São deveres:",
        "I - zelar pelo bem;",
        "II - cumprir prazos; e",
        "a) avisar a chefia",
        "• sair cedo",
    ]


def test_each_row_of_a_table_is_a_sentence() -> None:
    assert texts("Cargo\tValor\nAnalista\tR$ 10,00\nGerente | R$ 20,00") == [
        "Cargo\tValor",
        "Analista\tR$ 10,00",
        "Gerente | R$ 20,00",
    ]


def test_a_line_broken_by_the_margin_goes_on() -> None:
    text = "Uma linha que foi quebrada pela margem da página e que continua\nna linha de baixo."

    assert texts(text) == [text]


def test_a_blank_line_ends_a_sentence_without_a_full_stop() -> None:
    assert texts("Das férias\n\nSão trinta dias.") == ["Das férias", "São trinta dias."]


def test_nothing_has_no_sentences() -> None:
    assert sentences("") == []
    assert sentences(" \n\n\t ") == []


@given(st.text(alphabet="aA1.;:!? \n\t-º§§RÉé()\f", max_size=300))
def test_no_visible_character_is_lost_and_no_two_sentences_overlap(text: str) -> None:
    spans = sentences(text)

    kept = "".join(text[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(text.split())
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)


@pytest.mark.parametrize("hostile", [".", "a. ", "(((((", "1.1.", "\n", '"."', "- "])
def test_a_hostile_text_takes_no_longer_than_its_length(hostile: str) -> None:
    began = time.process_time()

    sentences(hostile * (60_000 // len(hostile)))

    assert time.process_time() - began < 2.0


def test_windows_are_whole_sentences_of_about_fifty_words() -> None:
    text = " ".join("A frase tem exatamente sete palavras hoje." for _ in range(30))

    found = windows(text)

    assert [text[start:end].count(" ") + 1 for start, end in found] == [49] * 4 + [14]


def test_a_sentence_longer_than_a_window_stays_whole() -> None:
    text = "palavra " * 120 + "fim."

    assert windows(text) == [(0, len(text))]


def test_windows_grow_rather_than_be_too_many() -> None:
    text = "\n\n".join("Uma linha de cinco palavras." for _ in range(1000))

    assert len(windows(text, most=16)) <= 16
