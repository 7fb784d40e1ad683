"""Metrics: against values computed by hand."""

import math

import pytest

from appliance.index import metrics

A, B = frozenset({"a"}), frozenset({"a", "b"})


def test_the_figures_of_two_questions_are_their_means() -> None:
    figures = metrics.measured(
        rankings=[["a", "x"], ["x", "y", "a"]],
        relevant=[A, A],
        answered=[True, False],
        quoted={2: [False, False], 3: [True, False]},
        milliseconds=[10.0, 30.0],
    )

    assert figures == {
        "recall@1": 0.5,
        "recall@5": 1.0,
        "recall@10": 1.0,
        "hit@1": 0.5,
        "hit@5": 1.0,
        "hit@10": 1.0,
        "mrr@10": 0.6667,  # (1 + 1/3) / 2
        "ndcg@10": 0.75,  # (1 + 1/log2(4)) / 2
        "answer@2000": 0.5,
        "quote@2": 0.0,
        "quote@3": 0.5,
        "p50_ms": 10.0,
        "p95_ms": 30.0,
    }


def test_recall_is_a_share_where_several_passages_are_right_and_hit_is_not() -> None:
    figures = metrics.measured([["b", "x"]], [B], [None], {}, [1.0])

    assert (figures["recall@1"], figures["hit@1"]) == (0.5, 1.0)
    assert figures["recall@10"] == 0.5


def test_no_questions_give_zeros() -> None:
    assert set(metrics.measured([], [], [], {2: []}, []).values()) == {0.0}


def test_questions_without_a_gold_answer_do_not_count_for_answers() -> None:
    figures = metrics.measured(
        [["a"]] * 3, [A] * 3, [True, None, None], {2: [None, True, None]}, [1.0] * 3
    )

    assert figures["answer@2000"] == figures["quote@2"] == 1.0


@pytest.mark.parametrize(
    ("found", "rank"),
    [(["a"], 1.0), (["x", "a"], 0.5), (["x"] * 9 + ["a"], 0.1), (["x"] * 10 + ["a"], 0.0), ([], 0)],
)
def test_the_reciprocal_rank_ends_at_the_tenth_place(found: list[str], rank: float) -> None:
    assert metrics.reciprocal_rank(found, A) == pytest.approx(rank)


@pytest.mark.parametrize(
    ("found", "gold", "gain"),
    [
        (["a", "b"], B, 1.0),
        (["x", "a"], A, 1 / math.log2(3)),
        (["a", "x", "b"], B, (1 + 1 / 2) / (1 + 1 / math.log2(3))),
        (["x"], A, 0.0),
        (["a"], frozenset(), 0.0),
    ],
)
def test_the_discounted_gain_is_a_share_of_the_ideal_order(
    found: list[str], gold: frozenset[str], gain: float
) -> None:
    assert metrics.discounted_gain(found, gold) == pytest.approx(gain)


@pytest.mark.parametrize(
    ("values", "share", "value"),
    [([3, 1, 2], 0.5, 2), ([3, 1, 2], 0.95, 3), ([1, 2], 0.5, 1), ([7], 0.95, 7), ([], 0.5, 0)],
)
def test_a_percentile_is_one_of_the_values(values: list[float], share: float, value: float) -> None:
    assert metrics.percentile(values, share) == value


@pytest.mark.parametrize(
    ("yes", "no", "chance"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1, 0.2], [0.9, 0.8], 0.0),
        ([0.9, 0.3], [0.5, 0.1], 0.75),  # three of four pairs the right way round
        ([0.5, 0.9], [0.5], 0.75),  # a tie is half a pair
        ([0.0] * 3, [0.0] * 5, 0.5),
        ([0.7], [], 0.0),
        ([], [0.7], 0.0),
    ],
)
def test_the_area_under_the_curve_is_the_share_of_pairs_in_the_right_order(
    yes: list[float], no: list[float], chance: float
) -> None:
    assert metrics.auroc(yes, no) == chance


def test_an_answer_is_compared_without_capitals_and_line_breaks() -> None:
    assert metrics.holds(["A multa é de\n R$  1,50."], ["r$ 1,50"])


def test_an_answer_beyond_the_budget_does_not_count() -> None:
    passages = ["x" * 1_990, "a resposta"]

    assert metrics.holds(passages, ["a resposta"]) is False
    assert metrics.holds(passages, ["a resposta"], most=3_000) is True
    assert metrics.holds(passages, ["a resposta"], most=None) is True


def test_any_of_the_gold_answers_will_do() -> None:
    assert metrics.holds(["trinta dias"], ["30 dias", "trinta dias"])


def test_a_question_without_gold_answers_is_neither_right_nor_wrong() -> None:
    assert metrics.holds(["text"], []) is None
