"""Every route, asked whatever its description allows and what it does not, by everybody: no
route breaks, and none answers in a way that the OpenAPI document does not tell."""

import contextlib
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as bounds
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import ChecksConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from appliance import accounts
from appliance.api import guards
from appliance.records import Role
from appliance.settings import Settings
from appliance.signin import sessions
from tests.api.visiting import begin
from tests.fakes import WordEmbedder
from tests.house import House

SITE = "https://intranet.test"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
]
REFUSED = ChecksConfig().negative_data_rejection.expected_statuses
ROLES: tuple[Role, ...] = ("member", "editor", "admin", "auditor")
IDENTITIES = ("nobody", "visitor", "key", *ROLES)
# A password is hashed for each try.
HASHING = {"POST /api/session", "POST /api/people", "POST /api/setup"}
EACH = 2  # sound requests to each route, and as many unsound ones


class Town:
    """A house with one of each thing, and the credentials of everybody."""

    def __init__(self, house: House) -> None:
        self.house = house
        made = house.assistant("Secretaria", origins=[SITE])
        (collection,) = made["collections"]
        document = house.upload(collection)
        answer = house.ask(made["id"], "Qual é a multa por atraso?")
        key = house.client.post("/api/keys", json={"name": "robô", "scopes": ["admin", "ask"]})
        group = house.client.post("/api/groups", json={"name": "Sócios"}).json()
        job = house.client.get("/api/jobs").json()["items"][0]
        self.public = made["public_id"]
        self.secret = key.json()["secret"]
        self.ids = {
            "assistant_id": made["id"], "collection_id": collection, "public_id": self.public,
            "document_id": document["id"], "conversation_id": answer["conversation"],
            "message_id": answer["message"], "group_id": group["id"], "job_id": job["id"],
            "key_id": key.json()["key"]["id"], "person_id": self.person("member").id, "number": 1,
            "name": "minilm",
        }  # fmt: skip

    def ids_for(self, case: Case) -> dict[str, Any]:
        """What there is of what the path names."""
        return {name: self.ids[name] for name in case.path_parameters if name in self.ids}

    def person(self, role: Role) -> Any:
        with self.house.parts.database.write() as db:
            found = accounts.credentials(self.house.parts.database, f"{role}@casa.test")
            return (
                found[0]
                if found
                else accounts.create(
                    db, name=role, email=f"{role}@casa.test", password_hash="", role=role
                )
            )

    def credential(self, identity: str) -> dict[str, str]:
        """The headers of one identity, good for this moment."""
        if identity == "nobody":
            return {}
        if identity == "key":
            return {"authorization": f"Bearer {self.secret}"}
        if identity == "visitor":
            token = begin(self.house.parts.database, self.public, SITE)
            return {"authorization": f"Bearer {token}", "origin": SITE}
        person = self.person(identity)
        with self.house.parts.database.write() as db:
            token = sessions.begin(db, person.id, hours=1)
        return {"cookie": f"{guards.cookie_name(self.house.settings)}={token}"}


@pytest.fixture
def town(settings: Settings) -> Iterator[Town]:
    with House(settings, embedder=WordEmbedder()) as house:
        yield Town(house)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """What to send, the same to each identity: made once, for making it is what takes long.

    What removes comes last, so that until then everything is there.
    """
    settings = Settings(data_dir=str(tmp_path_factory.mktemp("described")))
    with House(settings, embedder=WordEmbedder()) as house:
        document = house.client.get("/api/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    schema.config.generation.with_security_parameters = False  # who asks is given below
    # A text beyond its bound may be beyond that of a whole body, too.
    schema.config.checks.negative_data_rejection.expected_statuses = [*REFUSED, "413"]
    operations = [found.ok() for found in schema.get_all_operations()]
    made: list[Case] = []
    for operation in sorted(operations, key=lambda one: one.method == "delete"):
        number = 1 if operation.label in HASHING else EACH
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            made += drawn(operation.as_strategy(generation_mode=mode), number)
    return made


def drawn(strategy: SearchStrategy[Case], number: int) -> list[Case]:
    """So many values of a strategy, the same ones every time; none where there can be none."""
    found: list[Case] = []
    bound = bounds(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    with contextlib.suppress(Unsatisfiable):
        seed(6)(bound(given(case=strategy)(lambda case: found.append(case))))()
    return found


@pytest.mark.parametrize("identity", IDENTITIES)
def test_no_route_breaks_or_answers_what_the_document_does_not_tell(
    town: Town, cases: list[Case], identity: str
) -> None:
    faults: set[str] = set()
    with town.house.as_nobody() as client:
        for operation, group in itertools.groupby(cases, key=lambda case: case.operation):
            credential = town.credential(identity)
            for number, case in enumerate(group):
                if number:  # the first asks for what is not there
                    case.path_parameters |= town.ids_for(case)
                answer = client.request(**request_of(case, credential))
                answer.request.read()  # an upload was sent in pieces; what is judged is whole
                try:
                    case.validate_response(answer, checks=CHECKS)
                except FailureGroup as failed:
                    faults |= {f"{operation.label}: {one}" for one in failed.exceptions}

    assert sorted(faults) == []


def request_of(case: Case, credential: dict[str, str]) -> dict[str, Any]:
    """A case as the test's client takes it, which tells bytes from the fields of a form."""
    sent = case.as_transport_kwargs(base_url="http://127.0.0.1:8080", headers=credential)
    del sent["cookies"]
    if isinstance(sent.get("data"), bytes):
        sent["content"] = sent.pop("data")
    return sent


def test_a_route_that_answers_otherwise_than_it_says_would_be_found(
    settings: Settings, cases: list[Case]
) -> None:
    case = next(case for case in cases if case.operation.label == "GET /api/setup")
    with House(settings, embedder=WordEmbedder()) as house:
        answer = house.client.get("/api/nowhere")

    with pytest.raises(FailureGroup) as failed:
        case.validate_response(answer, checks=CHECKS)
    assert {one.title for one in failed.value.exceptions} >= {"Undocumented status code"}
