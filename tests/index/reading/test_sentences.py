"""Every refusal of the readers has a sentence in the three languages, with the same facts."""

import re
from pathlib import Path

import pytest

from appliance.errors import sentence, sentences
from appliance.records import LANGUAGES, Language

READING = Path(__file__).parents[3] / "appliance" / "index" / "reading"
FACTS = {
    "name": "a.pdf",
    "type": "XLS",
    "claimed": "PDF",
    "found": "EXE",
    "pages": 3,
    "page": 9,
    "limit": 10,
    "reason": "DOCTYPE",
    "seconds": 120,
    "width": 20_000,
    "height": 20_000,
}


def codes() -> set[str]:
    source = "\n".join(file.read_text("utf-8") for file in READING.glob("*.py"))
    raised = re.findall(r"(?:Unreadable|UnsupportedType|NotFound)\(\s*\"(\w+)\"", source)
    named = re.findall(r"(?:return|code=) ?\"(too_slow|too_big_in_memory|reader_crashed)\"", source)
    return {*raised, *named, "garbled", "no_text", "no_ocr", "ocr_failed", "poor_scan"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_sentence(language: Language) -> None:
    assert codes() - sentences(language).keys() == set()


@pytest.mark.parametrize("code", sorted(codes()))
def test_the_languages_use_the_same_facts_and_leave_no_hole(code: str) -> None:
    used = [set(re.findall(r"{(\w+)}", sentences(language)[code])) for language in LANGUAGES]

    assert used[0] == used[1] == used[2]
    assert "name" in used[0]
    for language in LANGUAGES:
        assert "…" not in sentence(code, FACTS, language)


@pytest.mark.parametrize("code", sorted(codes()))
def test_a_sentence_says_what_happened_and_then_what_to_do(code: str) -> None:
    for language in LANGUAGES:
        said = sentence(code, FACTS, language)

        assert re.search(r"[.;] \S", said), said
        assert said.endswith(".")
