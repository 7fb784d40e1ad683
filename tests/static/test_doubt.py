"""Why a sentence was not confirmed is said in words, also for a reason that is new here."""

import json

import pytest

from tests.static.browserless import STATIC, node_needed, run

pytestmark = node_needed


def doubt(reason: str | None, language: str = "pt") -> str:
    sentence = {"text": "Oi.", "start": 0, "end": 3, "supported": False, "citations": []}
    if reason != "absent":
        sentence["reason"] = reason
    return str(
        run(f"""
      globalThis.document = {{ documentElement: {{}} }};
      const {{ speak }} = await import("{STATIC}/shared/words.js");
      const {{ doubt }} = await import("{STATIC}/shared/doubt.js");
      await speak("{language}");
      give(doubt({json.dumps(sentence)}));
    """)
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("pt", "não confirmado nos documentos: o número desta frase "
               "não está no trecho mais próximo"),
        ("en", "not confirmed in the documents: the number in this sentence "
               "is not in the nearest passage"),
        ("es", "no confirmado en los documentos: el número de esta frase "
               "no está en el pasaje más cercano"),
    ],
)  # fmt: skip
def test_the_reason_is_said_in_the_readers_language(language: str, said: str):
    assert doubt("number", language) == said


def test_each_reason_has_words_of_its_own():
    reasons = ("number", "date", "name", "negation", "unit", "words")

    assert len({doubt(reason) for reason in reasons}) == len(reasons)


@pytest.mark.parametrize("reason", [None, "absent", "weather"])
def test_without_a_known_reason_the_doubt_alone_is_said(reason: str | None):
    assert doubt(reason) == "não confirmado nos documentos"
