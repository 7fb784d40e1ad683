"""Words cut at a line's end are whole again, and keep the hyphens that are theirs."""

import pytest

from appliance.index.reading import hyphens
from appliance.index.reading.hyphens import Words

NONE = Words()


def joined(head: str, tail: str, words: Words = NONE) -> str:
    return head + ("-" if hyphens.keeps(head, tail, words) else "") + tail


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        ("aprovado pela insti", "tuição"),
        ("de cada clas", "se"),
        ("vai à esco", "la"),
        ("os dados relati", "vos"),
        ("todos os alu", "nos"),
        ("a outra par", "te"),
        ("em deta", "lhe"),
        ("uma análi", "se"),
        ("nesta hipóte", "se"),
        ("o pró", "prio"),
        ("as necessá", "rias"),
        ("na porta", "ria"),
        ("foi inter", "rogado"),
        ("rápida", "mente"),
    ],
)
def test_a_word_cut_at_a_line_end_is_joined(head: str, tail: str) -> None:
    assert joined(head, tail) == head + tail


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        ("toda segunda", "feira"),
        ("um guarda", "chuva"),
        ("deve matricular", "se"),
        ("é preciso matriculá", "lo"),
        ("rege", "se"),
        ("aplicam", "se"),
        ("fizeram", "no"),
        ("dar-se", "á"),
        ("enviar", "lhe-emos"),
        ("o corpo técnico", "administrativo"),
        ("a pré", "escola"),
        ("o pró", "reitor"),
        ("o vice", "diretor"),
        ("um decreto", "lei"),
        ("o biênio 2025", "2026"),
        ("Mato Grosso e Rio", "Claro"),
    ],
)
def test_a_hyphen_of_the_language_stays(head: str, tail: str) -> None:
    assert joined(head, tail) == f"{head}-{tail}"


def test_the_document_itself_knows_best() -> None:
    words = Words(["O ensino on-line, e o Autoexame de matrículas."])

    assert joined("aulas on", "line", words) == "aulas on-line"
    assert joined("o auto", "exame", words) == "o autoexame"


def test_a_document_that_writes_both_leaves_it_to_the_rules() -> None:
    words = Words(["segundafeira e segunda-feira"])

    assert joined("segunda", "feira", words) == "segunda-feira"
