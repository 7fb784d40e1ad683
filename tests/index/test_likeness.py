"""Documents that are alike are told by their texts and by their names."""

import random

import pytest

from appliance.index.likeness import PERMUTATIONS, SHINGLE, same_name, signature, similarities

WORDS = [f"palavra{n}" for n in range(4000)]


def text(words: list[str]) -> str:
    return " ".join(words)


def jaccard(one: list[str], other: list[str]) -> float:
    """The similarity that the signature estimates, counted."""
    mine, theirs = (
        {tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
        for words in (one, other)
    )
    return len(mine & theirs) / len(mine | theirs)


def likeness(one: str, other: str) -> float:
    mine, theirs = signature(one), signature(other)
    assert mine
    assert theirs
    return similarities(mine, [theirs])[0]


@pytest.mark.parametrize("changed", [0, 10, 60, 200, 600])
def test_the_estimate_is_near_the_similarity_that_can_be_counted(changed: int) -> None:
    draw = random.Random(changed)
    one = draw.choices(WORDS, k=2000)
    other = list(one)
    for at in draw.sample(range(len(other)), changed):
        other[at] = draw.choice(WORDS)

    # Four standard errors of the estimate.
    assert abs(likeness(text(one), text(other)) - jaccard(one, other)) < 4 * 0.045


def test_accents_case_and_line_ends_make_no_difference() -> None:
    words = [f"Ação número {n} da Secretaria" for n in range(30)]

    assert likeness(" ".join(words), "\n".join(words).upper().replace("Ç", "C")) == 1.0


def test_texts_about_other_things_are_not_alike() -> None:
    draw = random.Random(1)
    one, other = (text(draw.choices(WORDS, k=500)) for _ in range(2))

    assert likeness(one, other) < 0.05


def test_a_signature_takes_512_bytes_however_long_the_text() -> None:
    draw = random.Random(2)

    for size in (50, 30_000):
        made = signature(text(draw.choices(WORDS, k=size)))
        assert made is not None
        assert len(made) == 4 * PERMUTATIONS == 512


def test_a_signature_is_the_same_in_every_run() -> None:
    made = signature(text(WORDS[:100]))

    # Signatures are kept: one that changes here needs a new schema file that forgets them.
    assert made is not None
    assert made[:12].hex() == "fba4d80199a8e3011c65f304"


def test_a_short_text_is_not_compared() -> None:
    assert signature("Aviso: a escola fecha na sexta-feira.") is None
    assert signature("") is None


def test_one_is_compared_with_many_at_once() -> None:
    texts = [signature(text(WORDS[at : at + 300])) for at in (0, 150, 1000)]
    first = texts[0]
    assert first

    same, half, none = similarities(first, [one for one in texts if one])

    assert same == 1.0
    assert 0.2 < half < 0.5
    assert none < 0.05
    assert similarities(first, []) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Regimento interno 2024", "Regimento interno - 2025 FINAL", True),
        ("edital_v2.docx", "Edital.pdf", True),
        ("regime de exercícios domicilares", "EXERCICIOS DOMICILIARES", True),
        ("Ata da reunião de março", "Ata da reunião de abril", True),
        ("Contrato João Silva", "Contrato Maria Souza", False),
        ("Tabela de preços", "Tabela de horários", False),
        ("2024.pdf", "2025.pdf", False),
        ("", "", False),
    ],
)
def test_names_of_versions_differ_in_numbers_months_and_words_of_versions(
    one: str, other: str, same: bool
) -> None:
    assert same_name(one, other) is same
