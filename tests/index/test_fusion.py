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

WORDS, COVERAGE, NAMES, BIGRAMS, GRAMS, SENTENCE, WORDING, MEANING, BREVITY = range(len(SIGNALS))


def candidate(
    text: str, *, heading: str = "", meaning: float | None = None, language: Language = "pt"
) -> Candidate:
    return Candidate(
        language=language,
        heading_terms=keywords.terms(heading, language),
        terms=keywords.prepare(text, language),
        words=keywords.folded_lines(heading, text),
        meaning=meaning,
    )


def row(**signals: float) -> list[float]:
    """A row of features: what is not named is 0."""
    return [signals.get(name, 0.0) for name in SIGNALS]


NOTHING = dict.fromkeys(SIGNALS, 0.0)


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


def test_the_titles_words_are_no_sentence_of_the_text() -> None:
    question = Question("biblioteca", "pt")
    rows = [candidate("Abre às oito.", heading="Biblioteca"), candidate("A biblioteca abre.")]

    found = signals(question, rows, {"bibliotec": 2}, 10)

    assert found.features[0, GRAMS] > 0
    assert found.features[0, SENTENCE] == 0
    assert found.features[1, SENTENCE] > 0


def test_words_stored_on_one_line_by_an_older_version_are_one_sentence() -> None:
    question = Question("biblioteca", "pt")
    old = Candidate(
        language="pt",
        heading_terms="",
        terms="bibliotec",
        words=keywords.folded("Regimento A biblioteca abre."),
        meaning=None,
    )

    assert signals(question, [old], {"bibliotec": 1}, 10).features[0, SENTENCE] > 0


def test_the_order_of_the_questions_words_counts_across_words() -> None:
    question = Question("prazo de entrega", "pt")
    rows = [candidate("O prazo de entrega."), candidate("A entrega de prazo.")]

    found = signals(question, rows, {"praz": 2, "entreg": 2}, 10)

    assert found.features[0, WORDING] > found.features[1, WORDING]


def test_function_words_count_a_little_and_are_no_coverage() -> None:
    question = Question("quem paga", "pt")
    rows = [candidate("quem paga"), candidate("isso paga")]

    found = signals(question, rows, {"pag": 2, "quem": 5}, 10)

    assert found.features[0, WORDS] > found.features[1, WORDS]
    assert found.features[:, COVERAGE].tolist() == [1.0, 1.0]


def test_a_word_that_occurs_nowhere_is_left_out_of_the_ranking_but_not_of_the_evidence() -> None:
    question = Question("multa xilofone", "pt")

    found = signals(question, [candidate("A multa.")], {"mult": 3}, 10)

    assert found.features[0, COVERAGE] == 1.0
    assert found.coverage[0] < 0.5


def test_names_and_numbers_of_the_question_count_for_themselves() -> None:
    question = Question("Quando Helena assumiu em 2024?", "pt")
    rows = [
        candidate("Helena assumiu em 2024."),
        candidate("Helena assumiu."),
        candidate("Quando?"),
    ]

    found = signals(question, rows, {}, 10)

    assert found.features[:, NAMES].tolist() == [1.0, 0.5, 0.0]


def test_of_two_texts_that_hold_the_same_the_shorter_says_it_more_plainly() -> None:
    question = Question("multa", "pt")
    rows = [candidate("multa"), candidate("multa " + "outra coisa qualquer " * 50)]

    short, long = signals(question, rows, {"mult": 2}, 10).features[:, BREVITY]

    assert 1.0 >= short > 0.5 > long >= 0.0


def test_what_is_typed_exactly_is_told_from_its_look_alike() -> None:
    question = Question("processo 0001234-56.2020.8.26.0100", "pt")
    rows = [
        candidate("O processo 0001234-57.2020.8.26.0100 foi arquivado."),
        candidate("Autos 0001234-56.2020.8.26.0100."),
    ]

    found = signals(question, rows, dict.fromkeys(question.exact, 1), 10)

    assert found.exact.tolist() == [0, 1]


def test_what_a_chunk_is_stands_above_what_it_mentions() -> None:
    question = Question("art. 27 da Lei 8.069", "pt")
    rows = [
        candidate("Conforme o art. 27 da Lei 8.069, cabe recurso."),
        candidate("O reconhecimento é direito.", heading="Lei 8.069 art. 27"),
        candidate("O art. 28 da Lei 8.069 trata da guarda."),
    ]

    found = signals(question, rows, dict.fromkeys(question.exact, 1), 10)

    assert found.exact.tolist() == [1, 2, 0]


def test_parts_of_a_reference_that_occur_nowhere_are_no_missing_words() -> None:
    question = Question("multa do art. 5º", "pt")

    known = {"mult": 1, "art": 1, "5": 1}
    found = signals(question, [candidate("Multa: art. 5.")], known, 10)

    assert found.coverage.tolist() == pytest.approx([1.0])


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

    assert found.features[0, :MEANING].tolist() == [0.0] * MEANING
    assert found.features[0, MEANING] == 0.4
    assert found.ideal == 0.0


def test_fusing_divides_by_the_best_what_has_no_scale_of_its_own() -> None:
    features = np.array(
        [row(words=10, grams=2, coverage=0.5, meaning=0.5), row(words=5, grams=4, coverage=1.0)]
    )
    weights = Weights(**NOTHING | {"words": 1, "grams": 1, "coverage": 1, "meaning": 2})

    first, second = fuse(features, weights)

    assert first == pytest.approx((1 + 0.5 + 0.5 + 1.0) / 5)
    assert second == pytest.approx((0.5 + 1 + 1) / 5)


def test_a_cosine_below_zero_takes_nothing_away() -> None:
    features = np.array([row(words=1, meaning=-0.9)])

    assert fuse(features, Weights(**NOTHING | {"words": 1, "meaning": 1}))[0] == pytest.approx(0.5)


def test_what_is_best_in_everything_scores_one() -> None:
    features = np.array([[1.0] * len(SIGNALS), [0.1] * len(SIGNALS)])

    assert fuse(features, Weights())[0] == pytest.approx(1.0)


def test_the_weights_decide_which_engine_leads() -> None:
    features = np.array([row(words=10, meaning=0.1), row(words=1, meaning=0.9)])

    by_words = fuse(features, Weights(meaning=0.0))
    by_meaning = fuse(features, Weights(words=0.1, meaning=5.0))

    assert by_words.argmax() == 0
    assert by_meaning.argmax() == 1


SHARES = st.floats(0, 1)
BM25 = st.floats(0, 1e6)


@given(
    st.lists(
        st.tuples(BM25, SHARES, SHARES, BM25, BM25, BM25, BM25, st.floats(-1, 1), SHARES),
        min_size=1,
        max_size=6,
    )
)
def test_a_fused_score_lies_between_zero_and_one(rows: list[tuple[float, ...]]) -> None:
    scores = fuse(np.array(rows), Weights())

    assert ((scores >= 0) & (scores <= 1 + 1e-9)).all()


def test_fusion_leaves_the_features_as_they_were() -> None:
    features = np.array([[2.0] * len(SIGNALS)])

    fusion.fuse(features, Weights())

    assert features.tolist() == [[2.0] * len(SIGNALS)]
