"""OpenAI's own client against the appliance, unchanged and over a real connection."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import openai
import pytest

from appliance.errors import Unavailable
from appliance.models import Prompt
from tests.api.served import FINE, Served, served
from tests.fakes import WordEmbedder
from tests.whole.running import eventually

__all__ = ["served"]

QUESTION = "Qual é a multa por atraso na devolução de livros?"
ASKED = [{"role": "user", "content": QUESTION}]
PICTURE = {"type": "image_url", "image_url": {"url": "https://escola.example/a.png"}}


def slowly(prompt: Prompt) -> Iterator[str]:
    """An answer that takes a quarter of an hour."""
    for _ in range(3000):
        yield f"{FINE} "
        time.sleep(0.3)


def test_an_answer_comes_with_its_citations_and_the_tokens_it_cost(served: Served) -> None:
    served.assistant()

    told = served.client().chat.completions.create(model="secretaria", messages=ASKED)

    (choice,) = told.choices
    assert (choice.message.role, choice.finish_reason) == ("assistant", "stop")
    assert choice.message.content.startswith(FINE)
    citations = told.model_extra["citations"]
    assert "R$ 1,50" in citations[0]["quote"]
    assert citations[0]["url"].startswith("/#/documents/")
    done = served.writer.writings[-1].done
    assert (told.usage.prompt_tokens, told.usage.completion_tokens) == (
        done.prompt_tokens,
        done.tokens,
    )
    assert told.usage.total_tokens == done.prompt_tokens + done.tokens


def test_a_stream_tells_the_role_the_words_and_at_the_end_what_they_stand_on(
    served: Served,
) -> None:
    served.assistant()

    chunks = list(
        served.client().chat.completions.create(
            model="secretaria",
            messages=ASKED,
            stream=True,
            stream_options={"include_usage": True},
        )
    )

    first, *words, last, usage = chunks
    assert first.choices[0].delta.role == "assistant"
    assert "".join(one.choices[0].delta.content for one in words) == FINE
    assert last.choices[0].finish_reason == "stop"
    assert "R$ 1,50" in last.model_extra["citations"][0]["quote"]
    assert usage.choices == []
    assert usage.usage.completion_tokens == served.writer.writings[-1].done.tokens
    assert len({one.id for one in chunks}) == 1


def test_a_stream_tells_no_usage_unasked_and_ends_with_its_mark(served: Served) -> None:
    served.assistant()
    body = {"model": "secretaria", "messages": ASKED, "stream": True}

    sent = httpx.post(
        f"{served.address}/v1/chat/completions",
        json=body,
        headers={"authorization": f"Bearer {served.secret()}"},
        trust_env=False,
    )

    assert sent.headers["content-type"].startswith("text/event-stream")
    assert sent.text.endswith("data: [DONE]\n\n")
    assert "usage" not in sent.text
    assert "event:" not in sent.text


def test_a_refusal_is_an_answer_without_citations(served: Served) -> None:
    served.assistant(refusal="Não sei dizer.")

    told = served.client().chat.completions.create(
        model="secretaria", messages=[{"role": "user", "content": "Quem descobriu a penicilina?"}]
    )

    assert told.choices[0].message.content == "Não sei dizer."
    assert told.model_extra["citations"] == []


def test_the_turns_of_the_request_are_the_conversation(served: Served) -> None:
    served.assistant()
    earlier = [
        {"role": "system", "content": "Responda como um pirata."},
        *ASKED,
        {"role": "assistant", "content": f"{FINE} [1]"},
    ]

    served.client().chat.completions.create(
        model="secretaria",
        messages=[
            *earlier,
            {
                "role": "user",
                "content": [{"type": "text", "text": "E quantos livros posso levar?"}],
            },
        ],
    )

    prompt = served.writer.prompts[-1]
    assert [turn.text for turn in prompt.turns[:2]] == [QUESTION, FINE]
    assert "E quantos livros posso levar?" in prompt.turns[-1].text
    assert "pirata" not in str(prompt)


def test_hints_about_how_to_choose_words_are_accepted(served: Served) -> None:
    served.assistant()

    told = served.client().chat.completions.create(
        model="secretaria", messages=ASKED, temperature=0.7, top_p=0.9, seed=7,
        user="ana", n=1, tools=[], response_format={"type": "text"},
    )  # fmt: skip

    assert told.choices[0].message.content.startswith(FINE)
    assert served.writer.samplings[-1].temperature == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("n", 2),
        ("max_tokens", 0),
        ("max_completion_tokens", -1),
        ("stop", [""]),
        ("stop", ["a"] * 5),
        ("stop", "a" * 101),
        ("logprobs", True),
        ("tools", [{"type": "function", "function": {"name": "soma"}}]),
        ("response_format", {"type": "json_object"}),
        ("messages", [{"role": "user", "content": [PICTURE]}]),
        ("messages", [{"role": "tool", "content": "4", "tool_call_id": "1"}]),
        ("messages", [{"role": "assistant", "content": "Olá."}]),
        ("messages", []),
    ],
)  # fmt: skip
def test_what_is_not_done_here_is_refused_by_the_fields_name(
    served: Served, field: str, value: Any
) -> None:
    served.assistant()
    request = {"model": "secretaria", "messages": ASKED} | {field: value}

    with pytest.raises(openai.BadRequestError) as refused:
        served.client().chat.completions.create(**request)

    assert refused.value.param == field
    assert refused.value.type == "invalid_request_error"
    assert served.states() == []


def test_a_key_sees_its_own_assistants_as_models(served: Served) -> None:
    served.assistant()
    other = served.assistant("Biblioteca")

    everything = served.client().models.list().data
    own = served.client(assistants=[other["id"]]).models.list().data

    assert [one.id for one in everything] == ["secretaria", "biblioteca"]
    assert [one.id for one in own] == ["biblioteca"]
    assert abs(everything[0].created - time.time()) < 600


def test_one_model_is_shown_as_in_the_list(served: Served) -> None:
    served.assistant()
    client = served.client()

    assert client.models.retrieve("secretaria") == client.models.list().data[0]


def test_a_model_beyond_the_keys_reach_is_not_shown(served: Served) -> None:
    served.assistant()
    other = served.assistant("Biblioteca")
    client = served.client(assistants=[other["id"]])

    for model in ("secretaria", "gpt-4o"):
        with pytest.raises(openai.NotFoundError) as refused:
            client.models.retrieve(model)
        assert refused.value.code == "unknown_model_here"


def test_a_model_beyond_the_keys_reach_is_one_that_never_was(served: Served) -> None:
    served.assistant()
    other = served.assistant("Biblioteca")
    client = served.client(assistants=[other["id"]])

    told = []
    for model in ("secretaria", "gpt-4o"):
        with pytest.raises(openai.NotFoundError) as refused:
            client.chat.completions.create(model=model, messages=ASKED)
        told.append((refused.value.code, refused.value.param, refused.value.body["message"]))

    assert told[0][:2] == told[1][:2] == ("unknown_model_here", "model")
    assert told[0][2].replace("secretaria", "gpt-4o") == told[1][2]
    assert "/v1/models" in told[0][2]


def test_a_wrong_key_is_told_in_openais_shape(served: Served) -> None:
    with pytest.raises(openai.AuthenticationError) as refused:
        served.client("sk-nothing").models.list()

    assert refused.value.code == "not_signed_in"
    assert refused.value.type == "authentication_error"


def test_a_key_without_the_right_is_refused(served: Served) -> None:
    served.assistant()

    with pytest.raises(openai.PermissionDeniedError) as asked:
        served.client(scopes=["search"]).chat.completions.create(model="secretaria", messages=ASKED)
    with pytest.raises(openai.PermissionDeniedError):
        served.client(scopes=["ask"]).embeddings.create(model="secretaria", input="multa")

    assert asked.value.code == "not_allowed"


def test_a_person_who_is_signed_in_has_no_part_in_it(served: Served) -> None:
    told = served.house.client.get("/v1/models")

    assert told.status_code == 403
    assert told.json()["error"]["type"] == "permission_error"


def test_a_key_that_asks_too_much_is_told_how_long_to_wait(served: Served) -> None:
    served.assistant()
    client = served.client()
    for _ in range(4):
        client.embeddings.create(model="secretaria", input="multa")

    with pytest.raises(openai.RateLimitError) as refused:
        client.chat.completions.create(model="secretaria", messages=ASKED)
    served.client().embeddings.create(model="secretaria", input="multa")  # another key may

    assert refused.value.code == "too_many"
    assert 0 < int(refused.value.response.headers["retry-after"]) <= 60


def test_what_is_no_request_is_told_with_its_field(served: Served) -> None:
    headers = {"authorization": f"Bearer {served.secret()}"}

    told = httpx.post(
        f"{served.address}/v1/chat/completions",
        json={"model": "secretaria", "messages": 3},
        headers=headers,
        trust_env=False,
    )
    elsewhere = httpx.get(f"{served.address}/v1/nothing", headers=headers, trust_env=False)

    assert (told.status_code, told.json()["error"]["param"]) == (400, "messages")
    assert elsewhere.status_code == 404
    assert elsewhere.json()["error"]["code"] == "not_found"


def test_a_foreign_host_is_refused_in_openais_shape_before_anything_else(served: Served) -> None:
    told = httpx.get(
        f"{served.address}/v1/models", headers={"host": "evil.example"}, trust_env=False
    )

    assert told.status_code == 400
    assert told.json()["error"]["code"] == "unknown_host"


def test_an_engine_that_dies_on_the_way_ends_the_stream_with_an_error(served: Served) -> None:
    served.assistant()

    def dies(prompt: Prompt) -> Iterator[str]:
        yield "A multa "
        raise Unavailable("engine_down")

    served.says = dies
    stream = served.client().chat.completions.create(
        model="secretaria", messages=ASKED, stream=True
    )

    with pytest.raises(openai.APIError) as failed:
        list(stream)

    assert failed.value.code == "engine_down"
    assert served.states() == ["failed"]


def test_embeddings_are_the_vectors_of_the_search_in_either_format(served: Served) -> None:
    served.assistant()
    client = served.client()

    packed = client.embeddings.create(model="secretaria", input=["multa", "livros"])
    plain = client.embeddings.create(
        model="secretaria", input="multa", encoding_format="float", dimensions=256
    )

    wanted = WordEmbedder().embed(["multa", "livros"])
    assert np.allclose([one.embedding for one in packed.data], wanted)
    assert np.allclose(plain.data[0].embedding, wanted[0])
    assert [one.index for one in packed.data] == [0, 1]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"input": []}, "input"),
        ({"input": ["multa", " "]}, "input"),
        ({"input": ["a"] * 2049}, "input"),
        ({"input": "multa", "dimensions": 64}, "dimensions"),
    ],
)
def test_what_cannot_be_embedded_is_refused(
    served: Served, fields: dict[str, Any], param: str
) -> None:
    served.assistant()

    with pytest.raises(openai.BadRequestError) as refused:
        served.client().embeddings.create(model="secretaria", **fields)

    assert refused.value.param == param


def test_a_reader_who_closes_the_stream_stops_the_model(served: Served) -> None:
    served.assistant()
    served.says = slowly
    stream = served.client().chat.completions.create(
        model="secretaria", messages=ASKED, stream=True
    )
    while not next(stream).choices[0].delta.content:
        continue

    stream.close()

    eventually(lambda: served.writer.writings[0].closed.is_set(), "the model went on", 5)
    eventually(lambda: served.states() == ["stopped"], "the answer was not kept", 5)


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/api/assistants/secretaria/ask"])
def test_a_reader_who_does_not_wait_for_the_whole_stops_the_model(
    served: Served, path: str
) -> None:
    served.assistant()
    served.says = slowly
    body = {"question": QUESTION} if "ask" in path else {"model": "secretaria", "messages": ASKED}

    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{served.address}{path}",
            json=body,
            headers={"authorization": f"Bearer {served.secret()}"},
            timeout=2,
            trust_env=False,
        )

    eventually(lambda: served.writer.writings[0].closed.is_set(), "the model went on", 5)
    eventually(lambda: served.states() == ["stopped"], "the answer was not kept", 5)
