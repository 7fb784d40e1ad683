"""What the embedder calculates in: bf16 only where it is native, the same, and faster."""

import pytest

from appliance.errors import sentence
from appliance.index import keywords
from appliance.models.arithmetic import LEAST_COSINE, TEXTS, Trial, chosen
from appliance.records import LANGUAGES

GOOD = Trial(cosine=0.9999, fp32_seconds=0.2, bf16_seconds=0.1)


def trial(**fields: float) -> Trial:
    values = {"cosine": 0.9999, "fp32_seconds": 0.2, "bf16_seconds": 0.1}
    return Trial(**(values | fields))


def test_bf16_that_is_native_the_same_and_faster_is_chosen() -> None:
    choice = chosen(GOOD)

    assert (choice.numbers, choice.because.code) == ("bf16", "bf16_chosen")
    assert choice.because.facts == {"cosine": "0.99990", "gain": "2.0"}


@pytest.mark.parametrize(
    ("tried", "code"),
    [
        (None, "bf16_not_native"),
        (trial(cosine=LEAST_COSINE - 0.0001), "bf16_differs"),
        (trial(cosine=float("nan")), "bf16_differs"),
        (trial(bf16_seconds=0.19), "bf16_no_gain"),
        (trial(bf16_seconds=0.4), "bf16_no_gain"),
    ],
    ids=["not native", "other results", "no numbers at all", "hardly faster", "slower"],
)
def test_whatever_speaks_against_bf16_is_said(tried: Trial | None, code: str) -> None:
    choice = chosen(tried)

    assert (choice.numbers, choice.because.code) == ("fp32", code)
    for language in LANGUAGES:
        assert "…" not in sentence(choice.because.code, choice.because.facts, language)


def test_both_are_tried_on_one_batch_of_windows_in_three_languages() -> None:
    long = [text for text in TEXTS if len(text.split()) > 40]

    assert len(TEXTS) == 8
    assert len(long) == 7
    assert {keywords.detect(text) for text in long} == set(LANGUAGES)
