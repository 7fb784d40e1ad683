"""Which language model writes for which assistant, and what is known of what it sent away."""

import importlib.util
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from appliance import assistants, engines, outgoing
from appliance.answering.writers import Writers
from appliance.database import Database
from appliance.engines import Engine
from appliance.errors import BadRequest, Conflict, NotAllowed, Refusal
from appliance.models import Generator, Sampling
from appliance.records import Assistant
from appliance.settings import Settings
from tests.elsewhere import Provider, closed, provider
from tests.fakes import ScriptedGenerator
from tests.models.test_remote import QUESTION

SAID = "A multa é de R$ 1,50 por dia."


@pytest.fixture
def server() -> Iterator[Provider]:
    with provider() as opened:
        yield opened


class Desk:
    """Writers over a database, with the hosts that are open."""

    def __init__(self, database: Database, settings: Settings, *opened: str) -> None:
        self.database = database
        self.settings = msgspec.structs.replace(settings, open_hosts=" ".join(opened))
        self.built_in = ScriptedGenerator()
        self.writers = Writers(database, self.settings, lambda: self.built_in)

    def engine(self, address: str, kind: Any = "site", key: str = "") -> Engine:
        made = engines.new(name=f"{kind} {address}", kind=kind, addresses=[address], model="m")
        with self.database.write() as db:
            engines.add(db, made)
        engines.keep_key(self.settings.data, made.id, key)
        return made

    def writer(self, engine: Engine | None) -> Generator | None:
        return self.writers.of(self.assistant(engine))

    def assistant(self, engine: Engine | None) -> Assistant:
        with self.database.write() as db:
            return assistants.create(
                db,
                name="Secretaria",
                language="pt",
                collections=[],
                engine=engine.id if engine else None,
            )

    def refused(self, engine: Engine, key: str = "") -> Refusal:
        with pytest.raises(Refusal) as failed:
            self.writers.examine(engine, key)
        return failed.value


def said(writer: Generator | None) -> str:
    assert writer is not None
    return "".join(writer.generate(QUESTION, Sampling()))


def test_without_an_engine_the_built_in_one_writes(database, settings) -> None:
    desk = Desk(database, settings)

    assert desk.writer(None) is desk.built_in


def test_an_engine_of_the_site_writes_and_nothing_leaves_the_building(
    database, settings, server
) -> None:
    desk = Desk(database, settings, server.origin)
    writer = desk.writer(desk.engine(server.origin))

    assert said(writer) == SAID
    assert writer is not None
    assert not writer.left_building


def test_a_hosted_engine_s_answer_has_left_the_building_once_it_was_asked(
    database, settings, server
) -> None:
    desk = Desk(database, settings, server.origin)
    writer = desk.writer(desk.engine(f"{server.origin}/v1", "openai", "sk-1"))
    assert writer is not None
    assert not writer.left_building

    assert said(writer) == SAID
    assert writer.left_building


def test_every_request_is_written_down(database, settings, server) -> None:
    desk = Desk(database, settings, server.origin)

    said(desk.writer(desk.engine(server.origin)))

    (entry,) = outgoing.entries(database)
    assert (entry.origin, entry.purpose, entry.requests) == (server.origin, "generate", 1)


def test_where_the_host_is_not_open_the_assistant_quotes(database, settings, server) -> None:
    desk = Desk(database, settings)

    assert desk.writer(desk.engine(server.origin)) is None
    assert server.asked == []


def test_a_hosted_engine_whose_key_is_gone_is_not_asked(database, settings, server) -> None:
    desk = Desk(database, settings, server.origin)
    engine = desk.engine(f"{server.origin}/v1", "mistral", "sk-1")
    engines.keep_key(desk.settings.data, engine.id, "")

    assert desk.writer(engine) is None


@pytest.mark.parametrize("kind", ["site", "openai", "anthropic", "mistral"])
def test_an_exact_host_has_to_be_open(database, settings, kind) -> None:
    desk = Desk(database, settings, "https://gpu.lan:8443")
    engine = engines.new(name="x", kind=kind, addresses=["https://gpu.lan"], model="m")

    refused = desk.refused(engine, "sk-1")

    assert isinstance(refused, NotAllowed)
    assert (refused.code, refused.facts["origin"]) == ("host_not_open", "https://gpu.lan")


def test_all_addresses_of_an_engine_have_to_be_open(database, settings) -> None:
    desk = Desk(database, settings, "http://a.lan")
    engine = engines.new(
        name="x", kind="site", addresses=["http://a.lan", "http://b.lan"], model="m"
    )

    assert desk.refused(engine).code == "host_not_open"


def test_a_hosted_engine_is_not_asked_where_others_could_read_along(database, settings) -> None:
    desk = Desk(database, settings, "http://api.test")
    engine = engines.new(name="x", kind="openai", addresses=["http://api.test/v1"], model="m")

    refused = desk.refused(engine, "sk-1")

    assert isinstance(refused, BadRequest)
    assert refused.code == "engine_not_secret"


def test_a_hosted_engine_needs_a_key(database, settings) -> None:
    desk = Desk(database, settings, "https://api.openai.com")
    engine = engines.new(name="x", kind="openai", addresses=[], model="m")

    assert desk.refused(engine).code == "engine_key_missing"
    desk.writers.examine(engine, "sk-1")


def test_a_site_s_engine_needs_an_address(database, settings) -> None:
    engine = engines.new(name="x", kind="site", addresses=[], model="m")

    assert Desk(database, settings).refused(engine).code == "engine_without_address"


def test_an_engine_whose_package_is_missing_is_refused_by_name(
    database, settings, monkeypatch
) -> None:
    desk = Desk(database, settings, "https://api.mistral.ai")
    engine = engines.new(name="x", kind="mistral", addresses=[], model="m")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    refused = desk.refused(engine, "sk-1")

    assert isinstance(refused, Conflict)
    assert refused.facts["package"] == "langchain-mistralai"


def test_what_is_known_of_an_address_is_kept_between_questions(database, settings, server) -> None:
    gone = closed()
    desk = Desk(database, settings, gone, server.origin)
    made = engines.new(name="x", kind="site", addresses=[gone, server.origin], model="m")
    with database.write() as db:
        engines.add(db, made)

    assert [one.state for one in desk.writers.reached(made)] == ["unknown", "unknown"]
    said(desk.writer(made))
    down, up = desk.writers.reached(made)
    assert (down.state, up.state, up.problem) == ("down", "up", None)
    assert down.problem is not None
    assert (down.problem.code, down.problem.facts) == (
        "engine_address_silent",
        {"address": f"{gone}/v1"},
    )

    moved = engines.changed(made, {"addresses": [server.origin]})
    assert [one.state for one in desk.writers.reached(moved)] == ["unknown"]


def test_an_engine_that_writes_passes_its_check(database, settings, server) -> None:
    desk = Desk(database, settings, server.origin)

    checked = desk.writers.check(desk.engine(server.origin))

    assert checked.problem is None
    assert checked.first_token_ms is not None
    assert [path for path, _, _ in server.asked] == ["/v1/models", "/v1/chat/completions"]
    assert server.questions[0]["max_tokens"] == 16


def test_an_engine_that_does_not_fails_it_with_the_reason(database, settings, server) -> None:
    desk = Desk(database, settings, server.origin)
    server.statuses = [401]

    checked = desk.writers.check(desk.engine(server.origin))

    assert checked.problem is not None
    assert (checked.problem.code, checked.first_token_ms) == ("engine_key_refused", None)
