"""Fusion: each signal against values computed by hand, and one order out of them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.index import fusion, keywords
from appliance.index.fusion import K1, SIGNALS, B, Candidate, Weights, fuse, idf, signals
from appliance.index.keywords import Question
from appliance.records import Language

WORDS, GRAMS, BIGRAMS, SENTENCE, MEANING = range(len(SIGNALS))


def candidate(
    text: str, *, heading: str = "", meaning: float | None = None, language: Language = "pt"
) -> Candidate:
    return Candidate(
        language=language,
        heading_terms=keywords.terms(heading, language),
        terms=keywords.prepare(text, language),
        words=keywords.folded(text),
        meaning=meaning,
    )


def test_idf_is_lucenes_and_never_negative() -> None:
    assert idf(1, 10) == pytest.approx(math.log(1 + 9.5 / 1.5))
    assert idf(0, 0) == pytest.approx(math.log(2))
    assert idf(10, 10) > 0
    assert idf(12, 10) > 0  # chunks were deleted, and the count of all is an estimate
    assert idf(1, 100) > idf(50, 100)


def test_the_score_of_a_lone_word_is_bm25() -> None:
    question = Question("multa", "pt")

    found = signals(question, [candidate("multa")], {"mult": 1}, 10)

    # Once in a chunk of the usual length: k1 + 1 over 1 + k1.
    assert found.features[0, WORDS] == pytest.approx(idf(1, 10) * (K1 + 1) / (1 + K1))
    assert found.ideal == pytest.approx(idf(1, 10) * (K1 + 1))


def test_the_same_word_again_counts_less_each_time() -> None:
    question = Question("multa", "pt")
    rows = [candidate("multa " * times) for times in (1, 2, 3)]

    score = [signals(question, [one], {"mult": 1}, 10).features[0, WORDS] for one in rows]

    assert score[0] < score[1] < score[2]
    assert score[2] - score[1] < score[1] - score[0]


def test_a_longer_text_scores_a_little_less_for_the_same_word() -> None:
    question = Question("multa", "pt")
    rows = [candidate("multa"), candidate("multa " + "outra coisa qualquer " * 5)]

    short, long = signals(question, rows, {"mult": 2}, 10).features[:, WORDS]

    assert short > long > short * (1 - B)


def test_a_word_of_the_heading_counts_for_the_chunk_but_not_for_its_sentences() -> None:
    question = Question("biblioteca multa", "pt")
    rows = [candidate("A multa é diária.", heading="Da biblioteca")]

    found = signals(question, rows, {"mult": 1, "bibliotec": 1}, 10)

    assert found.coverage[0] == pytest.approx(1.0)
    assert found.sentence_coverage[0] == pytest.approx(0.5)


def test_one_sentence_with_both_words_beats_two_with_one_each() -> None:
    question = Question("multa biblioteca", "pt")
    together = candidate("A multa da biblioteca. Outra coisa consta aqui.")
    apart = candidate("A multa consta aqui. Outra coisa da biblioteca.")

    found = signals(question, [together, apart], {"mult": 2, "bibliotec": 2}, 10)

    assert found.features[0, SENTENCE] > found.features[1, SENTENCE]
    assert found.features[0, WORDS] == pytest.approx(found.features[1, WORDS], rel=0.05)
    assert found.sentence_coverage.tolist() == pytest.approx([1.0, 0.5])


def test_coverage_weighs_words_by_how_rare_they_are() -> None:
    question = Question("telescópio aluno", "pt")
    rows = [candidate("telescópio"), candidate("aluno")]

    rare, common = signals(question, rows, {"telescopi": 1, "alun": 90}, 100).coverage

    assert rare > 0.9
    assert common < 0.1
    assert rare + common == pytest.approx(1.0)


def test_four_letters_in_a_row_find_a_word_with_a_slip() -> None:
    question = Question("bibliotca", "pt")
    rows = [candidate("A biblioteca abre."), candidate("A cantina fecha.")]

    found = signals(question, rows, {}, 10)

    assert found.features[:, WORDS].tolist() == [0.0, 0.0]
    assert found.features[0, GRAMS] > 0
    assert found.features[1, GRAMS] == 0


def test_neighbouring_words_count_as_pairs() -> None:
    question = Question("segunda chamada", "pt")
    rows = [candidate("A segunda chamada."), candidate("A chamada de segunda.")]

    found = signals(question, rows, {}, 10)

    assert found.features[0, BIGRAMS] > 0
    assert found.features[1, BIGRAMS] == 0


def test_each_text_is_compared_in_its_own_language() -> None:
    question = Question("contracts", "en")
    rows = [candidate("The contract ends.", language="en"), candidate("contratos", language="pt")]

    found = signals(question, rows, {"contract": 1}, 10)

    assert found.features[0, WORDS] > 0
    assert found.features[1, WORDS] == 0


def test_a_candidate_without_a_vector_has_no_meaning() -> None:
    question = Question("multa", "pt")
    rows = [candidate("multa", meaning=0.7), candidate("multa", meaning=None)]

    assert signals(question, rows, {}, 10).features[:, MEANING].tolist() == [0.7, 0.0]


def test_no_candidates_give_nothing() -> None:
    found = signals(Question("multa", "pt"), [], {}, 10)

    assert found.features.shape == (0, len(SIGNALS))
    assert fuse(found.features, Weights()).tolist() == []


def test_a_question_without_words_scores_nothing() -> None:
    found = signals(Question("?!", "pt"), [candidate("multa", meaning=0.4)], {}, 10)

    assert found.features[0].tolist() == [0.0, 0.0, 0.0, 0.0, 0.4]
    assert found.ideal == 0.0


def test_fusing_divides_each_keyword_signal_by_its_best() -> None:
    features = np.array([[10.0, 2.0, 0.0, 4.0, 0.5], [5.0, 4.0, 0.0, 4.0, 0.25]])
    weights = Weights(words=1, grams=1, bigrams=1, sentence=1, meaning=2)

    first, second = fuse(features, weights)

    assert first == pytest.approx((1 + 0.5 + 0 + 1 + 1.0) / 6)
    assert second == pytest.approx((0.5 + 1 + 0 + 1 + 0.5) / 6)


def test_a_cosine_below_zero_takes_nothing_away() -> None:
    features = np.array([[1.0, 1.0, 1.0, 1.0, -0.9]])

    assert fuse(features, Weights(meaning=1.0))[0] == pytest.approx(2.8 / 3.8)


def test_what_is_best_in_everything_scores_one() -> None:
    features = np.array([[3.0, 3.0, 3.0, 3.0, 1.0], [1.0, 1.0, 1.0, 1.0, 0.1]])

    assert fuse(features, Weights())[0] == pytest.approx(1.0)


def test_the_weights_decide_which_engine_leads() -> None:
    features = np.array([[10.0, 1.0, 1.0, 1.0, 0.1], [1.0, 1.0, 1.0, 1.0, 0.9]])

    by_words = fuse(features, Weights(meaning=0.0))
    by_meaning = fuse(features, Weights(words=0.1, meaning=5.0))

    assert by_words.argmax() == 0
    assert by_meaning.argmax() == 1


@given(
    st.lists(
        st.lists(st.floats(0, 1e6), min_size=4, max_size=4).flatmap(
            lambda row: st.floats(-1, 1).map(lambda cosine: [*row, cosine])
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_fused_score_lies_between_zero_and_one(rows: list[list[float]]) -> None:
    scores = fuse(np.array(rows), Weights())

    assert ((scores >= 0) & (scores <= 1 + 1e-9)).all()


def test_fusion_leaves_the_features_as_they_were() -> None:
    features = np.array([[2.0, 2.0, 2.0, 2.0, 0.5]])

    fusion.fuse(features, Weights())

    assert features.tolist() == [[2.0, 2.0, 2.0, 2.0, 0.5]]
