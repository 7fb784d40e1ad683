"""The OpenAPI document: every route in it, as it runs, and nobody wrote it by hand."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema_rs import validator_for  # comes with schemathesis
from litestar import get, post
from litestar.response import Stream

from appliance.api import guards, reference
from appliance.api.reference import Route
from appliance.settings import Settings
from tests.api.doors import Doors
from tests.fakes import WordEmbedder
from tests.house import House

STREAMS = {"streams.begin", "Stream"}  # calls whose result is a stream of events
READS = {"uploads.receive", "uploads.body", "request.body", "request.stream", "request.form"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = Settings(data_dir=str(tmp_path_factory.mktemp("house")))
    with House(settings, embedder=WordEmbedder()) as house:
        yield house


@pytest.fixture(scope="module")
def document(served: House) -> dict[str, Any]:
    found: dict[str, Any] = served.client.get("/api/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def routes(house: House) -> dict[str, Route]:
    return {
        f"{route.method.upper()} {route.path}": route for route in reference.routes_of(house.app)
    }


def content(operation: dict[str, Any], status: int) -> set[str]:
    return set(operation["responses"][str(status)].get("content", {}))


def test_every_route_that_says_who_may_call_it_is_in_the_document(
    served: House, document: dict[str, Any]
) -> None:
    stated = {
        f"{method} {route.path_format or '/'}"
        for route in served.app.routes
        for handler in getattr(route, "route_handlers", [])
        if "who" in handler.opt and not route.path.startswith("/static")
        for method in handler.http_methods
    }

    assert operations(document).keys() == stated


def test_every_route_says_in_a_sentence_what_it_does(document: dict[str, Any]) -> None:
    silent = [
        label
        for label, operation in operations(document).items()
        if not operation.get("description", "").strip().endswith(".") or not operation["tags"]
    ]

    assert silent == []


def calls(route: Route) -> set[str]:
    """The names that a handler calls."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(route.function)))
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def undescribed(route: Route) -> list[str]:
    """What the document cannot tell of a route unless its options say it."""
    missing = []
    if calls(route) & STREAMS and set(route.gives) <= {"application/json"}:
        missing.append("it streams: gives=streams.EVENT_STREAM, or what else it is")
    if any(kind is Any for kind in route.gives.values()):
        missing.append("what it gives may be anything: gives={media type: type}")
    if calls(route) & READS and route.takes is None and route.accepts == "application/json":
        missing.append("it reads the body by itself: accepts=media type, sends=schema")
    if route.accepts == "multipart/form-data" and "sends" not in route.handler.opt:
        missing.append("it takes a form: sends=its schema")
    return missing


def test_every_route_says_what_its_code_does_not_show(served: House) -> None:
    found = {label: undescribed(route) for label, route in routes(served).items()}

    assert {label: missing for label, missing in found.items() if missing} == {}


def test_a_route_that_does_not_say_it_is_found(tmp_path: Any) -> None:
    @get("/api/streaming", who=guards.anyone())
    async def streaming() -> Stream:
        """A stream."""
        return Stream([b""])

    @post("/api/sending", who=guards.anyone(), accepts="multipart/form-data")
    async def sending() -> Any:
        """A form."""

    careless = Doors(Settings(data_dir=str(tmp_path)), streaming, sending)
    careless.database.close()
    found = {route.path: undescribed(route) for route in reference.routes_of(careless.app)}

    assert len(found["/api/streaming"]) == 1
    assert len(found["/api/sending"]) == 2


def test_a_new_route_is_described_without_a_hand(document: dict[str, Any]) -> None:
    """One that has nothing but its signature, its sentence and its ``who``."""
    operation = operations(document)["POST /api/collections/{collection_id}/texts"]

    assert operation["summary"] == "Take a text as a document"
    assert operation["tags"] == ["documents"]
    assert [(one["name"], one["in"]) for one in operation["parameters"]] == [
        ("collection_id", "path")
    ]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Text"}
    assert operation["security"] == [
        {"session": ["admin"]}, {"session": ["editor"]}, {"key": ["documents:write"]},
    ]  # fmt: skip


def test_a_body_is_described_as_it_is_read(document: dict[str, Any]) -> None:
    text = document["components"]["schemas"]["Text"]

    assert text["additionalProperties"] is False
    assert text["required"] == ["title", "text"]
    assert text["properties"]["title"] == {
        "type": "string", "minLength": 1, "maxLength": 200, "pattern": r"\S",
    }  # fmt: skip


def test_every_refusal_is_the_one_shape(document: dict[str, Any]) -> None:
    responses = document["components"]["responses"]
    for label, operation in operations(document).items():
        for status, response in operation["responses"].items():
            if status.startswith("2") or "$ref" not in response:
                continue
            told = responses[response["$ref"].rpartition("/")[2]]["content"]
            wanted = "application/json" if " /v1/" in label else "application/problem+json"
            assert wanted in told, (label, status)


def test_a_refusal_is_what_the_document_says(served: House, document: dict[str, Any]) -> None:
    problem = document["components"]["responses"]["Problem404"]["content"]
    schema = problem["application/problem+json"]["schema"] | {"components": document["components"]}

    answer = served.client.get("/api/documents/none")

    assert answer.headers["content-type"] == "application/problem+json"
    validator_for(schema).validate(answer.json())


def test_the_statuses_are_those_that_can_come(document: dict[str, Any]) -> None:
    def statuses(label: str) -> set[str]:
        return set(operations(document)[label]["responses"])

    assert statuses("GET /health/live") == {"200", "400", "401", "503"}
    assert statuses("GET /api/people") == {"200", "400", "401", "403", "503"}
    assert {"202", "409", "413", "415", "422", "429", "507"} <= statuses(
        "POST /api/collections/{collection_id}/documents"
    )
    assert "401" not in statuses("POST /api/widget/{public_id}/session")


def test_waiting_is_told_with_how_long(document: dict[str, Any]) -> None:
    responses = document["components"]["responses"]

    waits = {name for name, one in responses.items() if "Retry-After" in one.get("headers", {})}

    assert {"Problem429", "Problem503", "OpenAI429", "OpenAI503"} <= waits


def test_what_is_not_json_is_told(document: dict[str, Any]) -> None:
    told = operations(document)

    assert content(told["POST /api/assistants/{assistant_id}/ask"], 200) == {
        "application/json", "text/event-stream",
    }  # fmt: skip
    assert content(told["GET /api/jobs/{job_id}/events"], 200) == {"text/event-stream"}
    assert content(told["GET /api/documents/{document_id}/original"], 200) == {
        "application/octet-stream"
    }
    assert content(told["GET /api/documents/{document_id}/pages/{number}/image"], 200) == {
        "image/png"
    }
    assert content(told["DELETE /api/documents/{document_id}"], 204) == set()
    upload = told["POST /api/collections/{collection_id}/documents"]["requestBody"]["content"]
    assert set(upload) == {"multipart/form-data"}
    assert "file" in upload["multipart/form-data"]["schema"]["properties"]


def test_the_three_ways_to_be_somebody_are_told(document: dict[str, Any]) -> None:
    ways = document["components"]["securitySchemes"]

    assert ways["session"]["name"] == "balcao"  # without https; else with the prefix __Host-
    assert (ways["key"]["scheme"], ways["visitor"]["scheme"]) == ("bearer", "bearer")
    assert operations(document)["GET /health/live"]["security"] == []


def test_the_document_is_for_administrators(served: House) -> None:
    with served.as_nobody() as client:
        assert client.get("/api/openapi.json").status_code == 401
    with served.as_a("editor") as client:
        assert client.get("/api/openapi.json").status_code == 403
    with served.with_key(scopes=["admin"]) as client:
        assert client.get("/api/openapi.json").status_code == 200


@pytest.mark.parametrize("path", ["/schema", "/schema/openapi.json", "/docs", "/api/openapi"])
def test_the_framework_shows_it_to_nobody_elsewhere(served: House, path: str) -> None:
    assert served.client.get(path).status_code == 404
