"""The assistants under OpenAI's API, for programs that speak it already: an assistant is a model.

``model`` is an assistant's slug. The turns of the request are the conversation, and its
last one is the question; the answer's citations come in a field of their own,
``citations``, and whether the question and passages were sent to a hosted engine in
``left_building``. ``max_tokens`` and ``stop`` end what the model writes, never later than the
assistant would; sentences that it quotes instead stand whole. What an assistant says is its
own and its documents' affair, and the same for everybody: system messages and hints about
how to choose words (``temperature``, ``top_p``, ``seed`` …) are accepted and change nothing.
What would change what an answer *is* (tools, several choices, log probabilities) is refused
by name.
"""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import assistants
from appliance.answering.events import Done, Passages, Token
from appliance.answering.flow import Answering
from appliance.answering.prompts import Exchange
from appliance.answering.stopping import Stop
from appliance.answering.writing import MOST_TOKENS, Bounds
from appliance.api import asking, problems, rights, streams
from appliance.api.guards import key
from appliance.database import Database
from appliance.errors import BadRequest, NotFound
from appliance.records import Answer, Assistant, Caller, Language
from appliance.settings import Settings

GIVES = {"application/json": dict[str, Any]} | streams.EVENT_STREAM
MOST_MODELS = 1000
MOST_STOPS, LONGEST_STOP = 4, 100  # texts that end an answer, and their characters
MOST_TEXTS = 2048  # of one request for embeddings

# What each of these fields may say without asking for something that is not done here.
HARMLESS: dict[str, tuple[Any, ...]] = {
    "tools": (None, []),
    "tool_choice": (None, "none", "auto"),
    "functions": (None, []),
    "function_call": (None, "none", "auto"),
    "n": (None, 1),
    "logprobs": (None, False),
    "top_logprobs": (None, 0),
    "logit_bias": (None, {}),
    "response_format": (None, {"type": "text"}),
    "modalities": (None, ["text"]),
    "audio": (None,),
    "web_search_options": (None,),
}


class Part(msgspec.Struct):
    type: str
    text: str = ""


class Said(msgspec.Struct):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None


class StreamOptions(msgspec.Struct):
    include_usage: bool = False


class Completion(msgspec.Struct, kw_only=True):
    """A request; OpenAI's other fields may be there and change nothing."""

    model: str
    messages: list[Said]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None  # its newer name, which goes before it
    stop: str | list[str] | None = None
    tools: Any = None
    tool_choice: Any = None
    functions: Any = None
    function_call: Any = None
    n: Any = None
    logprobs: Any = None
    top_logprobs: Any = None
    logit_bias: Any = None
    response_format: Any = None
    modalities: Any = None
    audio: Any = None
    web_search_options: Any = None


class Embeddings(msgspec.Struct, kw_only=True):
    """``input_type`` is ours: texts to be found are passages, what is searched is a query."""

    model: str
    input: str | list[str]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None
    input_type: Literal["passage", "query"] = "passage"


@get("/v1/models", who=key("ask", "search"), sync_to_thread=True)
def list_models(
    database: NamedDependency[Database], caller: NamedDependency[Caller]
) -> dict[str, Any]:
    """The assistants that exist for the key, oldest first."""
    reached = rights.reach(database, caller)
    found = assistants.every(database, these=reached.assistants, reach=reached, limit=MOST_MODELS)
    return {"object": "list", "data": [_model(one) for one in found]}


@get("/v1/models/{assistant_id:str}", who=key("ask", "search"), sync_to_thread=True)
def show_model(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """One assistant that exists for the key."""
    with _as_model(assistant_id):
        return _model(rights.assistant(database, caller, assistant_id))


@post("/v1/chat/completions", who=key("ask"), status_code=200, gives=GIVES)
async def complete(
    data: JSONBody[Completion],
    request: Request[Any, Any, Any],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    answering: NamedDependency[Answering],
    caller: NamedDependency[Caller],
) -> Response[Any]:
    """An assistant's answer to the last of the messages, whole or as a stream."""
    for name, harmless in HARMLESS.items():
        if getattr(data, name) not in harmless:
            raise BadRequest("field_not_honoured", param=name)
    bounds = _bounds(data)
    earlier, question = conversation(data.messages)
    admit = partial(_admitted, database, settings, caller, data.model)
    tell = asking.telling(answering, caller, admit, question, earlier=earlier, bounds=bounds)
    may_hear = asking.listening(request, database, caller, data.model)
    if data.stream:
        usage = data.stream_options is not None and data.stream_options.include_usage
        return await streams.begin(
            _chunks(tell, data.model, usage),
            caller.language,
            DIALECT,
            standing=may_hear,
        )
    answer = await asking.whole(request, tell, may_hear)
    return Response(_completion(answer, data.model) if answer else None)


@post("/v1/embeddings", who=key("search"), status_code=200, sync_to_thread=True)
def embed(
    data: JSONBody[Embeddings],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    answering: NamedDependency[Answering],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """A vector for each text, by the model that the assistant's search compares with."""
    texts = [data.input] if isinstance(data.input, str) else data.input
    if not texts or not all(text.strip() for text in texts):
        raise BadRequest("no_text_to_embed", param="input")
    if len(texts) > MOST_TEXTS:
        raise BadRequest("too_many_texts", count=len(texts), limit=MOST_TEXTS, param="input")
    _admitted(database, settings, caller, data.model)
    vectors = answering.embed(texts, kind=data.input_type)
    if data.dimensions not in (None, vectors.shape[1]):
        raise BadRequest("field_not_honoured", param="dimensions")
    as_text = data.encoding_format == "base64"
    return {
        "object": "list",
        "model": data.model,
        "data": [
            {
                "object": "embedding",
                "index": index,
                "embedding": _base64(row) if as_text else row.tolist(),
            }
            for index, row in enumerate(vectors)
        ],
        "usage": {"prompt_tokens": 0, "total_tokens": 0},  # what is embedded is not counted
    }


def conversation(messages: list[Said]) -> tuple[list[Exchange], str]:
    """The exchanges before the last question, and that question.

    What several messages in a row say is one text. Raises ``BadRequest``
    (``messages_without_question``, ``field_not_honoured``).
    """
    turns: list[tuple[str, str]] = []
    for said in messages:
        if said.role in ("tool", "function"):
            raise BadRequest("field_not_honoured", param="messages")
        if said.role in ("system", "developer"):
            continue
        text = _text(said.content)
        if turns and turns[-1][0] == said.role:
            turns[-1] = (said.role, f"{turns[-1][1]}\n{text}")
        else:
            turns.append((said.role, text))
    if not turns or turns[-1][0] != "user":
        raise BadRequest("messages_without_question", param="messages")
    earlier = [
        Exchange(question=asked, answer=turns[place + 1][1])
        for place, (role, asked) in enumerate(turns[:-1])
        if role == "user"
    ]
    return earlier, turns[-1][1]


def _text(content: str | list[Part] | None) -> str:
    if not isinstance(content, list):
        return content or ""
    if any(part.type not in ("text", "refusal") for part in content):
        raise BadRequest("field_not_honoured", param="messages")
    return "\n".join(part.text for part in content)


def _admitted(database: Database, settings: Settings, caller: Caller, model: str) -> Assistant:
    with _as_model(model):
        return asking.admitted(database, settings, caller, model)


@contextmanager
def _as_model(name: str) -> Iterator[None]:
    try:
        yield
    except NotFound as fault:
        raise NotFound("unknown_model_here", name=name[:60], param="model") from fault


def _bounds(data: Completion) -> Bounds:
    """Where the request wants the answer to end.

    Raises ``BadRequest`` (``bad_max_tokens``, ``bad_stop``).
    """
    stop = [data.stop] if isinstance(data.stop, str) else data.stop or []
    if len(stop) > MOST_STOPS or not all(1 <= len(text) <= LONGEST_STOP for text in stop):
        raise BadRequest("bad_stop", most=MOST_STOPS, longest=LONGEST_STOP, param="stop")
    for param in ("max_tokens", "max_completion_tokens"):
        if (wanted := getattr(data, param)) is not None and wanted < 1:
            raise BadRequest("bad_max_tokens", most=MOST_TOKENS, param=param)
    wanted = data.max_completion_tokens or data.max_tokens or MOST_TOKENS
    return Bounds(most_tokens=min(wanted, MOST_TOKENS), stop=tuple(stop))


def _model(assistant: Assistant) -> dict[str, Any]:
    made = datetime.fromisoformat(assistant.created_at)
    return {
        "id": assistant.slug,
        "object": "model",
        "created": int(made.timestamp()),
        "owned_by": "balcao",
        "leaves_building": assistant.leaves_building,
    }


def _completion(answer: Answer, model: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": answer.answer, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": _ending(answer), "logprobs": None}
    head = _head(answer.message, model, "chat.completion")
    return head | {"choices": [choice], "usage": _usage(answer)} | _more(answer)


def _chunks(tell: asking.Telling, model: str, usage: bool) -> streams.Work:
    """The answer as OpenAI streams it: the role, the words, the end with what they stand on."""

    def work(stop: Stop) -> Iterator[streams.Named]:
        head: dict[str, Any] = {}

        def chunk(delta: dict[str, str], end: str | None = None, **more: Any) -> streams.Named:
            choice = {"index": 0, "delta": delta, "finish_reason": end, "logprobs": None}
            return "", msgspec.json.encode(head | {"choices": [choice]} | more)

        for event in tell(stop):
            match event:
                case Passages(message=number):
                    head = _head(number, model, "chat.completion.chunk")
                    yield chunk({"role": "assistant", "content": ""})
                case Token(text=text):
                    yield chunk({"content": text})
                case Done(answer=answer):
                    yield chunk({}, _ending(answer), **_more(answer))
                    if usage:
                        last = head | {"choices": [], "usage": _usage(answer)}
                        yield "", msgspec.json.encode(last)

    return work


def _head(number: str, model: str, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{number}", "object": kind, "created": int(time.time()), "model": model}


def _more(answer: Answer) -> dict[str, Any]:
    """The fields that are ours."""
    return {"citations": answer.citations, "left_building": answer.left_building}


def _ending(answer: Answer) -> str:
    return "length" if answer.cut else "stop"


def _usage(answer: Answer) -> dict[str, int]:
    read, written = answer.took.prompt_tokens, answer.took.tokens
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _base64(row: Any) -> str:
    return base64.b64encode(row.astype("<f4").tobytes()).decode()


def _problem(fault: BaseException, language: Language) -> bytes:
    refusal = streams.told(fault)
    data = problems.as_openai(refusal.status, refusal.code, refusal.facts, language)
    return streams.encoded("", data)


DIALECT = streams.Dialect(_problem, streams.encoded("", b"[DONE]"))

routes = [list_models, show_model, complete, embed]
