"""How a refusal leaves the house: one shape, ``application/problem+json``.

Below ``/v1`` the shape is OpenAI's, for their clients, and the sentences stay ours.

Whatever goes wrong behind the edge comes out as ``{type, title, status, code,
detail, request_id}`` (api.md). ``code`` is stable; ``detail`` says in the
caller's language what happened and what to do. An exception nobody expected
leaves only its request number with the caller; its text and trace go to the log.
"""

import logging
import math
import re
import sqlite3
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from appliance import disk
from appliance.errors import BadRequest, Refusal, sentence
from appliance.records import LANGUAGES, Caller, Language

MEDIA_TYPE = "application/problem+json"
OPENAI_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    429: "rate_limit_error",
}
LEFT = "client disconnected prematurely"  # Litestar's words, with status 500
UNKNOWN_FIELD = re.compile(r"contains unknown field `(?P<field>[^`]*)`")

log = logging.getLogger("appliance.api")

AnyRequest = Request[Any, Any, Any]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The one shape of every error, with the field names of the API contract."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    fields: dict[str, str] | msgspec.UnsetType = msgspec.UNSET  # a sentence for each that is wrong


class OpenAIFault(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong, as OpenAI's clients read it; ``param`` names a field of the request."""

    message: str
    type: str
    param: str | None
    code: str


class OpenAIError(msgspec.Struct, frozen=True, kw_only=True):
    """The shape of every error below ``/v1``."""

    error: OpenAIFault


def document(
    status: int, code: str, facts: Mapping[str, Any], language: Language, request_id: str
) -> bytes:
    """A problem as JSON bytes; its sentence in ``language``."""
    return msgspec.json.encode(
        Document(
            title=HTTPStatus(status).phrase,
            status=status,
            code=code,
            detail=sentence(code, dict(facts), language),
            request_id=request_id,
            fields=_of_fields(facts, language),
        )
    )


def _of_fields(facts: Mapping[str, Any], language: Language) -> dict[str, str] | msgspec.UnsetType:
    wrong = facts.get("fields")
    if not isinstance(wrong, dict):  # the fact of many, a text
        return msgspec.UNSET
    return {name: sentence(code, {}, language) for name, code in wrong.items()}


def as_openai(status: int, code: str, facts: Mapping[str, Any], language: Language) -> bytes:
    """The same as OpenAI's clients expect it; the fact ``param`` names a field of the request."""
    fault = OpenAIFault(
        message=sentence(code, dict(facts), language),
        type=OPENAI_TYPES.get(status, "server_error" if status >= 500 else OPENAI_TYPES[400]),
        param=facts.get("param"),
        code=code,
    )
    return msgspec.json.encode(OpenAIError(error=fault))


def written(
    path: str, status: int, code: str, facts: Mapping[str, Any], language: Language, number: str
) -> tuple[bytes, str]:
    """A problem in the shape for this path, and its media type; ``number`` is the request's."""
    if path.startswith("/v1/"):
        return as_openai(status, code, facts, language), "application/json"
    return document(status, code, facts, language, number), MEDIA_TYPE


def accepted_language(header: str) -> Language | None:
    """The language a browser asks for first among ours (RFC 9110, 12.5.4); None if none is."""
    wishes: list[tuple[float, Language]] = []
    for part in header.lower().split(","):
        tag, _, weight = part.strip().partition(";")
        prefix = tag.strip().split("-")[0]
        if prefix in LANGUAGES and (quality := _quality(weight)) > 0:
            wishes.append((quality, prefix))
    return max(wishes, key=lambda wish: wish[0])[1] if wishes else None


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def language(request: AnyRequest) -> Language:
    """The language to answer in: the person's or assistant's own, else the browser's, else
    the appliance's."""
    caller: Caller | None = request.scope.get("state", {}).get("caller")
    if caller is not None and caller.kind in ("person", "visitor"):
        return caller.language
    wished = accepted_language(request.headers.get("accept-language", ""))
    return wished or request.app.state.settings.language


def request_id(request: AnyRequest) -> str:
    """The number under which the log knows this request."""
    return str(request.scope.get("state", {}).get("request_id", ""))


def refused(request: AnyRequest, refusal: Refusal) -> Response[bytes]:
    """A refusal as a response; ``retry_after`` in whole seconds, rounded up."""
    headers = {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(refusal.retry_after)))
    if refusal.status == 408:
        headers["Connection"] = "close"  # the rest of its body may still come
    return _response(request, refusal.status, refusal.code, refusal.facts, headers)


def _response(
    request: AnyRequest,
    status: int,
    code: str,
    facts: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    body, media_type = written(
        request.url.path, status, code, facts, language(request), request_id(request)
    )
    return Response(
        content=body, status_code=status, media_type=media_type, headers=dict(headers or {})
    )


def invalid(request: AnyRequest, fault: ValidationException) -> Response[bytes]:
    """What a body or a parameter holds that it must not."""
    extra = fault.extra if isinstance(fault.extra, list) else []
    complaints = [item for item in extra if isinstance(item, dict)]
    for complaint in complaints:
        if found := UNKNOWN_FIELD.search(str(complaint.get("message", ""))):
            place = str(complaint.get("key", "data"))
            field = found["field"] if place == "data" else f"{place}.{found['field']}"
            return refused(request, BadRequest("unknown_field", field=field))
    reasons = [
        ": ".join(str(item[name]) for name in ("key", "message") if item.get(name))
        for item in complaints
    ]
    field = str(complaints[0].get("key", "")) if complaints else ""
    return refused(
        request,
        BadRequest("bad_request", reason="; ".join(reasons) or fault.detail, param=field or None),
    )


BY_STATUS = {
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "not_json",
}


def protocol(request: AnyRequest, fault: HTTPException) -> Response[bytes]:
    """What the framework refuses by itself: no such route, no such method, a body too large."""
    status = fault.status_code
    if fault.detail == LEFT:
        return refused(request, BadRequest("bad_request", reason=LEFT))  # nobody reads it
    if status >= 500:
        return unexpected(request, fault)
    code = BY_STATUS.get(status, "bad_request")
    kept = {name: value for name, value in (fault.headers or {}).items() if name.lower() == "allow"}
    return _response(request, status, code, {"reason": fault.detail}, kept)


def of_the_disk(request: AnyRequest, fault: sqlite3.OperationalError | OSError) -> Response[bytes]:
    """A disk that is full, read-only or failing, a database that another process holds for
    longer than a writer waits: nothing was changed, and each says what has to be done."""
    refusal = disk.refusal_of(fault)
    if refusal is None:
        return unexpected(request, fault)
    log.warning("request %s: %s", request_id(request), fault)
    return refused(request, refusal)


def bottomless(request: AnyRequest, fault: RecursionError) -> Response[bytes]:
    """A body of nothing but brackets: the JSON decoder gives up at a thousand levels."""
    if "deserializing" not in str(fault):
        return unexpected(request, fault)
    return refused(request, BadRequest("bad_request", reason="nested too deep"))


def unexpected(request: AnyRequest, fault: Exception) -> Response[bytes]:
    """Anything else: logged whole under the request's number, told without its text."""
    log.error("request %s failed", request_id(request), exc_info=fault)
    return _response(request, 500, "unexpected", {})


EXCEPTION_HANDLERS: dict[int | type[Exception], Callable[[AnyRequest, Any], Response[bytes]]] = {
    Refusal: refused,
    ValidationException: invalid,
    HTTPException: protocol,
    sqlite3.OperationalError: of_the_disk,
    OSError: of_the_disk,
    RecursionError: bottomless,
    Exception: unexpected,
}
