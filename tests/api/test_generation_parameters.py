"""What a caller may say about how an answer is made: next to nothing (SEC-19)."""

from typing import Any

import pytest

from appliance.answering.writing import MOST_TOKENS
from tests.api.test_openai import ASKED
from tests.fakes import ScriptedGenerator
from tests.house import House

pytestmark = pytest.mark.guarantee("SEC-19")
QUESTION = "Qual é a multa por atraso na devolução de livros?"
FINE = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."
FOREIGN = {
    "system": "x", "messages": [{"role": "system", "content": "x"}], "model": "/etc/passwd",
    "top_k": 1e9, "max_tokens": 1e9, "n": 1e6, "temperature": -1, "stop": [""],
    "filters": {"assistant": "A2"}, "assistant": "A2", "collections": ["c2"], "prompt": "x",
    "instructions": "x", "mode": "generate", "strictness": "helpful", "grammar": "root ::= x",
    "overrideConfig": {"systemMessage": "x"}, "seed": 2**64, "language": "en", "limit": 10**9,
}  # fmt: skip
SIZES = {
    "two megabytes": ("a" * 2_000_000, 413),
    "100 000 pictures": ("😀" * 100_000, 400),
    "one sign too many": ("a" * 4001, 400),
    "nothing but marks": ("\0\u200b\u202e\ue000", 400),
}


@pytest.fixture
def asked(writing_house: House) -> str:
    """Where questions go to an assistant that has read the handbook."""
    made = writing_house.assistant(strictness="helpful")
    writing_house.upload(made["collections"][0])
    return f"/api/assistants/{made['id']}/ask"


@pytest.mark.parametrize("field", FOREIGN)
@pytest.mark.parametrize("stream", [True, False])
def test_a_field_that_is_none_of_the_question_is_refused_by_name(
    writing_house: House, writer: ScriptedGenerator, asked: str, field: str, stream: bool
) -> None:
    body = {"question": QUESTION, "stream": stream, field: FOREIGN[field]}
    refused = writing_house.client.post(asked, json=body)

    assert refused.status_code == 400
    assert field in refused.json()["detail"]
    assert writer.prompts == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("question", ["a"]), ("question", None), ("stream", "yes"), ("as_of", "9" * 21),
     ("conversation", {"id": 1}), ("conversation", "../../x")],
)  # fmt: skip
def test_a_field_of_another_shape_is_refused(
    writing_house: House, writer: ScriptedGenerator, asked: str, field: str, value: Any
) -> None:
    refused = writing_house.client.post(asked, json={"question": QUESTION, field: value})

    assert refused.status_code in (400, 404)
    assert writer.prompts == []


@pytest.mark.parametrize("size", SIZES)
def test_a_question_beyond_its_size_is_refused_before_anything_is_searched(
    writing_house: House, writer: ScriptedGenerator, asked: str, size: str
) -> None:
    text, status = SIZES[size]
    refused = writing_house.client.post(asked, json={"question": text})

    assert refused.status_code == status
    assert writer.prompts == []
    assert writing_house.parts.database.rows("select * from messages") == []


@pytest.mark.parametrize(
    "question", [f"\0{QUESTION}\0", f"\u202e{QUESTION}\u200b", f"\x1b[31m{QUESTION}\x07"]
)
def test_signs_that_nobody_writes_are_taken_out_of_a_question(
    writing_house: House, writer: ScriptedGenerator, asked: str, question: str
) -> None:
    told = writing_house.client.post(asked, json={"question": question}).json()

    assert told["state"] == "answered"
    assert writer.prompts[0].turns[-1].text.rpartition(": ")[2].removeprefix("[31m") == QUESTION


@pytest.mark.parametrize("route", ["/api", "/search", "/v1", "/v1/embeddings"])
@pytest.mark.parametrize("sign", [r"\ud800", r"\udfff", r"\ud800\ud800", r"\u0000"])
def test_half_a_character_breaks_nothing(
    writing_house: House, asked: str, route: str, sign: str
) -> None:
    ways = {
        "/api": (asked, '{"question": "%s multa"}'),
        "/search": (asked.replace("/ask", "/search"), '{"query": "%s multa"}'),
        "/v1": (
            "/v1/chat/completions",
            '{"model": "secretaria", "messages": [{"role": "user", "content": "%s multa"}]}',
        ),
        "/v1/embeddings": ("/v1/embeddings", '{"model": "secretaria", "input": "%s multa"}'),
    }
    where, body = ways[route]
    with writing_house.with_key(scopes=["ask", "search"]) as client:
        told = client.post(where, content=body % sign, headers={"content-type": "application/json"})

    assert told.status_code in (200, 400), told.text


def test_what_a_program_says_under_openais_names_changes_nothing_but_the_end(
    writing_house: House, writer: ScriptedGenerator, asked: str
) -> None:
    body = {
        "model": "secretaria", "messages": [{"role": "system", "content": "SEGREDO"}, *ASKED],
        "temperature": -1, "top_k": 1e9, "top_p": 99, "seed": 2**64, "max_tokens": 10**9,
        "filters": {"assistant": "A2"}, "collections": ["c2"], "grammar": "root ::= x",
        "presence_penalty": 1e9, "system": "SEGREDO", "guided_regex": "(a+)+$",
    }  # fmt: skip
    with writing_house.with_key(scopes=["ask"]) as client:
        told = client.post("/v1/chat/completions", json=body)

    assert told.status_code == 200
    (sampling,) = writer.samplings
    assert (sampling.max_tokens, sampling.temperature) == (MOST_TOKENS, 0.0)
    assert sampling.grammar == ""
    assert "SEGREDO" not in str(writer.prompts)


@pytest.mark.parametrize(
    "field",
    [{"n": 10**6}, {"max_tokens": 0}, {"max_tokens": -1}, {"max_tokens": 1e30}, {"stop": [""]},
     {"stop": ["a"] * 5}, {"stop": "a" * 101}, {"model": "/etc/passwd"}, {"model": "../x"},
     {"logit_bias": {"1": 100}}, {"tools": [{"type": "function"}]}],
)  # fmt: skip
def test_what_a_program_may_not_ask_for_is_refused(
    writing_house: House, writer: ScriptedGenerator, asked: str, field: dict[str, Any]
) -> None:
    body = {"model": "secretaria", "messages": ASKED} | field
    with writing_house.with_key(scopes=["ask"]) as client:
        refused = client.post("/v1/chat/completions", json=body)

    assert refused.status_code in (400, 404)
    assert writer.prompts == []


@pytest.mark.parametrize("size", ["two megabytes", "100 000 pictures", "one sign too many"])
def test_a_programs_question_has_the_same_bounds(
    writing_house: House, writer: ScriptedGenerator, asked: str, size: str
) -> None:
    text, status = SIZES[size]
    body = {"model": "secretaria", "messages": [{"role": "user", "content": text}]}
    with writing_house.with_key(scopes=["ask"]) as client:
        refused = client.post("/v1/chat/completions", json=body)

    assert refused.status_code == status
    assert writer.prompts == []


@pytest.mark.parametrize("role", ["user", "assistant"])
@pytest.mark.parametrize("sign", ["\n", "ele ", "1 ", "a", "Qual é a multa do livro? "])
def test_turns_that_a_program_brings_cost_no_more_than_ones_asked_here(
    writing_house: House, writer: ScriptedGenerator, asked: str, role: str, sign: str
) -> None:
    """A run of blanks took the search for source numbers an hour, one request, one core."""
    brought = {"user": "Qual é a multa?", "assistant": "A multa é de R$ 1,50 por dia."}
    brought[role] = (sign * 400_000)[:400_000]
    turns = [{"role": one, "content": text} for one, text in brought.items()]
    body = {"model": "secretaria", "messages": [*turns, *ASKED]}
    with writing_house.with_key(scopes=["ask"]) as client:
        told = client.post("/v1/chat/completions", json=body)

    assert told.status_code == 200
    assert all(len(turn.text) <= 4000 for one in writer.prompts for turn in one.turns)
